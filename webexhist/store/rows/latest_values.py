"""What every metric is in the last snapshot of its organization, and what it was before: read for many at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, text

from webexhist.store.by_organization import of_organizations
from webexhist.store.times import moment_of
from webexhist.store.values_at_snapshots import snapshot_asked

# Looked up metric by metric, like in the views: a join would leave it to the planner to read the whole history.
# Materialized: SQLite would look a value up wherever it is named.
_VALUES = of_organizations(f"""
WITH newest AS MATERIALIZED (
  SELECT o.id, (SELECT max(s.number) FROM snapshot s WHERE s.organization_id = o.id) AS number,
    (SELECT w.id FROM metric w WHERE w.organization_id = o.id AND w.name = 'license' AND w.license_id IS NULL)
    AS list_id
  FROM organization o WHERE o.id IN :organizations
), begun AS MATERIALIZED (
  SELECT n.id AS organization_id, m.id, m.name, m.license_id, m.field, m.first_number, n.number,
    CASE WHEN m.license_id IS NULL THEN m.id WHEN m.field = 'assigned' THEN n.list_id END AS held_as,
    (SELECT max(r.number) FROM reading r WHERE r.organization_id = n.id AND r.metric_id = m.id) AS since
  FROM newest n CROSS JOIN metric m WHERE m.organization_id = n.id
), valued AS MATERIALIZED (
  SELECT b.organization_id, b.id, b.name, b.license_id, b.field, b.first_number, b.number, b.held_as, b.since,
    (SELECT r.value FROM reading r WHERE r.organization_id = b.organization_id AND r.metric_id = b.id
      AND r.number = b.since) AS value,
    CASE WHEN b.since = b.number AND b.since > b.first_number THEN (SELECT max(r.number) FROM reading r
      WHERE r.organization_id = b.organization_id AND r.metric_id = b.id AND r.number < b.number) END AS since_before,
    CASE WHEN b.since = b.number AND b.since > b.first_number THEN (SELECT r.value FROM reading r
      WHERE r.organization_id = b.organization_id AND r.metric_id = b.id AND r.number < b.number
        AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) END AS known_before
  FROM begun b
), timed AS MATERIALIZED (
  SELECT v.*, CASE
    WHEN v.since < v.number THEN CASE WHEN v.value IS NOT NULL THEN v.number - 1
      WHEN v.since > v.first_number THEN v.since - 1 END
    WHEN (SELECT r.value FROM reading r WHERE r.organization_id = v.organization_id AND r.metric_id = v.id
      AND r.number = v.since_before) IS NOT NULL THEN v.number - 1
    WHEN v.since_before > v.first_number THEN v.since_before - 1 END AS known_number
  FROM valued v
)
SELECT t.organization_id, t.id, t.name, t.license_id, t.field, t.value, t.since = t.number AS is_new, t.known_before,
  t.known_number,
  {snapshot_asked("t.held_as", "t.known_number", "t.organization_id")} AS asked_before,
  {snapshot_asked("t.held_as", "t.number", "t.organization_id")} AS asked
FROM timed t ORDER BY t.organization_id, t.id
""")  # noqa: S608  (every part of it stands in this room)
_TIMES = text("""
SELECT organization_id, number, taken_at FROM snapshot WHERE (organization_id, number) IN :snapshots
""").bindparams(bindparam("snapshots", expanding=True))
_MOST_TIMES = 1000


class LatestValue(NamedTuple):
    """A metric in the last snapshot of its organization, beside the last known value before it."""

    metric_id: int
    name: str
    license_id: int | None
    field: str | None
    value: int | None
    is_new: bool
    """Whether it is another than in the snapshot before."""
    known_before: int | None
    """The last known value before, where it is new."""
    known_number: int | None
    """The last snapshot before in which it was known."""
    asked_before: int | None
    """The one that counted it, where that one only held it."""
    asked: int | None
    """The snapshot that counted it, where the last one only holds it."""

    @property
    def change(self) -> int | None:
        """What it differs from the last known value; None where there is none, and where it is held."""
        if self.value is None or self.asked is not None:
            return None
        if not self.is_new:
            return 0
        return None if self.known_before is None else self.value - self.known_before

    @property
    def last_known_before(self) -> int | None:
        """The last known value before the last snapshot; None where the value is unknown and not new."""
        return self.known_before if self.is_new else self.value

    @property
    def previous_number(self) -> int | None:
        """The snapshot that counted the last known value before."""
        return self.known_number if self.asked_before is None else self.asked_before


@dataclass(frozen=True, slots=True)
class Times:
    """When snapshots were taken, by organization and number."""

    stored: Mapping[tuple[int, int], int]

    def at(self, organization_id: int, number: int | None) -> datetime | None:
        """When a snapshot was taken; None for no snapshot."""
        return None if number is None else moment_of(self.stored[organization_id, number])


def latest_values(connection: Connection, organization_ids: list[int]) -> dict[int, list[LatestValue]]:
    """Every metric of these organizations, by organization and in the order of their ids."""
    found: dict[int, list[LatestValue]] = {}
    for organization_id, metric_id, name, license_id, field, value, is_new, *rest in connection.execute(
        _VALUES, {"organizations": organization_ids}
    ).all():
        latest = LatestValue(metric_id, name, license_id, field, value, bool(is_new), *rest)
        found.setdefault(organization_id, []).append(latest)
    return found


def times_of(
    connection: Connection, values: Mapping[int, Iterable[LatestValue]], known: Mapping[tuple[int, int], int]
) -> Times:
    """When the snapshots were taken that these values speak of; `known` are those that need not be looked up."""
    wanted = {
        (organization_id, number)
        for organization_id, of_organization in values.items()
        for value in of_organization
        for number in (value.previous_number, value.asked)
        if number is not None
    }
    missing = sorted(wanted.difference(known))
    times = dict(known)
    for first in range(0, len(missing), _MOST_TIMES):
        rows = connection.execute(_TIMES, {"snapshots": missing[first : first + _MOST_TIMES]})
        times.update(((organization_id, number), taken_at) for organization_id, number, taken_at in rows)
    return Times(times)
