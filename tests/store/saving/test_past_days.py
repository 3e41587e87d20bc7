"""Days before the first poll: counted once, and no hindrance to what polls count later."""

from datetime import UTC, date, datetime

from reading import read

from webexhist.metrics import Metric
from webexhist.store.mending.prune import prune
from webexhist.store.rows.latest import latest
from webexhist.store.saving.past_days import add_past_days, past_days
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import find_damage

TUESDAY, WEDNESDAY = date(2026, 10, 27), date(2026, 10, 28)


def acme(engine) -> str:
    return read(engine, latest)[0].organization.webex_id


def test_a_day_that_is_counted_stays_as_it_is(engine, taken, rows):
    save(engine, taken("2026-10-29 08:00", messages_created=5))
    add_past_days(engine, acme(engine), "analytics", {TUESDAY: {Metric.MESSAGES_CREATED: 30}})
    days = {TUESDAY: {Metric.MESSAGES_CREATED: 99}, WEDNESDAY: {Metric.MESSAGES_CREATED: 20}}
    add_past_days(engine, acme(engine), "events", days)
    assert read(engine, past_days, acme(engine), Metric.MESSAGES_CREATED) == {TUESDAY, WEDNESDAY}
    assert rows(engine, "SELECT day, amount, source FROM daily_activity ORDER BY day") == [
        ("2026-10-27", 30, "analytics"),
        ("2026-10-28", 20, "events"),
        ("2026-10-29", 5, "polls"),
    ]


def test_a_counter_that_only_the_past_holds_is_unknown_until_a_poll_counts_it(engine, taken, rows):
    save(engine, taken("2026-10-29 08:00", people=3))
    add_past_days(engine, acme(engine), "events", {WEDNESDAY: {Metric.MESSAGES_CREATED: 20}})
    save(engine, taken("2026-10-29 09:00", people=3))
    save(engine, taken("2026-10-29 10:00", people=3, messages_created=7))
    metric = "metric = 'messages_created'"
    assert rows(engine, f"SELECT snapshot, value FROM counts WHERE {metric} ORDER BY snapshot") == [
        (1, None),
        (2, None),
        (3, 7),
    ]
    assert rows(engine, f"SELECT first, mean, samples FROM daily_counts WHERE {metric}") == [(7, 7.0, 1)]
    assert rows(engine, f"SELECT day, amount FROM daily_activity WHERE {metric} ORDER BY day") == [
        ("2026-10-28", 20),
        ("2026-10-29", 7),
    ]
    (messages,) = [count for count in read(engine, latest)[0].counts if count.metric == Metric.MESSAGES_CREATED]
    assert (messages.value, messages.change, messages.previous_at) == (27, None, None)


def test_what_polls_counted_stays_known_where_the_first_of_them_were_pruned(engine, taken, rows):
    """Of 5, 7, 0 and 6 messages the first are pruned: what was known before the first poll that is left still is."""
    for day, messages in ((28, 5), (29, 7), (30, 0), (31, 6)):
        save(engine, taken(f"2026-10-{day} 08:00", messages_created=messages))
    prune(engine, date(2026, 10, 30), None, None, datetime(2026, 11, 1, tzinfo=UTC))
    counted = "SELECT snapshot, value FROM counts WHERE metric = 'messages_created' ORDER BY snapshot"
    assert rows(engine, counted) == [(3, 12), (4, 18)]
    add_past_days(engine, acme(engine), "events", {TUESDAY: {Metric.MESSAGES_CREATED: 20}})
    assert rows(engine, counted) == [(3, 12), (4, 18)]
    assert find_damage(engine) == ()
    assert rows(engine, "SELECT day, amount FROM daily_activity WHERE metric = 'messages_created' ORDER BY day") == [
        ("2026-10-27", 20),
        ("2026-10-30", 0),
        ("2026-10-31", 6),
    ]
