"""How a client gets tokens and renews them (Webex guide, Integrations; RFC 6749 and 7636).

An access token lives for 14 days, a refresh token for 90 days after its last use.
"""

import base64
import hashlib
import itertools
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from webexhist.simulator.auth.access import ALL_SCOPES, Token
from webexhist.simulator.auth.integration import Consent, Integration, Rotation
from webexhist.simulator.http.exchange import Answer, Json, Refusal, Request
from webexhist.simulator.world.plans import organization_uuid
from webexhist.simulator.world.times import span_ms

CODE_LIFETIME = timedelta(minutes=5)
VERIFIER_LENGTHS = range(43, 129)
DEAD_REFRESH = (
    "POST failed: HTTP/1.1 400 Bad Request (url = https://idbroker.example/oauth2/v1/access_token, error = "
    "'The refresh token provided is expired, revoked, malformed, or invalid.')"
)


@dataclass(frozen=True)
class _Code:
    redirect_uri: str
    scopes: frozenset[str]
    expires_ms: int
    challenge: str
    method: str


@dataclass(frozen=True)
class _Refresh:
    scopes: frozenset[str]
    expires_ms: int


class Grants:
    """The authorization service of one integration."""

    def __init__(self, issue: Callable[[Token], str]) -> None:
        self.integration = Integration()
        self.consent = Consent()
        self.rotation = Rotation.SAME
        self.access_lifetime = timedelta(days=14)
        self.refresh_lifetime = timedelta(days=90)
        self._issue = issue
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._codes: dict[str, _Code] = {}
        self._refresh_tokens: dict[str, _Refresh] = {}

    def new_refresh_token(self, granted_ms: int, scopes: frozenset[str] = ALL_SCOPES) -> str:
        """Returns a new refresh token, as if it had been granted at a time in epoch milliseconds."""
        token = f"cmVmcmVzaA{next(self._numbers):06d}_{secrets.token_hex(24)}"
        self._refresh_tokens[token] = _Refresh(scopes, granted_ms + span_ms(self.refresh_lifetime))
        return token

    def revoke_refresh_tokens(self) -> None:
        """Revokes every refresh token, as an administrator can."""
        self._refresh_tokens.clear()

    def authorize(self, request: Request) -> Answer:
        """Redirects the browser to the client with a code or an error. The person answers at once, see `consent`."""
        query = request.query
        if query.get("client_id") != self.integration.client_id:
            raise Refusal(400, "The client id is not known.")
        redirect_uri = query.get("redirect_uri", "")
        if redirect_uri not in self.integration.redirect_uris:
            raise Refusal(400, "The redirect URI is not one of those registered.")
        scopes = frozenset(query.get("scope", "").split())
        error = self._error_of(query.get("response_type", ""), scopes, query.get("code_challenge_method", "plain"))
        if error:
            return _redirected(redirect_uri, error=error, error_description=error, state=query.get("state", ""))
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(
            redirect_uri,
            scopes,
            request.now_ms + span_ms(CODE_LIFETIME),
            query.get("code_challenge", ""),
            query.get("code_challenge_method", "plain"),
        )
        return _redirected(redirect_uri, code=code, state=query.get("state", ""))

    def access_token(self, request: Request) -> Json:
        """Returns an access token for a code or a refresh token."""
        form = request.form
        self.check_client(form.get("client_id", ""), form.get("client_secret", ""))
        with self._lock:
            if form.get("grant_type") == "authorization_code":
                return self.tokens(request, self._redeem_code(request))
            if form.get("grant_type") == "refresh_token":
                return self._renew(request, form.get("refresh_token", ""))
        raise Refusal(400, "The grant type is not supported.")

    def _error_of(self, response_type: str, scopes: frozenset[str], challenge_method: str) -> str:
        """Returns the error that the client is redirected with; empty for none."""
        if response_type != "code":
            return "unsupported_response_type"
        if not scopes or not scopes <= self.integration.scopes:
            return "invalid_scope"
        if challenge_method not in ("plain", "S256"):
            return "invalid_request"
        return "" if self.consent.given else "access_denied"

    def check_client(self, client_id: str, client_secret: str) -> None:
        """Refuses the request with 401 if the credentials are not those of the integration."""
        if (client_id, client_secret) != (self.integration.client_id, self.integration.client_secret):
            raise Refusal(401, "The client credentials are not valid.")

    def _redeem_code(self, request: Request) -> frozenset[str]:
        code = self._codes.pop(request.form.get("code", ""), None)
        if code is None or code.expires_ms <= request.now_ms:
            raise Refusal(400, "The code is expired, used or unknown.")
        if request.form.get("redirect_uri") != code.redirect_uri:
            raise Refusal(400, "The redirect URI is not that of the authorization.")
        verifier = request.form.get("code_verifier", "")
        if code.challenge and len(verifier) not in VERIFIER_LENGTHS:
            raise Refusal(400, "The code verifier must have 43 to 128 characters.")
        if code.challenge != _challenge(verifier, code):
            raise Refusal(400, "The code verifier does not match.")
        return code.scopes

    def _renew(self, request: Request, token: str) -> Json:
        refresh = self._refresh_tokens.get(token)
        if refresh is None or refresh.expires_ms <= request.now_ms:
            raise Refusal(400, DEAD_REFRESH)
        if self.rotation is Rotation.SAME:
            expires_ms = request.now_ms + span_ms(self.refresh_lifetime)
            self._refresh_tokens[token] = _Refresh(refresh.scopes, expires_ms)
            return self.tokens(request, refresh.scopes, token)
        if self.rotation is Rotation.ROTATE_AND_REVOKE:
            del self._refresh_tokens[token]
        return self.tokens(request, refresh.scopes)

    def tokens(self, request: Request, scopes: frozenset[str], refresh_token: str | None = None) -> Json:
        """Returns a new access token, with a given refresh token or a new one."""
        value = f"YWNjZXNz{next(self._numbers):06d}{secrets.token_hex(24)}_P0A1_{organization_uuid(0)}"
        expires_ms = request.now_ms + span_ms(self.access_lifetime)
        self._issue(Token(value, scopes, self.consent.roles, expires_ms, self.consent.service_app))
        return {
            "access_token": value,
            "expires_in": int(self.access_lifetime.total_seconds()) - 1,
            "refresh_token": refresh_token or self.new_refresh_token(request.now_ms, scopes),
            "refresh_token_expires_in": int(self.refresh_lifetime.total_seconds()) - 1,
            "token_type": "Bearer",
            "scope": " ".join(sorted(scopes)),
        }


def _challenge(verifier: str, code: _Code) -> str:
    """Returns the challenge that belongs to a verifier; empty if the authorization had none."""
    if code.method == "S256" and code.challenge:
        return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    return verifier if code.challenge else ""


def _redirected(redirect_uri: str, **parameters: str) -> Answer:
    joint = "&" if "?" in redirect_uri else "?"
    return Answer(b"", 302, {"Location": f"{redirect_uri}{joint}{urlencode(parameters)}"})
