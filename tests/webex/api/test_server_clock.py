"""One server of many that shows another time than the others moves no window of events into the future."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from handed_time import SkippedTime
from polling import NOON

from webexhist.webex.api.server_clock import ServerClock

HOURS = {
    "all agree": ([0, 0.01, 0], 0, 0),
    "one is ahead": ([0, 9, 0.01], 0, 0.01),
    "the last one is ahead": ([0, 9], 0, 0),
    "the first one is ahead": ([9, 0], 0, 0),
    "one is behind": ([0, -9, 0], 0, -9),
    "one knows no date": ([0, -400_000, 0], 0, 0),
    "the first one knows no date": ([-400_000, 0], 0, 0),
    "one is years ahead": ([400_000, 0, 400_000], 0, 0),
    "this host knows no date": ([0, 9, -9], -400_000, -9),
}
"""The hours by which the servers' clocks are ahead, this host's is, and what is taken."""


@pytest.mark.parametrize(("dates", "host", "taken"), HOURS.values(), ids=HOURS)
def test_of_times_that_differ_the_earlier_one_is_taken(dates, host, taken):
    time = SkippedTime()
    clock = ServerClock(time, lambda: NOON + timedelta(hours=host, seconds=time.now()))
    began = time.now()
    for hours in dates:
        at = NOON + timedelta(hours=hours, seconds=time.now() - began)
        assert clock.note(format_datetime(at)) == at
        time.sleep(1)
    assert clock.now() == NOON + timedelta(hours=taken, seconds=time.now() - began)


@pytest.mark.parametrize("date", [None, "", "yesterday", "Fri, 31 Dec 9999 23:59:59 GMT", "0"])
def test_what_is_no_date_changes_nothing(date):
    clock = ServerClock(SkippedTime(), lambda: NOON)
    assert clock.note(date) is None
    assert clock.now() is None
    clock.note(format_datetime(NOON))
    assert clock.note(date) is None
    assert clock.now() == NOON
