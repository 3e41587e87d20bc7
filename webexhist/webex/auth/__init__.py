"""Authorization at Webex: tokens and their renewal, login by browser, device or pasted code, scopes."""
