"""What people enter, for the review needs it and Webex does not have it."""
