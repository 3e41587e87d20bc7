"""What the views say of a short history, worked out by hand."""

import pytest
from reading import read
from sqlalchemy import Engine, text

from webexhist.snapshot import License, LicenseUsage
from webexhist.store.rows.latest import latest
from webexhist.store.saving.save import save

SUITE = License("id-suite", "Webex Suite", "EE", "Sub1", "acme.webex.com", None, counted=True)
FREE = License("id-free", "Free Messaging", "FMS", None, None, None, counted=False)


def licenses(purchased: int | None, assigned: int | None) -> tuple[LicenseUsage, ...]:
    return (LicenseUsage(SUITE, purchased, assigned, assigned, 0), LicenseUsage(FREE, 44, 44, 44, 0))


@pytest.fixture
def history(engine: Engine, taken) -> Engine:
    """Two days of October and one of November: known and unknown people, a purchase, messages counted and not."""
    for moment, people, messages, listed in (
        ("2026-10-30 08:00", 10, 5, licenses(200, 190)),
        ("2026-10-30 12:00", 14, 7, licenses(200, 195)),
        ("2026-10-30 16:00", None, None, None),
        ("2026-10-30 20:00", 12, 3, licenses(200, 191)),
        ("2026-10-31 09:00", 12, None, licenses(250, 191)),
        ("2026-11-02 09:00", 13, 8, licenses(250, 260)),
        ("2026-11-02 10:00", None, 1, ()),
    ):
        save(engine, taken(moment, people=people, messages_created=messages, licenses=listed))
    return engine


def test_counts_give_every_value_of_every_snapshot(history, rows):
    assert rows(
        history, "SELECT snapshot, taken_at, value FROM counts WHERE metric = 'people' ORDER BY snapshot"
    ) == [
        (1, "2026-10-30 08:00:00", 10),
        (2, "2026-10-30 12:00:00", 14),
        (3, "2026-10-30 16:00:00", None),
        (4, "2026-10-30 20:00:00", 12),
        (5, "2026-10-31 09:00:00", 12),
        (6, "2026-11-02 09:00:00", 13),
        (7, "2026-11-02 10:00:00", None),
    ]


def test_counters_are_running_totals(history, rows):
    assert rows(history, "SELECT value FROM counts WHERE metric = 'messages_created' ORDER BY snapshot") == [
        (5,),
        (12,),
        (None,),
        (15,),
        (None,),
        (23,),
        (24,),
    ]


def test_count_deltas_reach_over_unknown_snapshots(history, rows):
    query = """
        SELECT snapshot, previous_at, value, change FROM count_deltas WHERE metric = 'people' ORDER BY snapshot"""
    assert rows(history, query) == [
        (1, None, 10, None),
        (2, "2026-10-30 08:00:00", 14, 4),
        (3, "2026-10-30 12:00:00", None, None),
        (4, "2026-10-30 12:00:00", 12, -2),
        (5, "2026-10-30 20:00:00", 12, 0),
        (6, "2026-10-31 09:00:00", 13, 1),
        (7, "2026-11-02 09:00:00", None, None),
    ]


def test_license_usage_gives_available_units_and_utilization(history, rows):
    query = """
        SELECT snapshot, purchased, assigned, assigned_to_users, assigned_to_workspaces, available, utilization
        FROM license_usage WHERE license_id = 'id-suite' ORDER BY snapshot"""
    assert rows(history, query) == [
        (1, 200, 190, 190, 0, 10, 95.0),
        (2, 200, 195, 195, 0, 5, 97.5),
        (3, None, None, None, None, None, None),
        (4, 200, 191, 191, 0, 9, 95.5),
        (5, 250, 191, 191, 0, 59, 76.4),
        (6, 250, 260, 260, 0, -10, 104.0),
    ]


def test_a_license_that_is_not_counted_has_no_utilization(history, rows):
    query = (
        "SELECT DISTINCT license, subscription, site, available, utilization FROM license_usage WHERE purchased = 44"
    )
    assert rows(history, query) == [("Free Messaging", None, None, 0, None)]


def test_unlimited_and_empty_totals_have_no_utilization(engine, taken, rows):
    for minute, purchased in ((0, -1), (5, 0)):
        save(engine, taken(f"2026-11-23 15:{minute:02}", licenses=licenses(purchased, 3)[:1]))
    query = "SELECT purchased, available, utilization FROM license_usage ORDER BY snapshot"
    assert rows(engine, query) == [(-1, None, None), (0, -3, None)]


def test_license_deltas_keep_purchases_apart_from_use(history, rows):
    query = """
        SELECT snapshot, previous_at, purchased, purchased_change, assigned, assigned_change
        FROM license_deltas WHERE license_id = 'id-suite' AND snapshot >= 3 ORDER BY snapshot"""
    assert rows(history, query) == [
        (3, "2026-10-30 12:00:00", None, None, None, None),
        (4, "2026-10-30 12:00:00", 200, 0, 191, -4),
        (5, "2026-10-30 20:00:00", 250, 50, 191, 0),
        (6, "2026-10-31 09:00:00", 250, 0, 260, 69),
    ]


def test_days_give_first_last_min_max_and_mean_of_what_was_known(history, rows):
    query = """
        SELECT day, first, last, min, max, mean, samples FROM daily_counts WHERE metric = 'people' ORDER BY day"""
    assert rows(history, query) == [
        ("2026-10-30", 10, 12, 10, 14, 12.0, 3),
        ("2026-10-31", 12, 12, 12, 12, 12.0, 1),
        ("2026-11-02", 13, 13, 13, 13, 13.0, 1),
    ]


def test_a_mean_weighs_a_value_by_the_snapshots_it_held_for(engine, taken, rows):
    for hour, people in enumerate((10, 10, 10, 14)):
        save(engine, taken(f"2026-11-23 {hour:02}:00", people=people))
    assert rows(engine, "SELECT mean, samples FROM daily_counts") == [(11.0, 4)]


def test_months_give_the_same_of_all_their_days(history, rows):
    query = """
        SELECT month, first, last, min, max, mean, samples FROM monthly_counts
        WHERE metric = 'people' ORDER BY month"""
    assert rows(history, query) == [
        ("2026-10", 10, 12, 10, 14, 12.0, 4),
        ("2026-11", 13, 13, 13, 13, 13.0, 1),
    ]


def test_licenses_have_days_and_months_too(history, rows):
    columns = """license, purchased, assigned_first, assigned_last, assigned_min, assigned_max, assigned_mean,
        samples, utilization"""
    suite = "WHERE license_id = 'id-suite' ORDER BY"
    assert rows(history, f"SELECT day, {columns} FROM daily_licenses {suite} day") == [
        ("2026-10-30", "Webex Suite", 200, 190, 191, 190, 195, 192.0, 3, 95.5),
        ("2026-10-31", "Webex Suite", 250, 191, 191, 191, 191, 191.0, 1, 76.4),
        ("2026-11-02", "Webex Suite", 250, 260, 260, 260, 260, 260.0, 1, 104.0),
    ]
    assert rows(history, f"SELECT month, {columns} FROM monthly_licenses {suite} month") == [
        ("2026-10", "Webex Suite", 250, 190, 191, 190, 195, 191.75, 4, 76.4),
        ("2026-11", "Webex Suite", 250, 260, 260, 260, 260, 260.0, 1, 104.0),
    ]


def test_a_day_on_which_all_was_unknown_has_a_row_without_figures(history, taken, rows):
    save(history, taken("2026-11-03 09:00"))
    assert rows(history, "SELECT * FROM daily_counts WHERE day = '2026-11-03' AND metric = 'people'") == [
        ("Acme", "2026-11-03", "people", None, None, None, None, None, 0, 1)
    ]


def test_a_day_after_a_license_vanished_has_no_row(history, taken, rows):
    save(history, taken("2026-11-03 09:00"))
    assert rows(history, "SELECT day FROM daily_licenses WHERE day > '2026-11-02'") == []


def test_activity_is_what_counters_gained_in_a_day(history, rows):
    """Nothing is known on 31 October: what happened then is in the next known purchased, two days later."""
    assert rows(history, "SELECT day, amount, source FROM daily_activity ORDER BY day") == [
        ("2026-10-30", 15, "polls"),
        ("2026-11-02", 9, "polls"),
    ]


def test_activity_takes_in_days_before_the_first_poll(history, rows):
    """And the running purchased of the latest snapshot includes them, but its change does not."""
    with history.begin() as connection:
        metric = connection.scalar(text("SELECT id FROM metric WHERE name = 'messages_created'"))
        for day, amount, source in (("2026-10-28", 30, "analytics"), ("2026-10-29", 20, "events")):
            connection.execute(
                text(
                    "INSERT INTO past_day (organization_id, metric_id, day, amount, source)"
                    " VALUES (1, :metric, :day, :amount, :source)"
                ),
                {"metric": metric, "day": day, "amount": amount, "source": source},
            )
    assert rows(history, "SELECT org, day, metric, amount, source FROM daily_activity ORDER BY day")[:3] == [
        ("Acme", "2026-10-28", "messages_created", 30, "analytics"),
        ("Acme", "2026-10-29", "messages_created", 20, "events"),
        ("Acme", "2026-10-30", "messages_created", 15, "polls"),
    ]
    messages = {count.metric: count for count in read(history, latest)[0].counts}["messages_created"]
    assert (messages.value, messages.change) == (30 + 20 + 24, 1)


def test_the_latest_counts_are_the_last_known_ones(history, rows):
    assert rows(history, "SELECT snapshot, taken_at, metric, value, as_of FROM latest_counts ORDER BY metric") == [
        (7, "2026-11-02 10:00:00", "messages_created", 24, "2026-11-02 10:00:00"),
        (7, "2026-11-02 10:00:00", "people", 13, "2026-11-02 09:00:00"),
    ]


def test_the_latest_licenses_are_the_last_known_ones_that_have_not_vanished(history, taken, rows):
    assert rows(history, "SELECT * FROM latest_licenses") == []
    save(history, taken("2026-11-02 11:00", licenses=licenses(250, 259)[:1]))
    save(history, taken("2026-11-02 12:00", licenses=None))
    query = "SELECT license, purchased, assigned, available, utilization, taken_at, as_of FROM latest_licenses"
    assert rows(history, query) == [
        ("Webex Suite", 250, 259, -9, 103.6, "2026-11-02 12:00:00", "2026-11-02 11:00:00")
    ]


def test_a_metric_that_appears_later_has_no_rows_before(history, taken, rows):
    save(history, taken("2026-11-02 11:00", rooms=200))
    assert rows(history, "SELECT snapshot, value FROM counts WHERE metric = 'rooms'") == [(8, 200)]
    assert rows(history, "SELECT day, first, samples FROM daily_counts WHERE metric = 'rooms'") == [
        ("2026-11-02", 200, 1)
    ]
    assert rows(history, "SELECT month FROM monthly_counts WHERE metric = 'rooms'") == [("2026-11",)]
