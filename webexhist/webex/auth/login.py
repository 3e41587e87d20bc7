"""Authorizes webexhist by a browser: authorization code with state and PKCE (RFC 6749, 4.1; RFC 7636)."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from webexhist.config import Settings
from webexhist.state.grant import Grant
from webexhist.webex.api.passing_time import REAL_TIME, PassingTime
from webexhist.webex.auth.redirect import LoginError, code_from_redirect
from webexhist.webex.auth.scopes import Scope
from webexhist.webex.auth.token_endpoint import (
    READ_SECONDS,
    GrantSession,
    in_time,
    token_address,
    typed_errors,
)


class Login:
    """One authorization: its address, and the exchange of the code that comes back from there."""

    def __init__(self, settings: Settings, scopes: Sequence[Scope], redirect_uri: str) -> None:
        self.settings = settings
        self.session = GrantSession(
            settings, redirect_uri=redirect_uri, scope=[scope.name for scope in scopes], pkce="S256"
        )
        self.address, self.state = self.session.authorization_url(f"{settings.base_url}/v1/authorize")
        # From here on Webex may grant other scopes than asked for, which the library would take for an error.
        self.session.scope = None

    def grant_for_pasted(self, text: str, clock: Callable[[], datetime], time: PassingTime = REAL_TIME) -> Grant:
        """Tokens for what a person copied from the browser: the address it was sent to, or only the code in it."""
        text = text.strip()
        if "?" in text:
            return self.grant_for(code_from_redirect(text, self.state), clock, time)
        if not re.fullmatch(r"[\w.~+/-]+", text):
            raise LoginError(
                "this is neither a code nor an address", "paste the whole address of the page, or its code"
            )
        return self.grant_for(text, clock, time)

    def grant_for(self, code: str, clock: Callable[[], datetime], time: PassingTime = REAL_TIME) -> Grant:
        """Tokens for an authorization code.

        Raises:
            Unauthorized: Webex does not accept the code or the client.
            WebexError: Webex did not answer as it should.
        """
        asked_at = clock()
        with typed_errors():
            in_time(lambda: self.exchange(code), time)
        return self.session.answered().grant(asked_at)

    def exchange(self, code: str) -> None:
        """Gives the code of a login for tokens."""
        self.session.fetch_token(
            token_address(self.settings),
            code=code,
            client_secret=self.settings.client_secret,
            include_client_id=True,
            timeout=READ_SECONDS,
        )
