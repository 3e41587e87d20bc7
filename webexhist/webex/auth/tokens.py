"""The access token of a run: stored or configured, renewed ahead of its end or when Webex refuses it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from webexhist.config import Settings
from webexhist.errors import WebexhistError
from webexhist.state.grant import Grant
from webexhist.state.token_file import TokenFile, TokenFileError
from webexhist.webex.api.errors import Unauthorized

LOG = logging.getLogger(__name__)
LOGIN = "authorize again: webexhist login"
PAUSE = timedelta(minutes=1)
"""No token is renewed again so soon, and no renewal that failed is tried again so soon."""


class Tokens:
    """One for a run, shared by its threads.

    `clock` gives the time in UTC, `remaining` the seconds that a request may take.
    """

    def __init__(self, settings: Settings, clock: Callable[[], datetime], remaining: Callable[[], float]) -> None:
        self.settings = settings
        self.clock = clock
        self.remaining = remaining
        self.file = TokenFile(settings)
        self.warnings: list[str] = []
        """What a person should know although there is a token: one line each, without any secret."""
        self.guard = threading.Lock()
        self.grant: Grant | None = None
        self.failure: tuple[datetime, WebexhistError] | None = None
        self.renewed_at: datetime | None = None
        """When this run itself was given tokens."""

    def access_token(self) -> str:
        """The access token to use now: also one that should have ended, where there is no newer one.

        This host's clock may be wrong. Webex decides whether a token has ended, and what it refuses is `renewed`.

        Raises:
            Unauthorized: there is none, and none to be had without a login.
            WebexError: there is none, and Webex did not give one.
            TokenFileError: there is none, and a new one could not be stored.
        """
        with self.guard:
            grant = self.current()
            if not grant.is_due(self.clock()) or (grant.access_token and self.is_just_given(grant)):
                return grant.access_token
            try:
                return self.renew(grant, lambda stored: stored != grant).access_token
            except WebexhistError as error:
                if not grant.access_token:
                    raise
                end = f"{grant.expires_at:%Y-%m-%d %H:%M} UTC"
                if grant.lives(self.clock()):
                    self.warn(f"the access token ends at {end} and could not be renewed: {error}")
                else:
                    self.warn(f"the access token should have ended at {end} and could not be renewed: {error}")
                return grant.access_token

    def renewed(self, rejected: str) -> str:
        """The token to use instead of one that Webex answered with 401.

        Raises:
            Unauthorized: nothing will help but a login.
            WebexError: Webex did not give a new one.
            TokenFileError: a new one could not be stored.
        """
        with self.guard:
            grant = self.current()
            if grant.access_token != rejected:
                return grant.access_token
            return self.renew(grant, lambda stored: stored.access_token != rejected).access_token

    def owner(self) -> str:
        """Stands for whose tokens this run asks with; empty where there are none."""
        with self.guard:
            try:
                return self.current().owner
            except Unauthorized:
                return ""

    def current(self) -> Grant:
        """The grant in use: at first the stored one, or where there is none that of the configuration."""
        if self.grant is None:
            self.grant = self.stored() or self.configured()
        return self.grant

    def stored(self) -> Grant | None:
        """The tokens of state_dir; None, with a warning, where they cannot be read."""
        try:
            return self.file.read()
        except TokenFileError as error:
            self.warn(str(error))
            return None

    def configured(self) -> Grant:
        """The tokens of the settings. Raises Unauthorized where there are none."""
        settings = self.settings
        if not settings.access_token and not settings.refresh_token:
            place = settings.file or "the configuration"
            raise Unauthorized("there is no access token", f"run webexhist login, or set access_token in {place}")
        return Grant(access_token=settings.access_token, refresh_token=settings.refresh_token)

    def renew(self, held: Grant, is_newer: Callable[[Grant], bool]) -> Grant:
        """A newer grant than the one held: another process's, or else one that Webex is asked for.

        It is asked by what is stored by now: of an access token that stays the same the refresh token may be new.
        What was asked of one owner is never completed with the tokens of another, who logged in meanwhile.
        """
        self.raise_recent_failure()
        try:
            with self.file.locked(self.remaining()):
                stored = self.stored() or held
                if stored.owner != held.owner:
                    raise Unauthorized("the tokens were replaced by others meanwhile", "the next run asks with those")
                self.grant = stored if is_newer(stored) else self.refresh(stored)
        except WebexhistError as error:
            self.failure = (self.clock(), error)
            LOG.warning("the tokens were not renewed: %s", error)
            raise
        return self.grant

    def raise_recent_failure(self) -> None:
        """Many threads come with the same wish: what failed for the first fails for all of them, without asking."""
        if self.failure is None:
            return
        failed_at, error = self.failure
        if timedelta(0) <= self.clock() - failed_at < PAUSE:
            raise type(error)(error.problem, error.next_step)

    def refresh(self, held: Grant) -> Grant:
        """Asks Webex for new tokens and stores them, before anybody uses them."""
        settings = self.settings
        if not (held.refresh_token and settings.client_id and settings.client_secret):
            raise Unauthorized(
                "the access token has ended, and renewing it takes refresh_token, client_id and client_secret", LOGIN
            )
        if self.is_just_given(held):
            raise Unauthorized("Webex does not accept the access token that it has just given", LOGIN)
        with self.file.replacement() as place:
            grant = self.refreshed(held)
            place.store(grant)
        self.renewed_at = grant.issued_at
        LOG.info("the tokens were renewed")
        return grant

    def is_just_given(self, held: Grant) -> bool:
        """Whether Webex gave these tokens less than a minute ago, so that asking for others again would not end.

        One that was to live for less than a minute has ended by then: a run renews it once.
        """
        now = self.clock()
        given_at = held.issued_at if held.lives(now) else self.renewed_at
        return given_at is not None and timedelta(0) <= now - given_at < PAUSE

    def refreshed(self, held: Grant) -> Grant:
        """New tokens by the refresh token, or by the one before. Raises Unauthorized where Webex takes neither."""
        from webexhist.webex.auth import token_endpoint

        used = held.refresh_token
        try:
            answer = token_endpoint.refreshed(self.settings, used, self.clock, self.remaining())
        except Unauthorized:
            # Sources disagree on how Webex rotates refresh tokens: the one before may be the one that lives.
            if not held.previous_refresh_token:
                raise
            used = held.previous_refresh_token
            answer = token_endpoint.refreshed(self.settings, used, self.clock, self.remaining())
        return replace(
            answer,
            refresh_token=answer.refresh_token or used,
            previous_refresh_token=used if answer.refresh_token not in ("", used) else "",
            scopes=answer.scopes or held.scopes,
            renewed_from=held.owner,
        )

    def warn(self, line: str) -> None:
        """Adds a warning, once."""
        if line not in self.warnings:
            self.warnings.append(line)
