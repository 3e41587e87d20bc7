"""The last snapshots in OpenMetrics, for a Prometheus that reads them from a file.

A label names an organization or a license by its id alone, so that a new name begins no new series; names stand in
`webexhist_organization_info` and `webexhist_license_info`. What is unknown has no sample. Samples carry no time, for
the textfile collector refuses that: the time of the snapshot is a sample of its own.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.openmetrics.exposition import generate_latest
from prometheus_client.registry import CollectorRegistry

from webexhist import metrics
from webexhist.seat_counts import COLUMNS
from webexhist.snapshot import CollectionStatus, LicenseUsage
from webexhist.stored_snapshot import StoredSnapshot
from webexhist.texts import on_one_line
from webexhist.units import is_unlimited

OF_ORGANIZATION = ("org_id",)
OF_LICENSE = ("org_id", "license_id")
OF_SEATS = ("org_id", "license_id", "use")
OF_COLLECTOR = ("org_id", "collector")


def openmetrics(snapshots: Sequence[StoredSnapshot]) -> str:
    """Returns the text of the last snapshot of each organization; it ends with the line that says it is whole."""
    registry = CollectorRegistry()
    registry.register(_Families(snapshots))
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]  # the library has types, but not there
    return text.decode()


class _Families:
    """What the library asks for the families of samples."""

    def __init__(self, snapshots: Sequence[StoredSnapshot]) -> None:
        self.snapshots = snapshots

    def collect(self) -> Iterator[Metric]:
        """Yields the families."""
        yield from _of_polls(self.snapshots)
        yield from _of_counts(self.snapshots)
        yield from _of_licenses(self.snapshots)
        yield from _of_seats(self.snapshots)


def _of_polls(snapshots: Sequence[StoredSnapshot]) -> Iterator[Metric]:
    names = InfoMetricFamily("webexhist_organization", "What the organization is called.", labels=OF_ORGANIZATION)
    taken = _gauge("snapshot_timestamp_seconds", "When the last snapshot was taken, in Unix time.", OF_ORGANIZATION)
    seconds = _gauge("poll_seconds", "How long the last poll took.", OF_ORGANIZATION)
    requests = _gauge("poll_requests", "Requests to Webex of the last poll.", OF_ORGANIZATION)
    collected = _gauge("collection_ok", "1 where a collector counted all that it should.", OF_COLLECTOR)
    for snapshot in snapshots:
        own = [snapshot.organization.webex_id]
        names.add_metric(own, {"org": on_one_line(snapshot.organization.name)})
        taken.add_metric(own, snapshot.taken_at.timestamp())
        if snapshot.seconds is not None and snapshot.requests is not None:
            seconds.add_metric(own, snapshot.seconds)
            requests.add_metric(own, snapshot.requests)
        for run in snapshot.collections:
            collected.add_metric([*own, run.collector], run.status is CollectionStatus.OK)
    yield from (names, taken, seconds, requests, collected)


def _of_counts(snapshots: Sequence[StoredSnapshot]) -> Iterator[Metric]:
    for metric in metrics.Metric:
        is_counter = metric.kind is metrics.Kind.COUNTER
        kind = CounterMetricFamily if is_counter else GaugeMetricFamily
        words = f"{metric.words}, in all that was counted" if is_counter else metric.words
        family = kind(f"webexhist_{metric}", f"{words[0].upper()}{words[1:]}.", labels=OF_ORGANIZATION)
        for snapshot in snapshots:
            for count in snapshot.counts:
                if count.metric is metric and count.value is not None:
                    family.add_metric([snapshot.organization.webex_id], count.value)
        if family.samples:
            yield family


def _of_licenses(snapshots: Sequence[StoredSnapshot]) -> Iterator[Metric]:
    used = [
        ([snapshot.organization.webex_id, change.usage.license.webex_id], change.usage)
        for snapshot in snapshots
        for change in snapshot.licenses or ()
    ]
    names = InfoMetricFamily("webexhist_license", "What the license is called.", labels=OF_LICENSE)
    for labels, usage in used:
        license_ = usage.license
        words = {
            "license": license_.name,
            "subscription": license_.subscription_id or "",
            "site": license_.site_url or "",
        }
        names.add_metric(labels, {word: on_one_line(called) for word, called in words.items()})
    yield names
    yield _units("purchased", "Units purchased; infinite where unlimited.", used, _purchased)
    yield _units("assigned", "Units assigned.", used, lambda usage: usage.assigned)
    yield _units("assigned_to_users", "Units assigned to people.", used, lambda usage: usage.assigned_to_users)
    yield _units(
        "assigned_to_workspaces", "Units assigned to workspaces.", used, lambda usage: usage.assigned_to_workspaces
    )


def _of_seats(snapshots: Sequence[StoredSnapshot]) -> Iterator[Metric]:
    counted = [(snapshot.organization.webex_id, snapshot.seats) for snapshot in snapshots if snapshot.seats]
    if not counted:
        return
    taken = _gauge("seats_timestamp_seconds", "When seats were last counted, in Unix time.", OF_ORGANIZATION)
    seats = _gauge("license_seats", "Seats by how they are used; one idle for 90 days is so for 30 too.", OF_SEATS)
    for organization, last in counted:
        taken.add_metric([organization], last.taken_at.timestamp())
        for each in last.licenses:
            for use in COLUMNS:
                if (number := getattr(each.counts, use)) is not None:
                    seats.add_metric([organization, each.license_id, use], number)
    yield from (taken, seats)


def _units(
    name: str,
    words: str,
    used: Iterable[tuple[list[str], LicenseUsage]],
    figure: Callable[[LicenseUsage], float | None],
) -> Metric:
    family = _gauge(f"license_{name}_units", words, OF_LICENSE)
    for labels, usage in used:
        value = figure(usage)
        if value is not None:
            family.add_metric(labels, value)
    return family


def _purchased(usage: LicenseUsage) -> float | None:
    return math.inf if is_unlimited(usage.purchased) else usage.purchased


def _gauge(name: str, words: str, labels: Sequence[str]) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"webexhist_{name}", words, labels=labels)
