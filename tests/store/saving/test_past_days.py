"""Days before the first poll: counted once, and no hindrance to what polls count later."""

from datetime import date

from reading import read

from webexhist.metrics import Metric
from webexhist.store.rows.latest import latest
from webexhist.store.saving.past_days import add_past_days, past_days
from webexhist.store.saving.save import save

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
