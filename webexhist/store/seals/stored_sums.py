"""The checksums that the stored rows have now, of a span of snapshots or of each day.

Readings are summed by the database itself, which is ten times as fast as to fetch them.
"""

# ruff: noqa: S608  (every part of a query stands in this file)

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, Row, TextClause, text

from webexhist.store.seals.checksums import (
    COLLECTION,
    HELD,
    MODULUS,
    PRIMES,
    WEIGHTS,
    DaySums,
    collection_term,
    held_term,
)

_TERMS = tuple(
    f"(({number} * CAST(r.number AS BIGINT) + {metric} * CAST(r.metric_id AS BIGINT) + {more}) % {prime} + 1)"
    f" * (coalesce(r.value % {prime}, {prime}) + {prime}) % {MODULUS}"
    f" + (r.organization_id - :organization_id) % {MODULUS}"
    for prime, (number, metric, more) in zip(PRIMES, WEIGHTS, strict=True)
)
"""What a reading adds. In a damaged file a search comes by rows of others: theirs is not what they added there."""
_POLLS = text("""
SELECT number, taken_at FROM snapshot WHERE organization_id = :organization_id AND number BETWEEN :first AND :last
""")
_COSTS = text("""
SELECT s.number, s.milliseconds, s.requests, g.version, g.source FROM snapshot s
LEFT JOIN origin g ON g.organization_id = s.organization_id AND g.id = s.origin_id
WHERE s.organization_id = :organization_id AND s.number BETWEEN :first AND :last
""")
_COLLECTIONS = text(f"""
SELECT {", ".join(COLLECTION)} FROM collection
WHERE organization_id = :organization_id AND number BETWEEN :first AND :last
""")
_HELD = text(f"""
SELECT {", ".join(HELD)} FROM held WHERE organization_id = :organization_id AND number BETWEEN :first AND :last
""")
_READINGS = text(f"""
SELECT sum({_TERMS[0]}) AS first_sum, sum({_TERMS[1]}) AS second_sum FROM reading r
WHERE r.organization_id = :organization_id AND r.number BETWEEN :first AND :last
  AND r.metric_id IN (SELECT m.id FROM metric m WHERE m.organization_id = :organization_id)
GROUP BY r.metric_id
""")
_OF_A_DAY = """(SELECT sum({}) FROM reading r WHERE r.organization_id = d.organization_id
    AND r.metric_id = m.id AND r.number BETWEEN d.first_number AND d.last_number)"""
_READINGS_BY_DAY = text(f"""
SELECT d.first_number, sum({_OF_A_DAY.format(_TERMS[0])} % {MODULUS}) AS first_sum,
  sum({_OF_A_DAY.format(_TERMS[1])} % {MODULUS}) AS second_sum
FROM sealed_day d JOIN metric m ON m.organization_id = d.organization_id
WHERE d.organization_id = :organization_id AND d.first_number BETWEEN :first AND :last
GROUP BY d.first_number
""")
"""Look-ups, and no join of ranges: PostgreSQL would read all readings for each day."""
_BEGINS = text("""
SELECT first_number FROM sealed_day
WHERE organization_id = :organization_id AND first_number BETWEEN :first AND :last
""")
Span = Mapping[str, int]
"""An organization, the first and the last of its snapshots."""
AT_ONCE = 10_000
"""So many rows are fetched together."""


def stored_polls(connection: Connection, organization_id: int, first: int, last: int) -> DaySums:
    """What `polls_checksum` is for the rows that are stored with these snapshots."""
    span = {"organization_id": organization_id, "first": first, "last": last}
    return DaySums(sum(term for _, term in _poll_terms(connection, span)) % MODULUS)


def stored_costs(connection: Connection, organization_id: int, first: int, last: int) -> DaySums:
    """What `costs_checksum` is for the rows that are stored with these snapshots."""
    span = {"organization_id": organization_id, "first": first, "last": last}
    return DaySums(0, sum(term for _, term in _cost_terms(connection, span)) % MODULUS)


def stored_readings(connection: Connection, organization_id: int, first: int, last: int) -> DaySums:
    """What both sums are for the rows of `reading` that are stored with these snapshots."""
    span = {"organization_id": organization_id, "first": first, "last": last}
    sums = connection.execute(_READINGS, span).all()
    return DaySums(0, 0, *(int(sum(row[index] or 0 for row in sums)) % MODULUS for index in (0, 1)))


def stored_sums(connection: Connection, organization_id: int, first: int, last: int) -> DaySums:
    """All checksums of the rows that are stored with these snapshots."""
    parts = (stored_polls, stored_costs, stored_readings)
    return sum((part(connection, organization_id, first, last) for part in parts), DaySums())


def stored_sums_by_day(connection: Connection, organization_id: int, first: int, last: int) -> dict[int, DaySums]:
    """The same for each sealed day between two snapshots, by the number that it begins with.

    As few statements as for one day: a server answers each only after a while.
    """
    span = {"organization_id": organization_id, "first": first, "last": last}
    begins = sorted(connection.scalars(_BEGINS, span))
    sums = {number: [0, 0, 0, 0] for number in begins}
    for place, terms in enumerate((_poll_terms, _cost_terms)):
        for number, term in terms(connection, span):
            sums[begins[bisect_right(begins, number) - 1]][place] += term
    for row in _streamed(connection, _READINGS_BY_DAY, span):
        sums[row.first_number][2] += int(row.first_sum or 0)
        sums[row.first_number][3] += int(row.second_sum or 0)
    return {number: DaySums(*(each % MODULUS for each in of_day)) for number, of_day in sums.items()}


def _poll_terms(connection: Connection, span: Span) -> Iterator[tuple[int, int]]:
    """What each row of when polls were taken, of how they fared and of what was held adds, with its snapshot."""
    for row in _streamed(connection, _POLLS, span):
        yield row.number, crc32(f"{row.number} {row.taken_at}".encode())
    for row in _streamed(connection, _COLLECTIONS, span):
        yield row.number, collection_term(row)
    for row in _streamed(connection, _HELD, span):
        yield row.number, held_term(row)


def _cost_terms(connection: Connection, span: Span) -> Iterator[tuple[int, int]]:
    for row in _streamed(connection, _COSTS, span):
        yield row.number, crc32(repr(tuple(row)).encode(errors="surrogatepass"))


def _streamed(connection: Connection, statement: TextClause, span: Span) -> Iterator[Row[Any]]:
    return iter(connection.execute(statement, span, execution_options={"yield_per": AT_ONCE}))
