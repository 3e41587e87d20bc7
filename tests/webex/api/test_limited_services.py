"""Twenty polls of services that limit how much is asked, each by another rule; on a clock that nobody waits for."""

import pytest
from driven_flow import ENDPOINTS, Polls, exactly
from limiters import Bucket, Closed, FixedWindow, Penalty, SlidingWindow, Unlimited

from webexhist.webex.api.flow import ALL
from webexhist.webex.api.refusals import Asked

FIVE_A_SECOND = {
    "bucket": lambda: Bucket(5, 5),
    "fixed": lambda: FixedWindow(5, 1),
    "sliding": lambda: SlidingWindow(5, 1),
    "leaky": lambda: Bucket(5, 1),
    "room for two": lambda: Bucket(5, 2),
}
TIMES = 20


def learned(polls):
    """A second after the first refusal was on its way back."""
    return min(at for poll in polls.refused for at in poll) + 1.1


def waits(*some):
    return [pytest.param(each, marks=[] if each == "60" else pytest.mark.slow) for each in some]


@pytest.mark.parametrize("retry_after", waits(exactly, "2", "5", None, "0", "-3", "0.5", "60", "999999999"))
@pytest.mark.parametrize("limiter", FIVE_A_SECOND)
def test_a_service_that_answers_five_a_second_is_asked_six_at_most_and_all_is_counted(limiter, retry_after):
    polls = Polls(FIVE_A_SECOND[limiter](), retry_after)
    found = polls.run(TIMES)
    is_told_by_the_first = limiter not in ("leaky", "room for two")  # of which one or two answer before they refuse
    assert found.most_in_a_second(after=learned(found)) <= (6 if is_told_by_the_first else 7)
    assert found.whole_after <= 4
    assert found.longest_gap(polls.lists) <= 3
    assert sum(map(len, found.refused[1:])) <= 2 * TIMES


@pytest.mark.slow
@pytest.mark.parametrize("most", [10, 20])
def test_requests_that_a_service_saves_up_are_not_taken_for_a_higher_limit(most):
    found = Polls(Bucket(5, most), exactly, organizations=12, budget=25).run(TIMES)
    assert found.most_in_a_second(after=300) <= 8
    assert found.whole_after <= 2


@pytest.mark.parametrize("retry_after", [exactly, "60"])
@pytest.mark.parametrize("window", [FixedWindow, SlidingWindow])
def test_a_limit_of_a_minute_is_used_up_by_each_poll(window, retry_after):
    polls = Polls(window(20, 60), retry_after, began=7.0)
    found = polls.run(TIMES)
    assert found.whole_after == 3  # 42 lists, 20 a poll
    answered = [len(asked) - len(refused) for asked, refused in zip(found.asked, found.refused, strict=True)]
    assert min(answered[3:]) >= 19
    assert found.longest_gap(polls.lists) <= 3


def test_a_poll_that_is_longer_than_a_minute_goes_on_when_the_next_one_begins():
    found = Polls(SlidingWindow(20, 60), exactly, budget=100).run(6)
    assert found.whole_after <= 2
    assert [len(missing) for missing in found.missing[2:]] == [2, 2, 2, 2]  # of 42 lists, 40 in two minutes


@pytest.mark.slow
@pytest.mark.parametrize("rate", [50, 100])
def test_a_higher_limit_is_used_to_four_fifths_after_the_first_poll(rate):
    found = Polls(Bucket(rate, rate), exactly, organizations=30).run(3)
    assert not any(found.missing[1:])
    assert max(found.seconds[1:]) <= len(found.asked[-1]) / rate / 0.8
    assert sum(map(len, found.refused[1:])) <= rate / 10


@pytest.mark.slow
def test_where_nothing_is_limited_nothing_is_slowed_down_or_kept():
    polls = Polls(Unlimited(), None, organizations=60)
    found = polls.run(3)
    assert polls.rates == {}
    assert max(found.seconds) < 0.7  # 420 requests in 8, 40, 128 … at once, a tenth of a second each


@pytest.mark.slow
def test_a_limit_that_is_lifted_is_asked_beyond_poll_by_poll_and_soon_forgotten():
    polls = Polls(Bucket(5, 5), exactly, organizations=40, budget=60)
    polls.run(2)
    polls.limiter = Unlimited()
    found = polls.run(5)
    assert ALL not in polls.rates
    assert found.seconds[-1] < 10


def test_a_limit_that_falls_to_a_fiftieth_is_learned_within_a_poll():
    polls = Polls(Bucket(50, 50), exactly)
    polls.run(2)
    polls.limiter = Bucket(1, 1)
    found = polls.run(8)
    assert max(len(poll) for poll in found.refused[3:]) <= 12
    assert max(len(poll) - len(refused) for poll, refused in zip(found.asked, found.refused, strict=True)) >= 9
    left = set.intersection(*found.missing[2:])
    assert not left, "42 lists, ten a poll"


@pytest.mark.slow
def test_a_penalty_that_each_request_prolongs_is_sat_out():
    polls = Polls(Penalty(Bucket(5, 5), 600), exactly)
    found = polls.run(TIMES)
    assert found.whole_after <= 5
    assert sum(map(len, found.refused[1:])) <= 10


def answered(found):
    return [len(asked) - len(refused) for asked, refused in zip(found.asked, found.refused, strict=True)]


@pytest.mark.parametrize("retry_after", ["5", "1"])
def test_an_endpoint_that_is_always_refused_takes_little_of_what_others_are_answered(retry_after):
    polls = Polls(Bucket(5, 5), retry_after, organizations=12, budget=25)
    polls.own["/v1/people"] = Closed(float(retry_after))
    found = polls.run(8)
    assert min(answered(found)[2:]) >= 54, "three quarters of the 72 other lists; 125 would be answered"
    assert {one.endpoint for one in set.intersection(*found.missing)} == {"/v1/people"}


@pytest.mark.slow
@pytest.mark.parametrize("refused", [["org 3"], ["org 3", "org 7"]])
def test_an_organization_that_is_always_refused_takes_little_of_what_others_are_answered(refused):
    polls = Polls(Bucket(5, 5), "5", organizations=20, budget=25)
    polls.own |= {name: Closed(5.0) for name in refused}
    found = polls.run(8)
    assert min(answered(found)[1:]) >= 50
    assert min(answered(found)[5:]) >= 80, "two thirds of 125"
    assert {one.organization for one in set.intersection(*found.missing)} == set(refused)


def test_two_lists_that_are_always_refused_keep_no_other_of_their_organization_from_being_asked():
    polls = Polls(Unlimited(), "5", organizations=4, budget=25)
    closed = {Asked(endpoint, "org 3") for endpoint in ENDPOINTS[:2]}
    polls.own |= {one: Closed(5.0) for one in closed}
    assert set.union(*polls.run(4).missing[1:]) == closed


@pytest.mark.parametrize("organizations", [6, pytest.param(20, marks=pytest.mark.slow)])
def test_a_limit_of_each_organization_is_no_limit_of_all(organizations):
    polls = Polls(Unlimited(), exactly, organizations, budget=25)
    polls.own |= {f"org {n}": Bucket(1, 1) for n in range(organizations)}
    found = polls.run(3)
    assert not any(found.missing[1:]), "seven lists of each, in 25 seconds"


@pytest.mark.slow
def test_a_limit_of_each_endpoint_is_no_lower_one_of_all():
    polls = Polls(Unlimited(), exactly, organizations=20, budget=8)
    polls.own |= {endpoint: Bucket(2, 2) for endpoint in ENDPOINTS}
    assert min(answered(polls.run(8))[3:]) >= 84, "three quarters of two a second of seven endpoints"


@pytest.mark.slow
def test_a_wait_that_is_too_short_for_a_limit_of_a_minute_does_not_lower_it():
    found = Polls(SlidingWindow(300, 60), None, organizations=50, budget=60).run(
        8
    )  # five seconds are waited each time
    assert min(answered(found)[1:]) >= 290


def test_two_polls_in_a_limit_of_five_minutes_do_not_take_each_other_s_answers_for_a_lower_one():
    found = Polls(FixedWindow(60, 300), "60", organizations=12, budget=25, began=290.0).run(TIMES)
    assert min(answered(found)[4:]) >= 30


def test_a_list_does_not_come_back_each_second_to_a_second_that_others_fill():
    found = Polls(SlidingWindow(5, 1), exactly, organizations=12, budget=25).run(8)
    assert max(len(refused) for refused in found.refused[1:]) <= 6
