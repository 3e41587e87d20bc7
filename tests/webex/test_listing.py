"""Which organizations a poll is about where the list of them breaks off, or does not come."""

import json

import pytest
from clients import FixedToken
from handed_time import AllButTheFirst, SkippedTime
from polling import NOON, once_nothing_else_comes

from webexhist.simulator import Trouble, partner_world
from webexhist.simulator.auth.access import Token
from webexhist.simulator.faults.switches import Body, Hang, Reset
from webexhist.simulator.world.plans import organization_id
from webexhist.snapshot import ListedBefore, Organization
from webexhist.webex.api.client import Services, WebexClient
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import Unreachable
from webexhist.webex.api.transport import Transport
from webexhist.webex.api.workers import Workers
from webexhist.webex.identity import Identity
from webexhist.webex.listing import list_known

ACME = Organization(organization_id(0), "Acme Example")
BETA = Organization(organization_id(1), "Beta Example")


def test_a_list_that_breaks_off_is_the_last_one_where_webex_answers_anything_else(simulated):
    polled = simulated()
    settings, token = polled.settings(), FixedToken(polled.server.access_token)
    polled.server.faults.troubles.append(Trouble(Reset(), path="/v1/organizations"))
    services = Services.of(settings)
    deadline = Deadline(20, SkippedTime())
    with Transport(services.all, token, deadline, 1, polled.clock) as transport, Workers(1) as workers:
        client = WebexClient(services, transport, workers)
        with pytest.raises(Unreachable):
            list_known(client, settings, (ACME,))
        client.get("/v1/roles")
        listing = list_known(client, settings, (ACME,))
        with pytest.raises(Unreachable):
            list_known(client, settings, ())
    assert (listing.polled, listing.listed, listing.visible) == ((ACME,), (ACME,), None)
    assert isinstance(listing.gathered.failure, Unreachable)


@pytest.mark.parametrize("source", ["events", "audit"])
def test_a_backlog_waits_a_quarter_of_the_time_for_a_list_that_does_not_come(simulated, source):
    polled = simulated()
    settings, token = polled.settings(), FixedToken(polled.server.access_token)
    polled.server.faults.troubles.append(Trouble(Hang(3_600), path="/v1/organizations"))
    services = Services.of(settings)
    time = SkippedTime(alone=lambda: 1)
    deadline = Deadline(20, time)
    identity = Identity(settings, token, deadline, ListedBefore((ACME,)))
    with Transport(services.all, token, deadline, 1, polled.clock) as transport, Workers(1) as workers:
        identity.ask(WebexClient(services, transport, workers), workers)
        assert identity.is_of(ACME, source)
        assert not identity.is_of(BETA, source)
    assert time.now() == 5


def test_a_backlog_of_what_is_counted_once_a_token_goes_on_for_the_own_organization_alone(simulated):
    """Webex tells it while the list does not come."""
    polled = simulated(partner_world(NOON))
    settings, token = polled.settings(), FixedToken(polled.server.issue(Token("first_P0A1_token")))
    told = Body(json.dumps({"orgId": BETA.webex_id}).encode())
    polled.server.faults.troubles[:] = [
        Trouble(Hang(3_600), path="/v1/organizations"),
        Trouble(told, path="/v1/people/me"),
    ]
    services = Services.of(settings)
    deadline = Deadline(20, AllButTheFirst(lambda: once_nothing_else_comes(polled.server, "/v1/organizations")))
    identity = Identity(settings, token, deadline, ListedBefore((ACME, BETA), frozenset(), ""))
    with Transport(services.all, token, deadline, 2, polled.clock) as transport, Workers(2) as workers:
        identity.ask(WebexClient(services, transport, workers), workers)
        assert identity.own_if_late((ACME, BETA)).organization == BETA
        assert [identity.is_of(each, "events") for each in (ACME, BETA)] == [False, True]
        assert [identity.is_of(each, "audit") for each in (ACME, BETA)] == [True, True]
