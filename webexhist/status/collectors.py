"""How each collector fares, and the permission it lacks where it does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from webexhist.snapshot import CLOCK, LEFT_OUT, ORDER, POLLERS, TOKENS, CollectionStatus
from webexhist.store.rows.health import CollectorHistory, CollectorSpan
from webexhist.webex.auth.scopes import Permission
from webexhist.webex.collectors import all_collectors, permission_of
from webexhist.webex.holding import names_of

LASTING = timedelta(minutes=15)
"""A failure that lasts no longer is left to the next polls."""

TO_DO_OF_NOTICES = {
    CLOCK: "set the clock right, for instance by NTP",
    ORDER: "see the reason",
    POLLERS: "let one of them poll it: each counts what the other has left over",
    LEFT_OUT: "if it is to be polled, webexhist login as its administrator",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorStanding:
    """How one collector fares; times in UTC."""

    organization: str
    collector: str
    state: CollectionStatus
    """Of the last poll."""
    as_of: datetime | None
    """When its counts were counted, where the last poll only held them."""
    last_good_at: datetime | None
    last_error_at: datetime | None
    last_error: str | None
    permission: Permission | None
    """What it takes to be answered; None for what asks for nothing."""
    to_do: str
    """What a person has to do; empty where there is nothing."""


def collector_standings(
    histories: Iterable[CollectorHistory], scopes: tuple[str, ...]
) -> tuple[CollectorStanding, ...]:
    """Every collector of the last poll; `scopes` are those granted, none where that is not known.

    An organization that is not polled any more has no say in it.
    """
    standing = [history for history in histories if history.spans[-1].stands]
    last_poll = max((history.spans[-1].ended_at for history in standing), default=None)
    return tuple(
        standing_of(history, scopes)
        for history in standing
        if last_poll and last_poll - history.spans[-1].ended_at < LASTING
    )


def standing_of(history: CollectorHistory, scopes: tuple[str, ...]) -> CollectorStanding:
    """How a collector fares; `scopes` are those granted, where that is known."""
    last = history.spans[-1]
    good = [span for span in history.spans if not span.status.is_trouble]
    bad = [span for span in history.spans if span.status.is_notable]
    permission = permission_of(history.collector)
    return CollectorStanding(
        organization=history.organization,
        collector=history.collector,
        state=last.status,
        as_of=held_as_of(history),
        last_good_at=good[-1].ended_at if good else None,
        last_error_at=bad[-1].ended_at if bad else None,
        last_error=bad[-1].error if bad else None,
        permission=permission,
        to_do=to_do(history, last, permission, scopes),
    )


def held_as_of(history: CollectorHistory) -> datetime | None:
    """When the oldest of a collector's counts was counted that are held."""
    found = (collector for collector in all_collectors() if collector.name == history.collector)
    times = [history.held[name] for collector in found for name in names_of(collector) if name in history.held]
    return min(times, default=None)


def to_do(
    history: CollectorHistory, last: CollectorSpan, permission: Permission | None, scopes: tuple[str, ...]
) -> str:
    """What a person has to do about the last collection; empty where it is nothing."""
    if last.status is CollectionStatus.NOTICE:
        return TO_DO_OF_NOTICES.get(history.collector, "")
    if not last.status.is_trouble or last.status is CollectionStatus.GAP:
        return ""
    if last.status is CollectionStatus.NOT_PERMITTED and permission:
        return permission.how_to_permit(scopes)
    if history.collector == TOKENS:
        return "see the reason; webexhist login helps in any case"
    if last.ended_at - trouble_began(history) < LASTING:
        return ""
    if last.status is CollectionStatus.OUT_OF_TIME:
        return "raise budget_seconds, or poll by a timer: webexhist timer install"
    return "see the reason; plugin_perf.log holds the tracking ids that Webex's support asks for"


def trouble_began(history: CollectorHistory) -> datetime:
    """When the last good poll was followed by another one, whatever the reasons since."""
    began = history.spans[-1].began_at
    for span in reversed(history.spans):
        if not span.status.is_trouble:
            break
        began = span.began_at
    return began
