"""What collectors of tests ask with: one token, and a client beside whose pages something happens."""

from collections.abc import Callable

from webexhist.webex.api.client import WebexClient


class FixedToken:
    """A token that is never renewed."""

    warnings = ()

    def __init__(self, token):
        self.token = token

    def access_token(self):
        return self.token

    def renewed(self, rejected):
        return self.token


class BusyClient(WebexClient):
    """A client beside whose first pages something happens in the organization.

    Not without end: what takes more pages the more of them are read would never be counted.
    """

    busy_pages = 0
    meanwhile: Callable[[], None] = staticmethod(lambda: None)

    def fetch(self, url, share=1.0):
        answer = super().fetch(url, share)
        if self.requests <= self.busy_pages:
            self.meanwhile()
        return answer
