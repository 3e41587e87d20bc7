"""Gives the latest snapshot of each organization back, with what changed since the one before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, select

from webexhist.metrics import Metric
from webexhist.not_judged import ListedUnits, left_out
from webexhist.seat_counts import LastSeats
from webexhist.snapshot import Collection, License, LicenseUsage, Organization
from webexhist.store.by_organization import by_organization, of_organizations
from webexhist.store.opening.history import History
from webexhist.store.rows.collection_log import last_collections
from webexhist.store.rows.continued import Continued, continued_licenses, since_former
from webexhist.store.rows.latest_values import LatestValue, Times, latest_values, times_of
from webexhist.store.rows.outlooks import stored_outlooks
from webexhist.store.rows.renamed import renamed_licenses
from webexhist.store.rows.seats import last_seats
from webexhist.store.schema import organization
from webexhist.store.times import moment_of
from webexhist.stored_snapshot import (
    CountChange,
    LicenseChange,
    Renamed,
    StoredOutlook,
    StoredSnapshot,
)
from webexhist.time_zones import TimeZone, zone_called
from webexhist.webex_ids import uuid_of

_SNAPSHOTS = of_organizations("""
SELECT s.organization_id, s.number, s.taken_at, s.milliseconds, s.requests,
  (SELECT p.taken_at FROM snapshot p WHERE p.organization_id = s.organization_id AND p.number = s.number - 1)
  AS previous_at
FROM organization o
CROSS JOIN snapshot s
WHERE o.id IN :organizations AND s.organization_id = o.id
  AND s.number = (SELECT max(l.number) FROM snapshot l WHERE l.organization_id = o.id)
""")
_LICENSES = of_organizations("""
SELECT organization_id, id, webex_id, name, code, subscription_id, site_url, site_type,
  coalesce(counted_by_person, counted) AS counted, counted_by_person IS NOT NULL AS is_by_person, product,
  (SELECT c.kind FROM contract c WHERE c.subscription = l.subscription_id) AS kind,
  (SELECT v.name FROM license_version v WHERE v.organization_id = l.organization_id AND v.license_id = l.id
   ORDER BY v.number LIMIT 1) AS first_name
FROM license l WHERE organization_id IN :organizations
""")
_PAST = of_organizations("""
SELECT organization_id, metric_id, sum(amount) AS amount FROM past_day WHERE organization_id IN :organizations
GROUP BY organization_id, metric_id
""")
AT_ONCE = 100
"""So many organizations are read by one statement: enough to be fast, and few enough to stop between in time."""


def latest(history: History, webex_ids: Iterable[str] | None = None) -> tuple[StoredSnapshot, ...]:
    """The latest snapshot of the organizations with these ids at Webex, or of all, in the order of their names."""
    wanted = select(organization).order_by(organization.c.name, organization.c.id)
    if webex_ids is not None:
        wanted = wanted.where(organization.c.uuid.in_([uuid_of(webex_id) for webex_id in webex_ids]))
    seen = {row.id: row for row in history.connection.execute(wanted)}
    ids = list(seen)
    return tuple(
        snapshot
        for first in range(0, len(ids), AT_ONCE)
        for snapshot in _latest_of(history.connection, {id_: seen[id_] for id_ in ids[first : first + AT_ONCE]})
    )


def _latest_of(connection: Connection, seen: Mapping[int, Row[Any]]) -> list[StoredSnapshot]:
    ids = list(seen)
    of_these = {"organizations": ids}
    taken = {row.organization_id: row for row in connection.execute(_SNAPSHOTS, of_these)}
    values = latest_values(connection, ids)
    numbered = {(id_, row.number): row.taken_at for id_, row in taken.items()}
    before = {(id_, row.number - 1): row.previous_at for id_, row in taken.items() if row.number > 1}
    times = times_of(connection, values, numbered | before)
    rows_of = by_organization(connection.execute(_LICENSES, of_these))
    licenses = {id_: {row.id: _license(row) for row in rows} for id_, rows in rows_of.items()}
    judged_by = {id_: {row.webex_id: row for row in rows} for id_, rows in rows_of.items()}
    first_names = {
        id_: {row.id: row.first_name for row in rows if row.first_name != row.name} for id_, rows in rows_of.items()
    }
    past = {(row.organization_id, row.metric_id): int(row.amount) for row in connection.execute(_PAST, of_these)}
    continued, renamed = continued_licenses(connection, licenses), renamed_licenses(connection, licenses)
    seats = last_seats(connection, ids)
    collections, outlooks = last_collections(connection, ids), stored_outlooks(connection, ids)
    return [
        _Known(
            organization=Organization(seen[id_].webex_id, seen[id_].name),
            zone=zone_called(seen[id_].timezone),
            taken=taken[id_],
            values=values.get(id_, []),
            licenses=licenses.get(id_, {}),
            judged_by=judged_by.get(id_, {}),
            first_names=first_names.get(id_, {}),
            continued=continued.get(id_, []),
            renamed=renamed.get(id_, ()),
            collections=collections.get(id_, ()),
            outlook=outlooks.get(id_),
            seats=seats.get(id_),
            past=past,
            times=times,
        ).snapshot()
        for id_ in ids
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """All that was read of an organization's last snapshot."""

    organization: Organization
    zone: TimeZone
    taken: Row[Any]
    values: Sequence[LatestValue]
    licenses: Mapping[int, License]
    """By their ids within the organization."""
    judged_by: Mapping[str, Row[Any]]
    """What decides whether they are judged, by their ids at Webex."""
    first_names: Mapping[int, str]
    """What those that were renamed were called when they were first seen, by the same ids."""
    continued: Sequence[Continued]
    renamed: tuple[Renamed, ...]
    collections: tuple[Collection, ...]
    outlook: StoredOutlook | None
    seats: LastSeats | None
    past: Mapping[tuple[int, int], int]
    """What counters held before polls counted them, by organization and metric."""
    times: Times

    def snapshot(self) -> StoredSnapshot:
        joined = [each for each in self.continued if each.seen.joined]
        former_ids = {each.seen.former.webex_id for each in joined}
        successor_ids = {each.seen.successor.webex_id for each in joined}
        taken_at = moment_of(self.taken.taken_at)
        previous_at = moment_of(self.taken.previous_at) if self.taken.previous_at else None
        list_ = next((value for value in self.values if value.field and not value.license_id), None)
        is_known = list_ is not None and list_.value is not None
        came, gone = self.came_and_gone() if is_known and list_ and list_.last_known_before is not None else ([], [])
        return StoredSnapshot(
            organization=self.organization,
            number=self.taken.number,
            taken_at=taken_at,
            day=self.zone.day_of(taken_at),
            previous_at=previous_at,
            seconds=None if self.taken.milliseconds is None else self.taken.milliseconds / 1000,
            requests=self.taken.requests,
            counts=tuple(self.count(value) for value in self.values if value.field is None),
            licenses=since_former(self.license_changes(list_), joined, previous_at) if list_ and is_known else None,
            appeared=tuple(license_ for license_ in came if license_.webex_id not in successor_ids),
            vanished=tuple(license_ for license_ in gone if license_.webex_id not in former_ids),
            collections=self.collections,
            outlook=self.outlook,
            successions=tuple(each.seen for each in self.continued),
            renamed=self.renamed,
            seats=self.seats,
        )

    def count(self, known: LatestValue) -> CountChange:
        organization_id = self.taken.organization_id
        earlier = self.past.get((organization_id, known.metric_id), 0)
        is_held = known.value is not None and known.asked is not None
        return CountChange(
            metric=Metric(known.name),
            value=None if known.value is None else known.value + earlier,
            change=known.change,
            previous_at=self.times.at(organization_id, known.previous_number),
            as_of=self.times.at(organization_id, known.asked) if is_held else None,
        )

    def license_changes(self, list_: LatestValue) -> list[LicenseChange]:
        """Every license that is listed; held together are all or none."""
        organization_id = self.taken.organization_id
        fields: dict[int, dict[str | None, LatestValue]] = {}
        for value in self.values:
            if value.license_id is not None:
                fields.setdefault(value.license_id, {})[value.field] = value
        as_of = self.times.at(organization_id, list_.asked)

        def change(license_id: int, of: Mapping[str | None, LatestValue]) -> LicenseChange:
            purchased, assigned = of["purchased"], of["assigned"]
            return LicenseChange(
                LicenseUsage(
                    self.licenses[license_id],
                    purchased.value,
                    assigned.value,
                    of["assigned_to_users"].value,
                    of["assigned_to_workspaces"].value,
                ),
                purchased_change=None if as_of else purchased.change,
                assigned_change=None if as_of else assigned.change,
                previous_at=self.times.at(organization_id, assigned.previous_number),
                as_of=None if assigned.value is None else as_of,
                first_name=self.first_names.get(license_id, ""),
            )

        listed = (license_id for license_id in sorted(fields) if fields[license_id]["listed"].value)
        return self.judged([change(license_id, fields[license_id]) for license_id in listed])

    def judged(self, changes: Sequence[LicenseChange]) -> list[LicenseChange]:
        """The same, those that stand in no sum with the reason."""
        units = []
        for each in changes:
            by = self.judged_by[each.usage.license.webex_id]
            units.append(ListedUnits(each.usage, by.product, by.kind, bool(by.is_by_person)))
        reasons = left_out(units)
        if not reasons:
            return list(changes)
        return [replace(each, not_judged=reasons.get(each.usage.license.webex_id)) for each in changes]

    def came_and_gone(self) -> tuple[list[License], list[License]]:
        """The licenses that the last known list before did not hold, and those that only that one did."""
        listed = [value for value in self.values if value.field == "listed" and value.license_id is not None]
        came = [value for value in listed if value.value and not value.last_known_before]
        gone = [value for value in listed if not value.value and value.last_known_before]
        return [self.of(value) for value in came], [self.of(value) for value in gone]

    def of(self, value: LatestValue) -> License:
        assert value.license_id is not None, "the metric is a license's"
        return self.licenses[value.license_id]


def _license(row: Row[Any]) -> License:
    return License(
        row.webex_id, row.name, row.code, row.subscription_id, row.site_url, row.site_type, bool(row.counted)
    )
