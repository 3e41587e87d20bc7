"""Rewrites a metric's values in a span of snapshots, so that what is stored is as if they had always been so."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from webexhist.metrics import Kind
from webexhist.store.mending import reading_spans
from webexhist.store.seals.sealing import change_readings

_ROWS = text("""
SELECT number, value FROM reading
WHERE organization_id = :organization_id AND metric_id = :metric_id AND number <= :last + 1
  AND number >= coalesce((SELECT max(b.number) FROM reading b
    WHERE b.organization_id = :organization_id AND b.metric_id = :metric_id AND b.number < :first), 0)
ORDER BY number
""")
_KNOWN_BEFORE = text("""
SELECT value FROM reading
WHERE organization_id = :organization_id AND metric_id = :metric_id AND number < :first AND value IS NOT NULL
ORDER BY number DESC LIMIT 1
""")
_KNOWN_LATER = text("""
SELECT metric_id, number, value FROM reading
WHERE organization_id = :organization_id AND metric_id = :metric_id AND number > :last + 1 AND value IS NOT NULL
""")
_SHIFTED = text("""
UPDATE reading SET value = value + :amount
WHERE organization_id = :organization_id AND metric_id = :metric_id AND number > :last + 1 AND value IS NOT NULL
""")
_SHIFTED_VOIDED = text("""
UPDATE voided_reading SET value = value + :amount
WHERE organization_id = :organization_id AND metric_id = :metric_id AND value IS NOT NULL AND taken_at > (
  SELECT s.taken_at FROM snapshot s WHERE s.organization_id = :organization_id AND s.number = :last
)
""")
_DELETED = text("""
DELETE FROM reading
WHERE organization_id = :organization_id AND metric_id = :metric_id AND number BETWEEN :first AND :last + 1
RETURNING number, value
""")
_INSERTED = text("""
INSERT INTO reading (organization_id, metric_id, number, value) VALUES (:organization_id, :metric_id, :number, :value)
""")


def reading_span(
    connection: Connection, organization_id: int, metric_id: int, first: int, last: int, end: int
) -> reading_spans.ReadingSpan:
    """The rows of a metric in a span of snapshots; `end` is the number of the last one there is."""
    of_metric = {"organization_id": organization_id, "metric_id": metric_id, "first": first, "last": last}
    rows = [(row.number, row.value) for row in connection.execute(_ROWS, of_metric)]
    return reading_spans.ReadingSpan.of(rows, first, last, end)


def counted_in(
    connection: Connection, organization_id: int, metric: Row[Any], first: int, values: Sequence[reading_spans.Row]
) -> int:
    """What a counter counted in the snapshots with these running totals; nothing for a gauge."""
    known = reading_spans.last_known(values)
    if metric.kind != Kind.COUNTER or known is None:
        return 0
    of_metric = {"organization_id": organization_id, "metric_id": metric.id, "first": first}
    return known - (connection.scalar(_KNOWN_BEFORE, of_metric) or 0)


def put_values(
    connection: Connection,
    organization_id: int,
    metric_id: int,
    readings: reading_spans.ReadingSpan,
    values: Sequence[reading_spans.Row],
    shift: int,
) -> None:
    """Puts values into a span; whatever follows it differs by the shift from now on, also what is set aside."""
    of_metric: dict[str, int | None] = {"organization_id": organization_id, "metric_id": metric_id}
    span = of_metric | {"first": readings.first, "last": readings.last}
    before = [(metric_id, row.number, row.value) for row in connection.execute(_DELETED, span)]
    rows = readings.replaced(values, lambda following: following + shift)
    if rows:
        connection.execute(_INSERTED, [of_metric | {"number": number, "value": value} for number, value in rows])
    after = [(metric_id, *row) for row in rows]
    if shift:
        later = [(metric_id, row.number, row.value) for row in connection.execute(_KNOWN_LATER, span)]
        connection.execute(_SHIFTED, span | {"amount": shift})
        connection.execute(_SHIFTED_VOIDED, span | {"amount": shift})
        before += later
        after += [(metric_id, number, value + shift) for _, number, value in later]
    change_readings(connection, organization_id, before, after)
