"""Checksums over what is stored, by which damage is found that leaves the file readable.

Each is a sum over rows, modulo a prime, so that it follows every row that is added or taken away without the others
being read, and nothing in it depends on their order. Of the readings of a day there are two sums with different
weights: together they say which single value was changed, and what it was.

How they are kept beside what they are of: sealing.py.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from operator import index as whole
from typing import Any
from zlib import crc32

MODULUS = 1_099_511_627_689
"""The largest prime below 2^40: half a million terms can be added in 64 bits."""
PRIMES = (2_147_483_647, 2_147_483_629)
"""Below 2^31, so that a weight times a value stays within 64 bits. One for each sum: no change escapes both."""
WEIGHTS = ((1_103_515_245, 1_566_083_941, 12_345), (1_812_433_253, 1_664_525, 1_013_904_223))
Reading = tuple[int, int, int | None]
"""A metric's id, the snapshot's number and the value."""


@dataclass(frozen=True, slots=True)
class DaySums:
    """The checksums of a day's rows; the names are those of the columns."""

    polls_checksum: int = 0
    """When polls were taken, how their collectors fared, and what was held."""
    costs_checksum: int = 0
    """What they cost, and the version that polled."""
    readings_checksum: int = 0
    readings_locator: int = 0

    def __add__(self, other: "DaySums") -> "DaySums":
        return self._combined(other, lambda one, more: (one + more) % MODULUS)

    def __sub__(self, other: "DaySums") -> "DaySums":
        return self._combined(other, lambda one, less: (one - less) % MODULUS)

    def _combined(self, other: "DaySums", combine: Callable[[int, int], int]) -> "DaySums":
        return DaySums(*(combine(getattr(self, name), getattr(other, name)) for name in COLUMNS))


COLUMNS = tuple(field.name for field in fields(DaySums))


def of_snapshot(
    number: int,
    taken_at: int,
    milliseconds: int | None,
    requests: int | None,
    version: str,
    source: str | None = None,
) -> DaySums:
    """The terms of a snapshot's own row."""
    costs = repr((number, milliseconds, requests, version, source))
    return DaySums(crc32(f"{number} {taken_at}".encode()), crc32(costs.encode(errors="surrogatepass")))


def of_collections(rows: Iterable[Mapping[str, Any]]) -> DaySums:
    """The terms of rows of `collection`."""
    as_stored = ({**row, "seconds": None if row["seconds"] is None else float(row["seconds"])} for row in rows)
    return DaySums(sum(collection_term([row[name] for name in COLLECTION]) for row in as_stored) % MODULUS)


def of_readings(rows: Iterable[Reading]) -> DaySums:
    """The terms of rows of `reading`, as the database works them out."""
    first = second = 0
    for row in rows:
        first += weight(0, *row[:2]) * _digit(0, row[2])
        second += weight(1, *row[:2]) * _digit(1, row[2])
    return DaySums(0, 0, first % MODULUS, second % MODULUS)


COLLECTION = ("collector", "number", "status", "requests", "seconds", "error")


def collection_term(row: Iterable[object]) -> int:
    """The term of a row of `collection`, its values in the order of `COLLECTION`."""
    return crc32(repr(tuple(row)).encode(errors="surrogatepass"))


def of_held(rows: Iterable[Mapping[str, Any]]) -> DaySums:
    """The terms of rows of `held`."""
    return DaySums(sum(held_term([row[name] for name in HELD]) for row in rows) % MODULUS)


HELD = ("metric_id", "number", "asked", "pace")


def held_term(row: Iterable[object]) -> int:
    """The term of a row of `held`, its values in the order of `HELD`."""
    return crc32(repr(("held", *row)).encode())


def of_window(organization_id: int, source: str, values: Iterable[object]) -> int:
    """The checksum of a row of `event_window`, the values in the order of the table."""
    row = f"{organization_id} {source} {' '.join(map(str, values))}"
    return crc32(row.encode(errors="surrogatepass"))


def weight(index: int, metric_id: int, number: int) -> int:
    """The weight of a reading in the first or second sum.

    Raises TypeError for what is no number: damage may leave a text there, and a thousand million times that is more
    than any memory holds.
    """
    of_number, of_metric, more = WEIGHTS[index]
    return (of_number * whole(number) + of_metric * whole(metric_id) + more) % PRIMES[index] + 1


def _digit(index: int, value: int | None) -> int:
    """What stands for a value in a sum. SQL's remainder has the sign of the number that is divided."""
    prime = PRIMES[index]
    if value is None:
        return 2 * prime
    return prime + (value % prime if value >= 0 else -(-value % prime))


def original_of(row: Reading, missing: DaySums) -> tuple[int | None] | None:
    """The value that a reading had, if its change alone explains what the sums of its day are short of.

    In a tuple, for it may have been unknown.
    """
    weights = [weight(index, *row[:2]) for index in (0, 1)]
    change = missing.readings_checksum * pow(weights[0], -1, MODULUS) % MODULUS
    change = change - MODULUS if change > MODULUS // 2 else change
    for original in (None, (row[2] or 0) + change, change + PRIMES[0]):
        shift = [_digit(index, original) - _digit(index, row[2]) for index in (0, 1)]
        sums = [factor * step % MODULUS for factor, step in zip(weights, shift, strict=True)]
        if sums == [missing.readings_checksum, missing.readings_locator]:
            return (original,)
    return None
