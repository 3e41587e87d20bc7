"""The rows of a view as they come, one after the other: no more than a few of them are in memory."""

# ruff: noqa: S608  (names of views and columns are those of the dictionary)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from webexhist.errors import UsageError
from webexhist.store.dictionary import DICTIONARY
from webexhist.store.opening.history import History
from webexhist.store.times import written
from webexhist.time_zones import zone_called

ROWS_AT_A_TIME = 1000
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
        if column is None or view == "schema_info":
            raise UsageError(f"the rows of {view} are not of a time", "leave --from, --to and --since away")
        for bound, moment in bounds.items():
            if moment is not None:
                comparison, name = bound.split()
                is_period = column in ("day", "month")
                conditions.append(f"{column} {'>=' if is_period and comparison == '>' else comparison} {name}")
                values[name[1:]] = written(moment)[: BOUNDED_BY[column]]
        if asked.since and column in ("day", "month"):
            values["since"] = _day_that_may_grow(history, asked.organization, asked.since)[: BOUNDED_BY[column]]
    return selected(history, view, names, conditions, values)


def _day_that_may_grow(history: History, organization: int | None, since: datetime) -> str:
    """The earliest day that it is anywhere at that time: west of Greenwich it may be the one before that of UTC."""
    zones = history.connection.execute(_ZONES, {"organization": organization}).scalars()
    return min((zone_called(name).day_of(since) for name in zones), default=since.date()).isoformat()


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
