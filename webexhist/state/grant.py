"""What Webex gives with an authorization or a renewal, and for how long."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

AHEAD_OF_EXPIRY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What Webex gave: an access token, and what is needed to renew it. Times are UTC."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    previous_refresh_token: str = field(default="", repr=False)
    """The refresh token before this one: tried once when this one is refused."""
    issued_at: datetime | None = None
    """None, like the other times, for tokens out of the configuration, of which nothing more is known."""
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    renewed_from: str = ""
    """The owner of the tokens that these were renewed from; empty for the first ones."""

    @property
    def fingerprint(self) -> str:
        """What tells these tokens from others and gives none of them away."""
        tokens = json.dumps([self.access_token, self.refresh_token, self.previous_refresh_token])
        return hashlib.sha256(tokens.encode()).hexdigest()

    @property
    def owner(self) -> str:
        """Stands for whose tokens they are: the fingerprint of the first ones, through all renewals."""
        return self.renewed_from or self.fingerprint

    def lives(self, now: datetime) -> bool:
        """Whether the access token can still be used, as far as is known."""
        return bool(self.access_token) and (self.expires_at is None or now < self.expires_at)

    def is_due(self, now: datetime) -> bool:
        """Whether to renew the access token: on its last day, or in its last quarter if it lives shortly."""
        if not self.access_token:
            return True
        if self.expires_at is None or self.issued_at is None:
            return False
        return now >= self.expires_at - min(AHEAD_OF_EXPIRY, (self.expires_at - self.issued_at) / 4)


def is_sendable(text: str) -> bool:
    """Whether a request can carry the text in a header."""
    return text.isascii() and text.isprintable()


def grant_to_json(grant: Grant) -> dict[str, Any]:
    """The grant as it is stored: with its owner, and with the fingerprint of the tokens for which that holds."""
    return asdict(grant) | {"renewed_from": grant.owner, "fingerprint": grant.fingerprint}


def grant_from_json(stored: dict[str, Any]) -> Grant:
    """The grant as it was stored; tokens that were put in the place of these have an owner of their own.

    Raises:
        ValueError, TypeError, KeyError: it is not one.
    """
    texts = {name: stored[name] for name in ("access_token", "refresh_token", "previous_refresh_token")}
    if not all(isinstance(text, str) and is_sendable(text) for text in texts.values()):
        raise TypeError("a token is not text that can be sent")
    grant = Grant(
        **texts,
        issued_at=aware_time(stored["issued_at"]),
        expires_at=aware_time(stored["expires_at"]),
        refresh_expires_at=aware_time(stored["refresh_expires_at"]),
        scopes=tuple(str(scope) for scope in stored["scopes"]),
    )
    is_as_stored = stored.get("fingerprint") == grant.fingerprint
    return replace(grant, renewed_from=str(stored["renewed_from"])) if is_as_stored else grant


def aware_time(text: str | None) -> datetime | None:
    """A moment out of ISO 8601; None where it is none, or names no zone."""
    if text is None:
        return None
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("a time without its zone")
    return time
