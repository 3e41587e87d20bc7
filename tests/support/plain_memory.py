"""A memory that keeps every value of every snapshot in plain lists and answers by walking through them: what the
views and `latest` must say."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webexhist.metrics import Kind, Metric
from webexhist.snapshot import License, LicenseUsage, Snapshot
from webexhist.stored_snapshot import CountChange, LicenseChange

USAGE_FIGURES = ("purchased", "assigned", "assigned_to_users", "assigned_to_workspaces")


@dataclass
class Memory:
    """Every value of every snapshot of one organization, and the answers that follow from them."""

    snapshots: list[Snapshot] = field(default_factory=list)
    counts: list[dict[Metric, int | None]] = field(default_factory=list)
    """Of each snapshot the gauges and the running totals, also of metrics that it did not carry."""
    usages: list[dict[str, LicenseUsage | str]] = field(default_factory=list)
    """Of each snapshot every license ever seen: its usage, "unknown" or "gone"."""
    current: dict[str, License] = field(default_factory=dict)
    counted: list[dict[Metric, int]] = field(default_factory=list)
    """Of each snapshot the number of the one that counted a value: an earlier one where it is held."""
    first_names: dict[str, str] = field(default_factory=dict)
    """What licenses were called when they were first seen, by their ids."""
    listed: list[tuple[frozenset[str] | None, int]] = field(default_factory=list)
    """Of each snapshot which licenses are listed (None: unknown), and the number of the one that listed them."""

    def remember(self, taken: Snapshot) -> None:
        held: dict[Metric, int | None] = dict.fromkeys(self.counts[-1] if self.counts else ())
        for seen in taken.counts:
            held[seen.metric] = seen.value
            if seen.metric.kind is Kind.COUNTER and seen.value is not None:
                held[seen.metric] = seen.value + self.last_known(self.counts, seen.metric)[0]
        number = len(self.snapshots) + 1
        counted = dict.fromkeys(held, number)
        for metric in held:
            if metric in taken.held and self.counts:
                held[metric] = self.counts[-1].get(metric)
                counted[metric] = number if held[metric] is None else self.counted[-1].get(metric, number)
        before = self.usages[-1] if self.usages else {}
        listed = None if taken.licenses is None else frozenset(usage.license.webex_id for usage in taken.licenses)
        self.listed.append((listed, number))
        if "license" in taken.held and before is not None and number > 1:
            usages = dict(before)
            self.listed[-1] = self.listed[-2] if self.listed[-2][0] is not None else (None, number)
        elif taken.licenses is None:
            usages = {key: "gone" if usage == "gone" else "unknown" for key, usage in before.items()}
        else:
            usages = dict.fromkeys(before, "gone") | {usage.license.webex_id: usage for usage in taken.licenses}
            self.current |= {usage.license.webex_id: usage.license for usage in taken.licenses}
            self.first_names = {key: license_.name for key, license_ in self.current.items()} | self.first_names
        self.snapshots.append(taken)
        self.counts.append(held)
        self.counted.append(counted)
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
            (number, self.time(number), metric, value, self.counted_at(number, metric, value))
            for number in self.numbers()
            for metric, value in self.counts[number - 1].items()
        ]

    def counted_at(self, number: int | None, metric: Metric, value: int | None = 0) -> str | None:
        """When the value of a snapshot was counted."""
        return self.time(self.counted[number - 1][metric]) if number and value is not None else None

    def listed_at(self, number: int | None, assigned: int | None = 0) -> str | None:
        """When the licenses of a snapshot were listed."""
        return self.time(self.listed[number - 1][1]) if number and assigned is not None else None

    def count_delta_rows(self) -> list[tuple[Any, ...]]:
        rows = []
        for number, time, metric, value, as_of in self.count_rows():
            known, at = self.last_known(self.counts[: number - 1], metric)
            is_new = value is not None and self.counted[number - 1][metric] == number
            change = value - known if at and is_new else None
            rows.append((number, time, self.counted_at(at, metric), metric, value, change, as_of))
        return rows

    def license_rows(self) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        for number in self.numbers():
            for key, usage in self.usages[number - 1].items():
                now = self.current[key]
                described = (number, self.time(number), now.name, key, now.subscription_id, now.site_url)
                if isinstance(usage, LicenseUsage):
                    figures = (usage.purchased, usage.assigned, usage.assigned_to_users, usage.assigned_to_workspaces)
                    derived = self.derived(key, usage.purchased, usage.assigned)
                    rows.append((*described, *figures, *derived, self.listed_at(number, usage.assigned)))
                elif usage == "unknown":
                    rows.append((*described, None, None, None, None, None, None, None))
        return rows

    def derived(self, key: str, purchased: int | None, assigned: int | None) -> tuple[int | None, float | None]:
        """Free units and utilization."""
        usage = LicenseUsage(self.current[key], purchased, assigned, None, None)
        return usage.available, usage.utilization

    def license_delta_rows(self) -> list[tuple[Any, ...]]:
        rows = []
        for number, time, name, key, _, _, purchased, assigned, *_ in self.license_rows():
            purchased_before, purchased_at = self.last_known(self.values("purchased")[: number - 1], key)
            consumed_before, assigned_known_at = self.last_known(self.values("assigned")[: number - 1], key)
            is_new = self.listed[number - 1][1] == number
            purchased_change = purchased - purchased_before if purchased_at and purchased is not None else None
            assigned_change = assigned - consumed_before if assigned_known_at and assigned is not None else None
            rows.append(
                (
                    number,
                    time,
                    self.listed_at(assigned_known_at),
                    name,
                    key,
                    purchased,
                    purchased_change if is_new else None,
                    assigned,
                    assigned_change if is_new else None,
                    self.listed_at(number, assigned),
                )
            )
        return rows

    def periods(self, length: int) -> dict[str, list[int]]:
        """Days (length 10) or months (7) and the numbers of their snapshots."""
        periods: dict[str, list[int]] = {}
        for number in self.numbers():
            periods.setdefault(str(self.time(number))[:length], []).append(number)
        return periods

    def figures(
        self, history: list[dict[Any, Any]], key: object, numbers: list[int], is_counted: Callable[[int], bool]
    ) -> tuple[Any, ...]:
        """First, last, min, max, mean of the known values, and how many they are; min and max of those counted."""
        known = {n: history[n - 1][key] for n in numbers if history[n - 1].get(key) is not None}
        if not known:
            return (None, None, None, None, None, 0)
        values = list(known.values())
        counted = [value for n, value in known.items() if is_counted(n)]
        extremes = (min(counted, default=None), max(counted, default=None))
        return (values[0], values[-1], *extremes, sum(values) / len(values), len(values))

    def is_listed_at(self, number: int) -> bool:
        """Whether the licenses of a snapshot were asked for, not held."""
        return self.listed[number - 1][1] == number

    def is_counted_at(self, metric: Metric) -> Callable[[int], bool]:
        """Whether the value of a snapshot was counted, not held."""
        return lambda number: self.counted[number - 1].get(metric) == number

    def period_count_rows(self, length: int) -> list[tuple[Any, ...]]:
        return [
            (period, metric, *self.figures(self.counts, metric, numbers, self.is_counted_at(metric)))
            for period, numbers in self.periods(length).items()
            for metric in self.counts[numbers[-1] - 1]
        ]

    def period_license_rows(self, length: int) -> list[tuple[Any, ...]]:
        rows = []
        for period, numbers in self.periods(length).items():
            for key, now in self.current.items():
                if all(self.usages[number - 1].get(key, "gone") == "gone" for number in numbers):
                    continue
                purchased = self.figures(self.values("purchased"), key, numbers, self.is_listed_at)[1]
                assigned = self.figures(self.values("assigned"), key, numbers, self.is_listed_at)
                described = (period, now.name, key, now.subscription_id, now.site_url, purchased)
                rows.append(described + assigned + self.derived(key, purchased, assigned[1])[1:])
        return rows

    def activity_rows(self) -> list[tuple[Any, ...]]:
        rows = []
        for date, numbers in self.periods(10).items():
            for metric in (Metric.MESSAGES_CREATED, Metric.ADMIN_AUDIT_EVENTS):
                _, last, _, highest, *_ = self.figures(self.counts, metric, numbers, self.is_counted_at(metric))
                if highest is not None:  # else nothing was counted on that day
                    before, _ = self.last_known(self.counts[: numbers[0] - 1], metric)
                    rows.append((date, metric, last - before, "polls"))
        return rows

    def latest_count_rows(self) -> list[tuple[Any, ...]]:
        number = len(self.snapshots)
        rows = []
        for metric in self.counts[-1]:
            value, at = self.last_known(self.counts, metric)
            rows.append((number, self.time(number), metric, value if at else None, self.counted_at(at, metric)))
        return rows

    def latest_license_rows(self) -> list[tuple[Any, ...]]:
        number = len(self.snapshots)
        rows = []
        for key, usage in self.usages[-1].items():
            if usage == "gone":
                continue
            found = [self.last_known(self.values(name), key) for name in USAGE_FIGURES]
            purchased, assigned, assigned_to_users, assigned_to_workspaces = (
                value if at else None for value, at in found
            )
            now = self.current[key]
            described = (number, self.time(number), now.name, key, now.subscription_id, now.site_url)
            figures = (
                purchased,
                assigned,
                assigned_to_users,
                assigned_to_workspaces,
                *self.derived(key, purchased, assigned),
            )
            rows.append((*described, *figures, self.listed_at(found[1][1])))
        return rows

    def collection_rows(self) -> list[tuple[Any, ...]]:
        rows = []
        for name in ("licenses", "people"):
            span: list[Any] | None = None
            for number in self.numbers():
                run = next((run for run in self.snapshots[number - 1].collections if run.collector == name), None)
                if span and run and (span[3], span[6]) == (run.status, run.error):
                    span[7:] = [number - span[0] + 1, self.time(number)]
                    continue
                span = run and [
                    *(number, self.time(number), name, run.status, run.requests, run.seconds, run.error),
                    *(1, self.time(number)),
                ]
                if span:
                    rows.append(span)
        return [tuple(span) for span in rows]

    def with_epoch(self, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Rows that begin with the number of a snapshot, and at their end its time in whole seconds."""
        return [(*row, int(self.snapshots[row[0] - 1].taken_at.timestamp())) for row in rows]

    def all_rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Of each view the rows, without the columns org and org_id."""
        return {
            "counts": self.with_epoch(self.count_rows()),
            "count_deltas": self.with_epoch(self.count_delta_rows()),
            "license_usage": self.with_epoch(self.license_rows()),
            "license_deltas": self.with_epoch(self.license_delta_rows()),
            "daily_counts": self.period_count_rows(10),
            "monthly_counts": self.period_count_rows(7),
            "daily_licenses": self.period_license_rows(10),
            "monthly_licenses": self.period_license_rows(7),
            "daily_activity": self.activity_rows(),
            "latest_counts": self.with_epoch(self.latest_count_rows()),
            "latest_licenses": self.with_epoch(self.latest_license_rows()),
            "collection_log": self.with_epoch(self.collection_rows()),
        }

    def latest_licenses(self) -> tuple[LicenseChange, ...] | None:
        if self.listed[-1][0] is None:
            return None
        number = len(self.snapshots)
        changes = {row[4]: row for row in self.license_delta_rows() if row[0] == number}
        return tuple(
            LicenseChange(
                usage,
                changes[key][6],
                changes[key][8],
                self.moment(changes[key][2]),
                self.moment(changes[key][9]) if changes[key][9] != changes[key][1] else None,
                self.first_names[key] if self.first_names[key] != usage.license.name else "",
            )
            for key, usage in self.usages[-1].items()
            if isinstance(usage, LicenseUsage)
        )

    def latest_counts(self) -> tuple[CountChange, ...]:
        number = len(self.snapshots)
        return tuple(
            CountChange(
                metric,
                value,
                change,
                self.moment(previous_at),
                self.moment(as_of) if as_of not in (None, time) else None,
            )
            for at, time, previous_at, metric, value, change, as_of in self.count_delta_rows()
            if at == number
        )

    def moment(self, time: str | None) -> datetime | None:
        return time and datetime.fromisoformat(f"{time}+00:00")

    def appeared_and_vanished(self) -> tuple[set[str], set[str]]:
        lists = [set(listed or ()) for listed, _ in self.listed]
        known = [position for position, (listed, _) in enumerate(self.listed) if listed is not None]
        if len(known) < 2 or known[-1] != len(self.snapshots) - 1:
            return set(), set()
        now, before = lists[known[-1]], lists[known[-2]]
        return now - before, before - now
