"""Licenses that continue each other, read as one: their units together, by day, by month and from poll to poll."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from webexhist.months import Month
from webexhist.store.entered.successions import Succession
from webexhist.store.numbers import NumberRange
from webexhist.store.opening.history import History
from webexhist.store.query import Query, Values
from webexhist.store.rows.known_licenses import KnownLicense
from webexhist.store.rows.usage import read_day
from webexhist.store.sums import members, sums_by_period, sums_by_snapshot
from webexhist.store.values import DailyUsage, MonthlyUsage
from webexhist.successions import SuccessionState
from webexhist.units import utilization

_MEMBER = f"WITH member AS ({members('1', 'l.organization_id = :organization AND l.webex_id IN :licenses')}\n)"
_DAYS = "(SELECT * FROM day WHERE organization_id = :organization AND day BETWEEN :first_day AND :last_day)"
_MONTHS = """(
        SELECT organization_id, month, min(first_number) AS first_number, max(last_number) AS last_number
        FROM (
          SELECT *, substr(CAST(day AS TEXT), 1, 7) AS month FROM day WHERE organization_id = :organization) polled
        WHERE month BETWEEN :first_month AND :last_month GROUP BY organization_id, month)"""
_SPAN = """(
        SELECT organization_id, 'span' AS span, min(number) AS first_number, max(number) AS last_number
        FROM snapshot WHERE organization_id = :organization AND number BETWEEN :first_number - 1 AND :last_number
        GROUP BY organization_id)"""

_SUMS = """SELECT {period}, purchased, assigned_last, assigned_min, assigned_max,
  assigned_total / samples AS assigned_mean
FROM sums ORDER BY {period}"""
DAYS = f"{_MEMBER}, {sums_by_period('day', _DAYS)}\n{_SUMS.format(period='day')}"
MONTHS = f"{_MEMBER}, {sums_by_period('month', _MONTHS)}\n{_SUMS.format(period='month')}"
STEPS = f"{_MEMBER}, {sums_by_snapshot('span', _SPAN)}\nSELECT * FROM summed ORDER BY number"


@dataclass(frozen=True, slots=True)
class Sum:
    """Units together from one snapshot on; None is unknown."""

    purchased: int | None
    assigned: int | None


@dataclass(frozen=True, slots=True)
class LineageQueries:
    """What reads a lineage of several licenses."""

    days: Query[DailyUsage]
    months: Query[MonthlyUsage]
    steps: Query[Sum]


@dataclass(frozen=True, slots=True)
class LineageRows:
    """Several licenses that continue each other, by their ids at Webex."""

    license_id: str
    """The one that stands for all: the newest of those listed, else the newest."""
    former_ids: tuple[str, ...]
    """The others, in the order in which they were first seen."""
    queries: LineageQueries
    days: tuple[DailyUsage, ...]
    months: tuple[MonthlyUsage, ...]
    steps: tuple[Sum, ...]
    """From before the month's first snapshot to its last, oldest first."""


def lineage_queries(
    organization: int,
    licenses: Sequence[str],
    days: tuple[date, date],
    months: tuple[Month, Month],
    numbers: NumberRange,
    *,
    counted: bool,
) -> LineageQueries:
    """The queries for licenses together; `counted` are those of which there is a utilization."""
    of_all: Values = {"organization": organization, "licenses": list(licenses)}
    of_days = {"first_day": str(days[0]), "last_day": str(days[1])}
    of_months = {"first_month": str(months[0]), "last_month": str(months[1])}
    of_steps = {"first_number": numbers.first, "last_number": numbers.last}
    return LineageQueries(
        days=Query("Days of a lineage", DAYS, {**of_all, **of_days}, _daily_usage),
        months=Query(
            "Months of a lineage", MONTHS, {**of_all, **of_months}, lambda row: _monthly_usage(row, counted=counted)
        ),
        steps=Query(
            "Changes of a lineage within the month",
            STEPS,
            {**of_all, **of_steps},
            lambda row: Sum(_whole(row.purchased), _whole(row.assigned)),
        ),
    )


def lineages_of_several(
    licenses: Iterable[KnownLicense], successions: Iterable[Succession], listed: frozenset[str]
) -> list[tuple[str, tuple[str, ...]]]:
    """The lineages of more than one license: the one that stands for all, and the others."""
    first_numbers = {known.license.webex_id: known.first_number for known in licenses}
    joined = {
        each.former_id: each.successor_id
        for each in successions
        if each.state is SuccessionState.JOINED and {each.former_id, each.successor_id} <= first_numbers.keys()
    }
    chains: dict[str, list[str]] = {}
    for webex_id in sorted(first_numbers, key=lambda each: (first_numbers[each], each)):
        last = webex_id
        while last in joined:
            last = joined[last]
        chains.setdefault(last, []).append(webex_id)
    found = []
    for chain in chains.values():
        if len(chain) > 1:
            standing = [webex_id for webex_id in chain if webex_id in listed] or chain
            found.append((standing[-1], tuple(each for each in chain if each != standing[-1])))
    return found


def read_lineage(
    history: History, license_id: str, former_ids: tuple[str, ...], queries: LineageQueries
) -> LineageRows:
    """The rows of a lineage."""
    return LineageRows(
        license_id=license_id,
        former_ids=former_ids,
        queries=queries,
        days=history.read(queries.days),
        months=history.read(queries.months),
        steps=history.read(queries.steps),
    )


def _daily_usage(row: Row[Any]) -> DailyUsage:
    return DailyUsage(
        day=read_day(row.day),
        last=_whole(row.assigned_last),
        lowest=_whole(row.assigned_min),
        highest=_whole(row.assigned_max),
        purchased=_whole(row.purchased),
    )


def _monthly_usage(row: Row[Any], *, counted: bool) -> MonthlyUsage:
    purchased, last = _whole(row.purchased), _whole(row.assigned_last)
    return MonthlyUsage(
        month=Month.stored(row.month),
        last=last,
        lowest=_whole(row.assigned_min),
        highest=_whole(row.assigned_max),
        mean=row.assigned_mean,
        purchased=purchased,
        utilization=utilization(purchased, last) if counted else None,
    )


def _whole(value: Any) -> int | None:
    """PostgreSQL sums whole numbers to a decimal."""
    return None if value is None else int(value)
