"""A backfill counts what was before the first poll, once, and goes on where it stopped."""

from datetime import date, timedelta

import pytest
from polling import NOON, value_of

from webexhist.backfill import BackfillError, backfill_messages
from webexhist.metrics import Metric
from webexhist.simulator import DataFault, Faults, Trouble, World
from webexhist.simulator.faults.switches import Status
from webexhist.store.opening.database import open_existing

NO_ANALYTICS = Trouble(Status(403), path="/v1/analytics/*")
NO_EVENTS = Trouble(Status(403), path="/v1/events")
YEAR = World(opened=date(2025, 10, 1), messages_a_day=lambda day: 100)
"""A hundred messages every day, since before analytics remembers."""


def backfill(polled, days=89):
    return list(backfill_messages(polled.settings(), polled.clock, days))


def query(polled, statement):
    engine = open_existing(polled.settings().database)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql(statement)]
    engine.dispose()
    return rows


def daily(polled, metric=Metric.MESSAGES_CREATED):
    statement = f"SELECT day, amount, source FROM daily_activity WHERE metric = '{metric}' ORDER BY day, source"
    return {(date.fromisoformat(day), source): amount for day, amount, source in query(polled, statement)}


@pytest.fixture
def by_events(simulated):
    """Polled once at noon, in a world whose days before hold messages by hand; analytics is not permitted."""
    polled = simulated(World(), Faults(troubles=[NO_ANALYTICS], page_limits={"/v1/events": 2}))
    post = polled.server.scripted.post_message
    midnight = NOON.replace(hour=0)
    for at in (
        midnight - timedelta(days=90),  # beyond what Webex gives
        midnight - timedelta(days=3),
        midnight - timedelta(days=2, milliseconds=1),
        midnight - timedelta(days=2),
        midnight - timedelta(days=2),
        midnight - timedelta(milliseconds=1),
        midnight,
        NOON - timedelta(minutes=2, milliseconds=1),
    ):
        post(at)
    polled.poll()
    post(NOON - timedelta(minutes=1))  # the first window opened two minutes before noon: this one is the polls'
    return polled


def test_events_are_counted_by_the_utc_day_on_which_they_happened(by_events):
    backfill(by_events)
    today = NOON.date()
    amounts = {day: amount for (day, source), amount in daily(by_events).items() if source == "events" and amount}
    assert amounts == {
        today - timedelta(days=3): 2,
        today - timedelta(days=2): 2,
        today - timedelta(days=1): 1,
        today: 2,
    }


def test_what_polls_count_is_not_counted_again(by_events):
    backfill(by_events)
    by_events.later(minutes=5)
    snapshot = by_events.poll()
    assert value_of(snapshot, Metric.MESSAGES_CREATED) == 7 + 1
    backfill(by_events)
    by_events.later(minutes=5)
    assert value_of(by_events.poll(), Metric.MESSAGES_CREATED) == 7 + 1


def test_days_that_are_counted_are_not_asked_for_again(by_events):
    assert backfill(by_events, days=10)[-1].done == 11
    by_events.server.requests.clear()
    assert backfill(by_events, days=10)[0].done == 11
    assert by_events.server.requests.by_path()["/v1/events"] == 0


def test_an_interrupted_backfill_goes_on_where_it_stopped(by_events):
    steps = backfill_messages(by_events.settings(workers="2"), by_events.clock, 10)
    assert [next(steps).done for _ in range(3)] == [0, 2, 4]
    steps.close()
    resumed = backfill(by_events, days=10)
    assert (resumed[0].done, resumed[-1].done) == (4, 11)
    assert sum(amount for (_, source), amount in daily(by_events).items() if source == "events") == 7


def test_a_backfill_that_fails_keeps_what_it_has(by_events):
    by_events.server.faults.troubles.append(Trouble(Status(400), path="/v1/events", skip=4))
    with pytest.raises(Exception, match="GET /v1/events answered 400"):
        list(backfill_messages(by_events.settings(workers="2"), by_events.clock, 10))
    by_events.server.faults.troubles.pop()
    assert backfill(by_events, days=10)[0].done > 0
    assert sum(amount for (_, source), amount in daily(by_events).items() if source == "events") == 7


@pytest.mark.parametrize("data", [set(), {DataFault.ANALYTICS_AS_TEXT}])
def test_analytics_brings_thirteen_months_in_one_call(simulated, data):
    polled = simulated(YEAR, Faults(data=data))
    polled.poll()
    polled.server.requests.clear()
    assert backfill(polled)[0].days == 396
    assert polled.server.requests.by_path()["/v1/analytics/messagingMetrics/dailyTotals"] == 1
    by_analytics = {day: amount for (day, source), amount in daily(polled).items() if source == "analytics"}
    assert set(by_analytics.values()) == {100}
    assert (min(by_analytics), max(by_analytics)) == (date(2025, 10, 23), date(2026, 11, 22))


def test_the_first_polls_own_day_comes_from_events_up_to_its_first_window(simulated):
    polled = simulated(YEAR)
    polled.poll()
    backfill(polled)
    of_today = [amount for (day, source), amount in daily(polled).items() if (day, source) == (NOON.date(), "events")]
    polled.later(hours=14)
    counted = value_of(polled.poll(), Metric.MESSAGES_CREATED)
    assert 0 < of_today[0] < 100
    assert 396 * 100 + 100 <= counted < 396 * 100 + 100 + 100


def test_without_a_poll_the_past_has_no_end(simulated):
    polled = simulated(World(), Faults(troubles=[NO_ANALYTICS, NO_EVENTS]))
    polled.poll()
    with pytest.raises(BackfillError, match="run webexhist poll with a Compliance Officer's token first"):
        backfill(polled)


def test_texts_and_people_of_events_reach_no_file(by_events):
    marker = "planted-marker-7f3a"
    by_events.server.scripted.post_message(NOON - timedelta(days=1), marker)
    by_events.server.scripted.post_message(NOON, marker)
    backfill(by_events)
    by_events.later(minutes=5)
    by_events.poll()
    held = b"".join(file.read_bytes() for file in by_events.folder.rglob("*") if file.is_file())
    assert b"webex" in held
    assert marker.encode() not in held
    assert b"@acme.example" not in held
