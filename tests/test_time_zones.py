"""When days begin in time zones: 23, 25 and no hours, no midnight, two midnights."""

from datetime import UTC, date, datetime, timedelta

import pytest

from webexhist.months import Month
from webexhist.time_zones import UTC_DAYS, TimeZone, UnknownTimeZoneError, zone_called


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [
        ("UTC", date(2026, 3, 29), "2026-03-29 00:00", 24),
        ("Europe/Berlin", date(2026, 3, 28), "2026-03-27 23:00", 24),
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-28 23:00", 23),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-24 22:00", 25),
        ("Asia/Kathmandu", date(2026, 11, 1), "2026-10-31 18:15", 24),
        ("Asia/Tokyo", date(2026, 11, 1), "2026-10-31 15:00", 24),
        # Clocks jump over midnight: the day begins at one.
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04 03:00", 23),
        # Midnight is put back to eleven: the day before has 25 hours.
        ("America/Sao_Paulo", date(2018, 2, 17), "2018-02-17 02:00", 25),
        # A country that changes the side of the date line skips a day.
        ("Pacific/Apia", date(2011, 12, 29), "2011-12-29 10:00", 24),
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30 10:00", 0),
        ("Pacific/Apia", date(2011, 12, 31), "2011-12-30 10:00", 24),
        # Clocks put back a minute after midnight show the day before again.
        ("America/St_Johns", date(2010, 11, 7), "2010-11-07 02:30", 25),
        ("Africa/Cairo", date(2026, 4, 24), "2026-04-23 22:00", 23),
    ],
)
def test_a_day_begins_when_the_clocks_first_show_its_date(zone, day, begins, hours):
    there = TimeZone(zone)
    assert there.begins_at(day) == at(begins)
    assert there.begins_at(day + timedelta(days=1)) == at(begins) + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Asia/Tokyo", "2026-10-31 14:59:59", date(2026, 10, 31)),
        ("Asia/Tokyo", "2026-10-31 15:00", date(2026, 11, 1)),
        ("Pacific/Apia", "2011-12-30 09:59:59", date(2011, 12, 29)),
        ("Pacific/Apia", "2011-12-30 10:00", date(2011, 12, 31)),
        ("America/Sao_Paulo", "2018-11-04 02:59:59", date(2018, 11, 3)),
        ("America/Sao_Paulo", "2018-11-04 03:00", date(2018, 11, 4)),
        # 23:30 for the second time, after the seventh had begun: it stays the seventh.
        ("America/St_Johns", "2010-11-07 02:29:59", date(2010, 11, 6)),
        ("America/St_Johns", "2010-11-07 03:00", date(2010, 11, 7)),
    ],
)
def test_a_moment_belongs_to_the_day_that_began_last(zone, moment, day):
    assert TimeZone(zone).day_of(at(moment)) == day


def test_a_month_ends_where_the_next_begins():
    tokyo, leap = TimeZone("Asia/Tokyo"), Month(2028, 2)
    assert UTC_DAYS.month_ends_at(leap) == at("2028-03-01 00:00") == UTC_DAYS.month_begins_at(Month(2028, 3))
    assert (tokyo.month_begins_at(leap), tokyo.month_ends_at(leap)) == (
        at("2028-01-31 15:00"),
        at("2028-02-29 15:00"),
    )


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_the_ends_of_the_calendar_are_no_trouble(zone):
    there = TimeZone(zone)
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert (there.day_of(first), there.day_of(last)) == (date.min, date.max)
    assert there.month_ends_at(Month(9999, 12)) == last
    assert there.begins_at(date.min) <= there.begins_at(date.max)


def test_utc_holds_until_a_zone_is_entered():
    assert (zone_called(None), zone_called("Asia/Tokyo")) == (UTC_DAYS, TimeZone("Asia/Tokyo"))


def test_a_zone_that_this_host_does_not_know_is_an_error_with_its_next_step():
    with pytest.raises(UnknownTimeZoneError, match="bring its time zones up to date"):
        TimeZone("Mars/Olympus_Mons").day_of(at("2026-10-01 00:00"))
