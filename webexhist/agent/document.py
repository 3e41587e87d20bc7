"""The JSON document that a Site24x7 plugin prints.

The names of counts are those of the plugin that this one replaces, letter for letter: its users have alerts on them.
An unknown value is left out: the agent has no null, and neither 0 nor -1 would be true.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any

from webexhist.agent.failure import base_document
from webexhist.agent.license_table import license_rows, license_totals
from webexhist.agent.message import message
from webexhist.agent.running_out import DAYS_TO_RUN_OUT, DECISIONS_OPEN, decisions_open, first_to_run_out
from webexhist.metrics import PLUGIN_CHANGES, PLUGIN_VALUES, Metric
from webexhist.seat_counts import LastSeats
from webexhist.stored_snapshot import CountChange, LicenseChange, StoredSnapshot
from webexhist.units import sum_known, sum_known_of_any

Document = dict[str, Any]

LICENSE_TOTALS = (
    "License Total Units",
    "License Consumed Units",
    "License Free Units",
    "License Utilization",
    "Licenses Over 90 Percent",
)
OF_THE_FUTURE = (DAYS_TO_RUN_OUT, DECISIONS_OPEN)
IDLE_SEATS = "Idle Seats 90 Days"
LICENSE_CHANGES = ("Consumed Units Change", "Total Units Change")
OF_THE_POLL = ("Seconds Since Last Poll", "Collection Errors", "API Requests", "Poll Seconds")
ROWS = "Licenses"

UNITS = {
    "License Utilization": "%",
    DAYS_TO_RUN_OUT: "days",
    "Seconds Since Last Poll": "s",
    "Poll Seconds": "s",
    ROWS: {"Utilization": "%", DAYS_TO_RUN_OUT: "days"},
}
TABS = {
    "Licenses": {"order": 1, "tablist": [*LICENSE_TOTALS, *OF_THE_FUTURE, IDLE_SEATS, ROWS]},
    "Changes": {
        "order": 2,
        "tablist": [*PLUGIN_CHANGES, *LICENSE_CHANGES, "Seconds Since Last Poll"],
    },
}
CHILDREN = {"childdiscovery": [ROWS]}
"""Tables of which each row may be a monitor of its own."""


def plugin_document(snapshots: Sequence[StoredSnapshot]) -> Document:
    """The document of one poll: a snapshot for every organization, counts as their sums."""
    values: Document = {
        name: total(snapshots, counted_one(snapshots, metrics), value_of) for name, metrics in PLUGIN_VALUES.items()
    }
    values |= {name: change_of_one(snapshots, metrics) for name, metrics in PLUGIN_CHANGES.items()}
    values |= license_totals(snapshots)
    values |= {
        DAYS_TO_RUN_OUT: first_to_run_out(snapshots),
        DECISIONS_OPEN: decisions_open(snapshots),
        IDLE_SEATS: idle_seats(snapshots),
        "Seconds Since Last Poll": seconds_since_last_poll(snapshots),
        "Collection Errors": sum(each.status.is_trouble for snapshot in snapshots for each in snapshot.collections),
        "API Requests": sum_known(snapshot.requests for snapshot in snapshots),
        "Poll Seconds": seconds_of_poll(snapshots),
    }
    known = {name: value for name, value in values.items() if value is not None}
    rows = {ROWS: license_rows(snapshots), "units": UNITS, "tabs": TABS, "s247config": CHILDREN}
    return base_document(message(snapshots)) | known | rows


def value_of(count: CountChange) -> int | None:
    return count.value


def change_of(count: CountChange) -> int | None:
    return count.change


def total(
    snapshots: Iterable[StoredSnapshot], metric: Metric, figure: Callable[[CountChange], int | None]
) -> int | None:
    """The sum over all organizations; unknown when one does not know it, or none does.

    What Webex answers once a token stands with one organization, and is that one's.
    """
    of_each = [[figure(count) for count in snapshot.counts if count.metric is metric] for snapshot in snapshots]
    if not metric.row.once_a_token and not all(of_each):
        return None
    return sum_known_of_any(chain.from_iterable(of_each))


def counted_one(snapshots: Sequence[StoredSnapshot], alternatives: Sequence[Metric]) -> Metric:
    """The first of the counts that stand in for each other of which this poll knows the value, else the last."""
    known = (metric for metric in alternatives if total(snapshots, metric, value_of) is not None)
    return next(known, alternatives[-1])


def change_of_one(snapshots: Sequence[StoredSnapshot], alternatives: Sequence[Metric]) -> int | None:
    """The change of the counted one; unknown where the last poll that knew any of them counted another."""
    counted = counted_one(snapshots, alternatives)
    known_at = [
        (count.previous_at, count.metric)
        for snapshot in snapshots
        for count in snapshot.counts
        if count.metric in alternatives and count.previous_at
    ]
    switched = bool(known_at) and max(known_at)[1] is not counted
    return None if switched else total(snapshots, counted, change_of)


def idle_seats(snapshots: Iterable[StoredSnapshot]) -> int | None:
    """The seats whose holders were not active for 90 days; unknown where they were not counted lately of one.

    Those of licenses that are not judged are in no sum: which these are is unknown where the list of licenses is.
    """
    return sum_known(
        idle_seats_of(snapshot.licenses, snapshot.seats) if snapshot.licenses is not None and snapshot.seats else None
        for snapshot in snapshots
    )


def idle_seats_of(licenses: Sequence[LicenseChange], seats: LastSeats) -> int:
    """The same of one organization."""
    left_out = {change.usage.license.webex_id for change in licenses if change.not_judged}
    return sum(each.counts.idle_90 for each in seats.licenses if each.counted and each.license_id not in left_out)


def seconds_of_poll(snapshots: Iterable[StoredSnapshot]) -> float | None:
    """How long the poll took; unknown where none of it was polled."""
    return max((round(each.seconds, 1) for each in snapshots if each.seconds is not None), default=None)


def seconds_since_last_poll(snapshots: Iterable[StoredSnapshot]) -> int | None:
    """The time over which the changes came about; the longest where organizations differ."""
    spans = [
        round((snapshot.taken_at - snapshot.previous_at).total_seconds())
        for snapshot in snapshots
        if snapshot.previous_at
    ]
    return max(spans, default=None)
