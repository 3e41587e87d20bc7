"""What a poll has to know of the last snapshot of every organization: a tenth of the work of `latest`."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import index as whole

from sqlalchemy import Connection, select, text

from webexhist.metrics import Metric
from webexhist.snapshot import LICENSE_LIST, Collection, FallenList, LastPoll, ListSize
from webexhist.store.by_organization import of_organizations
from webexhist.store.dialects import in_dialect
from webexhist.store.opening.history import History
from webexhist.store.rows.collection_log import last_collections
from webexhist.store.rows.latest import AT_ONCE
from webexhist.store.schema import organization
from webexhist.store.times import moment_of
from webexhist.store.values_at_snapshots import snapshot_asked

_SWEPT_AT = "(SELECT max(w.taken_at) FROM seat_sweep w WHERE w.organization_id = o.id)"
_TAKEN = f"""
SELECT s.organization_id, s.taken_at, s.milliseconds, {_SWEPT_AT} AS swept_at, (SELECT p.milliseconds FROM snapshot p
    WHERE p.organization_id = o.id AND moment(p.taken_at) = moment({_SWEPT_AT})) AS swept_in
FROM organization o
CROSS JOIN snapshot s
WHERE o.id IN :organizations AND s.organization_id = o.id
  AND s.number = (SELECT max(l.number) FROM snapshot l WHERE l.organization_id = o.id)
"""  # noqa: S608  (every part of it stands in this room)
_LAST = "(SELECT max(l.number) FROM snapshot l WHERE l.organization_id = m.organization_id)"
_HELD = of_organizations(f"""
WITH asked AS MATERIALIZED (
  SELECT m.organization_id, m.name, {snapshot_asked("m.id", _LAST, "m.organization_id")} AS number
  FROM metric m WHERE m.organization_id IN :organizations AND m.license_id IS NULL
)
SELECT a.organization_id, a.name,
  (SELECT s.taken_at FROM snapshot s WHERE s.organization_id = a.organization_id AND s.number = a.number) AS taken_at,
  (SELECT s.milliseconds FROM snapshot s WHERE s.organization_id = a.organization_id AND s.number = a.number) AS took
FROM asked a
""")  # noqa: S608  (every part of it stands in this room)
"""When the counts were counted that the last snapshot only held, and how long that poll took; NULL of all others."""
_LISTED = of_organizations("""
SELECT m.organization_id, m.name, (SELECT r.value FROM reading r
  WHERE r.organization_id = m.organization_id AND r.metric_id = m.id AND r.value IS NOT NULL
  ORDER BY r.number DESC LIMIT 1) AS listed
FROM metric m WHERE m.organization_id IN :organizations AND m.license_id IS NULL
  AND m.name IN ('devices', 'people', 'places', 'roles', 'rooms', 'teams', 'hybrid_clusters', 'hybrid_connectors',
    'resource_group_memberships_activated', 'resource_group_memberships_pending', 'resource_group_memberships_error')
""")
"""The last known lengths of the lists: they help to ask for them, and show which have fallen."""
_LISTS = of_organizations("""
WITH known AS MATERIALIZED (
  SELECT m.organization_id, m.license_id, (SELECT r.value FROM reading r
    WHERE r.organization_id = m.organization_id AND r.metric_id = m.id AND r.number < :before
      AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) AS listed
  FROM metric m WHERE m.organization_id IN :organizations AND m.field = 'listed'
), bought AS MATERIALIZED (
  SELECT k.organization_id, k.license_id, k.listed, (SELECT r.value FROM reading r
    WHERE r.organization_id = k.organization_id AND r.metric_id = (SELECT p.id FROM metric p
        WHERE p.organization_id = k.organization_id AND p.license_id = k.license_id AND p.field = 'purchased')
      AND r.number < :before AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) AS units
  FROM known k WHERE k.license_id IS NULL OR k.listed = 1
)
SELECT organization_id, max(CASE WHEN license_id IS NULL THEN listed END) AS rows_listed,
  sum(CASE WHEN license_id IS NOT NULL AND units >= 0 THEN units END) AS units,
  sum(CASE WHEN license_id IS NOT NULL AND units IS NULL THEN 1 ELSE 0 END) AS unknown
FROM bought GROUP BY organization_id
""")
"""The last known list of licenses before a snapshot, and the units purchased of those with a limit."""
_LIST_ODD_SINCE = text("""
SELECT s.number, s.taken_at FROM snapshot s WHERE s.organization_id = :organization_id AND s.number = (
  SELECT min(c.number) FROM collection c WHERE c.organization_id = :organization_id AND c.collector = :collector
    AND c.number > coalesce((SELECT max(e.number) FROM collection e WHERE e.organization_id = :organization_id
      AND e.collector = :collector AND e.status IS NULL), 0))
""")
"""The first of the snapshots in a row in which something was reported of the list of licenses."""
_AFTER_ALL = 2**31 - 1
"""A number that no snapshot has."""


def last_polls(history: History) -> Mapping[str, LastPoll]:
    """What is known of the last snapshot of every organization, by its UUID."""
    connection = history.connection
    uuids = {row.id: row.uuid for row in connection.execute(select(organization))}
    ids = list(uuids)
    polls: dict[str, LastPoll] = {}
    for first in range(0, len(ids), AT_ONCE):
        of_some = _last_polls(connection, ids[first : first + AT_ONCE])
        polls.update((uuids[id_], last) for id_, last in of_some.items())
    return polls


def _last_polls(connection: Connection, ids: list[int]) -> dict[int, LastPoll]:
    collections = last_collections(connection, ids)
    lists, (held, took) = list_sizes(connection, ids, _AFTER_ALL), _held(connection, ids)
    listed, taken = _listed(connection, ids), of_organizations(in_dialect(_TAKEN, connection.dialect.name))
    return {
        row.organization_id: LastPoll(
            moment_of(row.taken_at),
            collections.get(row.organization_id, ()),
            lists.get(row.organization_id),
            fallen_list(connection, row.organization_id, collections.get(row.organization_id, ())),
            held.get(row.organization_id, {}),
            listed.get(row.organization_id, {}),
            None if row.swept_at is None else moment_of(row.swept_at),
            None if row.milliseconds is None else row.milliseconds / 1000,
            took.get(row.organization_id, {}),
            math.inf if row.swept_in is None else row.swept_in / 1000,
        )
        for row in connection.execute(taken, {"organizations": ids})
    }


def list_sizes(connection: Connection, ids: list[int], before: int) -> dict[int, ListSize]:
    """The last known lists of licenses before the snapshots of that number."""
    rows = connection.execute(_LISTS, {"organizations": ids, "before": before})
    return {
        row.organization_id: ListSize(int(row.rows_listed), None if row.unknown else int(row.units or 0))
        for row in rows
        if row.rows_listed is not None
    }


def fallen_list(connection: Connection, organization_id: int, collections: Iterable[Collection]) -> FallenList | None:
    """Since when something is reported of the list, and what it held before; None where nothing is reported."""
    if not any(each.collector == LICENSE_LIST for each in collections):
        return None
    of_list = {"organization_id": organization_id, "collector": LICENSE_LIST}
    first = connection.execute(_LIST_ODD_SINCE, of_list).one_or_none()
    before = list_sizes(connection, [organization_id], first.number).get(organization_id) if first else None
    return FallenList(moment_of(first.taken_at), before) if first and before else None


def _listed(connection: Connection, ids: list[int]) -> dict[int, dict[Metric, int]]:
    """Raises TypeError for what is no number: in a damaged file any of them may be a text."""
    lengths: dict[int, dict[Metric, int]] = {}
    for organization_id, name, length in connection.execute(_LISTED, {"organizations": ids}):
        if length is not None:
            lengths.setdefault(organization_id, {})[Metric(name)] = whole(length)
    return lengths


def held_since(connection: Connection, ids: list[int]) -> dict[int, dict[str, datetime]]:
    """When the counts were counted that the last snapshots only held, by organization and name."""
    return _held(connection, ids)[0]


def _held(
    connection: Connection, ids: list[int]
) -> tuple[dict[int, dict[str, datetime]], dict[int, dict[str, float]]]:
    """The same, and how many seconds the polls took that counted them, where that is known."""
    since: dict[int, dict[str, datetime]] = {}
    seconds: dict[int, dict[str, float]] = {}
    for organization_id, name, taken_at, took in connection.execute(_HELD, {"organizations": ids}):
        if taken_at:
            since.setdefault(organization_id, {})[name] = moment_of(taken_at)
        if taken_at and took is not None:
            seconds.setdefault(organization_id, {})[name] = took / 1000
    return since, seconds
