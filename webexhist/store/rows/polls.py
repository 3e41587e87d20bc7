"""Which months and days an organization was polled in, and when."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from webexhist.months import Month, Period
from webexhist.store.numbers import NumberRange
from webexhist.store.opening.history import History
from webexhist.store.query import Query, Values
from webexhist.store.times import read_moment, to_the_second

POLLED_MONTHS = """
SELECT organization.id, organization.webex_id, organization.name, substr(day, 1, 7) AS month,
       MIN(first_number) AS first_number, MAX(last_number) AS last_number
FROM day JOIN organization ON organization.id = day.organization_id
GROUP BY organization.id, organization.name, organization.webex_id, substr(day, 1, 7)
ORDER BY organization.name, organization.webex_id, month
"""

TIMES = """
SELECT taken_at FROM snapshot
WHERE organization_id = :organization AND taken_at < :end AND taken_at >= COALESCE(
    (SELECT MAX(taken_at) FROM snapshot WHERE organization_id = :organization AND taken_at < :begin), :begin)
ORDER BY taken_at
"""

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

    id: int
    webex_id: str
    name: str
    months: tuple[PolledMonth, ...]

    def was_polled_in(self, month: Month) -> bool:
        return any(polled.month == month for polled in self.months)

    def numbers_of(self, month: Month) -> NumberRange:
        """The snapshots of one of these months."""
        return next(polled.numbers for polled in self.months if polled.month == month)


def polled_organizations(history: History) -> tuple[PolledOrganization, ...]:
    """Every organization with polls, by name."""
    query = Query(
        "Months with polls",
        POLLED_MONTHS,
        {},
        lambda row: (
            (row.id, row.webex_id, row.name),
            PolledMonth(Month.stored(row.month), NumberRange(row.first_number, row.last_number)),
        ),
    )
    return tuple(
        PolledOrganization(id_, webex_id, name, tuple(month for _, month in group))
        for (id_, webex_id, name), group in groupby(history.read(query), key=lambda pair: pair[0])
    )


def poll_times(organization: int, period: Period) -> Query[datetime]:
    """Every poll of a period, after the last one before it where there is one."""
    values: Values = {
        "organization": organization,
        "begin": to_the_second(period.first.begins_at),
        "end": to_the_second(period.last.ends_at),
    }
    return Query("Polls", TIMES, values, lambda row: read_moment(row.taken_at))


def polls_by_day(organization: int, period: Period) -> Query[tuple[date, int]]:
    """How many polls were done on every day that had any."""
    values: Values = {
        "organization": organization,
        "first_day": str(period.first_day),
        "last_day": str(period.last_day),
    }
    return Query("Polls by day", POLLS_BY_DAY, values, lambda row: (date.fromisoformat(row.day), row.polls))
