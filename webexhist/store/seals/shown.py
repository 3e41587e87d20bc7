"""What of the rows that a command shows was changed by something else, in words."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import Connection, text

from webexhist.changed_rows import kept_in, on_days
from webexhist.store.numbers import NumberRange
from webexhist.store.organization_labels import organization_labels
from webexhist.store.seals.closed_periods import changed_last_days, changed_periods
from webexhist.store.seals.damage import damaged_days
from webexhist.store.seals.days import DamagedSpan, damaged_spans
from webexhist.store.seals.differences import (
    ALL_PARTS,
    READINGS,
    WITHOUT_COSTS,
    SealedPart,
    missing_sums,
    missing_sums_of_each,
    sealed_days_of,
    unsealed_days,
)
from webexhist.store.seals.indexes import days_found_otherwise
from webexhist.store.seals.newest import NEWEST_DAYS
from webexhist.store.seals.sealing import RARELY_CHANGED, WORKED_OUT, sealed_days
from webexhist.store.seals.sweeps import changed_sweeps
from webexhist.store.seals.tables import damaged_tables
from webexhist.store.times import utc_day_of
from webexhist.store.views import VIEWS

OF_LAST_VALUES = frozenset({"latest_counts", "latest_licenses"})
"""The views of what stands now alone."""
_IN_NO_DAY = {"sqlite_master", "alembic_version", *VIEWS} | {table.name for table in RARELY_CHANGED}
"""The tables of no day, and our views, of which each table that they read is told by itself."""
KEPT_FOR = {
    view: tables for view, sql in VIEWS.items() if (tables := frozenset(name for name in WORKED_OUT if name in sql))
}
"""The views with figures that were worked out and kept, and the tables that keep them."""
PARTS_OF = {view: ALL_PARTS if "milliseconds" in sql else WITHOUT_COSTS for view, sql in VIEWS.items()}
"""What each view shows of a day: few of them what polls took, and of which version they were."""
_LAST = text("""
SELECT o.id, (SELECT max(s.number) FROM snapshot s WHERE s.organization_id = o.id) AS number,
  (SELECT max(w.taken_at) FROM seat_sweep w WHERE w.organization_id = o.id) AS swept_at
FROM organization o ORDER BY o.id
""")


def changed_tables(connection: Connection, organization_id: int | None = None) -> tuple[str, ...]:
    """The tables that change rarely and were changed, of one organization and of what concerns all, or of all."""
    names = sorted({name for _, name in damaged_tables(connection, organization_id)})
    return (kept_in(*names),) if names else ()


def changed_days(
    connection: Connection,
    organization_id: int | None,
    first: datetime | None,
    last: datetime | None,
    parts: Collection[SealedPart],
) -> tuple[str, ...]:
    """The days of UTC from one moment to another, or all, of which one of the parts or a count of seats was changed.

    Also those before them with which values were stored that still held on the first.
    """
    changed = []
    for each, name in organization_labels(connection).items():
        if organization_id not in (None, each):
            continue
        sealed = sealed_days(connection, each)
        days = [day for day in sealed if _is_within(day.day, first, last)]
        spans = damaged_spans(connection, each) if days else ()
        numbers = NumberRange(days[0].first_number, days[-1].last_number) if days else None
        of_values = _days_of(connection, each, numbers, parts, spans) if numbers else []
        others = {*map(utc_day_of, changed_sweeps(connection, each)), *unsealed_days(connection, each, sealed)}
        changed += _named(name, {*of_values, *(day for day in others if _is_within(day, first, last))})
    return tuple(changed)


def changed_days_by_themselves(connection: Connection, spans: Iterable[tuple[int, int, int]]) -> tuple[str, ...]:
    """The days of spans with rows of another checksum; a span is an organization, a first and a last snapshot.

    The sum of several days may be right where those of two are not.
    """
    names, changed = organization_labels(connection), []
    for organization_id, first, last in spans:
        days = sealed_days_of(connection, organization_id, first, last)
        changed += _named(names[organization_id], missing_sums_of_each(connection, organization_id, days))
    return tuple(changed)


def changed_days_behind(
    connection: Connection, reads: Iterable[tuple[str, str | None]] | None, query: str
) -> tuple[str, ...]:
    """The days with changed rows of the tables that were read, each for a view; all days where that is not known.

    What is read of an organization's days may be of any of them; the views of what stands now read no others.
    """
    of_days = None if reads is None else {view for table, view in reads if table not in _IN_NO_DAY}
    if of_days is None or not of_days <= OF_LAST_VALUES:
        return changed_days(connection, None, None, None, _parts_behind(reads, query))
    return changed_days_of_last_values(connection) if of_days else ()


def _parts_behind(reads: Iterable[tuple[str, str | None]] | None, query: str) -> tuple[SealedPart, ...]:
    """What a query may show of a day: what polls took where it reads their table for more than most views do."""
    if reads is None:
        return ALL_PARTS if "snapshot" in query.lower() else WITHOUT_COSTS
    are_costs_read = any(table == "snapshot" and PARTS_OF.get(view or "") != WITHOUT_COSTS for table, view in reads)
    return ALL_PARTS if are_costs_read else WITHOUT_COSTS


def kept_behind(reads: Iterable[tuple[str, str | None]] | None, query: str) -> frozenset[str]:
    """The tables of kept figures that a query read; where that is not known, those of the views that it names."""
    if reads is not None:
        return WORKED_OUT.intersection(table for table, _ in reads)
    return frozenset().union(*(tables for view, tables in KEPT_FOR.items() if view in query.lower()))


def changed_figures(
    connection: Connection, tables: Collection[str], organization_id: int | None = None
) -> tuple[str, ...]:
    """Those of the tables that keep other figures than the readings give, of one organization or of any.

    What is kept of readings that were changed differs from them, too: it is asked for where none were.
    """
    if not tables:
        return ()
    owners = organization_labels(connection) if organization_id is None else (organization_id,)
    names = sorted({table for owner in owners for table in changed_periods(connection, owner, tables)})
    return (kept_in(*names),) if names else ()


def changed_days_of_last_values(connection: Connection) -> tuple[str, ...]:
    """The same of each organization's last snapshot and sweep: the days with which their values were stored.

    Also of the newest days: where a value of theirs is gone the one before it would seem to stand, and the time of
    the snapshot before the last one is shown. One of an earlier day that is gone is missing in what is kept of the
    last day of products that is over.
    """
    names, changed = organization_labels(connection), []
    tables: set[str] = set()
    for each, number, swept_at in connection.execute(_LAST).all():
        of_seats = [] if swept_at is None else map(utc_day_of, changed_sweeps(connection, each, swept_at))
        sealed = sealed_days(connection, each)
        sealed_until = max((day.last_number for day in sealed), default=None)
        unsealed = () if number == sealed_until else unsealed_days(connection, each, sealed)
        of_values = [] if number is None else _days_of(connection, each, NumberRange(number, number), ALL_PARTS)
        newest = missing_sums(connection, each, sealed[-NEWEST_DAYS:], ALL_PARTS)
        days = {*of_seats, *of_values, *newest, *unsealed}
        if not days and (kept := set(changed_last_days(connection, each, 1))):
            days = set(missing_sums(connection, each, sealed, (READINGS,)))
            tables |= set() if days else kept
        changed += _named(names[each], days)
    return (*changed, *([kept_in(*sorted(tables))] if tables else []))


def _days_of(
    connection: Connection,
    organization_id: int,
    numbers: NumberRange,
    parts: Collection[SealedPart],
    spans: Iterable[DamagedSpan] = (),
) -> list[str]:
    changed = map(str, damaged_days(connection, organization_id, numbers, spans, parts))
    return sorted({*changed, *days_found_otherwise(connection, organization_id, numbers)})


def _is_within(day: str, first: datetime | None, last: datetime | None) -> bool:
    return (first is None or day >= f"{first:%Y-%m-%d}") and (last is None or day <= f"{last:%Y-%m-%d}")


def _named(organization: str, days: Collection[str]) -> list[str]:
    on = on_days(map(date.fromisoformat, days))
    return [f"what was stored of {organization} on {on}"] if days else []
