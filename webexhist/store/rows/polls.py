"""Which months and days an organization was polled in, and when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from webexhist.months import Month, Period
from webexhist.store.numbers import NumberRange
from webexhist.store.opening.history import History
from webexhist.store.query import Query, Values, grouped
from webexhist.store.rows.organizations import KnownOrganization, known_organizations
from webexhist.store.times import moment_of, read_written, seconds_of, written
from webexhist.time_zones import LATEST, TimeZone

A_MOMENT = timedelta.resolution
"""What ends a month belongs to the next one; in the last second of the calendar there is none."""
CLOCKS_DIFFER = timedelta(minutes=5)
"""A poll may be dated so much later than it was done: its time is Webex's, and what asks goes by the host's."""

POLLED_MONTHS = """
SELECT organization_id, substr(CAST(day AS TEXT), 1, 7) AS month, MIN(first_number) AS first_number,
  MAX(last_number) AS last_number
FROM day GROUP BY organization_id, substr(CAST(day AS TEXT), 1, 7) ORDER BY organization_id, month
"""

TIMES = """
SELECT taken_at FROM snapshots
WHERE org_id = :organization AND taken_at <= :end AND taken_at >= COALESCE((
    SELECT taken_at FROM snapshots WHERE org_id = :organization AND taken_at < :begin
    ORDER BY taken_at DESC LIMIT 1), :begin)
ORDER BY taken_at
"""

LAST_TIMES = """
SELECT number, taken_at FROM snapshot WHERE organization_id = :organization AND taken_at <= :until
ORDER BY number DESC LIMIT :most
"""
"""By their numbers, from the newest back: by the index of times a damaged page of it would hide the newest ones."""

POLLS_BY_DAY = """
SELECT day, last_number - first_number + 1 AS polls FROM day
WHERE organization_id = :organization AND day BETWEEN :first_day AND :last_day ORDER BY day
"""


@dataclass(frozen=True, slots=True)
class PolledMonth:
    """A month in which an organization was polled, and the numbers of its snapshots."""

    month: Month
    numbers: NumberRange


@dataclass(frozen=True, slots=True)
class PolledOrganization:
    """An organization and the months in which it was polled, oldest first."""

    known: KnownOrganization
    months: tuple[PolledMonth, ...]

    @property
    def id(self) -> int:
        """Its row in the database."""
        return self.known.id

    @property
    def webex_id(self) -> str:
        """Its id at Webex."""
        return self.known.webex_id

    @property
    def zone(self) -> TimeZone:
        """The time zone by which its days and months are counted."""
        return self.known.zone

    def was_polled_in(self, month: Month) -> bool:
        return any(polled.month == month for polled in self.months)

    def numbers_of(self, month: Month) -> NumberRange:
        """The snapshots of one of these months."""
        return next(polled.numbers for polled in self.months if polled.month == month)

    def name_in(self, month: Month) -> str:
        """What it was called at the end of one of these months."""
        return self.known.name_at(self.numbers_of(month).last)

    def former_names_in(self, month: Month) -> tuple[str, ...]:
        """What else it was called within that month, or at the end of the one before."""
        return self.known.former_names(self.numbers_of(month))


def polled_organizations(history: History) -> tuple[PolledOrganization, ...]:
    """Every organization with polls, by name."""
    query = Query(
        "Months with polls",
        POLLED_MONTHS,
        {},
        lambda row: (
            row.organization_id,
            PolledMonth(Month.stored(row.month), NumberRange(row.first_number, row.last_number)),
        ),
    )
    months = grouped(history.read(query))
    return tuple(
        PolledOrganization(known, months[known.id]) for known in known_organizations(history) if known.id in months
    )


def polled_by(
    history: History, organizations: Iterable[PolledOrganization], moment: datetime
) -> tuple[PolledOrganization, ...]:
    """The organizations that were polled by a moment, without the months after it, and without polls until then."""
    found, after = [], min(moment, LATEST - CLOCKS_DIFFER) + CLOCKS_DIFFER
    for each in organizations:
        running = Month.of(each.zone.day_of(moment))
        months = tuple(polled for polled in each.months if polled.month <= running)
        if months and months[-1].month == running:
            last = next(iter(history.read(last_polls_by(each.id, after, 1))), None)
            if last is None or last.number < months[-1].numbers.first:
                months = months[:-1]
        if months:
            found.append(replace(each, months=months))
    return tuple(found)


def poll_times(organization: int, period: Period, zone: TimeZone) -> Query[datetime]:
    """Every poll of a period, after the last one before it where there is one."""
    values: Values = {
        "organization": organization,
        "begin": written(zone.month_begins_at(period.first)),
        "end": written(zone.month_ends_at(period.last) - A_MOMENT),
    }
    return Query("Polls", TIMES, values, lambda row: read_written(row.taken_at))


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll of an organization."""

    number: int
    taken_at: datetime


def last_polls_by(organization: int, moment: datetime, most: int) -> Query[Poll]:
    """The last polls until a moment, with those of its second, the newest first."""
    values: Values = {"organization": organization, "until": seconds_of(moment), "most": most}
    return Query("Last polls", LAST_TIMES, values, lambda row: Poll(row.number, moment_of(row.taken_at)))


def present(history: History, shown: datetime) -> datetime:
    """The present where a clock shows that time: polls that are dated a little later are of it, and end it."""
    after = min(shown, LATEST - CLOCKS_DIFFER) + CLOCKS_DIFFER
    return max(shown, last_polled_at(history, after) or shown)


def last_polled_at(history: History, until: datetime = LATEST) -> datetime | None:
    """When an organization was polled last, until a moment; None where none was."""
    last = (history.read(last_polls_by(each.id, until, 1)) for each in known_organizations(history))
    return max((poll.taken_at for polls in last for poll in polls), default=None)


def is_stored_in(history: History, organization: PolledOrganization, month: Month) -> bool:
    """Whether there are polls of a month; where none of its days is there, though, something else deleted them."""
    last = history.read(last_polls_by(organization.id, organization.zone.month_ends_at(month) - A_MOMENT, 1))
    return bool(last) and last[0].taken_at >= organization.zone.month_begins_at(month)


def polls_by_day(organization: int, period: Period) -> Query[tuple[date, int]]:
    """How many polls were done on every day that had any."""
    values: Values = {
        "organization": organization,
        "first_day": str(period.first_day),
        "last_day": str(period.last_day),
    }
    return Query("Polls by day", POLLS_BY_DAY, values, lambda row: (date.fromisoformat(row.day), row.polls))
