"""The story of a backfill: counts the messages of before the first poll, in daily totals or in events."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Engine

from webexhist.config import Settings
from webexhist.errors import WebexhistError
from webexhist.metrics import Metric
from webexhist.snapshot import Organization
from webexhist.state.listings import listed_before
from webexhist.store.opening.database import open_existing
from webexhist.store.opening.history import reading
from webexhist.store.saving.past_days import add_past_days, chain_opened_at, past_days
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import NotFound, NotPermitted
from webexhist.webex.collectors import events
from webexhist.webex.collectors.past import ANALYTICS_DAYS, count_day, daily_messages
from webexhist.webex.collectors.windows import server_now
from webexhist.webex.connected import Connected, connected

LONGEST_SECONDS = 86_400.0
"""A backfill is a person's command and has no agent's time limit; it still ends."""
ANALYTICS = "analytics"


class BackfillError(WebexhistError):
    """There is nothing that the past could be joined to."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a backfill has come."""

    source: str
    """"analytics" or "events"."""
    done: int
    """Days counted now or before."""
    days: int


def backfill_messages(settings: Settings, clock: Callable[[], datetime], days: int) -> Iterator[Progress]:
    """Counts the past day by day and stores each as it comes; begun again, it goes on where it stopped.

    Daily totals of thirteen months in one call where analytics is permitted, else the events of at most `days` days.
    What polls have counted is never counted again: the past ends where their first window opened.

    Raises:
        BackfillError: no poll was made yet, neither source is permitted, or it is not known whose messages they are.
        WebexhistError: Webex or the database failed; the days stored by then stay.
    """
    database = open_existing(settings.database)
    with connected(settings, clock, Deadline(LONGEST_SECONDS), listed_before(settings)) as webex:
        client, own = webex.client, own_of(webex)
        with reading(database) as history:
            opened_at = chain_opened_at(history, own.webex_id, events.SOURCE)
        try:
            yield from from_analytics(client, database, own.webex_id, opened_at)
        except (NotPermitted, NotFound):
            if opened_at is None:
                raise BackfillError(
                    "no poll has counted events yet, so that the past has no end to be counted to",
                    "run webexhist poll with a Compliance Officer's token first",
                ) from None
            yield from from_events(client, database, own.webex_id, opened_at, days)
        else:
            if opened_at is not None:
                yield from from_events(client, database, own.webex_id, opened_at, days=0)
    database.dispose()


def own_of(webex: Connected) -> Organization:
    """The organization whose messages the token counts.

    Raises:
        BackfillError: it is not known, or not polled.
    """
    found = webex.own()
    if found.organization is not None:
        return found.organization
    if found.failure is not None:
        raise BackfillError(
            f"it is not known whose messages the token counts ({found.failure.problem})", found.failure.next_step
        )
    raise BackfillError("the token counts the messages of an organization that is not polled", "add it to orgids")


def from_analytics(
    client: WebexClient, database: Engine, organization: str, opened_at: datetime | None
) -> Iterator[Progress]:
    """Whole days before the polls' first: of that day itself analytics would count again what polls counted."""
    last = (opened_at or server_now(client)).date() - timedelta(days=1)
    totals = daily_messages(client, last - timedelta(days=ANALYTICS_DAYS - 1), last)
    with reading(database) as history:
        counted = past_days(history, organization, Metric.MESSAGES_CREATED)
    new = {day: {Metric.MESSAGES_CREATED: amount} for day, amount in totals.items() if day not in counted}
    add_past_days(database, organization, ANALYTICS, new)
    yield Progress(ANALYTICS, len(totals), len(totals))


def from_events(
    client: WebexClient, database: Engine, organization: str, opened_at: datetime, days: int
) -> Iterator[Progress]:
    """The day of the polls' first window up to its opening, and so many days before it, the latest first."""
    oldest = server_now(client) - events.LOOK_BACK
    wanted = [day for day in days_back(opened_at.date(), days) if midnight(day) > oldest]
    with reading(database) as history:
        counted = past_days(history, organization, Metric.MESSAGES_CREATED)
    missing = [day for day in wanted if day not in counted]
    done = len(wanted) - len(missing)
    yield Progress(events.SOURCE, done, len(wanted))
    for first in range(0, len(missing), client.workers.most):
        together = missing[first : first + client.workers.most]
        amounts = client.side_by_side(lambda day: count_day(client, day, opened_at), together)
        add_past_days(database, organization, events.SOURCE, dict(zip(together, amounts, strict=True)))
        done += len(together)
        yield Progress(events.SOURCE, done, len(wanted))


def days_back(last: date, count: int) -> list[date]:
    """The last day and so many before it, the latest first."""
    return [last - timedelta(days=number) for number in range(count + 1)]


def midnight(day: date) -> datetime:
    """The moment in UTC at which a day begins."""
    return datetime.combine(day, time(), UTC)
