"""Units of licenses as they are stored: what changed, and the days in which it holds. Days and months follow from it.

Reading these rows costs as much as changed, where the views cost a look-up a license and day. Both give the same.
"""

# ruff: noqa: S608  (every part of a query stands in this room)

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from webexhist.months import Month
from webexhist.store.opening.history import History
from webexhist.store.query import Query, Values, grouped
from webexhist.store.rows.unit_periods import (
    Period,
    Periods,
    Stand,
    UnitChange,
    days_of_units,
    months_of_units,
    stands_of,
)
from webexhist.store.rows.usage import read_day
from webexhist.store.values import DailyUsage, MonthlyUsage
from webexhist.store.values_at_snapshots import list_of_licenses, snapshot_asked

_LIST = list_of_licenses(":organization")

CHANGES = f"""
SELECT l.webex_id AS license_id, m.field, r.number, r.value,
  {snapshot_asked(_LIST, "r.number - 1", ":organization")} AS asked_before
FROM license l
JOIN metric m ON m.organization_id = l.organization_id AND m.license_id = l.id
  AND m.field IN ('assigned', 'listed', 'purchased')
JOIN reading r ON r.organization_id = m.organization_id AND r.metric_id = m.id
WHERE l.organization_id = :organization AND r.number <= :last_number AND r.number >= COALESCE((
    SELECT MAX(held.number) FROM reading held WHERE held.organization_id = m.organization_id
      AND held.metric_id = m.id AND held.number <= :first_number), 0)
ORDER BY l.webex_id, r.number, m.field
"""

DAYS = f"""
SELECT day, first_number, last_number, {snapshot_asked(_LIST, "last_number", ":organization")} AS asked
FROM (
  SELECT day, first_number, CASE WHEN last_number > :up_to THEN :up_to ELSE last_number END AS last_number
  FROM day WHERE organization_id = :organization AND day BETWEEN :first_day AND :last_day AND first_number <= :up_to
) polled ORDER BY day
"""


LAST_POSSIBLE = 2**31 - 1
"""The largest number that a snapshot may have."""


@dataclass(frozen=True, slots=True)
class UnitHistory:
    """What the units of an organization's licenses were over some days with polls."""

    query: Query[tuple[str, UnitChange]]
    changes: Mapping[str, tuple[UnitChange, ...]]
    """By the license's id at Webex; what held when the first day began comes first."""
    days: Periods[date]
    months: Periods[Month]
    """Those of the days."""

    def by_day(self) -> dict[str, tuple[DailyUsage, ...]]:
        """Every license on every day on which it was listed, or may have been."""
        found = {webex_id: self.days_of(stands_of([own])) for webex_id, own in self.changes.items()}
        return {webex_id: days for webex_id, days in found.items() if days}

    def stands_of(self, licenses: Iterable[str]) -> tuple[Stand, ...]:
        """The units of some licenses together, from snapshot to snapshot."""
        return stands_of([self.changes.get(each, ()) for each in licenses])

    def days_of(self, stands: Sequence[Stand]) -> tuple[DailyUsage, ...]:
        """Units together by day."""
        return tuple(days_of_units(stands, self.days))

    def months_of(self, stands: Sequence[Stand], since: Month) -> tuple[MonthlyUsage, ...]:
        """Units together by month, from one month on."""
        return tuple(months_of_units(stands, self.months.since(since)))


def unit_history(
    history: History, organization: int, first: date, last: date, up_to: int = LAST_POSSIBLE
) -> UnitHistory:
    """The units of an organization's licenses on the days with polls from the first to the last.

    Snapshots after that of the number `up_to` are left out, also of a day that they are of with others.
    """
    of_days: Values = {"organization": organization, "first_day": str(first), "last_day": str(last), "up_to": up_to}
    days = Periods.of(history.read(Query("Days with polls", DAYS, of_days, _polled_day)))
    first_number = days.snapshots[0].first if days.snapshots else 0
    last_number = days.snapshots[-1].last if days.snapshots else -1
    values: Values = {"organization": organization, "first_number": first_number, "last_number": last_number}
    query = Query("Changes of licenses", CHANGES, values, _change)
    return UnitHistory(query, grouped(history.read(query)), days, _months_of(days))


def _months_of(days: Periods[date]) -> Periods[Month]:
    by_month = grouped(zip(map(Month.of, days.times), days.snapshots, strict=True))
    return Periods.of(
        (month, Period(snapshots[0].first, snapshots[-1].last, snapshots[-1].asked))
        for month, snapshots in by_month.items()
    )


def _change(row: Row[Any]) -> tuple[str, UnitChange]:
    license_id, field, number, value, asked_before = tuple(row)
    return license_id, UnitChange(number, field, value, asked_before)


def _polled_day(row: Row[Any]) -> tuple[date, Period]:
    day, *snapshots = tuple(row)
    return read_day(day), Period(*snapshots)
