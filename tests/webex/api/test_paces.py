"""The rate at which a limited service is asked, within a poll and from poll to poll; figures by hand."""

import pytest
from handed_time import SkippedTime

from webexhist.request_rates import KnownRate
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.flow import ALL, Flow
from webexhist.webex.api.paces import Pace


def flow(rates=None):
    time = SkippedTime()
    asking = Flow(Deadline(60, time), 8)
    asking.begin_at(rates or {})
    return time, asking


def answer(asking, endpoint="/v1/people", times=1):
    for _ in range(times):
        with asking.request(endpoint):
            asking.answered(endpoint, 0.2)


def test_a_burst_that_must_wait_for_longer_than_the_poll_leaves_four_fifths_of_what_was_answered():
    time, asking = flow()
    answer(asking, times=5)
    for endpoint in ("/v1/people", "/v1/rooms", "/v1/teams", "/v1/devices"):
        asking.asked_to_end(endpoint, 60.0, began=0.0)
    assert asking.rates() == {ALL: KnownRate(4.0, 5.0, 60.0)}
    answer(asking, "/v1/places", times=3)
    assert time.slept == pytest.approx([0.25, 0.25], rel=0.01)


def test_an_endpoint_that_asks_to_wait_alone_is_remembered_alone():
    _, asking = flow()
    answer(asking, times=5)
    asking.asked_to_end("/v1/people", 60.0, began=0.0)
    assert asking.rates() == {"/v1/people": KnownRate(4.0, 5.0, 60.0)}


def test_the_next_poll_begins_at_the_rate_that_is_known():
    time, asking = flow({ALL: KnownRate(4.0, 5.0, 60.0), "/v1/rooms": KnownRate(2.0, 2.5, 60.0)})
    assert asking.was_asked_to_wait
    answer(asking, times=3)
    answer(asking, "/v1/rooms", times=3)
    assert time.slept == pytest.approx([0.25, 0.25, 0.25, 0.5, 0.5], rel=0.01)


def test_where_nobody_asks_to_wait_nothing_is_left_and_nobody_waits():
    time, asking = flow()
    answer(asking, times=50)
    assert (asking.rates(), time.slept) == ({}, [])


def test_from_poll_to_poll_it_grows_carefully_to_the_last_limit_and_is_forgotten_soon_behind_it():
    rate, begins = KnownRate(4.0, 5.0, 60.0), []
    while rate:
        pace = Pace(0.0, rate)
        pace.answered(1.0)
        rate = pace.next_rate()
        begins.append(rate and round(rate.begin, 2))
    assert begins == [4.32, 4.67, 5.04, 10.08, None]


def test_what_was_not_asked_stays_as_it_is_known():
    assert Pace(0.0, KnownRate(4.0, 5.0, 60.0)).next_rate() == KnownRate(4.0, 5.0, 60.0)


@pytest.mark.parametrize(("wait", "growth"), [(1.0, 0.1), (5.0, 0.02), (60.0, 1 / 600), (0.1, 0.2)])
def test_the_longer_a_wait_the_more_slowly_the_next_one_is_risked(wait, growth):
    pace = Pace(0.0, KnownRate(4.0, 5.0, wait))
    for second in range(4):  # as many answers as come within a second
        pace.answered(second / 4)
    assert pace.rate == pytest.approx(4.0 + growth, rel=0.01)


def test_first_answers_after_a_wait_are_too_few_to_measure_by():
    pace = Pace(0.0, KnownRate(5.0, 5.0, 5.0))
    pace.wait(10.0, 5.0, 5.0, began=9.9)
    assert (pace.rate, pace.limit, pace.ready_at) == (pytest.approx(3.2), 4.0, 15.0)
    pace.wait(10.1, 5.0, 5.0, began=9.95)
    assert pace.rate == pytest.approx(3.2), "it was in flight then"


def test_repeated_waits_lead_to_a_rate_of_a_few_requests_a_minute_but_not_to_none():
    pace, rates = Pace(0.0), []
    for number in range(12):
        pace.wait(10.0 * number, 5.0, 5.0, began=10.0 * number)
        rates.append(round(pace.rate, 3))
    assert rates[:4] == [1.0, 0.64, 0.41, 0.262]  # .64 is .8 of .8
    assert rates[-1] == 0.05


def test_a_rate_of_the_file_is_not_so_slow_that_nothing_is_ever_asked():
    assert Pace(0.0, KnownRate(1e-300, 1e-300, 60.0)).rate == 0.05


def test_beyond_its_limit_a_rate_grows_by_a_twentieth_of_itself_a_second():
    for rate in (1.0, 20.0):
        pace = Pace(0.0, KnownRate(rate, rate, 1.0))
        for number in range(int(rate)):
            pace.answered(number / rate)
        assert pace.rate == pytest.approx(1.05 * rate, rel=0.01)


def test_a_known_limit_that_is_reached_explains_a_wait_of_one_endpoint():
    _, asking = flow({ALL: KnownRate(4.6, 5.0, 1.0)})
    asking.asked_to_wait("/v1/people", 1.0, began=0.0)
    assert set(asking.rates()) == {ALL}
    assert asking.rates()[ALL].begin == pytest.approx(0.64 * 4.6)


def test_a_known_limit_that_is_far_off_does_not():
    _, asking = flow({ALL: KnownRate(4.0, 5.0, 1.0)})
    asking.asked_to_wait("/v1/people", 1.0, began=0.0)
    assert asking.rates()[ALL] == KnownRate(4.0, 5.0, 1.0)
    assert asking.rates()["/v1/people"] == KnownRate(1.0, 1.0, 1.0)


def test_what_waited_alone_is_remembered_alone():
    _, asking = flow()
    asking.refusals.organizations = 2
    asking.asked_to_wait("/v1/people", 60.0, began=0.0, organization="acme")
    rates = asking.rates()
    assert rates == {"/v1/people acme": KnownRate(1.0, 1.0, 60.0)}
    time, asking = flow(rates)
    for organization in ("acme", "beta", "acme", "beta"):
        with asking.request("/v1/people", organization):
            asking.answered("/v1/people", 0.2, organization)
    assert time.slept == [1.0]
