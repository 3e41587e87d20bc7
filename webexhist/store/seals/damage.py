"""Damage: what is stored held against its checksums, and what differs named by day, table and value."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from webexhist.store import schema
from webexhist.store.complaints import complaints
from webexhist.store.engine import file_of, place_of
from webexhist.store.errors import (
    ODD_ROWS,
    RESTORE,
    DamagedDatabaseError,
    driver_errors_explained,
    explained,
    is_no_damage,
)
from webexhist.store.gone_views import gone_views
from webexhist.store.numbers import NumberRange
from webexhist.store.organization_labels import organization_labels
from webexhist.store.seals.checksums import DaySums
from webexhist.store.seals.closed_periods import changed_periods
from webexhist.store.seals.days import DamagedSpan, damaged_spans
from webexhist.store.seals.differences import (
    COSTS,
    POLLS,
    READINGS,
    SealedPart,
    changed_days_before,
    changed_reading,
    missing_sums,
    missing_sums_of_each,
    sealed_days_of,
)
from webexhist.store.seals.references import tables_referring_to_nothing
from webexhist.store.seals.sealing import (
    CONCERNS_ALL,
    DEFINITIONS,
    SealedDay,
    changed_windows,
    sealed_days,
)
from webexhist.store.seals.sweeps import changed_sweeps
from webexhist.store.seals.tables import damaged_tables
from webexhist.store.times import UTC_DAY_BEGINS, in_words, utc_day_of
from webexhist.store.views import VIEWS

MOST_DEFECTS = 20  # so many of SQLite's own complaints are repeated
ENTERED_BY = {"note": "note", "succession": "succession"}
"""The commands by which a person fills a table, and whose rows are as they were when the same is entered again."""
REBUILD = "work the days and months out anew: webexhist organization timezone"
INPUTS = frozenset(
    {None, DEFINITIONS, "snapshot", "reading", "held", "day", "sealed_day", "metric", "license", "organization"}
)
"""The tables that days and months are worked out of; None: damage that may be anywhere."""

_POLLED_DAYS = text(f"""
SELECT min(taken_at) AS taken_at, min(number) AS first_number, max(number) AS last_number, count(*) AS polls
FROM snapshot WHERE organization_id = :organization_id GROUP BY {UTC_DAY_BEGINS}
""")  # noqa: S608  (a constant)
_REVISIONS = text("SELECT version_num FROM alembic_version")
_OF_NO_SNAPSHOT = {
    table: text(f"""
SELECT DISTINCT r.organization_id FROM {table} r WHERE NOT EXISTS (
  SELECT 1 FROM snapshot s WHERE s.organization_id = r.organization_id AND s.number = r.number)
""")  # noqa: S608  (the names stand in this file)
    for table in ("reading", "held")
}
"""Rows that are in no day's checksum, of the tables that do not refer to `snapshot`."""
_METRIC = text("""
SELECT m.name AS count, m.field, l.name AS license, s.taken_at FROM metric m
LEFT JOIN license l ON l.organization_id = m.organization_id AND l.id = m.license_id
JOIN snapshot s ON s.organization_id = m.organization_id AND s.number = :number
WHERE m.organization_id = :organization_id AND m.id = :metric_id
""")


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it was stored."""

    organization: str | None
    """What it is called; None where the damage concerns no single one."""
    day: str | None
    """The day of UTC with which it was stored."""
    table: str | None
    what: str
    """In words: what is wrong, and with which value."""
    next_step: str

    @property
    def in_words(self) -> str:
        """Where it is, and what is wrong."""
        return ", ".join(part for part in (self.organization, self.day, self.what) if part)


def find_damage(engine: Engine) -> tuple[Damage, ...]:
    """Everything in the database that differs from its checksums, and what the database itself finds wrong."""
    with driver_errors_explained(place_of(engine)), engine.connect() as connection:
        found = [
            damage
            for part in (_file_damage, _table_damage, _day_damage)
            for damage in _as_far_as_readable(part, connection)
        ]
        # What is worked out of rows that were changed differs from them, and is right.
        if INPUTS.isdisjoint(damage.table for damage in found):
            found += _as_far_as_readable(_worked_out_damage, connection)
        return tuple(found)


def first_damage(engine: Engine) -> Damage | None:
    """Something of that, found soon; None where there is none.

    The tables that change rarely are looked at before all days, and the file last: a poll may be waiting.
    """

    def one_of(part: Callable[[Connection], Iterator[Damage]]) -> Callable[[Connection], Iterator[Damage]]:
        return lambda connection: islice(part(connection), 1)

    with driver_errors_explained(place_of(engine)), engine.connect() as connection:
        parts = (_table_damage, _day_damage, _file_damage, _worked_out_damage)
        return next((found[0] for part in parts if (found := _as_far_as_readable(one_of(part), connection))), None)


def damaged_days(
    connection: Connection,
    organization_id: int,
    numbers: NumberRange,
    spans: Iterable[DamagedSpan],
    parts: Collection[SealedPart] = (POLLS, READINGS),
) -> tuple[date, ...]:
    """The days on which what these snapshots hold was stored and then changed; `spans` are damaged."""
    days = sealed_days_of(connection, organization_id, numbers.first, numbers.last)
    changed = set(missing_sums(connection, organization_id, days, parts))
    changed |= changed_days_before(connection, organization_id, numbers.first)
    for span in spans:
        changed |= _days_of(span, days, numbers)
    return tuple(date.fromisoformat(day) for day in sorted(changed))


def _days_of(span: DamagedSpan, days: Sequence[SealedDay], numbers: NumberRange) -> set[str]:
    """The days of these snapshots that the span is about; `days` are those on which they were taken.

    Neither the day nor the numbers of a changed row are sure: one of them that lies there is enough.
    """
    named = {day.day for day in days if day.day == span.day}
    if named or span.numbers is None or not span.numbers.overlaps(numbers):
        return named
    if span.day is not None:
        return {span.day}
    return {day.day for day in days if span.numbers.overlaps(NumberRange(day.first_number, day.last_number))}


def _as_far_as_readable(part: Callable[[Connection], Iterator[Damage]], connection: Connection) -> list[Damage]:
    found: list[Damage] = []
    try:
        found.extend(part(connection))
    except DBAPIError as error:
        engine = connection.engine
        if is_no_damage(explained(error.orig or error, place_of(engine)), is_file=file_of(engine) is not None):
            raise
        reason = str(error.orig or error).partition("\n")[0]
        found.append(Damage(None, None, None, f"it cannot be read further ({reason})", RESTORE))
    except MemoryError:  # SQLite has none for what a damaged page says of its lengths, however much there is
        if file_of(connection.engine) is None or not complaints(connection, "quick_check", 1):
            raise
        found.append(Damage(None, None, None, "it cannot be read further (no memory is enough for it)", RESTORE))
    except (UnicodeDecodeError, TypeError, ValueError, LookupError):
        found.append(Damage(None, None, None, "it cannot be read further (it holds what nobody stored)", RESTORE))
    except DamagedDatabaseError as error:
        found.append(Damage(None, None, None, error.problem, RESTORE))
    except ODD_ROWS as error:
        found.append(Damage(None, None, None, f"it holds what was never stored ({error})", RESTORE))
    return found


def _file_damage(connection: Connection) -> Iterator[Damage]:
    """What SQLite itself finds, and rows that refer to nothing, which a server may have been told to pass over."""
    if file_of(connection.engine) is not None:
        for line in complaints(connection, "integrity_check", MOST_DEFECTS):
            yield Damage(None, None, None, f"SQLite finds: {line}", RESTORE)
    for table in tables_referring_to_nothing(connection):
        yield Damage(None, None, table, f"the table {table} holds rows that refer to nothing", RESTORE)


def _table_damage(connection: Connection) -> Iterator[Damage]:
    names = organization_labels(connection)
    gone = gone_views(connection, VIEWS)
    for view in gone:
        yield Damage(None, None, None, f"the view {view} is gone", "make it again: webexhist db upgrade")
    for organization_id, table in damaged_tables(connection):
        if table == DEFINITIONS and gone:  # which differ by those
            continue
        name = None if organization_id == CONCERNS_ALL else names.get(organization_id, f"number {organization_id}")
        again = f", or say again what it held (webexhist {ENTERED_BY[table]})" if table in ENTERED_BY else ""
        yield Damage(name, None, table, f"the table {table} was changed", f"{RESTORE}{again}")
    if connection.scalars(_REVISIONS).all() != [schema.REVISION]:
        yield Damage(None, None, "alembic_version", "the table alembic_version was changed", RESTORE)


def _day_damage(connection: Connection) -> Iterator[Damage]:
    names = organization_labels(connection)
    for table, of_no_snapshot in _OF_NO_SNAPSHOT.items():
        for organization_id in connection.scalars(of_no_snapshot).all():
            what = f"the table {table} holds rows of no snapshot"
            yield Damage(names.get(organization_id), None, table, what, RESTORE)
    for organization_id, name in names.items():
        days = sealed_days(connection, organization_id)
        for taken_at in changed_sweeps(connection, organization_id):
            what = f"the counts of seats (seat_count, account_people) of {in_words(taken_at)} UTC were changed"
            yield Damage(name, utc_day_of(taken_at), "seat_count", what, RESTORE)
        for source in changed_windows(connection, organization_id):
            what = f"until when {source} are counted was changed"
            yield Damage(name, None, "event_window", what, RESTORE)
        yield from _damaged_numbers(connection, organization_id, name, days)
        missing = missing_sums_of_each(connection, organization_id, days)
        for day in days:
            short_of = missing.get(day.day, DaySums())
            if POLLS.of(short_of) != DaySums() or COSTS.of(short_of) != DaySums():
                what = "what was stored of the day's polls (snapshot, collection, held) was changed"
                yield Damage(name, day.day, "snapshot", what, RESTORE)
            if READINGS.of(short_of) != DaySums():
                what = _changed_value(connection, organization_id, day, short_of)
                aside = f"set that day aside (webexhist db void --from {day.day} --to {day.day} --note …)"
                yield Damage(name, day.day, "reading", what, f"{RESTORE}, or {aside}")


def _worked_out_damage(connection: Connection) -> Iterator[Damage]:
    for organization_id, name in organization_labels(connection).items():
        for table in changed_periods(connection, organization_id):
            what = f"the table {table} holds other figures than the readings give"
            yield Damage(name, None, table, what, REBUILD)


def _damaged_numbers(
    connection: Connection, organization_id: int, name: str, days: Sequence[SealedDay]
) -> Iterator[Damage]:
    """Days whose snapshots are not those that the table of days has, or are not numbered one after the other."""
    rows = connection.execute(_POLLED_DAYS, {"organization_id": organization_id})
    polled = {(utc_day_of(taken_at), *numbers) for taken_at, *numbers in rows}
    sealed = {(day.day, day.first_number, day.last_number, day.last_number - day.first_number + 1) for day in days}
    for day in sorted({day for day, *_ in polled ^ sealed}):
        what = "the day's snapshots are not numbered as they were stored"
        yield Damage(name, day, "sealed_day", what, RESTORE)
    for span in damaged_spans(connection, organization_id):
        yield Damage(name, span.day, "day", span.what, f"{RESTORE}, or {REBUILD}")


def _changed_value(connection: Connection, organization_id: int, day: SealedDay, missing: DaySums) -> str:
    """In words which value was changed, where that is known."""
    changed = changed_reading(connection, organization_id, day, missing)
    if changed is None:
        return "values were changed"
    of_reading = {"organization_id": organization_id, "metric_id": changed.metric_id, "number": changed.number}
    named = connection.execute(_METRIC, of_reading).one_or_none()
    if named is None:
        return "values were changed"
    what = f"{named.license or 'licenses'}, {named.field}" if named.field else named.count
    now, before = ("unknown" if each is None else str(each) for each in (changed.value, changed.original))
    return f"{what} at {in_words(named.taken_at)} UTC is {now}, stored was {before}"
