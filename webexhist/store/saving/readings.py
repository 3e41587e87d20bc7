"""The values of a snapshot, and which of them differ from those before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, insert, text

from webexhist.metrics import Kind, Metric
from webexhist.snapshot import Snapshot
from webexhist.store.schema import held as held_table
from webexhist.store.schema import metric, reading
from webexhist.store.seals.checksums import DaySums, of_held, of_readings
from webexhist.store.seals.sealing import resealed

LICENSE = "license"
"""The name of the metrics that belong to a license; what they measure is their field."""
LISTED = "listed"
"""1 while a license is in the organization's list, 0 after it vanished from it, unknown while the list is.
Without a license: how many licenses the list holds."""


class MetricKey(NamedTuple):
    """What tells an organization's metrics apart."""

    name: str
    license_id: int | None = None
    """The license's id within the organization."""
    field: str | None = None


class StoredMetric(NamedTuple):
    """A metric with the value that holds at the last snapshot."""

    id: int
    kind: Kind
    value: int | None
    known: int | None
    """The last known value."""
    asked: int | None
    """The snapshot that counted it, where the last one only held it."""


@dataclass(frozen=True, slots=True)
class HeldAlready:
    """What is stored already of the events that a snapshot counts."""

    counted_already: frozenset[Metric] = frozenset()
    """Counters whose events another poll counted in the meantime: they stay at the total that holds up to there."""
    parts: Mapping[Metric, int] = field(default_factory=dict)
    """What parts of windows held that were stored before this snapshot."""


_STORED = text("""
SELECT m.name, m.license_id, m.field, m.id, m.kind,
  (SELECT r.value FROM reading r WHERE r.organization_id = :organization_id AND r.metric_id = m.id
    ORDER BY r.number DESC LIMIT 1) AS value,
  (SELECT r.value FROM reading r WHERE r.organization_id = :organization_id AND r.metric_id = m.id
    AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) AS known,
  CASE WHEN m.license_id IS NULL THEN (SELECT h.asked FROM held h WHERE h.organization_id = :organization_id
    AND h.metric_id = m.id ORDER BY h.number DESC LIMIT 1) END AS asked
FROM metric m WHERE m.organization_id = :organization_id
""")


def store_readings(
    connection: Connection,
    organization_id: int,
    number: int,
    taken: Snapshot,
    held: HeldAlready,
    license_ids: Mapping[str, int],
) -> DaySums:
    """Stores every value that differs from the one before, and the first of every metric; returns their checksums.

    A metric that the snapshot does not carry becomes unknown.
    `license_ids` are the licenses' ids within the organization by their ids at Webex.
    """
    stored = {
        MetricKey(name, license_id, field): StoredMetric(*values)
        for name, license_id, field, *values in connection.execute(_STORED, {"organization_id": organization_id})
    }
    values = dict.fromkeys(stored) | _counts(taken, held, stored) | _licenses(taken, license_ids, stored)
    values |= {key: kept.value for key, kept in stored.items() if key.name in taken.held}
    sums = _store_holds(connection, organization_id, number, taken.held, stored)
    ids = {key: kept.id for key, kept in stored.items()}
    next_id = max(ids.values(), default=0) + 1
    new = {key: new_id for new_id, key in enumerate((key for key in values if key not in stored), next_id)}
    if new:
        rows = [
            {
                **key._asdict(),
                "organization_id": organization_id,
                "id": new_id,
                "kind": Kind.GAUGE if key.field else Metric(key.name).kind,
                "first_number": number,
            }
            for key, new_id in new.items()
        ]
        with resealed(connection, organization_id, metric):
            connection.execute(insert(metric), rows)
        ids |= new
    changed = [key for key, value in values.items() if key not in stored or stored[key].value != value]
    if changed:
        at_this_snapshot = {"organization_id": organization_id, "number": number}
        rows = [at_this_snapshot | {"metric_id": ids[key], "value": values[key]} for key in changed]
        connection.execute(insert(reading), rows)
    return sums + of_readings((ids[key], number, values[key]) for key in changed)


def _store_holds(
    connection: Connection,
    organization_id: int,
    number: int,
    held: frozenset[str],
    stored: Mapping[MetricKey, StoredMetric],
) -> DaySums:
    """Stores where values begin to be held, and where they are counted again; returns the rows' checksums."""
    rows: list[dict[str, int | None]] = []
    for key, kept in stored.items():
        is_held, was_held = key.name in held and kept.value is not None, kept.asked is not None
        if key.license_id is None and is_held != was_held:
            asked = number - 1 if is_held else None
            rows.append({"organization_id": organization_id, "metric_id": kept.id, "number": number, "asked": asked})
    if rows:
        connection.execute(insert(held_table), rows)
    return of_held(rows)


def known_counters(taken: Snapshot) -> list[Metric]:
    """The counters whose running totals a snapshot carries on."""
    return [
        count.metric
        for count in taken.counts
        if count.metric.kind is Kind.COUNTER and count.value is not None and count.metric.value not in taken.held
    ]


def sum_of_known(*amounts: int | None) -> int | None:
    """The sum of those that are known; None where none is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _counts(
    taken: Snapshot, held: HeldAlready, stored: Mapping[MetricKey, StoredMetric]
) -> dict[MetricKey, int | None]:
    """Gauges as they are, counters as running totals: the last known one and what has been counted since."""
    values: dict[MetricKey, int | None] = {}
    for count in taken.counts:
        key = MetricKey(count.metric)
        if count.value is None:
            values[key] = None
        elif count.metric.kind is Kind.COUNTER:
            so_far = stored[key].known if key in stored else None
            of_parts = held.parts.get(count.metric)
            of_window = None if count.metric in held.counted_already else count.value
            values[key] = sum_of_known(so_far, of_parts, of_window)
        else:
            values[key] = count.value
    return values


def _licenses(
    taken: Snapshot, license_ids: Mapping[str, int], stored: Mapping[MetricKey, StoredMetric]
) -> dict[MetricKey, int | None]:
    """The five values of every license. While the list is unknown, a license that had vanished stays vanished."""
    if taken.licenses is None:
        return {MetricKey(LICENSE, field=LISTED): None} | {
            key: 0 for key, held in stored.items() if key.license_id and key.field == LISTED and held.value == 0
        }
    values: dict[MetricKey, int | None] = {
        key: 0 for key in stored if key.license_id is not None and key.field == LISTED
    }
    listed = {usage.license.webex_id: usage for usage in taken.licenses}
    values[MetricKey(LICENSE, field=LISTED)] = len(listed)
    for webex_id, usage in listed.items():
        fields = {
            LISTED: 1,
            "purchased": usage.purchased,
            "assigned": usage.assigned,
            "assigned_to_users": usage.assigned_to_users,
            "assigned_to_workspaces": usage.assigned_to_workspaces,
        }
        for name, value in fields.items():
            values[MetricKey(LICENSE, license_ids[webex_id], name)] = value
    return values
