"""How what is stored differs from its checksums: on which days, and in which single value."""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sqlalchemy import Connection, text

from webexhist.store.seals.checksums import MODULUS, DaySums, original_of
from webexhist.store.seals.sealing import SealedDay, sealed_days
from webexhist.store.seals.stored_sums import stored_costs, stored_polls, stored_readings, stored_sums_by_day
from webexhist.store.times import UTC_DAY_BEGINS, utc_day_of
from webexhist.store.values_at_snapshots import snapshot_asked

_READINGS = text("""
SELECT metric_id, number, value FROM reading
WHERE organization_id = :organization_id AND number BETWEEN :first AND :last
""")
_HELD_SINCE = text("""
SELECT DISTINCT coalesce((
  SELECT max(r.number) FROM reading r
  WHERE r.organization_id = m.organization_id AND r.metric_id = m.id AND r.number < :number
), CASE WHEN m.first_number < :number THEN m.first_number END)
FROM metric m WHERE m.organization_id = :organization_id
""")
"""The snapshots with which the values were stored that hold when one is taken; of a value that is gone, its first."""
_POLLED_SINCE = text(f"""
WITH RECURSIVE known(collector) AS (
  SELECT min(c.collector) FROM collection c WHERE c.organization_id = :organization_id
  UNION ALL
  SELECT (SELECT min(c.collector) FROM collection c
    WHERE c.organization_id = :organization_id AND c.collector > k.collector)
  FROM known k WHERE k.collector IS NOT NULL
)
SELECT (SELECT max(c.number) FROM collection c
  WHERE c.organization_id = :organization_id AND c.collector = k.collector AND c.number < :number)
FROM known k WHERE k.collector IS NOT NULL
UNION
SELECT (SELECT max(h.number) FROM held h
  WHERE h.organization_id = m.organization_id AND h.metric_id = m.id AND h.number < :number)
FROM metric m WHERE m.organization_id = :organization_id AND m.license_id IS NULL
UNION
SELECT {snapshot_asked("m.id", ":number", "m.organization_id")}
FROM metric m WHERE m.organization_id = :organization_id AND m.license_id IS NULL
""")  # noqa: S608  (every part of it stands in this room)
"""The snapshots since which collectors fare as they do when one is taken, and counts are held, or were counted."""

_POLLED_DAYS = text(f"""
SELECT min(taken_at) FROM snapshot
WHERE organization_id = :organization_id AND number BETWEEN :first AND :last GROUP BY {UTC_DAY_BEGINS}
""")  # noqa: S608  (a constant)
_FIRST_OF_ALL, _LAST_OF_ALL = -(2**63), 2**63 - 1
"""Beyond which no database keeps a number."""


@dataclass(frozen=True, slots=True)
class SealedPart:
    """Some checksums of a day, and how they are worked out anew."""

    columns: tuple[str, ...]
    stored: Callable[[Connection, int, int, int], DaySums]

    def of(self, *sums: DaySums) -> DaySums:
        """These alone of all checksums, together."""
        return DaySums(**{name: sum(map(attrgetter(name), sums)) % MODULUS for name in self.columns})


POLLS = SealedPart(("polls_checksum",), stored_polls)
COSTS = SealedPart(("costs_checksum",), stored_costs)
READINGS = SealedPart(("readings_checksum", "readings_locator"), stored_readings)
WITHOUT_COSTS = (POLLS, READINGS)
ALL_PARTS = (POLLS, COSTS, READINGS)


def missing_sums(
    connection: Connection, organization_id: int, days: Sequence[SealedDay], parts: Iterable[SealedPart]
) -> dict[str, DaySums]:
    """What the sums of the days are short of, for those that differ."""
    missing: dict[str, DaySums] = {}
    for part in parts:
        for day, short_of in _short(connection, organization_id, days, part):
            missing[day] = missing.get(day, DaySums()) + short_of
    return missing


def missing_sums_of_each(
    connection: Connection, organization_id: int, days: Sequence[SealedDay]
) -> dict[str, DaySums]:
    """The same of all parts, each day by itself: of two checksums that changed places no sum over days is short."""
    if not days:
        return {}
    stored = stored_sums_by_day(connection, organization_id, days[0].first_number, days[-1].last_number)
    short_of = {day.day: day.sums - stored.get(day.first_number, DaySums()) for day in days}
    return {day: missing for day, missing in short_of.items() if missing != DaySums()}


def changed_days_before(connection: Connection, organization_id: int, number: int) -> set[str]:
    """The days before a snapshot whose rows were changed, of those on which was stored what still stands with it."""
    of_snapshot = {"organization_id": organization_id, "number": number}
    return {
        day
        for part, query in ((READINGS, _HELD_SINCE), (POLLS, _POLLED_SINCE))
        for day in changed_days_with(
            connection, organization_id, {each for each in connection.scalars(query, of_snapshot) if each}, part
        )
    }


def changed_days_with(
    connection: Connection, organization_id: int, numbers: Collection[int], part: SealedPart
) -> set[str]:
    """The days of these snapshots of which this part was changed."""
    if not numbers:
        return set()
    days = sealed_days(connection, organization_id, min(numbers))
    begins = [day.first_number for day in days]
    of_these = sorted({place for each in numbers if (place := bisect_right(begins, each) - 1) >= 0})
    changed: set[str] = set()
    # Days next to each other are looked at together.
    for _, places in groupby(enumerate(of_these), key=lambda each: each[1] - each[0]):
        neighbors = [days[place] for _, place in places]
        changed |= missing_sums(connection, organization_id, neighbors, (part,)).keys()
    return changed


def unsealed_days(connection: Connection, organization_id: int, sealed: Sequence[SealedDay]) -> set[str]:
    """The days of snapshots that none of all sealed days holds: nobody took them, or their day is gone."""
    ends = [_FIRST_OF_ALL - 1, *(day.last_number for day in sealed)]
    begins = [*(day.first_number for day in sealed), _LAST_OF_ALL + 1]
    return {
        utc_day_of(taken_at)
        for end, begin in zip(ends, begins, strict=True)
        if begin - end > 1
        for taken_at in connection.scalars(
            _POLLED_DAYS, {"organization_id": organization_id, "first": end + 1, "last": begin - 1}
        )
    }


def sealed_days_of(connection: Connection, organization_id: int, first: int, last: int) -> list[SealedDay]:
    """The days with the snapshots from one number to another; errors as of `sealed_days`."""
    return [day for day in sealed_days(connection, organization_id, first) if day.first_number <= last]


def _short(
    connection: Connection, organization_id: int, days: Sequence[SealedDay], part: SealedPart
) -> Iterator[tuple[str, DaySums]]:
    """Looks at all days at once, and at each half of them only where they differ."""
    if not days:
        return
    stored = part.stored(connection, organization_id, days[0].first_number, days[-1].last_number)
    short_of = part.of(*(day.sums for day in days)) - stored
    if short_of == DaySums():
        return
    if len(days) == 1:
        yield days[0].day, short_of
        return
    half = len(days) // 2
    yield from _short(connection, organization_id, days[:half], part)
    yield from _short(connection, organization_id, days[half:], part)


@dataclass(frozen=True, slots=True)
class ChangedReading:
    """The only value of a day that was changed."""

    metric_id: int
    number: int
    value: int | None
    original: int | None


def changed_reading(
    connection: Connection, organization_id: int, day: SealedDay, missing: DaySums
) -> ChangedReading | None:
    """The reading whose change alone explains what is missing; None where there is none, or several could be it."""
    span = {"organization_id": organization_id, "first": day.first_number, "last": day.last_number}
    rows = connection.execute(_READINGS, span).all()
    if not all(isinstance(number, int | None) for row in rows for number in row):
        return None
    explaining = [
        ChangedReading(row.metric_id, row.number, row.value, original[0])
        for row in rows
        if (original := original_of((row.metric_id, row.number, row.value), missing)) is not None
    ]
    return explaining[0] if len(explaining) == 1 else None
