"""Tokens for a host without a browser (Webex guide, Login with Webex: device grant flow; RFC 8628)."""

import base64
import binascii
import hashlib
import itertools
import secrets
from dataclasses import dataclass
from datetime import timedelta

from webexhist.simulator.auth.grants import Grants
from webexhist.simulator.auth.integration import DEVICE_REDIRECT_URIS
from webexhist.simulator.http.exchange import Json, Refusal, Request
from webexhist.simulator.world.times import span_ms

DEVICE_CODE_LIFETIME = timedelta(seconds=300)


@dataclass
class _Device:
    user_code: str
    scopes: frozenset[str]
    expires_ms: int
    approved: bool | None = None
    last_ms: int | None = None
    """When it asked for its token last."""


class DeviceGrants:
    """Devices that wait for the consent of a person."""

    def __init__(self, grants: Grants) -> None:
        self.interval_seconds = 2
        self._grants = grants
        self._user_codes = itertools.count(100_001)
        self._devices: dict[str, _Device] = {}

    def approve(self, user_code: str) -> None:
        """Enters the code of a device and agrees. Raises KeyError if no device shows this code."""
        self._shown_by(user_code).approved = True

    def deny(self, user_code: str) -> None:
        """Enters the code of a device and refuses. Raises KeyError if no device shows this code."""
        self._shown_by(user_code).approved = False

    def authorize(self, request: Request) -> Json:
        """Returns the code that a person enters in a browser elsewhere."""
        if request.form.get("client_id") != self._grants.integration.client_id:
            raise Refusal(400, "Client Id is invalid")
        if not set(DEVICE_REDIRECT_URIS) <= set(self._grants.integration.redirect_uris):
            raise Refusal(400, "The redirect URIs of the device flow are not registered.")
        scopes = frozenset(request.form.get("scope", "").split())
        if not scopes <= self._grants.integration.scopes:
            raise Refusal(400, "The scope is not one of those registered.")
        device_code, user_code = secrets.token_hex(16), str(next(self._user_codes))
        self._devices[device_code] = _Device(user_code, scopes, request.now_ms + span_ms(DEVICE_CODE_LIFETIME))
        address = f"{request.base_url}/verify"
        return {
            "device_code": device_code,
            "user_code": user_code,
            "verification_uri": address,
            "verification_uri_complete": f"{address}?userCode={hashlib.sha256(user_code.encode()).hexdigest()}",
            "expires_in": int(DEVICE_CODE_LIFETIME.total_seconds()),
            "interval": self.interval_seconds,
        }

    def token(self, request: Request) -> Json:
        """Returns the token of a device after a person has agreed. Until then the request is refused with 428."""
        self._grants.check_client(*_basic(request.authorization))
        device = self._devices.get(request.form.get("device_code", ""))
        if device is None or device.expires_ms <= request.now_ms:
            raise Refusal(400, "invalid_grant")
        last_ms, device.last_ms = device.last_ms, request.now_ms
        if device.approved is None:
            if last_ms is not None and 0 < request.now_ms - last_ms < 1000 * self.interval_seconds:
                raise Refusal(400, "slow_down")
            raise Refusal(428, "authorization_pending")
        del self._devices[request.form["device_code"]]
        if not device.approved:
            raise Refusal(400, "access_denied")
        return self._grants.tokens(request, device.scopes)

    def _shown_by(self, user_code: str) -> _Device:
        for device in self._devices.values():
            if device.user_code == user_code:
                return device
        raise KeyError(user_code)


def _basic(authorization: str) -> tuple[str, str]:
    """Returns client id and secret of HTTP basic authentication; both are empty if there is none."""
    try:
        text = base64.b64decode(authorization.removeprefix("Basic "), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    client_id, _, client_secret = text.partition(":")
    return client_id, client_secret
