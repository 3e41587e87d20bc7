"""The values of a snapshot, and which of them differ from those before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, insert

from webexhist.metrics import Kind, Metric
from webexhist.snapshot import Snapshot
from webexhist.store.by_organization import of_organizations
from webexhist.store.many_rows import insert_rows
from webexhist.store.saving.placing import Placed
from webexhist.store.schema import held as held_table
from webexhist.store.schema import metric, reading
from webexhist.store.seals.checksums import DaySums, of_held, of_readings
from webexhist.store.seals.sealing import resealed
from webexhist.store.values_at_snapshots import snapshot_asked

LICENSE = "license"
"""The name of the metrics that belong to a license; what they measure is their field."""
LISTED = "listed"
"""1 while a license is in the organization's list, 0 after it vanished from it, unknown while the list is.
Without a license: how many licenses the list holds."""


class MetricKey(NamedTuple):
    """What distinguishes one metric of an organization from another."""

    name: str
    license_id: int | None = None
    """The license's id within the organization."""
    field: str | None = None


class StoredMetric(NamedTuple):
    """A metric with the value that holds at the last snapshot."""

    id: int
    value: int | None
    known: int | None
    """The last known value of a counter, and of whether a license is listed."""
    asked: int | None
    """The snapshot that counted it, where the last one only held it."""
    pace: int | None
    """In seconds, where it is asked for once in each slot of a grid."""


_NEW = StoredMetric(0, None, None, None, None)
Stored = Mapping[MetricKey, StoredMetric]
"""The metrics of an organization."""


@dataclass(frozen=True, slots=True)
class HeldAlready:
    """What is stored already of the events that a snapshot counts."""

    counted_already: frozenset[Metric] = frozenset()
    """Counters whose events another poll counted in the meantime: they stay at the total that holds up to there."""
    parts: Mapping[Metric, int] = field(default_factory=dict)
    """What parts of windows held that were stored before this snapshot."""


@dataclass(frozen=True, slots=True)
class StoredReadings:
    """What came of storing the values of a snapshot."""

    sums: DaySums
    """The checksums of the rows."""
    came_or_went: frozenset[int]
    """The licenses that its list holds and the last known one did not, or the other way round.

    None of a first list.
    """


# What is asked of every metric is asked only where an organization has held anything at all.
_STORED = of_organizations(f"""
WITH newest AS MATERIALIZED (
  SELECT o.id, (SELECT max(s.number) - 1 FROM snapshot s WHERE s.organization_id = o.id) AS number,
    EXISTS (SELECT 1 FROM held h WHERE h.organization_id = o.id) AS has_held
  FROM organization o WHERE o.id IN :organizations
)
SELECT m.organization_id, m.name, m.license_id, m.field, m.id,
  (SELECT r.value FROM reading r WHERE r.organization_id = n.id AND r.metric_id = m.id
    ORDER BY r.number DESC LIMIT 1) AS value,
  CASE WHEN m.kind = 'counter' OR m.field = 'listed' THEN (SELECT r.value FROM reading r
    WHERE r.organization_id = n.id AND r.metric_id = m.id
      AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) END AS known,
  CASE WHEN n.has_held AND m.license_id IS NULL THEN {snapshot_asked("m.id", "n.number", "n.id")} END AS asked,
  CASE WHEN n.has_held AND m.license_id IS NULL THEN (SELECT h.pace FROM held h WHERE h.organization_id = n.id
    AND h.metric_id = m.id ORDER BY h.number DESC LIMIT 1) END AS pace
FROM newest n CROSS JOIN metric m WHERE m.organization_id = n.id
""")  # noqa: S608  (every part of it stands in this room)
"""The values up to the snapshot before the one whose values are stored."""


def store_readings(
    connection: Connection,
    placed: Sequence[Placed],
    held: Mapping[int, HeldAlready],
    license_ids: Mapping[int, Mapping[str, int]],
) -> dict[int, StoredReadings]:
    """Stores every value that differs from the one before, and the first of every metric.

    A metric that a snapshot does not carry becomes unknown. `held`, the licenses' ids by their ids at Webex, and what
    it returns are by organization.
    """
    stored = _stored_metrics(connection, [each.organization_id for each in placed])
    changes = [
        _changes(
            each, held[each.organization_id], license_ids[each.organization_id], stored.get(each.organization_id, {})
        )
        for each in placed
    ]
    if new := [row for change in changes for row in change.metrics]:
        with resealed(connection, [change.organization_id for change in changes if change.metrics], metric):
            connection.execute(insert(metric), new)
    if holds := [row for change in changes for row in change.holds]:
        connection.execute(insert(held_table), holds)
    if readings := [row for change in changes for row in change.readings]:
        insert_rows(connection, reading.name, reading.columns.keys(), readings)
    return {
        change.organization_id: StoredReadings(
            of_held(change.holds)
            + of_readings((metric_id, number, value) for _, metric_id, number, value in change.readings),
            change.came_or_went,
        )
        for change in changes
    }


def _stored_metrics(
    connection: Connection, organization_ids: Sequence[int]
) -> dict[int, dict[MetricKey, StoredMetric]]:
    stored: dict[int, dict[MetricKey, StoredMetric]] = {}
    rows = connection.execute(_STORED, {"organizations": list(organization_ids)}).all()
    for organization_id, name, license_id, field_, *values in rows:
        stored.setdefault(organization_id, {})[MetricKey(name, license_id, field_)] = StoredMetric(*values)
    return stored


@dataclass(frozen=True, slots=True)
class _Changes:
    """The rows that a snapshot adds."""

    organization_id: int
    metrics: list[dict[str, int | str | None]]
    holds: list[dict[str, int | None]]
    readings: list[tuple[int, int, int, int | None]]
    """In the order of the columns."""
    came_or_went: frozenset[int]


def _changes(placed: Placed, held: HeldAlready, license_ids: Mapping[str, int], stored: Stored) -> _Changes:
    taken = placed.taken
    values = dict.fromkeys(stored) | _counts(taken, held, stored) | _licenses(taken, license_ids, stored)
    values |= {key: kept.value for key, kept in stored.items() if key.name in taken.held}
    ids = {key: kept.id for key, kept in stored.items()}
    next_id = max(ids.values(), default=0) + 1
    new = {key: new_id for new_id, key in enumerate((key for key in values if key not in stored), next_id)}
    ids |= new
    changed = [key for key, value in values.items() if key not in stored or stored[key].value != value]
    return _Changes(
        placed.organization_id,
        metrics=[
            {
                **key._asdict(),
                "organization_id": placed.organization_id,
                "id": new_id,
                "kind": Kind.GAUGE if key.field else Metric(key.name).kind,
                "first_number": placed.number,
            }
            for key, new_id in new.items()
        ],
        holds=_holds(placed, ids, values, stored),
        readings=[(placed.organization_id, ids[key], placed.number, values[key]) for key in changed],
        came_or_went=_came_or_went(values, changed, stored),
    )


def _holds(
    placed: Placed, ids: Mapping[MetricKey, int], values: Mapping[MetricKey, int | None], stored: Stored
) -> list[dict[str, int | None]]:
    """The rows to add where values are held or counted again and were not before, or are held by another pace."""
    rows: list[dict[str, int | None]] = []
    last = placed.number - 1
    for key, metric_id in ids.items():
        if key.license_id is not None:
            continue
        kept = stored.get(key, _NEW)
        pace = placed.taken.paces.get(key.name)
        is_held = key.name in placed.taken.held and kept.value is not None
        asked = (kept.asked or last) if is_held else None
        known_from = kept.asked
        if kept.pace is not None:
            known_from = None if placed.begins_slot(kept.pace) else kept.asked or last
        # While nothing is known of a value that has a pace, each poll asks for it again.
        is_asked_otherwise = asked != known_from and (kept.pace is None or values[key] is not None)
        if pace != kept.pace or is_asked_otherwise:
            place = {"organization_id": placed.organization_id, "number": placed.number}
            rows.append({**place, "metric_id": metric_id, "asked": asked, "pace": pace})
    return rows


def _came_or_went(
    values: Mapping[MetricKey, int | None], changed: Iterable[MetricKey], stored: Stored
) -> frozenset[int]:
    """The licenses that appeared or vanished; not those of a list that is known again, nor those of the first."""
    list_before = stored.get(MetricKey(LICENSE, field=LISTED))
    if list_before is None or list_before.known is None:
        return frozenset()
    before = {key: stored[key].known if key in stored else None for key in changed if key.field == LISTED}
    return frozenset(
        key.license_id
        for key, known in before.items()
        if key.license_id is not None and ((values[key] == 1 and known != 1) or (values[key] == 0 and known == 1))
    )


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


def _counts(taken: Snapshot, held: HeldAlready, stored: Stored) -> dict[MetricKey, int | None]:
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


def _licenses(taken: Snapshot, license_ids: Mapping[str, int], stored: Stored) -> dict[MetricKey, int | None]:
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
