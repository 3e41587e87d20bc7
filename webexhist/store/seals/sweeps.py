"""The checksums over counts of seats: one for each sweep of all people, in its row of `seat_sweep`."""

# ruff: noqa: S608  (every part of a query stands in this file)

from collections.abc import Iterable, Mapping
from zlib import crc32

from sqlalchemy import Connection, text

from webexhist.seat_counts import COLUMNS
from webexhist.store.seals.checksums import MODULUS

_OF_COUNTS = ("taken_at", "license_id", "seat_group", *COLUMNS)
_OF_PEOPLE = ("taken_at", "subscription_id", "product", "licenses", "people", "external_least", "external_most")
_OF_SPAN = "WHERE organization_id = :organization_id AND taken_at >= :since"
_SWEEPS = text(f"SELECT taken_at, checksum FROM seat_sweep {_OF_SPAN} ORDER BY taken_at")
_SUMMED = (
    text(f"SELECT {', '.join(_OF_COUNTS)} FROM seat_count {_OF_SPAN}"),
    text(f"SELECT {', '.join(_OF_PEOPLE)} FROM account_people {_OF_SPAN}"),
)
_EARLIEST = -(2**62)


def sum_of_sweep(counts: Iterable[Mapping[str, object]], people: Iterable[Mapping[str, object]]) -> int:
    """The checksum of rows of `seat_count` and `account_people`."""
    terms = [_term(row[name] for name in _OF_COUNTS) for row in counts]
    return sum((*terms, *(_term(row[name] for name in _OF_PEOPLE) for row in people))) % MODULUS


def changed_sweeps(connection: Connection, organization_id: int, since: int = _EARLIEST) -> list[int]:
    """When the sweeps were made, since a moment or ever, whose counts are not those that were stored."""
    of_organization = {"organization_id": organization_id, "since": since}
    sums: dict[int, int] = {}
    for summed in _SUMMED:
        for row in connection.execute(summed, of_organization):
            sums[row.taken_at] = (sums.get(row.taken_at, 0) + _term(row)) % MODULUS
    sweeps = connection.execute(_SWEEPS, of_organization).all()
    return [sweep.taken_at for sweep in sweeps if sums.get(sweep.taken_at, 0) != sweep.checksum]


def _term(values: Iterable[object]) -> int:
    return crc32(repr(tuple(values)).encode(errors="surrogatepass"))
