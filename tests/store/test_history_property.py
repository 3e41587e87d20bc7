"""Whatever was saved, the views and `latest` give back: checked against a memory that keeps every value of every
snapshot in plain lists and answers by walking through them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from webexhist.snapshot import (
    CollectorRun,
    CollectorStatus,
    Count,
    CountChange,
    Kind,
    License,
    LicenseChange,
    LicenseUsage,
    Metric,
    Organization,
    Snapshot,
)
from webexhist.store import history
from webexhist.store.database import open_database

KINDS = {
    Metric.PEOPLE: Kind.GAUGE,
    Metric.ROOMS: Kind.GAUGE,
    Metric.MESSAGES_CREATED: Kind.COUNTER,
    Metric.ADMIN_AUDIT_EVENTS: Kind.COUNTER,
}
small = st.none() | st.integers(0, 3)
licenses = st.builds(
    License,
    webex_id=st.sampled_from(["id-a", "id-b", "id-c"]),
    name=st.sampled_from(["Webex Suite", "Webex Calling", "=cmd|' /C calc'!A0"]),
    code=st.just("EE"),
    subscription_id=st.sampled_from([None, "Sub1"]),
    site_url=st.sampled_from([None, "acme.webex.com"]),
    site_type=st.none(),
    counted=st.booleans(),
)
usages = st.builds(
    LicenseUsage,
    licenses,
    total=st.sampled_from([None, -1, 0, 3, 250]),
    consumed=small,
    by_users=small,
    by_workspaces=small,
)
runs = st.builds(
    CollectorRun,
    collector=st.sampled_from(["licenses", "people"]),
    status=st.sampled_from(CollectorStatus),
    requests=st.integers(0, 5),
    seconds=st.sampled_from([0.25, 1.5]),
    error=st.sampled_from([None, "403"]),
)
FIGURES = ("total", "consumed", "by_users", "by_workspaces")
gaps = st.sampled_from([timedelta(minutes=5), timedelta(hours=7), timedelta(days=1), timedelta(days=20)])


@st.composite
def polls(draw: st.DrawFn) -> tuple[timedelta, Snapshot]:
    """The time since the poll before, and what the poll saw."""
    values = draw(st.dictionaries(st.sampled_from(sorted(KINDS)), small))
    seen = Snapshot(
        organization=Organization("", "Acme"),
        taken_at=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=1.5,
        requests=draw(st.integers(0, 9)),
        counts=tuple(Count(metric, KINDS[metric], value) for metric, value in values.items()),
        licenses=draw(st.none() | st.lists(usages, max_size=3, unique_by=lambda u: u.license.webex_id).map(tuple)),
        collections=tuple(draw(st.lists(runs, max_size=2, unique_by=lambda run: run.collector))),
    )
    return draw(gaps), seen


@dataclass
class Memory:
    """Every value of every snapshot of one organization, and the answers that follow from them."""

    snapshots: list[Snapshot] = field(default_factory=list)
    counts: list[dict[Metric, int | None]] = field(default_factory=list)
    """Of each snapshot the gauges and the running totals, also of metrics that it did not carry."""
    usages: list[dict[str, LicenseUsage | str]] = field(default_factory=list)
    """Of each snapshot every license ever seen: its usage, "unknown" or "gone"."""
    current: dict[str, License] = field(default_factory=dict)

    def remember(self, taken: Snapshot) -> None:
        held: dict[Metric, int | None] = dict.fromkeys(self.counts[-1] if self.counts else ())
        for seen in taken.counts:
            held[seen.metric] = seen.value
            if seen.kind is Kind.COUNTER and seen.value is not None:
                held[seen.metric] = seen.value + self.last_known(self.counts, seen.metric)[0]
        before = self.usages[-1] if self.usages else {}
        if taken.licenses is None:
            usages = {key: "gone" if usage == "gone" else "unknown" for key, usage in before.items()}
        else:
            usages = dict.fromkeys(before, "gone") | {usage.license.webex_id: usage for usage in taken.licenses}
            self.current |= {usage.license.webex_id: usage.license for usage in taken.licenses}
        self.snapshots.append(taken)
        self.counts.append(held)
        self.usages.append(usages)

    @staticmethod
    def last_known(history: list[dict[Any, Any]], key: object) -> tuple[int, int | None]:
        """The last known value (0 if there is none) and the number of the snapshot that last held it."""
        for position in reversed(range(len(history))):
            if history[position].get(key) is not None:
                return history[position][key], position + 1
        return 0, None

    def time(self, number: int | None) -> str | None:
        return number and f"{self.snapshots[number - 1].taken_at:%Y-%m-%d %H:%M:%S}"

    def numbers(self) -> range:
        return range(1, len(self.snapshots) + 1)

    def values(self, attribute: str) -> list[dict[str, int | None]]:
        """Of each snapshot one attribute of every license; None where it is unknown or the license gone."""
        return [{key: getattr(usage, attribute, None) for key, usage in held.items()} for held in self.usages]

    def count_rows(self) -> list[tuple[Any, ...]]:
        return [
            (number, self.time(number), metric, value)
            for number in self.numbers()
            for metric, value in self.counts[number - 1].items()
        ]

    def count_delta_rows(self) -> list[tuple[Any, ...]]:
        rows = []
        for number, time, metric, value in self.count_rows():
            known, at = self.last_known(self.counts[: number - 1], metric)
            change = value - known if at and value is not None else None
            rows.append((number, time, self.time(at), metric, value, change))
        return rows

    def license_rows(self) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        for number in self.numbers():
            for key, usage in self.usages[number - 1].items():
                now = self.current[key]
                described = (number, self.time(number), now.name, key, now.subscription_id, now.site_url)
                if isinstance(usage, LicenseUsage):
                    figures = (usage.total, usage.consumed, usage.by_users, usage.by_workspaces)
                    rows.append(described + figures + self.derived(key, usage.total, usage.consumed))
                elif usage == "unknown":
                    rows.append((*described, None, None, None, None, None, None))
        return rows

    def derived(self, key: str, total: int | None, consumed: int | None) -> tuple[int | None, float | None]:
        """Free units and utilization."""
        usage = LicenseUsage(self.current[key], total, consumed, None, None)
        return usage.free, usage.utilization

    def license_delta_rows(self) -> list[tuple[Any, ...]]:
        rows = []
        for number, time, name, key, _, _, total, consumed, *_ in self.license_rows():
            total_before, total_at = self.last_known(self.values("total")[: number - 1], key)
            consumed_before, consumed_at = self.last_known(self.values("consumed")[: number - 1], key)
            total_change = total - total_before if total_at and total is not None else None
            consumed_change = consumed - consumed_before if consumed_at and consumed is not None else None
            rows.append(
                (number, time, self.time(consumed_at), name, key, total, total_change, consumed, consumed_change)
            )
        return rows

    def periods(self, length: int) -> dict[str, list[int]]:
        """Days (length 10) or months (7) and the numbers of their snapshots."""
        periods: dict[str, list[int]] = {}
        for number in self.numbers():
            periods.setdefault(str(self.time(number))[:length], []).append(number)
        return periods

    def figures(self, history: list[dict[Any, Any]], key: object, numbers: list[int]) -> tuple[Any, ...]:
        """First, last, min, max, mean of the known values, and how many they are."""
        known = [history[n - 1][key] for n in numbers if history[n - 1].get(key) is not None]
        if not known:
            return (None, None, None, None, None, 0)
        return (known[0], known[-1], min(known), max(known), sum(known) / len(known), len(known))

    def period_count_rows(self, length: int) -> list[tuple[Any, ...]]:
        return [
            (period, metric, *self.figures(self.counts, metric, numbers))
            for period, numbers in self.periods(length).items()
            for metric in self.counts[numbers[-1] - 1]
        ]

    def period_license_rows(self, length: int) -> list[tuple[Any, ...]]:
        rows = []
        for period, numbers in self.periods(length).items():
            for key, now in self.current.items():
                if all(self.usages[number - 1].get(key, "gone") == "gone" for number in numbers):
                    continue
                total = self.figures(self.values("total"), key, numbers)[1]
                consumed = self.figures(self.values("consumed"), key, numbers)
                described = (period, now.name, key, now.subscription_id, now.site_url, total)
                rows.append(described + consumed + self.derived(key, total, consumed[1])[1:])
        return rows

    def activity_rows(self) -> list[tuple[Any, ...]]:
        rows = []
        for date, numbers in self.periods(10).items():
            for metric in (Metric.MESSAGES_CREATED, Metric.ADMIN_AUDIT_EVENTS):
                last = self.figures(self.counts, metric, numbers)[1]
                if last is not None:
                    before, _ = self.last_known(self.counts[: numbers[0] - 1], metric)
                    rows.append((date, metric, last - before, "polls"))
        return rows

    def latest_count_rows(self) -> list[tuple[Any, ...]]:
        number = len(self.snapshots)
        rows = []
        for metric in self.counts[-1]:
            value, at = self.last_known(self.counts, metric)
            rows.append((number, self.time(number), metric, value if at else None, self.time(at)))
        return rows

    def latest_license_rows(self) -> list[tuple[Any, ...]]:
        number = len(self.snapshots)
        rows = []
        for key, usage in self.usages[-1].items():
            if usage == "gone":
                continue
            found = [self.last_known(self.values(name), key) for name in FIGURES]
            total, consumed, by_users, by_workspaces = (value if at else None for value, at in found)
            now = self.current[key]
            described = (number, self.time(number), now.name, key, now.subscription_id, now.site_url)
            figures = (total, consumed, by_users, by_workspaces, *self.derived(key, total, consumed))
            rows.append((*described, *figures, self.time(found[1][1])))
        return rows

    def collection_rows(self) -> list[tuple[Any, ...]]:
        rows = []
        for name in ("licenses", "people"):
            stretch: list[Any] | None = None
            for number in self.numbers():
                run = next((run for run in self.snapshots[number - 1].collections if run.collector == name), None)
                if stretch and run and (stretch[3], stretch[6]) == (run.status, run.error):
                    stretch[7:] = [number - stretch[0] + 1, self.time(number)]
                    continue
                stretch = run and [
                    *(number, self.time(number), name, run.status, run.requests, run.seconds, run.error),
                    *(1, self.time(number)),
                ]
                if stretch:
                    rows.append(stretch)
        return [tuple(stretch) for stretch in rows]

    def all_rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Of each view the rows, without the columns org and org_id."""
        return {
            "counts": self.count_rows(),
            "count_deltas": self.count_delta_rows(),
            "license_usage": self.license_rows(),
            "license_deltas": self.license_delta_rows(),
            "daily_counts": self.period_count_rows(10),
            "monthly_counts": self.period_count_rows(7),
            "daily_licenses": self.period_license_rows(10),
            "monthly_licenses": self.period_license_rows(7),
            "daily_activity": self.activity_rows(),
            "latest_counts": self.latest_count_rows(),
            "latest_licenses": self.latest_license_rows(),
            "collection_log": self.collection_rows(),
        }

    def latest_licenses(self) -> tuple[LicenseChange, ...] | None:
        if self.snapshots[-1].licenses is None:
            return None
        number = len(self.snapshots)
        changes = {row[4]: row for row in self.license_delta_rows() if row[0] == number}
        return tuple(
            LicenseChange(usage, changes[key][6], changes[key][8], self.moment(changes[key][2]))
            for key, usage in self.usages[-1].items()
            if isinstance(usage, LicenseUsage)
        )

    def latest_counts(self) -> tuple[CountChange, ...]:
        number = len(self.snapshots)
        return tuple(
            CountChange(metric, value, change, self.moment(previous_at))
            for at, _, previous_at, metric, value, change in self.count_delta_rows()
            if at == number
        )

    def moment(self, time: str | None) -> datetime | None:
        return time and datetime.fromisoformat(f"{time}+00:00")

    def appeared_and_vanished(self) -> tuple[set[str], set[str]]:
        lists = [{usage.license.webex_id for usage in taken.licenses or ()} for taken in self.snapshots]
        known = [position for position, taken in enumerate(self.snapshots) if taken.licenses is not None]
        if len(known) < 2 or known[-1] != len(self.snapshots) - 1:
            return set(), set()
        now, before = lists[known[-1]], lists[known[-2]]
        return now - before, before - now


def check_views(engine: Engine, memory: Memory, organization: Organization) -> None:
    with engine.connect() as connection:
        for view, expected in memory.all_rows().items():
            query = text(
                f"SELECT v.* FROM {view} v JOIN organization o ON o.id = v.org_id WHERE o.webex_id = :webex_id"
            )
            found = connection.execute(query, {"webex_id": organization.webex_id}).all()
            assert {row.org for row in found} <= {organization.name}
            assert sorted((tuple(row[1:-1]) for row in found), key=repr) == sorted(expected, key=repr), view


def check_latest(engine: Engine, memory: Memory, organization: Organization) -> None:
    (found,) = history.latest(engine, [organization.webex_id])
    taken = memory.snapshots[-1]
    assert (found.organization, found.number, found.taken_at) == (organization, len(memory.snapshots), taken.taken_at)
    assert found.previous_at == (memory.snapshots[-2].taken_at if found.number > 1 else None)
    assert (found.seconds, found.requests) == (taken.seconds, taken.requests)
    assert set(found.counts) == set(memory.latest_counts())
    expected = memory.latest_licenses()
    assert (found.licenses and set(found.licenses)) == (expected and set(expected))
    assert (found.licenses is None) == (taken.licenses is None)
    appeared, vanished = memory.appeared_and_vanished()
    assert {seen.webex_id for seen in found.appeared} == appeared
    assert {seen.webex_id for seen in found.vanished} == vanished
    assert {(run.collector, run.status, run.error) for run in found.collections} == {
        (run.collector, run.status, run.error) for run in taken.collections
    }


organization_numbers = count(1)


def check_history(engine: Engine, story: list[tuple[timedelta, Snapshot]]) -> None:
    """Saves the story as one of a new organization among those that the database holds already."""
    number = next(organization_numbers)
    organization = Organization(f"organization {number}", f"Acme {number}")
    memory = Memory()
    moment = datetime(2026, 1, 30, 12, tzinfo=UTC)
    for gap, seen in story:
        moment += gap
        taken = replace(seen, organization=organization, taken_at=moment)
        memory.remember(taken)
        assert history.save(engine, taken) == len(memory.snapshots)
        check_latest(engine, memory, organization)
    check_views(engine, memory, organization)


stories = st.lists(polls(), min_size=1, max_size=10)
# Every example is an organization of its own, so that examples can share the database.
search = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@search
@given(stories)
def test_whatever_was_saved_comes_back(sqlite_engine: Engine, story: list[tuple[timedelta, Snapshot]]) -> None:
    check_history(sqlite_engine, story)


@settings(search, max_examples=15)
@given(stories)
def test_whatever_was_saved_comes_back_from_postgres(
    postgres_location: str, story: list[tuple[timedelta, Snapshot]]
) -> None:
    engine = open_database(postgres_location)
    check_history(engine, story)
    engine.dispose()


@pytest.mark.slow
@settings(search, max_examples=1500)
@given(st.lists(polls(), min_size=1, max_size=30))
def test_whatever_was_saved_comes_back_from_a_long_search(
    sqlite_engine: Engine, story: list[tuple[timedelta, Snapshot]]
) -> None:
    check_history(sqlite_engine, story)
