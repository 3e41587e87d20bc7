"""Time zones by which days are counted, and organizations that are retired."""

from datetime import UTC, date, datetime, timedelta

import pytest
from histories import ACME, Poller, license_of
from reading import read

from webexhist.errors import UsageError
from webexhist.metrics import Metric
from webexhist.snapshot import Organization
from webexhist.store.entered.changes import Signature
from webexhist.store.entered.organizations import enter_timezone, resume, retire
from webexhist.store.mending.trim import trim
from webexhist.store.rows.organizations import known_organizations
from webexhist.store.seals.damage import find_damage
from webexhist.time_zones import UTC_DAYS, TimeZone

SUITE = license_of("Suite")
BETA = Organization("beta", "Beta")
TOKYO = TimeZone("Asia/Tokyo")
ANNA = Signature(datetime(2026, 11, 25, 20, tzinfo=UTC), "Anna")
DAYS = "SELECT day, first_number, last_number FROM day WHERE organization_id = 1 ORDER BY day"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hourly(poller, first, hours):
    for hour in range(hours):
        poller.poll(at(first) + timedelta(hours=hour), {SUITE: (100, hour)})


@pytest.fixture
def polled(engine):
    """Acme at four moments around the end of October in Tokyo, and Beta, whose days stay those of UTC."""
    moments = ("2026-10-30 15:00", "2026-10-31 14:59", "2026-10-31 15:00", "2026-11-01 03:00")
    for number, moment in enumerate(moments, 1):
        since = at(moments[number - 2]) if number > 1 else None
        gauges = {Metric.PEOPLE: number}
        Poller(engine, ACME).poll(moment, {SUITE: (100, 10 * number)}, gauges, messages=number, since=since)
        Poller(engine, BETA).poll(moment, {SUITE: (9, number)})
    enter_timezone(engine, 1, TOKYO, ANNA)
    return engine


def test_days_and_months_are_those_of_the_zone_in_every_view(polled, rows):
    counts = "SELECT day, first, last, samples FROM daily_counts WHERE org_id = 1 AND metric = 'people' ORDER BY day"
    assert rows(polled, counts) == [("2026-10-31", 1, 2, 2), ("2026-11-01", 3, 4, 2)]
    units = "SELECT {0}, assigned_first, assigned_last FROM {1} WHERE org_id = {2} ORDER BY 1"
    assert rows(polled, units.format("day", "daily_licenses", 1)) == [("2026-10-31", 10, 20), ("2026-11-01", 30, 40)]
    for view in ("monthly_licenses", "monthly_products"):
        assert rows(polled, units.format("month", view, 1)) == [("2026-10", 10, 20), ("2026-11", 30, 40)]
        assert rows(polled, units.format("month", view, 2)) == [("2026-10", 1, 3), ("2026-11", 4, 4)]
    activity = "SELECT day, amount FROM daily_activity WHERE org_id = 1 ORDER BY day"
    assert rows(polled, activity) == [("2026-10-31", 1 + 2), ("2026-11-01", 3 + 4)]
    beta = "SELECT day, assigned_last FROM daily_products WHERE org_id = 2 ORDER BY day"
    assert rows(polled, beta) == [("2026-10-30", 1), ("2026-10-31", 3), ("2026-11-01", 4)]


def test_later_polls_and_dropped_ones_keep_to_the_zone(polled, rows):
    acme = Poller(polled, ACME)
    acme.poll("2026-11-01 14:59", {SUITE: (100, 50)})
    acme.poll("2026-11-01 15:00", {SUITE: (100, 60)})
    assert rows(polled, DAYS) == [("2026-10-31", 1, 2), ("2026-11-01", 3, 5), ("2026-11-02", 6, 6)]
    trim(polled, at("2026-10-31 15:30"), 1, None, ANNA.at)
    assert rows(polled, DAYS) == [("2026-10-31", 1, 2), ("2026-11-01", 3, 3)]
    assert find_damage(polled) == ()


def test_seals_stay_those_of_days_of_utc_and_the_way_back_leads_where_it_began(polled, rows):
    sealed = "SELECT day FROM sealed_day WHERE organization_id = 1 ORDER BY day"
    assert rows(polled, sealed) == [("2026-10-30",), ("2026-10-31",), ("2026-11-01",)]
    rebuilt = enter_timezone(polled, 1, UTC_DAYS, ANNA)
    assert (rebuilt.before, rebuilt.after, rebuilt.days) == (TOKYO, UTC_DAYS, 3)
    assert rows(polled, DAYS) == [("2026-10-30", 1, 1), ("2026-10-31", 2, 3), ("2026-11-01", 4, 4)]
    assert find_damage(polled) == ()


def test_who_entered_a_zone_is_kept_and_the_same_entered_again_changes_nothing(polled):
    again = Signature(ANNA.at + timedelta(days=1), "Bert")
    assert enter_timezone(polled, 1, TOKYO, again).before == TOKYO
    acme, beta = read(polled, known_organizations)
    assert (acme.zone, acme.zone_entered_at, acme.zone_entered_by) == (TOKYO, ANNA.at, "Anna")
    assert (beta.zone, beta.zone_entered_at, beta.zone_entered_by) == (UTC_DAYS, None, None)


@pytest.mark.parametrize(
    ("zone", "first", "hours", "days"),
    [
        # A day of 23 hours, and one of 25; the day before has begun an hour earlier.
        (
            "Europe/Berlin",
            "2026-03-28 22:00",
            25,
            [("2026-03-28", 1, 1), ("2026-03-29", 2, 24), ("2026-03-30", 25, 25)],
        ),
        (
            "Europe/Berlin",
            "2026-10-24 21:00",
            27,
            [("2026-10-24", 1, 1), ("2026-10-25", 2, 26), ("2026-10-26", 27, 27)],
        ),
        (
            "America/Sao_Paulo",
            "2018-11-04 02:00",
            25,
            [("2018-11-03", 1, 1), ("2018-11-04", 2, 24), ("2018-11-05", 25, 25)],
        ),
        ("Asia/Kathmandu", "2026-10-31 17:30", 3, [("2026-10-31", 1, 1), ("2026-11-01", 2, 3)]),
        ("Pacific/Apia", "2011-12-30 08:00", 4, [("2011-12-29", 1, 2), ("2011-12-31", 3, 4)]),
    ],
)
def test_days_of_other_lengths_hold_the_polls_of_their_time(sqlite_engine, rows, zone, first, hours, days):
    poller = Poller(sqlite_engine)
    hourly(poller, first, 1)
    enter_timezone(sqlite_engine, 1, TimeZone(zone), ANNA)  # later polls find their days one by one ...
    hourly(Poller(sqlite_engine), (at(first) + timedelta(hours=1)).replace(tzinfo=None).isoformat(" "), hours - 1)
    assert rows(sqlite_engine, DAYS) == days
    enter_timezone(sqlite_engine, 1, UTC_DAYS, ANNA)
    enter_timezone(sqlite_engine, 1, TimeZone(zone), ANNA)  # ... and all of them at once are the same
    assert rows(sqlite_engine, DAYS) == days
    assert find_damage(sqlite_engine) == ()


def test_an_organization_is_retired_from_a_day_of_its_own_on_until_it_is_taken_back(polled):
    assert retire(polled, 1, ANNA) == date(2026, 11, 26)  # it is five in the morning in Tokyo
    with pytest.raises(UsageError, match="retired since 2026-11-26 already"):
        retire(polled, 1, ANNA)
    acme, beta = read(polled, known_organizations)
    assert [acme.is_retired_on(date(2026, 11, day)) for day in (25, 26, 30)] == [False, True, True]
    assert not beta.is_retired_on(date(2026, 11, 30))
    assert resume(polled, 1, Signature(at("2026-12-20 12:00"), "Bert")) == date(2026, 12, 20)
    with pytest.raises(UsageError, match="not retired"):
        resume(polled, 1, ANNA)
    assert retire(polled, 1, Signature(at("2026-12-24 12:00"), "Bert")) == date(2026, 12, 24)
    acme, _ = read(polled, known_organizations)
    there = [acme.is_retired_on(date(2026, 12, day)) for day in (19, 20, 23, 24)]
    assert there == [True, False, False, True]
    assert [(each.retired_by, each.resumed_by) for each in acme.retirements] == [("Anna", "Bert"), ("Bert", None)]
    assert find_damage(polled) == ()
