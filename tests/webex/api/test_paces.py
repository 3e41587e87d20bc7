"""The rate at which a limited service is asked, within a poll and from poll to poll; figures by hand."""

from dataclasses import replace

import pytest
from handed_time import SkippedTime

from webexhist.request_rates import KnownRate
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.flow import ALL, Flow
from webexhist.webex.api.paces import Pace

MOMENT = 1_800_000_000.0
"""When polls begin here, in seconds since 1970."""
HOUR = 3600.0


def known(begin, limit, wait, **others):
    """A rate that was found a minute ago."""
    return KnownRate(begin, limit, wait, **{"refused_at": MOMENT - 60, **others})


def pace(rate=None, now=0.0):
    return Pace(now, rate, MOMENT - now)


def flow(rates=None):
    time = SkippedTime()
    asking = Flow(Deadline(60, time), 8)
    asking.begin_at(rates or {}, MOMENT)
    return time, asking


def answer(asking, endpoint="/v1/people", times=1):
    for _ in range(times):
        with asking.request(endpoint):
            asking.answered(endpoint, 0.2)


def answered(one, times, begin, seconds):
    """So many answers in so many seconds, each to what began just before."""
    for number in range(times):
        moment = begin + seconds * (number + 1) / times
        one.answered(moment, moment - 0.01)


def numbers(rate):
    return rate and (round(rate.begin, 2), round(rate.limit, 2), rate.wait)


def test_a_burst_that_must_wait_for_longer_than_the_poll_leaves_four_fifths_of_what_was_answered():
    time, asking = flow()
    answer(asking, times=5)
    for endpoint in ("/v1/people", "/v1/rooms", "/v1/teams", "/v1/devices"):
        asking.asked_to_end(endpoint, 60.0, began=0.0)
    assert {name: numbers(rate) for name, rate in asking.rates().items()} == {ALL: (4.0, 5.0, 60.0)}
    answer(asking, "/v1/places", times=3)
    assert len(time.slept) == 2
    assert sum(time.slept) == pytest.approx(2 / 4 - 0.05, abs=0.01), "a twentieth of a second may be caught up"


def test_an_endpoint_that_asks_to_wait_alone_is_remembered_alone():
    _, asking = flow()
    answer(asking, times=5)
    asking.asked_to_end("/v1/people", 60.0, began=0.0)
    assert {name: numbers(rate) for name, rate in asking.rates().items()} == {"/v1/people": (4.0, 5.0, 60.0)}


def test_the_next_poll_begins_at_the_rate_that_is_known():
    time, asking = flow({ALL: known(4.0, 5.0, 60.0), "/v1/rooms": known(2.0, 2.5, 60.0)})
    assert asking.was_asked_to_wait
    answer(asking, times=3)
    answer(asking, "/v1/rooms", times=3)
    assert time.slept == pytest.approx([0.25, 0.25, 0.25, 0.45, 0.5], rel=0.01)


def test_where_nobody_asks_to_wait_nothing_is_left_and_nobody_waits():
    time, asking = flow()
    answer(asking, times=50)
    assert (asking.rates(), time.slept) == ({}, [])


@pytest.mark.parametrize(
    ("begin", "begins"),
    [
        pytest.param(4.0, [4.32, 4.67, 5.04, 5.44, 5.5, 5.5], id="carefully, and a tenth beyond the last limit"),
        pytest.param(0.8, [1.6, 3.2, 4.0, 4.32], id="fast where it is far below, up to four fifths of it"),
    ],
)
def test_from_poll_to_poll_it_grows(begin, begins):
    rate, found = known(begin, 5.0, 60.0), []
    for _ in begins:
        one = pace(rate)
        one.answered(1.0, 0.9)
        rate = one.next_rate()
        found.append(round(rate.begin, 2))
    assert found == begins


def test_a_limit_is_forgotten_two_hours_after_it_was_met_once_and_a_day_after_it_was_met_often():
    once, often = known(4.0, 5.0, 1.0), known(4.0, 5.0, 1.0, polls=9.0)
    for rate, held in ((once, 2 * HOUR), (often, 24 * HOUR)):
        assert pace(replace(rate, refused_at=MOMENT - held + 1)).rate == 4.0
        assert pace(replace(rate, refused_at=MOMENT - held)).rate is None
    assert pace(replace(once, refused_at=MOMENT + 3 * HOUR)).rate is None, "the clock was wrong then, or is now"


def test_what_was_not_asked_stays_as_it_is_known():
    rate = known(4.0, 5.0, 60.0)
    assert pace(rate).next_rate() == rate


@pytest.mark.parametrize(("wait", "growth"), [(1.0, 0.1), (5.0, 0.02), (60.0, 1 / 600), (0.1, 0.2)])
def test_the_longer_a_wait_the_more_slowly_the_next_one_is_risked(wait, growth):
    one = pace(known(4.0, 5.0, wait))
    answered(one, 4, 0.0, 1.0)
    assert one.rate == pytest.approx(4.0 + growth, rel=0.01)


def test_what_was_saved_up_before_counts_with_what_is_answered_after_it():
    one = pace(known(8.0, 10.0, 1.0))
    answered(one, 14, 0.0, 1.0)
    one.wait(1.0, 1.0, 1.0, began=0.99)
    assert (one.limit, one.rate, one.ready_at) == (7.0, pytest.approx(5.6), 2.0)


def test_the_last_limit_that_was_met_leaves_no_less_than_seven_tenths_of_a_rate():
    one = pace(known(10.0, 10.0, 1.0))
    answered(one, 4, 0.0, 1.0)
    one.wait(1.0, 1.0, 1.0, began=0.99)
    assert one.limit == pytest.approx(7.0, rel=0.03)


def test_a_refusal_after_one_answer_does_not_count_what_was_saved_up():
    one = pace(known(1.0, 1.0, 1.0))
    one.answered(0.1, 0.0)
    one.wait(1.0, 1.0, 1.0, 0.95)
    assert (one.rate, one.limit) == (0.8, 1.0)  # one in a second, not in two


def test_a_first_limit_is_measured_by_the_best_second_not_by_those_in_which_others_waited():
    one = pace()
    answered(one, 5, 0.0, 0.5)
    answered(one, 3, 8.0, 0.5)
    one.wait(8.6, 1.0, 1.0, began=8.55)
    assert (one.limit, one.rate) == (5.0, 4.0)


def test_half_of_what_was_answered_beyond_a_limit_counts_for_the_next_poll():
    rate, raised = known(5.0, 5.0, 1.0), []
    for _ in range(4):  # 60 answers of the 100 that show another limit
        one = pace(rate)
        answered(one, 60, 0.0, 12.0)
        rate = replace(one.next_rate(), begin=5.0)
        raised.append(rate.raises)
    assert raised == [0, 0, 1, 1]


def test_what_was_in_flight_when_a_limit_was_met_is_no_further_limit_and_counts_if_it_is_answered():
    one = pace()
    answered(one, 3, 0.0, 0.1)
    one.wait(0.2, 1.0, 1.0, began=0.1)
    assert one.rate == pytest.approx(0.8 * 3)
    one.wait(0.21, 1.0, 1.0, began=0.15)
    one.answered(0.22, began=0.15)
    one.answered(0.23, began=0.15)
    assert one.rate == pytest.approx(0.8 * 5)


@pytest.mark.parametrize(("asked", "least"), [(1.0, 0.25), (2.0, 0.125), (5.0, 0.05), (60.0, 0.05)])
def test_repeated_waits_lead_to_a_rate_of_one_request_in_four_waits_but_of_three_a_minute_at_least(asked, least):
    one = pace(known(1.0, 1.0, asked))
    for number in range(1, 60):  # each time one is answered, and the next one refused
        moment = 100.0 * number
        one.answered(moment, moment - 0.1)
        one.wait(moment + 1, asked, asked, began=moment + 0.9)
    assert one.rate == pytest.approx(least)


def test_refusals_with_nothing_answered_in_between_tell_nothing_of_a_rate_but_make_waits_longer():
    one = pace(known(4.0, 5.0, 1.0))
    for moment, ready_at in ((0.1, 1.1), (1.3, 2.3), (2.5, 4.5), (4.7, 8.7)):  # 1, 1, 2, 4 seconds later
        one.wait(moment, 1.0, 1.0, began=moment - 0.1)
        assert (one.rate, one.limit, one.ready_at) == (4.0, 5.0, pytest.approx(ready_at))
    one.answered(9.0, 8.9)
    one.wait(9.2, 1.0, 1.0, began=9.1)
    assert one.ready_at == pytest.approx(10.2)


def test_a_rate_of_the_file_is_not_so_slow_that_nothing_is_ever_asked():
    assert pace(known(1e-300, 1e-300, 60.0)).rate == 0.05


def test_twenty_seconds_of_answers_a_tenth_beyond_a_limit_show_another_one_and_five_more_that_there_is_none():
    one, limits, moment = pace(known(10.0, 10.0, 1.0)), [], 0.0
    for _ in range(6):
        times = round(20 * one.limit) + 1
        answered(one, times, moment, 20.0)
        moment += 20
        limits.append(round(one.limit, 1))
        assert one.ready_at <= moment
        if len(limits) < 6:
            assert one.next_rate().raises == len(limits)
    assert limits == [11.0, 12.1, 14.5, 20.3, 36.6, 73.2]  # 1.1, 1.1, 1.2, 1.4, 1.8 times; 732 / 20 more
    assert one.next_rate() is None


def test_a_limit_of_a_minute_is_found_where_asking_more_slowly_brings_no_more():
    rate, found = None, []
    for seconds in (1.0, 1.25, 5.0):  # 30 requests, at once first, then at the rates that are thought to be possible
        one = pace(rate)
        answered(one, 30, 0.0, seconds)
        one.wait(seconds, 0.0, 60.0 - seconds, began=seconds - 0.01)
        rate = replace(one.next_rate(), opens_at=0.0)
        found.append((round(rate.begin, 2), round(rate.seconds, 2)))
    assert found == [(24.0, 1.0), (6.0, 1.0), (30.0, 60.0)]


def test_what_was_answered_before_a_longer_time_was_found_is_counted_in_it():
    one = pace(known(6.0, 24.0, 1.0, calls=30.0))
    answered(one, 30, 0.0, 5.0)
    one.wait(5.0, 0.0, 55.0, began=4.99)
    one.began_one(6.0)
    assert (one.rate, one.seconds) == (30.0, 60.0)
    assert one.next_at == pytest.approx(60 + 2 * 5 / 30)  # when the second of them is a minute old


def test_equal_numbers_in_equal_times_are_no_limit_of_a_longer_time():
    one = pace(known(5.5, 5.4, 60.0, calls=40.0, within=7.0))
    answered(one, 40, 0.0, 7.5)
    one.wait(7.5, 60.0, 60.0, began=7.49)
    assert (one.seconds, round(one.rate, 2)) == (1.0, round(0.8 * 40 / 8.5, 2))


def test_as_many_as_fit_into_a_longer_time_are_asked_at_once_and_the_next_when_it_is_over():
    time, asking = flow({ALL: known(10.0, 10.0, 50.0, seconds=25.0)})
    begun = []
    for _ in range(21):
        answer(asking)
        begun.append(time.passed)
    assert [begun[number] for number in (9, 10, 19, 20)] == pytest.approx([0.9, 25.0, 25.9, 50.0], abs=0.1)


def test_a_longer_time_that_was_used_up_allows_more_to_the_next_poll_and_one_that_was_not_allows_as_much():
    rate, begins = known(10.0, 10.0, 50.0, seconds=30.0), []
    for times in (9, 10, 10, 11, 22):
        one = pace(rate)
        for number in range(times):
            one.began_one(0.1 * number)
            one.answered(0.1 * number, 0.1 * number)
        rate = one.next_rate()
        begins.append(round(rate.begin, 2))
    assert begins == [10.0, 10.8, 11.66, 23.33, 23.33]


def test_fewer_in_a_longer_time_are_learned_by_three_tenths_at_most_and_at_once_a_time_that_is_longer_still():
    fewer = pace(known(10.0, 10.0, 50.0, seconds=30.0))
    answered(fewer, 6, 0.0, 1.0)
    fewer.wait(1.0, 0.0, 29.0, began=0.99)
    assert (fewer.rate, fewer.seconds) == (7.0, 30.0)  # the poll before may have been answered four of them
    longer = pace(known(10.0, 10.0, 50.0, seconds=30.0))
    answered(longer, 10, 0.0, 1.0)
    longer.wait(31.5, 0.0, 20.0, began=31.4)
    assert (longer.rate, longer.seconds) == (7.0, 51.5)  # of ten that were answered in it


def test_what_asked_to_wait_into_the_next_poll_is_not_asked_before_but_never_for_more_than_ten_minutes():
    one = pace(known(4.0, 5.0, 300.0, opens_at=MOMENT + 40))
    assert one.ready_at == 41.0
    one = pace(known(4.0, 5.0, 1e9, opens_at=MOMENT + 1e9))
    assert one.ready_at == 600.0
    one = pace(known(4.0, 5.0, 30.0, refused_at=MOMENT + HOUR, opens_at=MOMENT + HOUR + 30))
    assert (one.ready_at, one.rate) == (0.0, 4.0), "the clock was set back meanwhile, which opens nothing later"
    one = pace()
    one.wait(1.0, 0.0, 1e6, began=0.9)
    assert one.next_rate().opens_at == MOMENT + 1, "one refusal alone is not enough"
    one.wait(1.1, 0.0, 1e6, began=0.9)
    assert one.next_rate().opens_at == MOMENT + 601
    one.answered(2.0, began=1.5)
    assert one.next_rate().opens_at == MOMENT + 1.1, "it answers all the same"


def test_three_refusals_with_no_answer_in_between_close_what_said_when_it_opens():
    one = pace()
    answered(one, 5, 0.0, 0.5)
    one.wait(0.5, 0.0, 40.0, began=0.4)
    for moment in (1.0, 2.0):
        one.wait(moment, 0.0, 39.0, began=moment - 0.1)
        assert one.wait_ends < 3.0
    one.wait(3.0, 0.0, 38.0, began=2.9)
    assert one.wait_ends == 40.5


def test_a_known_limit_that_is_reached_explains_a_wait_of_one_endpoint():
    _, asking = flow({ALL: known(4.6, 5.0, 1.0)})
    answer(asking, times=2)
    asking.asked_to_wait("/v1/people", 1.0, began=0.0)
    assert set(asking.rates()) == {ALL}


def test_a_known_limit_that_is_far_off_does_not():
    _, asking = flow({ALL: known(4.0, 5.0, 1.0)})
    asking.asked_to_wait("/v1/people", 1.0, began=0.0)
    rates = asking.rates()
    assert numbers(rates[ALL]) == (4.0, 5.0, 1.0)
    assert numbers(rates["/v1/people"]) == (1.0, 1.0, 1.0)


def test_what_waited_alone_is_remembered_alone():
    _, asking = flow()
    asking.refusals.organizations = 2
    asking.asked_to_wait("/v1/people", 60.0, began=0.0, organization="acme")
    rates = asking.rates()
    assert {name: numbers(rate) for name, rate in rates.items()} == {"/v1/people acme": (1.0, 1.0, 60.0)}
    time, asking = flow({name: replace(rate, opens_at=0.0) for name, rate in rates.items()})
    for organization in ("acme", "beta", "acme", "beta"):
        with asking.request("/v1/people", organization):
            asking.answered("/v1/people", 0.2, organization)
    assert time.slept == [pytest.approx(1.0, abs=0.06)]
