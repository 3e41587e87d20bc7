"""Gives the latest snapshot of each organization back, with what changed since the one before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, select, text

from webexhist.metrics import Metric
from webexhist.snapshot import (
    LICENSE_LIST,
    CountChange,
    FallenList,
    LastPoll,
    License,
    LicenseChange,
    LicenseUsage,
    ListSize,
    Organization,
    StoredSnapshot,
)
from webexhist.store.opening.history import History
from webexhist.store.rows.collection_log import last_collections
from webexhist.store.rows.continued import continued_licenses, since_former
from webexhist.store.rows.outlooks import stored_outlook
from webexhist.store.schema import organization
from webexhist.store.times import read_moment
from webexhist.webex_ids import uuid_of

_SNAPSHOT = text("""
SELECT s.number, s.taken_at, s.seconds, s.requests,
  (SELECT p.taken_at FROM snapshot p WHERE p.organization_id = s.organization_id AND p.number = s.number - 1)
  AS previous_at
FROM snapshot s WHERE s.organization_id = :organization_id ORDER BY s.number DESC LIMIT 1
""")

_COUNTS = text("""
SELECT d.metric, d.change, d.previous_at, CASE WHEN d.as_of <> d.taken_at THEN d.as_of END AS as_of,
  d.value + coalesce((SELECT sum(p.amount) FROM past_day p
    WHERE p.organization_id = :organization_id AND p.metric_id = m.id), 0) AS value
FROM count_deltas d JOIN metric m ON m.organization_id = d.org_id AND m.name = d.metric AND m.field IS NULL
WHERE d.org_id = :organization_id AND d.snapshot = :number
ORDER BY m.id
""")

_LICENSES = text("""
SELECT l.webex_id, l.name, l.code, l.subscription_id, l.site_url, l.site_type,
  coalesce(l.counted_by_person, l.counted) AS counted,
  u.purchased, u.assigned, u.assigned_to_users, u.assigned_to_workspaces, d.purchased_change, d.assigned_change,
  d.previous_at
FROM license_usage u
JOIN license_deltas d ON d.org_id = u.org_id AND d.snapshot = u.snapshot AND d.license_id = u.license_id
JOIN license l ON l.organization_id = u.org_id AND l.webex_id = u.license_id
WHERE u.org_id = :organization_id AND u.snapshot = :number
ORDER BY l.id
""")

_LISTED = text("""
SELECT l.webex_id, l.name, l.code, l.subscription_id, l.site_url, l.site_type,
  coalesce(l.counted_by_person, l.counted) AS counted,
  (SELECT r.value FROM reading r WHERE r.organization_id = :organization_id AND r.metric_id = m.id
    ORDER BY r.number DESC LIMIT 1) AS listed,
  (SELECT r.value FROM reading r WHERE r.organization_id = :organization_id AND r.metric_id = m.id
    AND r.number < :number AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) AS listed_before
FROM metric m LEFT JOIN license l ON l.organization_id = m.organization_id AND l.id = m.license_id
WHERE m.organization_id = :organization_id AND m.field = 'listed'
ORDER BY m.id
""")
"""Of each license whether it is listed and last was; of the organization (no license) how many are and last were."""


_HELD = text("""
SELECT m.name, s.taken_at FROM metric m
JOIN snapshot s ON s.organization_id = m.organization_id AND s.number = (SELECT h.asked FROM held h
  WHERE h.organization_id = :organization_id AND h.metric_id = m.id ORDER BY h.number DESC LIMIT 1)
WHERE m.organization_id = :organization_id AND m.license_id IS NULL
""")
"""The counts that the last snapshot only held, and when they were counted."""

_LIST_ODD_SINCE = text("""
SELECT s.number, s.taken_at FROM snapshot s WHERE s.organization_id = :organization_id AND s.number = (
  SELECT min(c.number) FROM collection c WHERE c.organization_id = :organization_id AND c.collector = :collector
    AND c.number > coalesce((SELECT max(e.number) FROM collection e WHERE e.organization_id = :organization_id
      AND e.collector = :collector AND e.status IS NULL), 0))
""")
"""The first of the snapshots in a row in which something was told of the list of licenses."""

_ROWS_BEFORE = text("""
SELECT r.value FROM reading r JOIN metric m ON m.organization_id = r.organization_id AND m.id = r.metric_id
WHERE m.organization_id = :organization_id AND m.field = 'listed' AND m.license_id IS NULL
  AND r.number < :before AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1
""")

_UNITS_BEFORE = text("""
SELECT sum(units) AS units, sum(CASE WHEN units IS NULL THEN 1 ELSE 0 END) AS unknown FROM (
  SELECT (SELECT r.value FROM reading r JOIN metric p
      ON p.organization_id = r.organization_id AND p.id = r.metric_id
    WHERE p.organization_id = m.organization_id AND p.license_id = m.license_id AND p.field = 'purchased'
      AND r.number < :before AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) AS units
  FROM metric m WHERE m.organization_id = :organization_id AND m.field = 'listed' AND m.license_id IS NOT NULL
    AND (SELECT r.value FROM reading r WHERE r.organization_id = :organization_id AND r.metric_id = m.id
      AND r.number < :before AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) = 1
) AS listed WHERE units IS NULL OR units >= 0
""")
"""Purchased units of the licenses of the last known list before a snapshot."""


def latest(history: History, webex_ids: Iterable[str] | None = None) -> tuple[StoredSnapshot, ...]:
    """The latest snapshot of the organizations with these ids at Webex, or of all, in the order of their names."""
    wanted = select(organization).order_by(organization.c.name, organization.c.id)
    if webex_ids is not None:
        wanted = wanted.where(organization.c.uuid.in_([uuid_of(webex_id) for webex_id in webex_ids]))
    return tuple(
        _latest_of(history.connection, row.id, Organization(row.webex_id, row.name))
        for row in history.connection.execute(wanted).all()
    )


def last_polls(history: History) -> Mapping[str, LastPoll]:
    """What is known of the last snapshot of every organization, by its UUID: a tenth of the work of `latest`."""
    connection = history.connection
    return {row.uuid: _last_poll(connection, row.id) for row in connection.execute(select(organization)).all()}


def _last_poll(connection: Connection, organization_id: int) -> LastPoll:
    taken = connection.execute(_SNAPSHOT, {"organization_id": organization_id}).one()
    collections = last_collections(connection, organization_id)
    is_odd = any(run.collector == LICENSE_LIST for run in collections)
    return LastPoll(
        read_moment(taken.taken_at),
        collections,
        _list_before(connection, organization_id, taken.number + 1),
        _fallen_list(connection, organization_id) if is_odd else None,
        _held_since(connection, organization_id),
    )


def _held_since(connection: Connection, organization_id: int) -> dict[str, datetime]:
    rows = connection.execute(_HELD, {"organization_id": organization_id})
    return {row.name: read_moment(row.taken_at) for row in rows}


def _latest_of(connection: Connection, organization_id: int, seen: Organization) -> StoredSnapshot:
    taken = connection.execute(_SNAPSHOT, {"organization_id": organization_id}).one()
    at_snapshot = {"organization_id": organization_id, "number": taken.number}
    listing = _listing(connection, at_snapshot)
    continued = continued_licenses(connection, organization_id, taken.taken_at)
    joined = [each for each in continued if each.seen.joined]
    previous_at = _moment_or_none(taken.previous_at)
    former_ids = {each.seen.former.webex_id for each in joined}
    successor_ids = {each.seen.successor.webex_id for each in joined}
    return StoredSnapshot(
        organization=seen,
        number=taken.number,
        taken_at=read_moment(taken.taken_at),
        previous_at=previous_at,
        seconds=taken.seconds,
        requests=taken.requests,
        counts=_counts(connection, at_snapshot),
        licenses=since_former(_licenses(connection, at_snapshot), joined, previous_at) if listing.known else None,
        appeared=tuple(license_ for license_ in listing.appeared if license_.webex_id not in successor_ids),
        vanished=tuple(license_ for license_ in listing.vanished if license_.webex_id not in former_ids),
        collections=last_collections(connection, organization_id),
        outlook=stored_outlook(connection, organization_id),
        successions=tuple(each.seen for each in continued),
    )


def _list_before(connection: Connection, organization_id: int, number: int) -> ListSize | None:
    """The last known list before a snapshot."""
    before = {"organization_id": organization_id, "before": number}
    rows = connection.scalar(_ROWS_BEFORE, before)
    if rows is None:
        return None
    found = connection.execute(_UNITS_BEFORE, before).one()
    return ListSize(rows, None if found.unknown else int(found.units or 0))


def _fallen_list(connection: Connection, organization_id: int) -> FallenList | None:
    """Since when something is told of the list, and what it held before."""
    of_list = {"organization_id": organization_id, "collector": LICENSE_LIST}
    first = connection.execute(_LIST_ODD_SINCE, of_list).one_or_none()
    before = _list_before(connection, organization_id, first.number) if first else None
    return FallenList(read_moment(first.taken_at), before) if first and before else None


def _counts(connection: Connection, at_snapshot: Mapping[str, int]) -> tuple[CountChange, ...]:
    return tuple(
        CountChange(
            metric=Metric(row.metric),
            value=_whole_or_none(row.value),
            change=row.change,
            previous_at=_moment_or_none(row.previous_at),
            as_of=_moment_or_none(row.as_of),
        )
        for row in connection.execute(_COUNTS, at_snapshot)
    )


def _licenses(connection: Connection, at_snapshot: Mapping[str, int]) -> tuple[LicenseChange, ...]:
    return tuple(
        LicenseChange(
            usage=LicenseUsage(
                _license(row), row.purchased, row.assigned, row.assigned_to_users, row.assigned_to_workspaces
            ),
            purchased_change=row.purchased_change,
            assigned_change=row.assigned_change,
            previous_at=_moment_or_none(row.previous_at),
        )
        for row in connection.execute(_LICENSES, at_snapshot)
    )


@dataclass(frozen=True, slots=True)
class _Listing:
    """The latest list of licenses beside the last known one before it."""

    known: bool
    appeared: tuple[License, ...]
    vanished: tuple[License, ...]


def _listing(connection: Connection, at_snapshot: Mapping[str, int]) -> _Listing:
    whole, *licenses = sorted(connection.execute(_LISTED, at_snapshot), key=lambda row: row.webex_id is not None)
    if whole.listed is None or whole.listed_before is None:
        return _Listing(whole.listed is not None, appeared=(), vanished=())
    return _Listing(
        known=True,
        appeared=tuple(_license(row) for row in licenses if row.listed and not row.listed_before),
        vanished=tuple(_license(row) for row in licenses if not row.listed and row.listed_before),
    )


def _license(row: Row[Any]) -> License:
    return License(
        row.webex_id, row.name, row.code, row.subscription_id, row.site_url, row.site_type, bool(row.counted)
    )


def _moment_or_none(stored: str | None) -> datetime | None:
    return read_moment(stored) if stored else None


def _whole_or_none(value: int | Decimal | None) -> int | None:
    """PostgreSQL sums whole numbers to a decimal."""
    return None if value is None else int(value)
