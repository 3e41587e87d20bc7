"""The days of organizations: which snapshots were taken on each day of their time zones.

They are written down, since neither database could work them out fast enough, and SQLite knows no time zones. A row
carries a checksum that a change of it alone cannot keep; that the rows follow each other without gaps shows the rest.
"""

# ruff: noqa: S608  (every part of a query stands in this file)

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from operator import index as whole
from zlib import crc32

from sqlalchemy import Connection, text

from webexhist.store.dialects import spelled_out
from webexhist.store.numbers import NumberRange
from webexhist.store.seals.checksums import MODULUS
from webexhist.store.seals.closed_periods import close_periods, open_periods
from webexhist.store.times import moment_of, seconds_of, utc_day_of
from webexhist.time_zones import UTC_DAYS, TimeZone

_FIRST, _LAST = 1_566_083_941, 1_103_515_245
"""The weights of a day's two numbers in its checksum."""
_EXTENDED = text(f"""
INSERT INTO day (organization_id, day, first_number, last_number, checksum)
VALUES (:organization_id, :day, :number, :number, :checksum)
ON CONFLICT (organization_id, day) DO UPDATE SET last_number = excluded.last_number,
  checksum = (day.checksum + {_LAST} * CAST(excluded.last_number - day.last_number AS BIGINT)) % {MODULUS}
""")
_NO_LATER = text("DELETE FROM day WHERE organization_id = :organization_id AND first_number > :last")
_ENDS_EARLIER = text(f"""
UPDATE day SET last_number = :last,
  checksum = ((checksum + {_LAST} * CAST(:last - last_number AS BIGINT)) % {MODULUS} + {MODULUS}) % {MODULUS}
WHERE organization_id = :organization_id AND last_number > :last
""")
_NO_EARLIER = text("DELETE FROM day WHERE organization_id = :organization_id AND last_number < :first")
_BEGINS_LATER = text(f"""
UPDATE day SET first_number = :first,
  checksum = (checksum + {_FIRST} * CAST(:first - first_number AS BIGINT)) % {MODULUS}
WHERE organization_id = :organization_id AND first_number < :first
""")
_NONE = text("DELETE FROM day WHERE organization_id = :organization_id")
_INSERTED = text("""
INSERT INTO day (organization_id, day, first_number, last_number, checksum)
VALUES (:organization_id, :day, :first_number, :last_number, :checksum)
""")
_STORED = text("""
SELECT day, first_number, last_number, checksum FROM day WHERE organization_id = :organization_id ORDER BY day
""")
_FIRST_NUMBER = text("SELECT first_number FROM organization WHERE id = :organization_id")
_LAST_NUMBER = text("SELECT max(number) FROM snapshot WHERE organization_id = :organization_id")
_TAKEN_AT = text("SELECT taken_at FROM snapshot WHERE organization_id = :organization_id AND number = :number")
_FIRST_FROM = """
SELECT number, taken_at FROM snapshot
WHERE organization_id = :organization_id AND moment(taken_at) >= moment(:begins_at)
ORDER BY moment(taken_at) LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class DamagedSpan:
    """A day that is not as it was stored, or snapshots that no day holds."""

    day: str | None
    """As the row says it; None where there is no row."""
    numbers: NumberRange | None
    """Of which snapshots; None where the row holds what is no number."""

    @property
    def what(self) -> str:
        """In words what is wrong."""
        if self.day is None and self.numbers:
            return f"the days (day) of the snapshots {self.numbers.first} to {self.numbers.last} are missing"
        return "which snapshots belong to the day (day) was changed"


def extend_days(connection: Connection, newest: Iterable[tuple[int, TimeZone, int, int]]) -> None:
    """Adds the newest snapshots to the days of their organizations: (id, its time zone, taken at, number)."""
    rows = []
    for organization_id, zone, taken_at, number in newest:
        day = day_in(zone, taken_at)
        checksum = _checksum(organization_id, day, number, number)
        rows.append({"organization_id": organization_id, "day": day, "number": number, "checksum": checksum})
    connection.execute(_EXTENDED, rows)


def day_in(zone: TimeZone, taken_at: int) -> str:
    """The day of a time zone on which a snapshot was taken."""
    return utc_day_of(taken_at) if zone == UTC_DAYS else zone.day_of(moment_of(taken_at)).isoformat()


def shorten_days(connection: Connection, organization_id: int, last: int) -> None:
    """Takes away the snapshots after one."""
    up_to = {"organization_id": organization_id, "last": last}
    connection.execute(_NO_LATER, up_to)
    connection.execute(_ENDS_EARLIER, up_to)


def begin_days_later(connection: Connection, organization_id: int, first: int) -> None:
    """Takes away the snapshots before one."""
    from_then_on = {"organization_id": organization_id, "first": first}
    connection.execute(_NO_EARLIER, from_then_on)
    connection.execute(_BEGINS_LATER, from_then_on)


def rebuild_days(connection: Connection, organization_id: int, zone: TimeZone) -> int:
    """Works out anew which snapshots were taken on which days, and the months; returns how many days that are."""
    of_organization = {"organization_id": organization_id}
    open_periods(connection, organization_id, 0)
    connection.execute(_NONE, of_organization)
    rows = [
        {
            **of_organization,
            "day": str(day),
            "first_number": first,
            "last_number": last,
            "checksum": _checksum(organization_id, str(day), first, last),
        }
        for day, first, last in _days(connection, organization_id, zone)
    ]
    if rows:
        connection.execute(_INSERTED, rows)
        close_periods(connection, [organization_id])
    return len(rows)


def damaged_spans(connection: Connection, organization_id: int) -> list[DamagedSpan]:
    """The days that are not as they were stored, and the snapshots that no day holds."""
    of_organization = {"organization_id": organization_id}
    rows = connection.execute(_STORED, of_organization).all()
    # The number that the next row begins with; None after a row that nobody can say the end of.
    expected: int | None = connection.scalar(_FIRST_NUMBER, of_organization) or 1
    found = []
    for day, first_number, last_number, checksum in rows:
        if not (isinstance(first_number, int) and isinstance(last_number, int)):
            found.append(DamagedSpan(str(day), None))
            expected = None
        elif checksum != _checksum(organization_id, day, first_number, last_number):
            found.append(DamagedSpan(str(day), NumberRange(first_number, last_number)))
            expected = None
        else:
            if expected is not None and first_number != expected:
                found.append(DamagedSpan(None, NumberRange(expected, first_number - 1)))
            expected = last_number + 1
    last = connection.scalar(_LAST_NUMBER, of_organization) or 0
    if expected is not None and expected != last + 1:
        found.append(DamagedSpan(None, NumberRange(expected, last)))
    return found


def _days(connection: Connection, organization_id: int, zone: TimeZone) -> Iterator[tuple[date, int, int]]:
    """Each day with its first and last snapshot, by one look-up a day: what begins the next one."""
    of_organization = {"organization_id": organization_id}
    end = connection.scalar(_LAST_NUMBER, of_organization) or 0
    first = connection.scalar(_FIRST_NUMBER, of_organization) or 1
    taken_at = connection.scalar(_TAKEN_AT, {**of_organization, "number": first}) or 0
    first_from = spelled_out(connection, _FIRST_FROM)
    while first <= end:
        day = zone.day_of(moment_of(taken_at))
        following = None
        if day < date.max:
            begins_at = zone.begins_at(date.fromordinal(day.toordinal() + 1))
            following = connection.execute(
                first_from, {**of_organization, "begins_at": seconds_of(begins_at)}
            ).first()
        yield day, first, following.number - 1 if following else end
        first, taken_at = following or (end + 1, 0)


def _checksum(organization_id: int, day: str, first: int, last: int) -> int:
    """Raises TypeError for what is no number, which damage may leave: multiplied it would take all memory."""
    numbers = _FIRST * whole(first) + _LAST * whole(last)
    return (crc32(f"{organization_id} {day}".encode(errors="surrogatepass")) + numbers) % MODULUS


def are_other_days_missing(spans: Iterable[DamagedSpan], numbers: NumberRange) -> bool:
    """Whether days are gone that hold none of these snapshots: which months there are is not known then."""
    return any(span.day is None and span.numbers and not span.numbers.overlaps(numbers) for span in spans)
