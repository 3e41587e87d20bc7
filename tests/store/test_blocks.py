"""Values of every snapshot, where PostgreSQL reads those of 64 at once: at the edges, too, each has its own."""

from itertools import pairwise

import pytest
from histories import license_of, usage
from sqlalchemy import Engine, text

from webexhist.store.saving.save import save

SUITE = license_of("Webex Suite")
CALLING = license_of("Webex Calling")
POLLS = 200
LIST_FAILED = (63, 64, 127, 128, 129, 192)
CALLING_LISTED = range(62, 131)
"""From before an edge until after the next but one."""
CHANGES = (1, 2, 62, 63, 64, 65, 127, 128, 129, 191, 192, 193, 200)
"""Snapshots at which the people are others: each by one more than at the change before."""
PEOPLE_UNKNOWN = (64, 126, 127, 128, 193)
ASKED = {
    "": range(1, POLLS + 1),
    " AND snapshot BETWEEN 60 AND 68": range(60, 69),
    " AND snapshot = 64": range(64, 65),
    " AND snapshot = 128": range(128, 129),
    " AND snapshot > 190": range(191, POLLS + 1),
}
"""All, and some, with the snapshots that it means: the edges are where they are whatever is asked for."""


@pytest.fixture(scope="module")
def people() -> dict[int, int | None]:
    known = {poll: 100 + sum(range(sum(change <= poll for change in CHANGES))) for poll in range(1, POLLS + 1)}
    return known | dict.fromkeys(PEOPLE_UNKNOWN)


@pytest.fixture
def polled(engine: Engine, taken, people) -> Engine:
    for poll in range(1, POLLS + 1):
        listed = [usage(SUITE, (250, 10 + poll // 32))]
        if poll in CALLING_LISTED:
            listed.append(usage(CALLING, (50, poll)))
        licenses = None if poll in LIST_FAILED else tuple(listed)
        moment = f"2026-11-20 {poll // 60:02}:{poll % 60:02}"
        save(engine, taken(moment, people=people[poll], messages_created=poll % 3, licenses=licenses))
    return engine


def rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_counts_and_their_changes_are_those_of_each_snapshot(polled, people):
    known = [(poll, value) for poll, value in people.items() if value is not None]
    before = {poll: value for (_, value), (poll, _) in pairwise(known)}
    expected = [
        (poll, value, value - before[poll] if value is not None and poll in before else None)
        for poll, value in people.items()
    ]
    for asked, polls in ASKED.items():
        within = [row for row in expected if row[0] in polls]
        values = rows(polled, f"SELECT snapshot, value FROM counts WHERE metric = 'people'{asked} ORDER BY snapshot")
        assert values == [row[:2] for row in within]
        query = f"SELECT snapshot, value, change FROM count_deltas WHERE metric = 'people'{asked} ORDER BY snapshot"
        assert rows(polled, query) == within


def test_a_counter_that_changes_with_nearly_every_poll_is_found_in_each(polled):
    totals = [0]
    for poll in range(1, POLLS + 1):
        totals.append(totals[-1] + poll % 3)
    query = "SELECT snapshot, value, change FROM count_deltas WHERE metric = 'messages_created' ORDER BY snapshot"
    assert rows(polled, query)[1:] == [(poll, totals[poll], poll % 3) for poll in range(2, POLLS + 1)]


def test_licenses_are_those_of_each_snapshots_list(polled):
    expected = []
    before = {SUITE: None, CALLING: None}
    for poll in range(1, POLLS + 1):
        of_suite = (250, 10 + poll // 32)
        listed = [(CALLING, (50, poll)), (SUITE, of_suite)] if poll in CALLING_LISTED else [(SUITE, of_suite)]
        for license_, (purchased, assigned) in listed:
            if poll in LIST_FAILED:
                expected.append((poll, license_.name, None, None, None, None))
                continue
            change = None if before[license_] is None else assigned - before[license_]
            expected.append((poll, license_.name, purchased, assigned, purchased - assigned, change))
            before[license_] = assigned
    for asked, polls in ASKED.items():
        query = f"""SELECT u.snapshot, u.license, u.purchased, u.assigned, u.available, d.assigned_change
            FROM (SELECT * FROM license_usage WHERE org_id = 1{asked}) u
            JOIN (SELECT * FROM license_deltas WHERE org_id = 1{asked}) d
              ON d.snapshot = u.snapshot AND d.license_id = u.license_id
            ORDER BY u.snapshot, u.license"""
        assert rows(polled, query) == [row for row in expected if row[0] in polls]
