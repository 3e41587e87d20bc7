"""Writes the snapshots of an organization one after the other, each value where it begins to hold.

The same rows as polls would have written, many at a time: what holds is kept in memory, rows wait until there are
enough of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from webexhist.metrics import Kind, Metric
from webexhist.snapshot import License
from webexhist.store.carrying.series import UNITS, LicenseSeries, Series
from webexhist.store.dialects import spelled_out
from webexhist.store.many_rows import insert_rows
from webexhist.store.rows.collection_log import last_collections
from webexhist.store.saving.licenses import DESCRIBED, DESCRIPTION, described_as
from webexhist.store.saving.readings import LICENSE, LISTED, MetricKey
from webexhist.store.values_at_snapshots import snapshot_asked

ENOUGH = 50_000
"""So many rows are written together."""
Fared = tuple[str, str | None, int | None, float | None]
"""How a collector fared: status, error, requests and seconds."""
Origin = tuple[str, str | None]
"""What a snapshot came from: the version of the program, and the source."""
_ORIGINS = text("SELECT version, source, id FROM origin WHERE organization_id = :organization_id")
_STATE = text(f"""
SELECT m.id, m.name, m.license_id, m.field, m.kind, m.first_number,
  (SELECT r.value FROM reading r WHERE r.organization_id = :organization_id AND r.metric_id = m.id
    ORDER BY r.number DESC LIMIT 1) AS value,
  (SELECT r.value FROM reading r WHERE r.organization_id = :organization_id AND r.metric_id = m.id
    AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) AS known,
  CASE WHEN m.license_id IS NULL THEN {snapshot_asked("m.id", ":number", ":organization_id")} END AS asked,
  CASE WHEN m.license_id IS NULL THEN (SELECT h.pace FROM held h WHERE h.organization_id = :organization_id
    AND h.metric_id = m.id ORDER BY h.number DESC LIMIT 1) END AS pace
FROM metric m WHERE m.organization_id = :organization_id ORDER BY m.id
""")  # noqa: S608  (every part of it stands in this room)
_LICENSES = text("""
SELECT l.id, l.webex_id, v.name, v.code, v.subscription_id, v.site_url, v.site_type, v.counted
FROM license l LEFT JOIN license_version v ON v.organization_id = l.organization_id AND v.license_id = l.id
  AND v.number = (SELECT max(n.number) FROM license_version n
    WHERE n.organization_id = l.organization_id AND n.license_id = l.id)
WHERE l.organization_id = :organization_id ORDER BY l.id
""")
_KNOWN_AT = text("""
SELECT s.taken_at FROM snapshot s WHERE s.organization_id = :organization_id AND s.number = (
  SELECT CASE WHEN r.value IS NOT NULL THEN :number ELSE r.number - 1 END FROM reading r
  WHERE r.organization_id = :organization_id AND r.metric_id = :metric_id ORDER BY r.number DESC LIMIT 1)
""")
_NAME = text("""
SELECT name FROM organization_version WHERE organization_id = :organization_id ORDER BY number DESC LIMIT 1
""")
_AT = """
SELECT number FROM snapshot WHERE organization_id = :organization_id AND moment(taken_at) = moment(:taken_at)
"""
_BEGINS = text("""
UPDATE metric SET first_number = :first_number WHERE organization_id = :organization_id AND id = :id
""")
ROWS: Mapping[str, tuple[str, ...]] = {
    "origin": ("organization_id", "id", "version", "source"),
    "snapshot": ("organization_id", "number", "taken_at", "milliseconds", "requests", "origin_id"),
    "organization_version": ("organization_id", "number", "name"),
    "license": ("organization_id", "id", "webex_id", "lineage_id", "product", *DESCRIPTION),
    "license_version": ("organization_id", "license_id", "number", *DESCRIPTION),
    "metric": ("organization_id", "id", "name", "kind", "license_id", "field", "first_number"),
    "reading": ("organization_id", "metric_id", "number", "value"),
    "held": ("organization_id", "metric_id", "number", "asked", "pace"),
    "collection": ("organization_id", "number", "collector", "status", "error", "requests", "seconds"),
}
"""Tables and their columns, those first that others refer to."""


@dataclass(slots=True)
class Ledger:
    """The state of one organization after the snapshot that was written last."""

    connection: Connection
    organization_id: int
    number: int
    taken_at: int | None
    counts: dict[str, Series] = field(default_factory=dict)
    """Of all metrics that are no license's, by name."""
    listed: Series | None = None
    """How many licenses the list holds."""
    licenses: dict[str, LicenseSeries] = field(default_factory=dict)
    """By their ids at Webex."""
    collections: dict[str, Fared] = field(default_factory=dict)
    """By collector."""
    held: set[Series] = field(default_factory=set)
    """What the last snapshot only held, and what has a pace that lines do not keep to."""
    came_or_went: set[int] = field(default_factory=set)
    """The licenses that the last snapshot's list holds and the last known one before it did not, or the reverse."""
    name: str | None = None
    """What the organization is called; None before its first snapshot."""
    origins: dict[Origin, int] = field(default_factory=dict)
    next_metric: int = 1
    next_license: int = 1
    waiting: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {name: [] for name in ROWS})
    described: dict[int, License] = field(default_factory=dict)
    begun: dict[int, int] = field(default_factory=dict)

    @classmethod
    def opened(cls, connection: Connection, organization_id: int, number: int, taken_at: int | None) -> "Ledger":
        """The ledger after the last snapshot that is stored, which has that number; 0: there is none."""
        ledger = cls(connection, organization_id, number, taken_at)
        of_organization = {"organization_id": organization_id}
        ledger.origins = {(row.version, row.source): row.id for row in connection.execute(_ORIGINS, of_organization)}
        by_id: dict[int, LicenseSeries] = {}
        for row in connection.execute(_LICENSES, of_organization):
            known = LicenseSeries(row.id, row.webex_id)
            if row.name is not None:
                known.description = License(
                    row.webex_id,
                    row.name,
                    row.code,
                    row.subscription_id,
                    row.site_url,
                    row.site_type,
                    bool(row.counted),
                )
            by_id[row.id] = ledger.licenses[row.webex_id] = known
            ledger.next_license = max(ledger.next_license, row.id + 1)
        for row in connection.execute(_STATE, of_organization | {"number": number}).all():
            series = Series(row.id, MetricKey(row.name, row.license_id, row.field), Kind(row.kind))
            ledger.next_metric = max(ledger.next_metric, row.id + 1)
            # Where earlier days were dropped, a counter's total lies before its first number.
            if row.first_number <= number or (number and row.known is not None):
                series.first_number = row.first_number
                series.value, series.known, series.asked, series.pace = row.value, row.known, row.asked, row.pace
                if series.is_counter and series.known is not None:
                    of_metric = of_organization | {"metric_id": row.id, "number": number}
                    series.known_at = connection.scalar(_KNOWN_AT, of_metric)
            if series.asked is not None or series.pace is not None:
                ledger.held.add(series)
            ledger._place(series, by_id)
        for known in by_id.values():
            if known.series:
                known.last_listed = known.listed.known
        if number:  # before the first snapshot there was neither
            ledger.name = connection.scalar(_NAME, of_organization)
            for each in last_collections(connection, [organization_id]).get(organization_id, ()):
                ledger.collections[each.collector] = (each.status.value, each.error, each.requests, each.seconds)
        return ledger

    def _place(self, series: Series, by_id: Mapping[int, LicenseSeries]) -> None:
        if series.key.license_id is not None:
            by_id[series.key.license_id].series[series.key.field or ""] = series
        elif series.key.field == LISTED:
            self.listed = series
        else:
            self.counts[series.key.name] = series

    def begin(self, taken_at: int, milliseconds: int | None, requests: int | None, origin: Origin) -> None:
        """Goes on to the next snapshot."""
        self.number += 1
        self.taken_at = taken_at
        self.came_or_went.clear()
        rows = self.waiting["snapshot"]
        if origin not in self.origins:
            self.origins[origin] = max(self.origins.values(), default=0) + 1
            self.waiting["origin"].append((self.organization_id, self.origins[origin], *origin))
        rows.append((self.organization_id, self.number, taken_at, milliseconds, requests, self.origins[origin]))
        if len(rows) + len(self.waiting["reading"]) > ENOUGH:
            self.flush()

    def call(self, name: str) -> None:
        """What the organization is called from this snapshot on."""
        if name != self.name:
            self.name = name
            self.waiting["organization_version"].append((self.organization_id, self.number, name))

    def put(self, series: Series, value: int | None) -> None:
        """The value of a metric at this snapshot."""
        series.number = self.number
        if series.first_number is None:
            series.first_number = self.begun[series.id] = self.number
        elif series.value == value:
            return
        series.value = value
        if value is not None:
            series.known = value
        self.waiting["reading"].append((self.organization_id, series.id, self.number, value))

    def hold(self, series: Series, asked: int | None) -> None:
        """Which snapshot counted what this one holds; None: this one."""
        if series.asked != asked or series.pace is not None:
            series.asked, series.pace = asked, None
            (self.held.discard if asked is None else self.held.add)(series)
            self.waiting["held"].append((self.organization_id, series.id, self.number, asked, None))

    def count_series(self, name: str) -> Series:
        """The metric of a count, made where it is not there yet."""
        series = self.counts.get(name)
        if series is None:
            series = self.counts[name] = self._new_series(MetricKey(name), Metric(name).kind)
        return series

    def list_series(self) -> Series:
        """The metric of the list of licenses."""
        if self.listed is None:
            self.listed = self._new_series(MetricKey(LICENSE, None, LISTED), Kind.GAUGE)
        return self.listed

    def license_series(self, listed: License) -> LicenseSeries:
        """A license that is listed now, with its metrics; its description follows."""
        known = self.licenses.get(listed.webex_id)
        if known is None:
            known = self.licenses[listed.webex_id] = LicenseSeries(self.next_license, listed.webex_id)
            self.next_license += 1
            self.waiting["license"].append(
                (self.organization_id, known.id, known.webex_id, known.id, "", *described_as(listed).values())
            )
        if known.description != listed:
            known.description = self.described[known.id] = listed
            self.waiting["license_version"].append(
                (self.organization_id, known.id, self.number, *described_as(listed).values())
            )
        for name in (LISTED, *UNITS):
            if name not in known.series:
                known.series[name] = self._new_series(MetricKey(LICENSE, known.id, name), Kind.GAUGE)
        return known

    def put_license(self, known: LicenseSeries, listed: int | None, units: Sequence[int | None]) -> None:
        """Whether a license is listed, and its units."""
        if listed is not None and listed != known.last_listed:
            # Before its first list it was in none: to be left out of one is nothing new.
            if listed or known.last_listed:
                self.came_or_went.add(known.id)
            known.last_listed = listed
        self.put(known.listed, listed)
        for name, value in zip(UNITS, units, strict=True):
            self.put(known.series[name], value)
        known.units = tuple(units) if listed else None

    def put_collections(self, collections: Mapping[str, Fared]) -> None:
        """How the collectors fared; one that is not among them did not run."""
        standing, rows = self.collections, self.waiting["collection"]
        for collector, fared in collections.items():
            before = standing.get(collector)
            if before is None or before[:2] != fared[:2]:
                rows.append((self.organization_id, self.number, collector, *fared))
                standing[collector] = fared
        if len(standing) > len(collections):
            for collector in [name for name in standing if name not in collections]:
                del standing[collector]
                rows.append((self.organization_id, self.number, collector, None, None, 0, 0.0))

    def number_at(self, taken_at: int) -> int | None:
        """The number of a snapshot that is written already, by its time."""
        self.flush()
        of_time = {"organization_id": self.organization_id, "taken_at": taken_at}
        number: int | None = self.connection.scalar(spelled_out(self.connection, _AT), of_time)
        return number

    def flush(self) -> None:
        """Writes the rows that wait."""
        for table, columns in ROWS.items():
            if rows := self.waiting[table]:
                insert_rows(self.connection, table, columns, rows)
                rows.clear()
        of_organization = {"organization_id": self.organization_id}
        if self.begun:
            rows_ = [of_organization | {"id": id_, "first_number": number} for id_, number in self.begun.items()]
            self.connection.execute(_BEGINS, rows_)
            self.begun.clear()
        if self.described:
            described = [{**of_organization, "id": id_, **described_as(seen)} for id_, seen in self.described.items()]
            self.connection.execute(DESCRIBED, described)
            self.described.clear()

    def _new_series(self, key: MetricKey, kind: Kind) -> Series:
        series = Series(self.next_metric, key, kind)
        self.next_metric += 1
        described = (key.name, kind.value, key.license_id, key.field, 0)
        self.waiting["metric"].append((self.organization_id, series.id, *described))
        return series
