"""Authorizes a host without a browser: device authorization grant (RFC 8628; Webex guide "Device Grant Flow")."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import requests
from oauthlib.oauth2 import DeviceClient
from requests.auth import HTTPBasicAuth

from webexhist.addresses import is_plain_address
from webexhist.config import Settings
from webexhist.errors import WebexhistError
from webexhist.state.grant import Grant
from webexhist.webex.api.errors import BadAnswer, Disturbed, Unauthorized, Unreachable
from webexhist.webex.api.passing_time import REAL_TIME, PassingTime
from webexhist.webex.auth.redirect import LoginError
from webexhist.webex.auth.scopes import Scope
from webexhist.webex.auth.token_answers import answer_with, seconds, token
from webexhist.webex.auth.token_endpoint import (
    LATER,
    READ_SECONDS,
    GrantSession,
    in_time,
    require_success,
    typed_errors,
)

PENDING = 428
"""Webex's status while nobody has entered the code."""
LONGEST_CODE = 100
SHORTEST_WAIT = 0.01
SLOWER = 5.0
"""Seconds to add to the interval when Webex asks for it (RFC 8628, 3.5)."""


class NotYet(Exception):
    """Nobody has answered yet."""


class TooOften(NotYet):
    """Nobody has answered yet, and Webex was asked too often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCode:
    """What a person enters, and where."""

    user_code: str
    address: str
    complete_address: str
    """The address that holds the code already; empty where Webex gives none."""
    device_code: str = field(repr=False)
    seconds: float
    """How long the code lives."""
    interval: float
    """Seconds between two questions."""


def device_code(settings: Settings, scopes: Sequence[Scope], time: PassingTime = REAL_TIME) -> DeviceCode:
    """Begins the authorization.

    Raises:
        WebexError: Webex did not begin it.
    """
    path = "/v1/device/authorize"
    form = {"client_id": settings.client_id, "scope": " ".join(scope.name for scope in scopes)}
    session = GrantSession(settings)
    with typed_errors():
        response = in_time(lambda: session.post(f"{settings.base_url}{path}", data=form, timeout=READ_SECONDS), time)
    if response.status_code in (400, 401):
        raise LoginError(
            f"Webex does not begin the login (it answered {response.status_code})",
            "check client_id, and that the integration has these scopes and allows the device flow",
        )
    require_success(response)
    return code_from_answer(answer_with("device_code", response.content, is_whole=session.answers.is_whole) or {})


def code_from_answer(answer: dict[str, object]) -> DeviceCode:
    """Raises BadAnswer where there is no code, or nowhere to enter it that a person can be sent to."""
    user_code, device_code = (token(answer.get(name)) for name in ("user_code", "device_code"))
    address, complete = (plain(answer.get(name)) for name in ("verification_uri", "verification_uri_complete"))
    if not (user_code and device_code and address) or len(user_code) > LONGEST_CODE:
        raise BadAnswer("POST /v1/device/authorize answered no code", LATER)
    return DeviceCode(
        user_code=user_code,
        address=address,
        complete_address=complete,
        device_code=device_code,
        seconds=seconds_of(answer.get("expires_in"), 300, 3600),
        interval=seconds_of(answer.get("interval"), 5, 60),
    )


def plain(address: object) -> str:
    """An address that can be shown to a person; empty where it is none."""
    return address if isinstance(address, str) and is_plain_address(address) else ""


def seconds_of(value: object, default: float, most: float) -> float:
    """Seconds that Webex named, or `default` where they are missing, too long or no number."""
    known = seconds(value, SHORTEST_WAIT)
    return default if known is None or known > most else known


def grant_for_device(
    settings: Settings, code: DeviceCode, clock: Callable[[], datetime], time: PassingTime = REAL_TIME
) -> Grant:
    """Asks until somebody has entered the code, or it has ended.

    Raises:
        LoginError: it was declined, or nobody entered it in time.
        Unauthorized: Webex does not accept the client.
        WebexError: Webex did not answer as it should.
    """
    interval = code.interval
    end = time.now() + code.seconds
    ending: WebexhistError = LoginError(f"nobody entered the code within {code.seconds:.0f} seconds", "try again")
    while time.now() + interval < end:
        time.sleep(interval)
        try:
            return grant_now(settings, code, clock, time)
        except TooOften:
            interval += SLOWER
        except NotYet:
            continue
        except (Disturbed, Unreachable) as error:
            ending = error
    raise ending


def grant_now(settings: Settings, code: DeviceCode, clock: Callable[[], datetime], time: PassingTime) -> Grant:
    """One question whether the code was entered.

    Raises:
        NotYet: it was not.
    """
    session = GrantSession(settings, require_entered, client=DeviceClient(settings.client_id))
    asked_at = clock()

    def ask() -> None:
        session.fetch_token(
            f"{settings.base_url}/v1/device/token",
            device_code=code.device_code,
            auth=HTTPBasicAuth(settings.client_id, settings.client_secret),
            include_client_id=True,
            timeout=READ_SECONDS,
        )

    with typed_errors():
        in_time(ask, time)
    return session.answered().grant(asked_at)


def require_entered(response: requests.Response) -> None:
    """Raises what a response without tokens says about the person who is to enter the code."""
    status = response.status_code
    # Webex's own wording is not documented; the words looked for are those of RFC 8628, 3.5.
    words = response.text if status == 400 else ""
    if status == 429 or "slow_down" in words:
        raise TooOften
    if status == PENDING or "authorization_pending" in words:
        raise NotYet
    if status == 403 or "access_denied" in words:
        raise LoginError("the login was declined", "log in as an administrator and accept what is asked for")
    if status == 400:
        raise LoginError("Webex does not know the code any more", "try again")
    if status == 401:
        raise Unauthorized("Webex does not accept client_id and client_secret", "check them at developer.webex.com")
    require_success(response)
