"""People by one call, but only where that call was seen to agree with the list of people."""

from dataclasses import replace

import pytest
from polling import collection_of, value_of

from webexhist.metrics import Metric
from webexhist.simulator import Faults, OrganizationPlan, Trouble, World
from webexhist.simulator.faults.switches import Body, Hang, Status, Trickle
from webexhist.snapshot import CollectionStatus

PEOPLE = OrganizationPlan(people=1_200)
LIST = "/v1/people"
SCIM = "/identity/scim/0000000a-0000-4000-8000-000000000000/v2/Users"


def asked(polled):
    """How often the list and the identity service were asked since the last look."""
    counts = polled.server.requests.by_path()
    polled.server.requests.clear()
    return counts[LIST], counts[SCIM]


def test_after_they_agreed_one_call_counts_everyone(simulated):
    polled = simulated(World(organizations=(PEOPLE,)))
    first = polled.poll()
    assert (value_of(first, Metric.PEOPLE), asked(polled)) == (1_200, (2, 1))
    assert collection_of(first, "people check").status is CollectionStatus.OK
    polled.later(minutes=5)
    second = polled.poll()
    assert (value_of(second, Metric.PEOPLE), asked(polled)) == (1_200, (0, 1))


def test_they_have_to_agree_again_at_the_first_poll_of_every_day(simulated):
    polled = simulated(World(organizations=(PEOPLE,)))
    polled.poll()
    polled.later(hours=11)
    polled.poll()
    asked(polled)
    polled.later(hours=2)
    polled.poll()
    assert asked(polled) == (2, 1)


def test_where_they_differ_the_list_is_believed(simulated):
    polled = simulated(World(organizations=(replace(PEOPLE, identities_besides_people=57),)))
    first = polled.poll()
    check = collection_of(first, "people check")
    assert value_of(first, Metric.PEOPLE) == 1_200
    assert check.status is CollectionStatus.NOT_USED
    assert check.error == "the identity service counts 1257 where the list of people holds 1200"
    polled.later(minutes=5)
    asked(polled)
    assert value_of(polled.poll(), Metric.PEOPLE) == 1_200
    assert asked(polled) == (2, 0)


def told(total, times=None):
    """The identity service announces so many, whoever is there."""
    return Trouble(Body(b'{"totalResults": %d, "Resources": []}' % total), path="/identity/*", times=times)


@pytest.mark.parametrize("total", [0, 599, 2_401, 100_000_000])
def test_a_number_far_from_the_last_one_is_compared_with_the_list_again(total, simulated):
    polled = simulated(World(organizations=(PEOPLE,)))
    polled.poll()
    polled.later(minutes=5)
    asked(polled)
    polled.server.faults.troubles[:] = [told(total, times=1)]
    second = polled.poll()
    assert (value_of(second, Metric.PEOPLE), asked(polled)) == (1_200, (2, 2))
    assert collection_of(second, "people check").status is CollectionStatus.OK

    polled.later(minutes=5)
    polled.server.faults.troubles[:] = [told(total)]
    third = polled.poll()
    assert (value_of(third, Metric.PEOPLE), asked(polled)) == (1_200, (2, 3))
    difference = f"the identity service counts {total} where the list of people holds 1200"
    assert collection_of(third, "people check").error == difference


@pytest.mark.parametrize("total", [600, 2_400])
def test_a_number_near_the_last_one_is_believed_while_they_agree(total, simulated):
    polled = simulated(World(organizations=(PEOPLE,)))
    polled.poll()
    polled.later(minutes=5)
    asked(polled)
    polled.server.faults.troubles[:] = [told(total)]
    assert (value_of(polled.poll(), Metric.PEOPLE), asked(polled)) == (total, (0, 1))


def test_without_permission_the_list_is_counted_and_that_is_no_error(simulated):
    faults = Faults(troubles=[Trouble(Status(403), path="/identity/*")])
    snapshot = simulated(World(organizations=(PEOPLE,)), faults).poll()
    assert value_of(snapshot, Metric.PEOPLE) == 1_200
    assert not collection_of(snapshot, "people check").status.is_trouble


def test_when_the_one_call_fails_the_list_stands_in(simulated):
    polled = simulated(World(organizations=(PEOPLE,)))
    polled.poll()
    polled.later(minutes=5)
    asked(polled)
    polled.server.faults.troubles.append(Trouble(Status(403), path="/identity/*"))
    assert value_of(polled.poll(), Metric.PEOPLE) == 1_200
    assert asked(polled) == (2, 1)


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("effect", [Hang(3_600), pytest.param(Trickle(3_600), marks=pytest.mark.slow)])
def test_an_identity_service_that_never_answers_is_asked_once_and_keeps_nobody_from_being_counted(
    simulated, effect, is_known
):
    """It has half of a poll's time: where it was asked again, nothing of that was left for the list."""
    polled = simulated(World(organizations=(PEOPLE,)))
    if is_known:
        polled.poll()
        polled.later(minutes=5)
        asked(polled)
    polled.server.faults.troubles.append(Trouble(effect, path="/identity/*"))
    snapshot = polled.poll(budget_seconds="2")
    assert (value_of(snapshot, Metric.PEOPLE), asked(polled)) == (1_200, (2, 1))
    assert collection_of(snapshot, "people check").error == (
        "GET /identity/scim/0000000a-0000-4000-8000-000000000000/v2/Users: the answer took too long"
    )
    polled.later(minutes=5)
    assert (value_of(polled.poll(budget_seconds="2"), Metric.PEOPLE), asked(polled)) == (1_200, (2, 0))
