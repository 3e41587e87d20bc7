"""Authorizes a host without a browser: device authorization grant (RFC 8628; Webex guide "Device Grant Flow")."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import requests
from oauthlib.oauth2 import DeviceClient
from requests.auth import HTTPBasicAuth

from webexhist.config import Settings
from webexhist.errors import WebexhistError
from webexhist.state.grant import Grant
from webexhist.webex.api.errors import BadAnswer, Disturbed, Unauthorized, Unreachable, error_for_status
from webexhist.webex.api.passing_time import REAL_TIME, PassingTime
from webexhist.webex.auth.redirect import LoginError
from webexhist.webex.auth.scopes import Scope
from webexhist.webex.auth.token_endpoint import (
    READ_SECONDS,
    checked,
    grant_from_answer,
    grant_session,
    json_object,
    typed_errors,
)

PENDING = 428
"""Webex's status while nobody has entered the code."""
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


def device_code(settings: Settings, scopes: Sequence[Scope]) -> DeviceCode:
    """Begins the authorization.

    Raises:
        WebexError: Webex did not begin it.
    """
    path = "/v1/device/authorize"
    form = {"client_id": settings.client_id, "scope": " ".join(scope.name for scope in scopes)}
    with typed_errors():
        response = grant_session(settings).post(f"{settings.base_url}{path}", data=form, timeout=READ_SECONDS)
    if response.status_code in (400, 401):
        raise LoginError(
            f"Webex does not begin the login (it answered {response.status_code})",
            "check client_id, and that the integration has these scopes and allows the device flow",
        )
    if response.status_code != 200:
        raise error_for_status(response.status_code, f"POST {path}", None)
    return code_from_answer(json_object(response))


def code_from_answer(answer: dict[str, object]) -> DeviceCode:
    texts = {name: answer.get(name, "") for name in ("user_code", "verification_uri", "device_code")}
    complete = answer.get("verification_uri_complete", "")
    if not all(isinstance(text, str) and text for text in texts.values()) or not isinstance(complete, str):
        raise BadAnswer("POST /v1/device/authorize answered no code")
    return DeviceCode(
        user_code=str(texts["user_code"]),
        address=str(texts["verification_uri"]),
        complete_address=complete,
        device_code=str(texts["device_code"]),
        seconds=seconds_of(answer.get("expires_in"), 300),
        interval=seconds_of(answer.get("interval"), 5),
    )


def seconds_of(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) and 0 < value <= 3600 else default


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
            return grant_now(settings, code, clock)
        except TooOften:
            interval += SLOWER
        except NotYet:
            continue
        except (Disturbed, Unreachable) as error:
            ending = error
    raise ending


def grant_now(settings: Settings, code: DeviceCode, clock: Callable[[], datetime]) -> Grant:
    """One question whether the code was entered.

    Raises:
        NotYet: it was not.
    """
    session = grant_session(settings, check=checked_for_device, client=DeviceClient(settings.client_id))
    asked_at = clock()
    with typed_errors():
        answer = session.fetch_token(
            f"{settings.base_url}/v1/device/token",
            device_code=code.device_code,
            auth=HTTPBasicAuth(settings.client_id, settings.client_secret),
            include_client_id=True,
            timeout=READ_SECONDS,
        )
    return grant_from_answer(answer, asked_at)


def checked_for_device(response: requests.Response) -> requests.Response:
    """The response, when it holds tokens; else what it says about the person who is to enter the code."""
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
    return checked(response)
