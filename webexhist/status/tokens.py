"""Whether there is an access token, how long it lives, and whether polls can renew it."""

from dataclasses import dataclass
from datetime import datetime

from webexhist.config import Settings
from webexhist.state.grant import Grant
from webexhist.state.token_file import TokenFile, TokenFileError

LOGIN = "webexhist login"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenStatus:
    """What is known of the tokens; times in UTC."""

    state: str
    to_do: str = ""
    """What a person has to do; empty where there is nothing."""
    lives_until: datetime | None = None
    """None where Webex has not said yet."""
    login_needed_at: datetime | None = None
    """When only a login will help, if no poll renews the tokens before."""
    scopes: tuple[str, ...] = ()
    """Empty where Webex has not named them."""


def token_status(settings: Settings, now: datetime) -> TokenStatus:
    """What is known of the tokens at that time."""
    try:
        stored = TokenFile(settings).read()
    except TokenFileError as error:
        return TokenStatus(state=error.problem, to_do=error.next_step)
    if stored is not None:
        return status_of_stored(stored, settings, now)
    if not settings.access_token and not settings.refresh_token:
        return TokenStatus(state="there is no access token", to_do=LOGIN)
    configured = Grant(access_token=settings.access_token, refresh_token=settings.refresh_token)
    lacking = lacking_to_renew(configured, settings)
    if lacking:
        return TokenStatus(state=f"of the configuration; ends some day: no {lacking} to renew it with", to_do=LOGIN)
    return TokenStatus(state="of the configuration; renewed when it ends")


def status_of_stored(grant: Grant, settings: Settings, now: datetime) -> TokenStatus:
    """The same of tokens that were stored."""
    lacking = lacking_to_renew(grant, settings)
    gone = grant.refresh_expires_at is not None and grant.refresh_expires_at <= now
    if not grant.lives(now) and (lacking or gone):
        state, to_do = "ended" + (f"; no {lacking} to renew it with" if lacking else ""), LOGIN
    elif lacking:
        state, to_do = f"lives, but no {lacking} to renew it with", LOGIN
    elif not grant.lives(now):
        state, to_do = "ended; the next poll renews it", ""
    else:
        state, to_do = "lives; polls renew it", ""
    return TokenStatus(
        state=state,
        to_do=to_do,
        lives_until=grant.expires_at,
        login_needed_at=grant.refresh_expires_at,
        scopes=grant.scopes,
    )


def lacking_to_renew(grant: Grant, settings: Settings) -> str:
    """What it takes to renew the tokens and is not there; empty where nothing is missing."""
    held = {
        "refresh_token": grant.refresh_token,
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
    }
    return " and no ".join(name for name, value in held.items() if not value)
