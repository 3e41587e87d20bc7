"""The rows of a view as they come, one after the other: no more than a few of them are in memory."""

# ruff: noqa: S608  (names of views and columns are those of the dictionary)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import text

from webexhist.errors import UsageError
from webexhist.store.dictionary import DICTIONARY
from webexhist.store.opening.history import History
from webexhist.store.times import written
from webexhist.time_zones import UTC_DAYS, zone_called

ROWS_AT_A_TIME = 1000
FIRST_SECOND, LAST_SECOND = time(0, 0, 0), time(23, 59, 59)
_ZONES = text("""
SELECT DISTINCT timezone FROM organization WHERE id = :organization OR CAST(:organization AS INTEGER) IS NULL
""")
BOUNDED_BY = {"taken_at": 19, "since": 19, "day": 10, "month": 7}
"""The columns that say when a row was, and how many characters of a time they hold."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows of a view are asked for; None where all are."""

    organization: int | None = None
    first: datetime | None = None
    last: datetime | None = None
    """The times, days or months from and to which, both included."""
    since: datetime | None = None
    """What came later than that; a day or month that had begun by then may have grown, and is one of them."""


def view_rows(history: History, view: str, asked: Asked) -> Iterator[tuple[Any, ...]]:
    """Reads the rows that are asked for.

    Raises UsageError where the view has no such thing as is asked for.
    """
    names = [column.name for column in DICTIONARY[view].columns]
    conditions: list[str] = []
    values: dict[str, int | str] = {}
    if asked.organization is not None:
        if "org_id" not in names:
            raise UsageError(f"the view {view} is not of organizations", "leave --org away")
        conditions, values = ["org_id = :organization"], {"organization": asked.organization}
    bounds = {">= :first": asked.first, "<= :last": asked.last, "> :since": asked.since}
    if any(bounds.values()):
        column = next((name for name in BOUNDED_BY if name in names), None)
        if column is None or not is_of_times(view):
            raise UsageError(f"the rows of {view} are not of a time", "leave --from, --to and --since away")
        is_period = column in ("day", "month")
        days = _asked_days(history, asked) if is_period else {}
        for bound, moment in bounds.items():
            if moment is not None:
                comparison, name = bound.split()
                conditions.append(f"{column} {'>=' if is_period and comparison == '>' else comparison} {name}")
                values[name[1:]] = days.get(name[1:], written(moment))[: BOUNDED_BY[column]]
    return selected(history, view, names, conditions, values)


def is_of_times(view: str) -> bool:
    """Whether the rows of a view are of times, days or months."""
    return view != "schema_info" and any(column.name in BOUNDED_BY for column in DICTIONARY[view].columns)


def _asked_days(history: History, asked: Asked) -> dict[str, str]:
    """The days of the organizations' time zones with the times that are asked for, of several the earliest or latest.

    A whole day, as it is typed without a time, is that day wherever they are.
    """
    names = history.connection.execute(_ZONES, {"organization": asked.organization}).scalars()
    zones = [zone_called(name) for name in names] or [UTC_DAYS]
    days = {}
    if asked.first and asked.first.time() != FIRST_SECOND:
        days["first"] = min(zone.day_of(asked.first) for zone in zones).isoformat()
    if asked.last and asked.last.time() != LAST_SECOND:
        days["last"] = max(zone.day_of(asked.last) for zone in zones).isoformat()
    if asked.since:
        days["since"] = min(zone.day_of(asked.since) for zone in zones).isoformat()
    return days


def selected(
    history: History,
    view: str,
    names: Sequence[str],
    conditions: Sequence[str],
    values: Mapping[str, int | str],
    order: str = "",
) -> Iterator[tuple[Any, ...]]:
    """Reads the rows of a view on which all conditions hold, in the order of a column where one is named."""
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    ordered = f" ORDER BY {order}" if order else ""
    query = f"SELECT {', '.join(names)} FROM {view}{where}{ordered}"
    statement = text(query).execution_options(yield_per=ROWS_AT_A_TIME)
    for row in history.connection.execute(statement, values):
        yield tuple(row)
