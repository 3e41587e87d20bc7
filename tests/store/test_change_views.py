"""The history as it is stored: what changed and for how long it held, and where polls are missing."""

from datetime import UTC, datetime, timedelta

import pytest
from histories import Poller, license_of
from sqlalchemy import text

from webexhist.metrics import Metric
from webexhist.months import Month, Period
from webexhist.review.polling import monthly_evidence
from webexhist.store.times import read_written, written
from webexhist.time_zones import UTC_DAYS

SUITE = license_of("Suite")
HISTORY = [
    ("08:00", (100, 90), 5),
    ("09:00", (100, 90), 5),
    ("10:00", None, 5),
    ("11:00", (100, 92), 7),
    ("12:00", (120, 92), 7),
]
"""By the hour of 1 November: units purchased and assigned, or an unknown list, and people."""
HOURS = "substr(CAST(since AS TEXT), 12, 5), substr(CAST(until AS TEXT), 12, 5)"


@pytest.fixture
def polled(engine):
    for hour, units, people in HISTORY:
        licenses = None if units is None else {SUITE: units}
        Poller(engine).poll(f"2026-11-01 {hour}", licenses, {Metric.PEOPLE: people})
    return engine


def test_a_license_has_a_row_for_each_value_and_its_change_is_from_the_last_known_one(polled, rows):
    query = f"SELECT {HOURS}, value, change, polls FROM license_changes WHERE field = '{{}}' ORDER BY snapshot"
    assert rows(polled, query.format("assigned")) == [
        ("08:00", "10:00", 90, None, 2),
        ("10:00", "11:00", None, None, 1),
        ("11:00", None, 92, 2, 2),
    ]
    assert rows(polled, query.format("purchased")) == [
        ("08:00", "10:00", 100, None, 2),
        ("10:00", "11:00", None, None, 1),
        ("11:00", "12:00", 100, 0, 1),
        ("12:00", None, 120, 20, 1),
    ]


def test_a_count_has_a_row_for_each_value(polled, rows):
    query = f"SELECT {HOURS}, value, change, polls FROM count_changes ORDER BY snapshot"
    assert rows(polled, query) == [("08:00", "11:00", 5, None, 3), ("11:00", None, 7, 2, 2)]


def test_every_value_of_every_poll_comes_out_of_the_changes_too(polled, rows):
    in_polls = (
        "{0} c JOIN snapshots s ON s.org_id = c.org_id AND s.snapshot BETWEEN c.snapshot AND c.snapshot + c.polls - 1"
    )
    query = f"SELECT s.taken_epoch, c.value FROM {in_polls.format('count_changes')}"
    assert sorted(rows(polled, query)) == sorted(rows(polled, "SELECT taken_epoch, value FROM counts"))
    query = f"SELECT s.taken_epoch, c.value FROM {in_polls.format('license_changes')} WHERE c.field = 'assigned'"
    dense = rows(polled, "SELECT taken_epoch, assigned FROM license_usage")
    assert sorted(rows(polled, query), key=str) == sorted(dense, key=str)


def test_the_epoch_is_the_time_in_whole_seconds(polled, rows):
    noon = int(datetime(2026, 11, 1, 12, tzinfo=UTC).timestamp())
    for view in ("snapshots", "counts", "count_deltas", "license_usage", "license_deltas"):
        assert rows(polled, f"SELECT DISTINCT taken_epoch FROM {view} WHERE snapshot = 5") == [(noon,)]
    for view in ("latest_counts", "latest_licenses"):
        assert rows(polled, f"SELECT DISTINCT taken_epoch FROM {view}") == [(noon,)]
    assert rows(polled, "SELECT max(taken_epoch) FROM collection_log") == [(noon - 3600,)]


@pytest.fixture
def unsteady(engine, taken):
    """Polls every hour, then every four hours, with times without any in both, of which the last has no end."""
    moment, ends = datetime(2026, 9, 29, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
    poller, polls = Poller(engine), []
    while moment < ends:
        if not any(begins <= moment < ends for begins, ends in WITHOUT_POLLS):
            poller.poll(moment, {SUITE: (100, 90)})
            polls.append(moment)
        moment += timedelta(hours=6 if moment < datetime(2026, 11, 1, tzinfo=UTC) else 24)
    return engine, polls


WITHOUT_POLLS = [
    (datetime(2026, 10, 3, 6, tzinfo=UTC), datetime(2026, 10, 3, 12, tzinfo=UTC)),
    (datetime(2026, 10, 30, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC)),
    (datetime(2026, 11, 8, tzinfo=UTC), datetime(2026, 11, 13, tzinfo=UTC)),
]


def test_a_gap_has_the_polls_that_are_missing_by_what_was_usual_in_its_month(unsteady, rows):
    engine, _ = unsteady
    assert rows(engine, "SELECT since, until, seconds, usual_seconds, missed FROM gaps ORDER BY since") == [
        ("2026-10-03 00:00:00", "2026-10-03 12:00:00", 43200, 21600.0, 1),
        ("2026-10-29 18:00:00", "2026-11-03 00:00:00", 367200, 86400.0, 3),
        ("2026-11-07 00:00:00", "2026-11-13 00:00:00", 518400, 86400.0, 5),
    ]


def test_gaps_are_those_of_the_review(unsteady):
    engine, polls = unsteady
    evidence = monthly_evidence(polls, Period(Month(2026, 9), Month(2026, 11)), UTC_DAYS, polls[-1])
    found = {(gap.began_at, gap.ended_at, gap.missed) for month in evidence for gap in month.gaps}
    with engine.connect() as connection:
        stored = connection.execute(text("SELECT since, until, missed FROM gaps")).all()
    assert {(read_written(since), read_written(until), missed) for since, until, missed in stored} == found
    assert written(min(began for began, _, _ in found)) == "2026-10-03 00:00:00"
