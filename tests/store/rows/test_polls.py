"""When an organization was polled, up to the last second that a calendar has."""

from datetime import UTC, datetime

import pytest
from histories import ACME, Poller, license_of
from reading import read

from webexhist.months import Month, Period
from webexhist.store.rows.polls import is_stored_in, last_polls_by, poll_times, polled_by, polled_organizations
from webexhist.time_zones import UTC_DAYS

LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("last", [LAST, datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)])
def test_the_last_second_of_a_month_belongs_to_it(engine, last):
    month, before = Month.of(last.date()), last.replace(day=1)
    acme = Poller(engine, ACME)
    for number, taken_at in enumerate((before, last), start=1):
        acme.poll(taken_at, {license_of("Suite"): (100, 80 + number)})
    (known,) = read(engine, polled_organizations)

    in_month, until = poll_times(known.id, Period(month, month), UTC_DAYS), last_polls_by(known.id, last, 9)
    assert read(engine, lambda history: history.read(in_month)) == (before, last)
    assert [each.taken_at for each in read(engine, lambda history: history.read(until))] == [last, before]
    assert read(engine, is_stored_in, known, month)
    assert read(engine, polled_by, (known,), last) == (known,)
