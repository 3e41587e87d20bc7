"""What of the rows that a command shows was changed by something else, in words."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from webexhist.store.organization_labels import organization_labels
from webexhist.store.seals.damage import damaged_tables
from webexhist.store.seals.differences import POLLS, READINGS, missing_sums
from webexhist.store.seals.sealing import sealed_days
from webexhist.store.seals.sweeps import changed_sweeps
from webexhist.store.times import utc_day_of

MOST_NAMED = 3
"""So many days are named; `find_damage` names all."""


def changed_tables(connection: Connection, organization_id: int | None = None) -> tuple[str, ...]:
    """The tables that change rarely and were changed, of one organization and of what concerns all, or of all."""
    names = sorted({name for _, name in damaged_tables(connection, organization_id)})
    return (f"what is kept in {', '.join(names)}",) if names else ()


def changed_days(
    connection: Connection, organization_id: int | None, first: datetime | None, last: datetime | None
) -> tuple[str, ...]:
    """The days of UTC from one moment to another, or all, with a poll, reading or count of seats that was changed."""
    changed = []
    for each, name in organization_labels(connection).items():
        if organization_id not in (None, each):
            continue
        days = [day for day in sealed_days(connection, each) if _is_within(day.day, first, last)]
        swept = map(utc_day_of, changed_sweeps(connection, each))
        of_seats = {day for day in swept if _is_within(day, first, last)}
        if short := sorted(of_seats.union(missing_sums(connection, each, days, (POLLS, READINGS)))):
            changed.append(f"what was stored of {name} on {_named(short)}")
    return tuple(changed)


def _is_within(day: str, first: datetime | None, last: datetime | None) -> bool:
    return (first is None or day >= f"{first:%Y-%m-%d}") and (last is None or day <= f"{last:%Y-%m-%d}")


def _named(days: Sequence[str]) -> str:
    more = len(days) - MOST_NAMED
    return ", ".join(days[:MOST_NAMED]) + (f" and {more} more days" if more > 0 else "")
