"""Whether a request to wait concerns one organization alone, or all; each step by hand."""

import pytest
from handed_time import SkippedTime

from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import OutOfTime
from webexhist.webex.api.flow import Flow
from webexhist.webex.api.refusals import Asked, Refusals

PEOPLE, ROOMS = "/v1/people", "/v1/rooms"


def refusals(organizations=3):
    known = Refusals()
    known.organizations = organizations
    return known


def alone(known, at, organization, endpoint=PEOPLE, began=None):
    return known.is_of_one_alone(Asked(endpoint, organization), at, at - 0.1 if began is None else began)


def answered(known, began, organization, endpoint=PEOPLE):
    known.note_answer(Asked(endpoint, organization), began)


def test_the_first_organization_that_is_refused_waits_alone_and_the_next_shows_that_they_share_a_limit():
    known = refusals()
    answered(known, 0.0, "acme")
    assert alone(known, 1.0, "acme")
    assert not alone(known, 1.5, "beta")
    assert not alone(known, 2.0, "acme")


def test_of_one_organization_nothing_can_be_distinguished():
    assert not alone(refusals(organizations=1), 1.0, "acme")


def test_what_is_asked_of_the_owner_of_the_token_is_no_organization_of_several():
    assert not alone(refusals(), 1.0, "")


def test_one_that_is_never_answered_waits_alone_however_many_of_its_lists_are_refused():
    known = refusals()
    assert [alone(known, at, "acme", endpoint) for at, endpoint in ((1.0, PEOPLE), (2.0, ROOMS), (3.0, PEOPLE))] == [
        True,
        True,
        True,
    ]


def test_one_that_is_answered_now_and_then_shares_a_limit_unless_others_are_answered_meanwhile():
    known = refusals()
    answered(known, 0.0, "acme")
    assert alone(known, 1.0, "acme")
    assert not alone(known, 2.0, "acme")
    known = refusals()
    answered(known, 0.0, "acme")
    assert alone(known, 1.0, "acme")
    answered(known, 1.5, "beta")
    assert alone(known, 2.0, "acme")


def test_what_was_in_flight_when_it_was_refused_fares_like_it():
    known = refusals()
    answered(known, 0.0, "acme")
    assert alone(known, 1.0, "acme", began=0.9)
    assert alone(known, 1.1, "acme", ROOMS, began=0.9)


def test_the_third_refusal_in_a_row_while_others_are_answered_says_nothing_of_them():
    known = refusals()
    alone(known, 1.0, "beta")
    found = []
    for at in (2.0, 3.0, 4.0):
        found.append(alone(known, at, "acme"))
        answered(known, at + 0.5, "beta")
    assert found == [False, False, True]
    answered(known, 5.0, "acme")
    assert not alone(known, 6.0, "acme"), "an answer ends the row"


def test_the_third_list_of_an_organization_refused_while_anything_of_others_is_answered_says_nothing_of_them():
    known, found = refusals(), []
    alone(known, 1.0, "beta")
    for at, endpoint in ((2.0, PEOPLE), (3.0, ROOMS), (4.0, "/v1/teams")):
        found.append(alone(known, at, "acme", endpoint))
        answered(known, at + 0.5, "beta")
    assert found == [False, False, True]


def test_an_endpoint_refused_three_times_while_others_are_answered_in_between_says_nothing_of_them():
    known, found = refusals(), []
    for at in (1.0, 2.0, 3.0, 4.0):
        answered(known, at - 0.5, "beta", ROOMS)
        found.append(known.is_of_endpoint_alone(PEOPLE, at, at - 0.1))
    assert found == [False, False, True, True]
    answered(known, 4.5, "beta")
    assert not known.is_of_endpoint_alone(PEOPLE, 5.0, 4.9)


def test_an_endpoint_refused_while_nothing_is_answered_shares_a_limit():
    known = refusals()
    assert not any(known.is_of_endpoint_alone(PEOPLE, at, at - 0.1) for at in (1.0, 2.0, 3.0, 4.0))


def test_what_was_refused_goes_behind_others_until_one_of_them_was_answered():
    known = refusals()
    alone(known, 1.0, "acme")
    known.is_of_endpoint_alone(PEOPLE, 1.0, 0.9)
    asked = [Asked(PEOPLE, "beta"), Asked(ROOMS, "acme"), Asked(ROOMS, "beta")]
    assert [known.goes_behind(one) for one in asked] == [True, True, False]
    answered(known, 1.5, "beta", ROOMS)
    assert not any(map(known.goes_behind, asked))


def test_a_list_waits_alone_and_all_of_its_organization_once_another_one_was_refused_too():
    known = refusals()
    for at, endpoint, waits in ((1.0, PEOPLE, PEOPLE), (2.0, PEOPLE, PEOPLE), (3.0, ROOMS, ""), (4.0, PEOPLE, "")):
        assert alone(known, at, "acme", endpoint)
        assert known.waits_alone(Asked(endpoint, "acme")) == Asked(waits, "acme")
    answered(known, 4.5, "beta")
    behind = [known.goes_behind(Asked(endpoint, "acme")) for endpoint in (PEOPLE, ROOMS, "/v1/teams")]
    assert behind == [True, True, False], "what was not asked yet goes first"
    answered(known, 5.0, "acme", "/v1/teams")
    assert not any(known.goes_behind(Asked(endpoint, "acme")) for endpoint in (PEOPLE, ROOMS))


def flow(organizations=12):
    time = SkippedTime()
    asking = Flow(Deadline(25, time), 8)
    asking.refusals.organizations = organizations
    return time, asking


def test_an_organization_that_is_always_refused_keeps_no_other_from_being_asked():
    time, asking = flow()
    for endpoint in (PEOPLE, ROOMS):
        asking.asked_to_end(endpoint, 300.0, began=time.now(), organization="acme")
        with pytest.raises(OutOfTime, match="for longer than the poll lasts"), asking.request(endpoint, "acme"):
            pass
    for number in range(11):
        for endpoint in (PEOPLE, ROOMS):
            with asking.request(endpoint, f"other {number}"):
                asking.answered(endpoint, 0.1, f"other {number}")
    assert time.slept == []
    assert not asking.was_asked_to_wait


def test_an_organization_that_waits_as_a_whole_is_known_to_the_next_poll_by_its_own_limit():
    time, asking = flow()
    for number in range(3):
        asking.answered(PEOPLE, 0.1, f"other {number}")
    for endpoint in (PEOPLE, ROOMS):
        asking.asked_to_wait(endpoint, 5.0, began=time.now(), organization="acme")
        time.passed += 0.1
    assert asking.ready_at(Asked("/v1/teams", "acme")) == pytest.approx(5.1)
    assert asking.ready_at(Asked("/v1/teams", "beta")) <= 0.2
    known = asking.rates()
    assert {" acme", f"{PEOPLE} acme"} == set(known)
    later, next_one = flow()
    next_one.begin_at(known, 0.0)
    later.passed += 30.0
    next_one.asked_to_wait(PEOPLE, 5.0, began=30.0, organization="beta")
    next_one.asked_to_wait(PEOPLE, 5.0, began=30.0, organization="acme")
    assert next_one.ready_at(Asked(ROOMS, "gamma")) <= 30.0
    assert next_one.ready_at(Asked(PEOPLE, "gamma")) <= 30.0


def test_a_second_organization_that_must_wait_for_longer_than_the_poll_ends_the_endpoint():
    _, asking = flow()
    asking.asked_to_end(PEOPLE, 300.0, began=0.0, organization="acme")
    asking.asked_to_end(PEOPLE, 300.0, began=0.0, organization="beta")
    with pytest.raises(OutOfTime), asking.request(PEOPLE, "gamma"):
        pass
    with asking.request(ROOMS, "gamma"):
        asking.answered(ROOMS, 0.1, "gamma")
