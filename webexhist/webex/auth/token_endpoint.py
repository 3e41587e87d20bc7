"""Speaks to Webex's token endpoint (Webex guide "Integrations"; RFC 6749)."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

from webexhist.config import Settings
from webexhist.state.grant import Grant
from webexhist.webex.api.errors import BadAnswer, Refused, Unauthorized, Unreachable, error_for_status
from webexhist.webex.api.timings import shown_tracking_id
from webexhist.webex.api.transport import failure_in_words

LOG = logging.getLogger(__name__)
logging.getLogger("requests_oauthlib").setLevel(logging.INFO)  # its debug messages hold tokens and secrets

READ_SECONDS = 30.0
LONGEST_LIFETIME = 10**9
"""Seconds; no token lives for thirty years."""


def refreshed(settings: Settings, refresh_token: str, clock: Callable[[], datetime], seconds: float) -> Grant:
    """New tokens for a refresh token, waiting at most `seconds` for the answer.

    Raises:
        Unauthorized: Webex does not accept the refresh token or the client (400 or 401); only a login helps.
        WebexError: Webex did not answer as it should; asking later may help.
    """
    session = grant_session(settings)
    asked_at = clock()
    with typed_errors():
        answer = session.refresh_token(
            token_address(settings),
            refresh_token=refresh_token,
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            timeout=min(seconds, READ_SECONDS),
        )
    return grant_from_answer(answer, asked_at)


def token_address(settings: Settings) -> str:
    return f"{settings.base_url}/v1/access_token"


def checked(response: requests.Response) -> requests.Response:
    """The response, when it holds tokens (RFC 6749, section 5.1).

    Raises:
        WebexError: it does not.
    """
    status = response.status_code
    if status != 200:
        tracking_id = shown_tracking_id(response.headers.get("TrackingID"))
        LOG.warning("the token endpoint answered %s, tracking id %s", status, tracking_id)
    if status in (400, 401):
        raise Unauthorized(
            f"Webex does not give tokens for this authorization (it answered {status})",
            "check client_id and client_secret, or authorize again: webexhist login",
        )
    if status != 200:
        request = f"POST {urlsplit(response.url).path}"
        raise error_for_status(status, request, response.headers.get("Retry-After"))
    if not holds_tokens(json_object(response)):
        raise no_tokens()
    return response


def grant_session(
    settings: Settings, check: Callable[[requests.Response], requests.Response] = checked, **options: Any
) -> OAuth2Session:
    """A session that follows no redirect. It recognizes an error by its status, never by what the server wrote."""
    if settings.base_url.startswith("http://"):
        # The settings allow plain http to this machine only; the library asks for this confirmation.
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    session = OAuth2Session(settings.client_id, **options)
    session.max_redirects = 0
    session.register_compliance_hook("access_token_response", check)
    session.register_compliance_hook("refresh_token_response", check)
    return session


@contextmanager
def typed_errors() -> Iterator[None]:
    """Turns what the libraries raise into this package's errors, without their texts, which may hold tokens."""
    try:
        yield
    except requests.TooManyRedirects as error:
        raise Refused("Webex's token endpoint redirects", "redirects are not followed; check base_url") from error
    except requests.RequestException as error:
        problem = f"Webex's token endpoint: {failure_in_words(error)}"
        raise Unreachable(problem, "check base_url, network and proxy") from error
    except OAuth2Error as error:
        raise no_tokens() from error


def no_tokens() -> BadAnswer:
    return BadAnswer("Webex's token endpoint answered without tokens", "try again later; check base_url")


def json_object(response: requests.Response) -> dict[str, Any]:
    """The JSON object that was answered; an empty one where it is something else."""
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def holds_tokens(answer: dict[str, Any]) -> bool:
    """Whether there is an access token, and every field that is used has the type that it should have."""
    texts = [answer.get(name, "") for name in ("access_token", "refresh_token", "scope")]
    lifetimes = [answer.get(name, 0) for name in ("expires_in", "refresh_token_expires_in")]
    return (
        bool(answer.get("access_token"))
        and all(isinstance(text, str) for text in texts)
        and all(type(seconds) is int and 0 <= seconds < LONGEST_LIFETIME for seconds in lifetimes)
    )


def grant_from_answer(answer: dict[str, Any], asked_at: datetime) -> Grant:
    """The grant in a checked answer; lifetimes count from the moment of asking, which errs on the safe side."""

    def end(name: str) -> datetime | None:
        return asked_at + timedelta(seconds=answer[name]) if answer.get(name) else None

    return Grant(
        access_token=answer["access_token"],
        refresh_token=answer.get("refresh_token") or "",
        issued_at=asked_at,
        expires_at=end("expires_in"),
        refresh_expires_at=end("refresh_token_expires_in"),
        scopes=tuple(answer.get("scope") or ()),
    )
