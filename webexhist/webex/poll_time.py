"""The time of a poll: Webex's, so that a host whose clock is wrong loses nothing and spoils nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webexhist.quantities import quantity
from webexhist.snapshot import CLOCK, Collection, CollectionStatus
from webexhist.webex.api.server_clock import FAR_APART

NOTABLE = timedelta(minutes=5)
"""By how much the clocks of Webex and of this host may differ without a word."""


@dataclass(frozen=True, slots=True)
class PollTime:
    """When a poll is made, and by which clock."""

    taken_at: datetime
    """UTC."""
    host: datetime
    """What the clock of this host shows at the same moment (UTC)."""
    webex: datetime | None
    """What Webex's clock shows; None where it does not say."""

    @property
    def correction(self) -> timedelta:
        """What has to be added to the clock of this host."""
        return self.taken_at - self.host

    def later(self, webex: datetime | None, host: datetime) -> datetime:
        """What the clock that this time was taken from shows later."""
        return webex if webex is not None and self.taken_at == self.webex else host

    def notice(self) -> Collection | None:
        """What a person should know of the clocks; None where they agree."""
        if self.webex is None or abs(self.webex - self.host) <= NOTABLE:
            return None
        apart = in_words(abs(self.webex - self.host))
        if self.taken_at == self.webex:
            side = "ahead of" if self.host > self.webex else "behind"
            text = f"this host's clock is {apart} {side} Webex's, whose time is taken"
        else:
            side = "ahead of" if self.webex > self.host else "behind"
            text = f"Webex's clock is {apart} {side} this host's, whose time is taken as the more likely one"
        return Collection(CLOCK, CollectionStatus.NOTICE, 0, 0.0, text)


def poll_time(webex: datetime | None, host: datetime, last: datetime | None) -> PollTime:
    """The time of a poll by both clocks and the time of the last snapshot (None: there is none)."""
    taken_at = host if webex is None else webex
    if webex is not None and last is not None and abs(webex - host) > FAR_APART:
        taken_at = min(webex, host, key=lambda clock: abs(clock - last))
    return PollTime(taken_at, host, webex)


def in_words(span: timedelta) -> str:
    """A span so roughly that it reads the same poll after poll."""
    if span >= timedelta(days=2):
        return quantity(span.days, "day")
    hours, minutes = divmod(round(span / NOTABLE) * 5, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)
