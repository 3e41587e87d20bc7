"""What the snapshot holds that a history begins with once it was pruned: what held at it, or was last known.

What is set aside there is kept in the same way, so that it can be put back.
"""

# ruff: noqa: S608  (every part of a query stands in this file)

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, text

from webexhist.store.seals.sealing import change_readings

LAST_KNOWN_COUNTS = "(m.kind = 'counter' OR m.field = 'listed')"
"""Of these the base holds the last known value: of totals, and of what is listed. What comes is counted from it."""
_UNKNOWN_AT_BASE = text(f"""
SELECT m.id FROM metric m WHERE m.organization_id = :organization_id AND {LAST_KNOWN_COUNTS}
  AND (SELECT max(r.number) FROM reading r WHERE r.organization_id = m.organization_id
    AND r.metric_id = m.id AND r.number <= :base AND r.value IS NULL)
  > (SELECT max(r.number) FROM reading r WHERE r.organization_id = m.organization_id
    AND r.metric_id = m.id AND r.number <= :base AND r.value IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM reading r
    WHERE r.organization_id = m.organization_id AND r.metric_id = m.id AND r.number = :base + 1)
""")
_UNKNOWN_AFTER_BASE = text("""
INSERT INTO reading (organization_id, metric_id, number) VALUES (:organization_id, :metric_id, :base + 1)
""")
_UNCHANGED_AFTER_BASE = text("""
DELETE FROM reading WHERE organization_id = :organization_id AND number = :base + 1 AND value = (
  SELECT b.value FROM reading b WHERE b.organization_id = reading.organization_id
    AND b.metric_id = reading.metric_id AND b.number = :base)
RETURNING metric_id, number, value
""")
_VOIDED = text(f"""
SELECT v.metric_id, v.correction, v.taken_at, v.value, CASE WHEN {LAST_KNOWN_COUNTS} THEN 1 ELSE 0 END AS last_counts,
  (SELECT r.value FROM reading r WHERE r.organization_id = v.organization_id AND r.metric_id = v.metric_id
    AND r.number <= :base AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) AS known_before,
  (SELECT s.taken_at FROM snapshot s WHERE s.organization_id = c.organization_id AND s.number = :base + 1
    AND s.taken_at <= c.last_at) AS next_at
FROM voided_reading v
JOIN correction c ON c.organization_id = v.organization_id AND c.number = v.correction
JOIN metric m ON m.organization_id = v.organization_id AND m.id = v.metric_id
WHERE v.organization_id = :organization_id AND v.taken_at <= :base_at AND c.last_at >= :base_at
ORDER BY v.metric_id, v.taken_at
""")
_VOIDED_AT = text("""
INSERT INTO voided_reading (organization_id, metric_id, taken_at, correction, value)
VALUES (:organization_id, :metric_id, :taken_at, :correction, :value)
ON CONFLICT (organization_id, metric_id, taken_at) DO UPDATE SET value = excluded.value
""")
_VOIDED_UNLESS_THERE = text("""
INSERT INTO voided_reading (organization_id, metric_id, taken_at, correction)
VALUES (:organization_id, :metric_id, :taken_at, :correction) ON CONFLICT DO NOTHING
""")


def keep_unknown_after_base(connection: Connection, of_cut: Mapping[str, Any]) -> None:
    """Lets the snapshot after the base stay unknown, where it is, though the base gets the last known value."""
    organization_id, after = of_cut["organization_id"], of_cut["base"] + 1
    metric_ids = connection.scalars(_UNKNOWN_AT_BASE, of_cut).all()
    for metric_id in metric_ids:
        connection.execute(_UNKNOWN_AFTER_BASE, {**of_cut, "metric_id": metric_id})
    change_readings(connection, organization_id, (), [(metric_id, after, None) for metric_id in metric_ids])


def drop_unchanged_after_base(connection: Connection, of_cut: Mapping[str, Any]) -> None:
    """Keeps no row at the snapshot after the base for what is known again there as it was known last: no change."""
    unchanged = [tuple(row) for row in connection.execute(_UNCHANGED_AFTER_BASE, of_cut)]
    change_readings(connection, of_cut["organization_id"], unchanged, ())


def keep_voided_at_base(connection: Connection, of_cut: Mapping[str, Any]) -> None:
    """Lets corrections that the base is within begin with it: with what held there, or was last known."""
    for metric_id, rows in groupby(connection.execute(_VOIDED, of_cut).all(), key=lambda row: row.metric_id):
        earlier = list(rows)
        last = earlier[-1]
        at_base = {**of_cut, "metric_id": metric_id, "taken_at": of_cut["base_at"], "correction": last.correction}
        value = last.value
        if last.last_counts and value is None:
            known = [row.value for row in earlier if row.value is not None and row.correction == last.correction]
            value = known[-1] if known else last.known_before
            if last.next_at is not None:
                connection.execute(_VOIDED_UNLESS_THERE, {**at_base, "taken_at": last.next_at})
        connection.execute(_VOIDED_AT, {**at_base, "value": value})
