"""An integration at a simulated service, and what its tokens are asked for."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import requests
from polling import Polled

from webexhist.config import Settings
from webexhist.simulator.auth.access import ALL_SCOPES, Token
from webexhist.simulator.world.times import to_ms
from webexhist.webex.auth.tokens import Tokens

CONFIGURED = "Y29uZmlndXJlZA_P0A1_configured"
"""The access token of the configuration: valid for fourteen days, as one fresh from the portal."""


@dataclass
class Authorized:
    """A service that has just granted the tokens of the configuration."""

    polled: Polled

    def __post_init__(self) -> None:
        server, now = self.polled.server, to_ms(self.polled.clock())
        server.issue(Token(CONFIGURED, expires_ms=to_ms(self.polled.clock() + timedelta(days=14))))
        self.refresh_token = server.grants.new_refresh_token(now, ALL_SCOPES)

    @property
    def file(self) -> Path:
        return self.polled.folder / "tokens.json"

    @property
    def stored(self) -> dict[str, object]:
        """What tokens.json holds."""
        return dict(json.loads(self.file.read_text()))

    @property
    def renewals(self) -> int:
        """How often the service was asked for tokens."""
        return self.polled.server.requests.by_path()["/v1/access_token"]

    def settings(self, **options: str) -> Settings:
        integration = self.polled.server.grants.integration
        own = {
            "access_token": CONFIGURED,
            "refresh_token": self.refresh_token,
            "client_id": integration.client_id,
            "client_secret": integration.client_secret,
        }
        return self.polled.settings(**(own | options))

    def tokens(self, remaining: Callable[[], float] = lambda: 20.0, **options: str) -> Tokens:
        """The tokens of a run that begins now."""
        return Tokens(self.settings(**options), self.polled.clock, remaining)

    def token_of_a_request(self) -> str:
        """The access token that a request ends with: one that the service refuses is renewed once."""
        tokens = self.tokens()
        token = tokens.access_token()
        return token if self.accepts(token) else tokens.renewed(token)

    def accepts(self, access_token: str) -> bool:
        """Whether the service answers to a token."""
        headers = {"Authorization": f"Bearer {access_token}"}
        answer = requests.get(f"{self.polled.server.base_url}/v1/people/me", headers=headers, timeout=60)
        return answer.status_code == 200
