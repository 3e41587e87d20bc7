"""The checksums over counts of seats: one for each sweep of all people, in its row of `seat_sweep`."""

# ruff: noqa: S608  (every part of a query stands in this file)

from collections.abc import Iterable, Mapping
from zlib import crc32

from sqlalchemy import Connection, text

from webexhist.seat_counts import COLUMNS
from webexhist.store.seals.checksums import MODULUS

_SUMMED = ("taken_at", "license_id", "seat_group", *COLUMNS)
_OF_SPAN = "WHERE organization_id = :organization_id AND taken_at >= :since"
_SWEEPS = text(f"SELECT taken_at, checksum FROM seat_sweep {_OF_SPAN} ORDER BY taken_at")
_COUNTS = text(f"SELECT {', '.join(_SUMMED)} FROM seat_count {_OF_SPAN}")
_EARLIEST = -(2**62)


def sum_of_counts(rows: Iterable[Mapping[str, object]]) -> int:
    """The checksum of rows of `seat_count`."""
    return sum(_term(row[name] for name in _SUMMED) for row in rows) % MODULUS


def changed_sweeps(connection: Connection, organization_id: int, since: int = _EARLIEST) -> list[int]:
    """When the sweeps were made, since a moment or ever, whose counts are not those that were stored."""
    of_organization = {"organization_id": organization_id, "since": since}
    sums: dict[int, int] = {}
    for row in connection.execute(_COUNTS, of_organization):
        sums[row.taken_at] = (sums.get(row.taken_at, 0) + _term(row)) % MODULUS
    sweeps = connection.execute(_SWEEPS, of_organization).all()
    return [sweep.taken_at for sweep in sweeps if sums.get(sweep.taken_at, 0) != sweep.checksum]


def _term(values: Iterable[object]) -> int:
    return crc32(repr(tuple(values)).encode(errors="surrogatepass"))
