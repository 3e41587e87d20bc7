"""What Webex counts once a token hangs on the organization of the token's owner, and on no other."""

import json
from datetime import timedelta

import pytest
from handed_time import AllButTheFirst, SkippedTime
from polling import NOON, Polled, collection_of, once_nothing_else_comes, value_of

from webexhist.agent.document import plugin_document
from webexhist.backfill import BackfillError, backfill_messages
from webexhist.metrics import Metric
from webexhist.simulator import Hang, Trouble, World, partner_world
from webexhist.simulator.auth.access import Token
from webexhist.simulator.faults.switches import Body, Reset, Status, TruncatedJson
from webexhist.simulator.world.plans import organization_id, organization_uuid
from webexhist.snapshot import CollectionStatus
from webexhist.state.grant import Grant
from webexhist.state.token_file import TokenFile

ACME, BETA, GAMMA = (organization_id(number) for number in range(3))
ME = "/v1/people/me"
ONCE_A_TOKEN = (Metric.ROOMS, Metric.TEAMS, Metric.ROLES, Metric.MESSAGES_CREATED)
SLOW = pytest.mark.slow


def told(org_id):
    return Body(json.dumps({"orgId": org_id}).encode())


NO_ANSWERS = {
    "500": Status(500),
    "401": Status(401),
    "truncated": TruncatedJson(),
    "reset": Reset(),
    "no orgId": Body(b"{}"),
    "number": told(5),
    "no Webex ID": told("Acme Example"),
    "not listed": told(organization_id(7)),
    "403": Status(403),
    "404": Status(404),
}
ALL = [pytest.param(name, marks=() if name == "no orgId" else SLOW) for name in NO_ANSWERS]


class Untold(Polled):
    """Polls with a token that does not end in its organization's UUID, so that Webex must tell it."""

    token = "first_P0A1_token"

    def settings(self, **options):
        return super().settings(**{"access_token": self.token} | options)


@pytest.fixture
def polled(simulated):
    polled = simulated(partner_world(NOON))
    polled.server.issue(Token(Untold.token))
    return Untold(polled.server, polled.clock, polled.folder, polled.template)


def once_a_token(snapshots):
    """What is known of each organization's counts that Webex gives once a token."""
    return {
        snapshot.organization.webex_id: {
            count.metric for count in snapshot.counts if count.metric in ONCE_A_TOKEN and count.value is not None
        }
        for snapshot in snapshots
    }


def answers(polled, effect, path=ME):
    polled.server.faults.troubles[:] = [Trouble(effect, path=path)]


def listed(*webex_ids):
    rows = [{"id": webex_id, "displayName": webex_id[-4:]} for webex_id in webex_ids]
    return Trouble(Body(json.dumps({"items": rows}).encode()), path="/v1/organizations")


NOWHERE = {ACME: set(), BETA: set(), GAMMA: set()}
AT_BETA = NOWHERE | {BETA: set(ONCE_A_TOKEN)}


@pytest.mark.usefixtures("garbage_waits")
@pytest.mark.parametrize("name", ALL)
def test_without_an_answer_the_own_organization_is_the_one_told_before_or_unknown_never_another(polled, name):
    answers(polled, NO_ANSWERS[name])
    snapshots = polled.polls()
    assert once_a_token(snapshots) == NOWHERE
    assert {value_of(snapshot, Metric.DEVICES) is not None for snapshot in snapshots[:2]} == {True}
    collections = [collection_of(snapshot, "own organization") for snapshot in snapshots]
    assert all(one.error.startswith("rooms, teams, roles and messages are not counted: ") for one in collections)
    assert "Admin - Teams Count" not in plugin_document(snapshots)
    polled.later(minutes=5)
    answers(polled, told(BETA))
    assert once_a_token(polled.polls()) == AT_BETA
    polled.later(minutes=5)
    answers(polled, NO_ANSWERS[name])
    snapshots = polled.polls()
    assert once_a_token(snapshots) == AT_BETA
    assert not [run for snapshot in snapshots for run in snapshot.collections if run.collector == "own organization"]


@SLOW
def test_an_own_organization_that_is_listed_no_more_is_not_replaced_by_another(polled):
    """Neither by the first of several nor by the only one, however long; when it is back, it need not be told."""
    answers(polled, told(BETA))
    polled.polls()
    for days, left in ((0, (ACME, GAMMA)), (0, (ACME,)), (32, (ACME,)), (1, (ACME,))):
        polled.later(days=days, minutes=5)
        polled.server.faults.troubles[:] = [listed(*left), Trouble(Status(403), path=ME)]
        snapshots = polled.polls()
        assert once_a_token(snapshots) == {each: set() for each in left}
    assert not [run for run in snapshots[0].collections if run.collector == "left out"], "that was said for a month"
    polled.later(minutes=5)
    polled.server.faults.troubles[:] = [Trouble(Status(403), path=ME)]
    assert once_a_token(polled.polls()) == AT_BETA


@SLOW
def test_what_is_told_while_the_organizations_cannot_be_listed_is_remembered(polled):
    answers(polled, Status(403))
    polled.polls()
    polled.later(minutes=5)
    polled.server.faults.troubles[:] = [Trouble(Status(403), path="/v1/organizations"), Trouble(told(BETA), path=ME)]
    assert once_a_token(polled.polls()) == AT_BETA
    polled.later(minutes=5)
    answers(polled, Status(403))
    assert once_a_token(polled.polls()) == AT_BETA


@SLOW
def test_a_login_during_a_poll_begins_without_what_that_poll_was_told(polled):
    answers(polled, told(BETA))
    polled.polls()
    polled.later(minutes=5)
    tokens = TokenFile(polled.settings())
    other = Grant(access_token=polled.server.issue(Token("second_P0A1_token")))

    class LoginBeside(SkippedTime):
        def wait_for(self, futures, seconds):
            super().wait_for(futures, seconds)
            tokens.store(other)

    polled.time = LoginBeside()
    polled.polls()
    polled.time = SkippedTime()
    polled.later(minutes=5)
    answers(polled, Status(403))
    assert once_a_token(polled.polls()) == NOWHERE


@SLOW
def test_what_one_token_was_told_says_nothing_of_another(polled):
    answers(polled, told(BETA))
    polled.polls()
    polled.later(minutes=5)
    answers(polled, Status(403))
    assert once_a_token(polled.polls(access_token=polled.server.issue(Token("second_P0A1_token")))) == NOWHERE


@SLOW
def test_one_organization_needs_no_answer(simulated):
    polled = simulated(World())
    answers(polled, Status(403))
    (snapshot,) = polled.polls()
    assert once_a_token([snapshot]) == {ACME: set(ONCE_A_TOKEN)}
    assert polled.server.requests.by_path()[ME] == 0


@SLOW
def test_a_token_that_says_whose_it_is_needs_no_answer(polled):
    answers(polled, Status(403))
    token = polled.server.issue(Token(f"second_P0A1_{organization_uuid(1)}"))
    assert once_a_token(polled.polls(access_token=token)) == AT_BETA
    polled.later(minutes=5)
    polled.server.faults.troubles.append(listed(ACME))
    assert once_a_token(polled.polls(access_token=token)) == {ACME: set()}


@pytest.mark.parametrize(("says", "counted"), [(ACME, set(ONCE_A_TOKEN)), (BETA, set())])
def test_the_only_one_listed_is_not_the_own_where_the_token_is_of_another_unless_webex_says_so(
    simulated, says, counted
):
    """A partner's token may list a single customer: the partner's rooms and messages are not the customer's."""
    polled = simulated(World())
    token = polled.server.issue(Token(f"partner_P0A1_{organization_uuid(7)}"))
    answers(polled, told(says))
    snapshots = polled.polls(access_token=token)
    assert once_a_token(snapshots) == {ACME: counted}
    assert value_of(snapshots[0], Metric.DEVICES) is not None


@SLOW
def test_an_own_organization_that_is_not_chosen_has_its_counts_nowhere(polled):
    choice = {"use_custom_fields": "true", "teams": "T", "orgids": f"{ACME},{GAMMA}"}
    answers(polled, told(BETA))
    snapshots = polled.polls(**choice)
    assert once_a_token(snapshots) == {ACME: set(), GAMMA: set()}
    assert collection_of(snapshots[0], "own organization").status is CollectionStatus.NOT_USED


@SLOW
@pytest.mark.parametrize("is_known", [True, False])
def test_an_answer_that_does_not_come_keeps_nothing_else_from_being_counted(polled, is_known):
    answers(polled, told(BETA))
    if is_known:
        polled.polls()
        polled.later(minutes=5)
    answers(polled, Hang(3_600))
    polled.time = SkippedTime(alone=once_nothing_else_comes(polled.server, ME))
    polled.server.requests.clear()
    snapshots = polled.polls()
    assert value_of(snapshots[0], Metric.DEVICES) is not None
    assert once_a_token(snapshots) == (AT_BETA if is_known else NOWHERE)


@pytest.mark.parametrize("told_before", [pytest.param(True, marks=SLOW), False])
def test_a_list_of_organizations_that_never_comes_keeps_nothing_that_hangs_on_the_own_from_being_counted(
    polled, told_before
):
    """Neither what Webex tells now nor what it told before needs that list: all of it was on the one before."""
    answers(polled, told(BETA) if told_before else Status(403))
    polled.polls()
    polled.later(minutes=5)
    polled.server.scripted.post_message(NOON + timedelta(minutes=2))
    never = Trouble(Hang(3_600), path="/v1/organizations")
    polled.server.faults.troubles[:] = [never, Trouble(Status(403) if told_before else told(BETA), path=ME)]
    polled.time = AllButTheFirst(lambda: once_nothing_else_comes(polled.server, "/v1/organizations"))
    polled.server.requests.clear()
    snapshots = polled.polls()
    assert once_a_token(snapshots) == AT_BETA
    assert polled.server.requests.by_path()[ME] == 1
    counted = value_of(snapshots[1], Metric.MESSAGES_CREATED)
    assert counted == int(told_before), "the first window begins when it is told"


@SLOW
def test_a_backfill_is_of_the_own_organization_or_of_none(polled):
    polled.polls()
    answers(polled, Status(403))
    assert list(backfill_messages(polled.settings(), polled.clock, days=1)), "it was told to the poll"
    second = polled.server.issue(Token("second_P0A1_token"))
    with pytest.raises(BackfillError, match="not known whose messages the token counts"):
        list(backfill_messages(polled.settings(access_token=second), polled.clock, days=1))
