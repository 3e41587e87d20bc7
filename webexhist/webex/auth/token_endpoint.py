"""Speaks to Webex's token endpoint (Webex guide "Integrations"; RFC 6749)."""

import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

from webexhist.config import Settings
from webexhist.state.grant import Grant
from webexhist.webex.api.bodies import SmallAnswers
from webexhist.webex.api.connections import NOT_REACHED, unreachable
from webexhist.webex.api.errors import BadAnswer, Unauthorized, Unreachable, error_for_status
from webexhist.webex.api.passing_time import REAL_TIME, PassingTime
from webexhist.webex.api.surroundings import adopt_surroundings
from webexhist.webex.api.timings import shown_tracking_id
from webexhist.webex.api.workers import NoThreadError, Workers
from webexhist.webex.auth.token_answers import TokenAnswer, answer_with, token_answer

T = TypeVar("T")

LOG = logging.getLogger(__name__)
logging.getLogger("requests_oauthlib").setLevel(logging.INFO)  # its debug messages hold tokens and secrets

READ_SECONDS = 30.0
WHOLE_SECONDS = 60.0
"""How long a person waits for one answer: a server that sends byte after byte is never silent for long."""
READ_SHARE = 0.9
"""Of the time that the whole may take: what came of an answer that does not end has to be read, too."""
LARGEST_ANSWER = 64 * 1024
"""Bytes; a tenth of it is more than Webex ever sends."""


def refreshed(settings: Settings, refresh_token: str, clock: Callable[[], datetime], seconds: float) -> Grant:
    """New tokens for a refresh token, waiting at most `seconds` for the answer.

    Raises:
        Unauthorized: Webex does not accept the refresh token or the client (400 or 401); only a login helps.
        WebexError: Webex did not answer as it should; asking later may help.
    """
    session = GrantSession(settings)
    asked_at = clock()

    def ask() -> None:
        session.refresh_token(
            token_address(settings),
            refresh_token=refresh_token,
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            timeout=min(READ_SHARE * seconds, READ_SECONDS),
        )

    with typed_errors():
        in_time(ask, seconds=min(seconds, WHOLE_SECONDS))
    return session.answered().grant(asked_at)


def token_address(settings: Settings) -> str:
    """Where tokens are given and renewed."""
    return f"{settings.base_url}/v1/access_token"


def require_success(response: requests.Response) -> None:
    """Raises WebexError where the status says that there are no tokens in the response (RFC 6749, section 5)."""
    status = response.status_code
    if 200 <= status < 300:
        return
    tracking_id = shown_tracking_id(response.headers.get("TrackingID"))
    LOG.warning("the token endpoint answered %s, tracking id %s", status, tracking_id)
    if status in (400, 401):
        raise Unauthorized(
            f"Webex does not give tokens for this authorization (it answered {status})",
            "check client_id and client_secret, or authorize again: webexhist login",
        )
    request = f"POST {urlsplit(response.url).path}"
    raise error_for_status(status, request, response.headers.get("Retry-After"))


LATER = "try again later; check base_url"


class GrantSession(OAuth2Session):
    """A session that follows no redirect. It recognizes an error by its status, never by what the server wrote.

    The library builds the requests; what is answered it would refuse for a lifetime that is text, so that it is
    shown the access token alone.
    """

    def __init__(
        self,
        settings: Settings,
        require_success: Callable[[requests.Response], None] = require_success,
        **options: Any,
    ) -> None:
        if settings.base_url.startswith("http://"):
            # The settings allow plain http to this machine only; the library asks for this confirmation.
            os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
        super().__init__(settings.client_id, **options)
        adopt_surroundings(self, (settings.base_url,))
        self.answers = SmallAnswers(LARGEST_ANSWER, holds_answer)
        for scheme in ("https://", "http://"):
            self.mount(scheme, self.answers)
        self.require_success = require_success
        self.read: TokenAnswer | None = None
        self.register_compliance_hook("access_token_response", self.reading)
        self.register_compliance_hook("refresh_token_response", self.reading)

    def get_redirect_target(self, response: requests.Response) -> str | None:
        """Nowhere: a redirect is told by its status, and the address that it names is not even read."""
        return None

    def reading(self, response: requests.Response) -> requests.Response:
        """Keeps what can be read in a response; the response that the library is shown instead.

        There may be tokens in one that failed, given before something on their way did: then there are no others. One
        that says that the request was wrong has none.
        """
        found = token_answer(response.content, is_whole=self.answers.is_whole)
        if found is None or 400 <= response.status_code < 500:
            self.require_success(response)
        self.read = found
        shown = requests.Response()
        shown.status_code, shown.encoding = 200, "utf-8"
        shown.raw = BytesIO(json.dumps({"access_token": self.answered().access_token}).encode())
        return shown

    def answered(self) -> TokenAnswer:
        """What was answered.

        Raises:
            BadAnswer: there is no access token in it.
        """
        if self.read is None:
            raise BadAnswer("Webex's token endpoint answered without tokens", LATER)
        return self.read


def holds_answer(content: bytes, is_whole: bool) -> bool:
    """Whether there is an access token in what came of an answer, or the code of a device."""
    return any(answer_with(key, content, is_whole=is_whole) for key in ("access_token", "device_code"))


def in_time(ask: Callable[[], T], time: PassingTime = REAL_TIME, seconds: float = WHOLE_SECONDS) -> T:
    """What `ask` returns within so many seconds.

    Where the system permits no thread beside those that run, it is asked on this one, as long as it waits by itself.

    Raises:
        Unreachable: it took too long, and is left to itself.
    """
    with Workers(1) as worker:
        try:
            asked = worker.submit(ask)
        except NoThreadError:
            return ask()
        time.wait_for([asked], seconds)
        if not asked.done():
            raise Unreachable(f"Webex's token endpoint did not answer within {seconds:.0f} seconds", LATER)
        return asked.result()


@contextmanager
def typed_errors() -> Iterator[None]:
    """Turns what the libraries raise into this package's errors, without their texts, which may hold tokens."""
    try:
        yield
    except OAuth2Error as error:
        raise BadAnswer("Webex's token endpoint answered without tokens", LATER) from error
    except NOT_REACHED as error:
        sent = error.request if isinstance(error, requests.RequestException) else None
        raise unreachable("Webex's token endpoint", error, sent.url or "" if sent else "") from error
