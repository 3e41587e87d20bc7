"""Whose organizations a poll remembers: those of its token's owner, also where other tokens came into their file."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from authorized import CONFIGURED, Authorized
from polling import NOON, Polled, collection_of

from webexhist.metrics import Metric
from webexhist.simulator import Trouble, World, partner_world
from webexhist.simulator.auth.access import Token
from webexhist.simulator.auth.integration import Rotation
from webexhist.simulator.faults.switches import Body, Status
from webexhist.simulator.world.plans import organization_id
from webexhist.snapshot import Organization
from webexhist.state.grant import Grant
from webexhist.state.listings import Listings
from webexhist.state.token_file import TokenFile
from webexhist.webex.api.errors import Disturbed, Unauthorized

ACME, BETA = organization_id(0), organization_id(1)
NOT_LISTED = Trouble(Status(500), path="/v1/organizations")


def listing(*rows):
    items = [{"id": webex_id, "displayName": name} for webex_id, name in rows]
    return Trouble(Body(json.dumps({"items": items}).encode()), path="/v1/organizations")


class LoggedIn(Polled):
    """Polls with the tokens of tokens.json, the configuration naming none."""

    def settings(self, **options):
        return super().settings(**{"access_token": ""} | options)


def logs_in(polled, token):
    """Stores another token as a login does."""
    TokenFile(polled.settings()).store(Grant(access_token=token))


def puts_it_in(polled, token):
    """Edits the token in the file by hand."""
    file = polled.folder / "tokens.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"access_token": token}))


def copies_the_file(polled, token):
    """Brings the file of another installation."""
    other = polled.settings(state_dir=str(polled.folder / "other"))
    TokenFile(other).store(Grant(access_token=token))
    (other.state_dir / "tokens.json").replace(polled.folder / "tokens.json")


def teams(polled):
    """How many teams a poll counts for each organization; None where it counts none."""
    counted = [{count.metric: count.value for count in each.counts} for each in polled.polls()]
    return [counts.get(Metric.TEAMS) for counts in counted]


@pytest.fixture
def polled(simulated):
    made = simulated(partner_world(NOON))
    polled = LoggedIn(made.server, made.clock, made.folder, made.template)
    logs_in(polled, polled.server.issue(Token("first_P0A1_token")))
    return polled


@pytest.mark.parametrize(
    "replaces",
    [puts_it_in, *(pytest.param(way, marks=pytest.mark.slow) for way in (copies_the_file, logs_in))],
)
def test_other_tokens_in_the_file_count_nothing_into_the_history_of_the_owner_before(polled, replaces):
    troubles = polled.server.faults.troubles
    troubles[:] = [listing((ACME, "Acme Example"))]
    assert [each.organization.name for each in polled.polls()] == ["Acme Example"]
    polled.later(minutes=5)
    replaces(polled, polled.server.issue(Token("second_P0A1_token")))
    troubles[:] = [NOT_LISTED]
    with pytest.raises(Disturbed, match="GET /v1/organizations answered 500"):
        polled.polls()
    troubles[:] = [listing((BETA, "Beta Example"))]
    (beta,) = polled.polls()
    assert (beta.organization.name, beta.number) == ("Beta Example", 1)
    assert collection_of(beta, "left out").error.endswith("the token does not list it: Acme Example")
    assert polled.stored("SELECT organization_id, number FROM snapshot") == [(1, 1), (2, 1)]


@pytest.mark.slow
def test_the_own_organization_of_one_owner_is_not_that_of_the_next(polled):
    troubles = polled.server.faults.troubles
    both = listing((ACME, "Acme Example"), (BETA, "Beta Example"))
    told = Trouble(Body(json.dumps({"orgId": ACME}).encode()), path="/v1/people/me")
    untold = Trouble(Status(403), path="/v1/people/me")
    troubles[:] = [both, told]
    assert teams(polled) == [4, None]
    polled.later(minutes=5)
    troubles[:] = [both, untold]
    assert teams(polled) == [4, None]
    puts_it_in(polled, polled.server.issue(Token("second_P0A1_token")))
    polled.later(minutes=5)
    assert teams(polled) == [None, None]


def test_a_poll_that_ends_after_a_login_takes_nothing_from_the_new_owner():
    acme = Organization(ACME, "Acme Example")
    first = Listings("a configuration", "first").renewed([acme], NOON)
    second = replace(first, owner="second").renewed([acme], NOON + timedelta(minutes=5))
    assert [entry.owner for entry in second.entries] == ["second"]
    late = replace(second, owner="first").renewed([acme], NOON + timedelta(minutes=4))
    assert replace(late, owner="second").before.last == (acme,)


@pytest.mark.slow
@pytest.mark.parametrize("rotation", Rotation)
def test_renewals_keep_the_owner(simulated, rotation):
    """Also two of them between two polls, after which nothing of the tokens is as it was."""
    authorized = Authorized(simulated(World()))
    polled = authorized.polled
    polled.server.grants.rotation = rotation
    integration = {name: getattr(authorized.settings(), name) for name in ("client_id", "client_secret")}
    configured = {"access_token": CONFIGURED, "refresh_token": authorized.refresh_token} | integration
    polled.poll(**configured)
    owner = authorized.tokens().owner()
    authorized.tokens().renewed(CONFIGURED)
    polled.later(days=14)
    authorized.tokens().access_token()
    assert authorized.renewals == 2
    assert authorized.tokens().owner() == owner
    polled.server.faults.troubles.append(NOT_LISTED)
    assert polled.poll(**configured).number == 2


def test_a_run_does_not_go_on_with_the_tokens_of_another_owner(simulated):
    authorized = Authorized(simulated())
    run = authorized.tokens()
    assert run.access_token() == CONFIGURED
    TokenFile(authorized.settings()).store(Grant(access_token="second_P0A1_token"))
    with pytest.raises(Unauthorized, match="the tokens were replaced by others meanwhile"):
        run.renewed(CONFIGURED)
    assert (authorized.renewals, authorized.tokens().access_token()) == (0, "second_P0A1_token")
