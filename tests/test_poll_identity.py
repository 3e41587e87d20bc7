"""Which organizations a poll counts: those that its own token lists, now or the last time it could, each once."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from handed_time import SkippedTime
from polling import NOON, collection_of, count_of, once_nothing_else_comes, value_of

from webexhist.metrics import Metric
from webexhist.simulator import OrganizationPlan, Trouble, World, partner_world
from webexhist.simulator.auth.access import Token
from webexhist.simulator.faults.switches import Body, Hang, Status, Trickle
from webexhist.simulator.world.plans import organization_id, organization_uuid
from webexhist.snapshot import CollectionStatus
from webexhist.webex.api.errors import Disturbed, NotPermitted, OutOfTime

ACME, BETA = organization_id(0), organization_id(1)
NOT_LISTED = Trouble(Status(500), path="/v1/organizations")


def names(snapshots):
    return [snapshot.organization.name for snapshot in snapshots]


def listing(*rows):
    """An answer to GET /v1/organizations."""
    items = [{"id": webex_id, "displayName": name} for webex_id, name in rows]
    return Trouble(Body(json.dumps({"items": items}).encode()), path="/v1/organizations")


@pytest.fixture
def polled(simulated):
    return simulated(partner_world(NOON))


@pytest.mark.parametrize("are_apart", [True, False])
def test_a_poller_never_counts_into_the_history_of_another_on_the_same_database(polled, are_apart):
    """Two configurations on one database; the first cannot list its organizations any more."""
    troubles, database = polled.server.faults.troubles, str(polled.folder / "shared.db")
    second = polled.server.issue(Token("second_P0A1_token"))
    other = replace(polled, folder=polled.folder / "other" if are_apart else polled.folder)

    troubles[:] = [listing((ACME, "Acme Example"))]
    assert names(polled.polls(database=database)) == ["Acme Example"]
    polled.later(minutes=1)
    troubles[:] = [listing((BETA, "Beta Example"))]
    assert names(other.polls(database=database, access_token=second)) == ["Beta Example"]
    polled.later(minutes=4)
    troubles[:] = [NOT_LISTED]
    polled.server.scripted.post_message(NOON + timedelta(minutes=2))
    (snapshot,) = polled.polls(database=database)
    assert (snapshot.organization.name, snapshot.number) == ("Acme Example", 2)
    assert value_of(snapshot, Metric.MESSAGES_CREATED) == 1
    assert value_of(snapshot, Metric.TEAMS) == 4
    (beta,) = other.polls(database=database, access_token=second)
    assert (beta.organization.name, beta.number) == ("Beta Example", 2)


@pytest.mark.slow
@pytest.mark.parametrize("effect", [Hang(3_600), Trickle(60, 1)])
def test_a_list_of_organizations_that_never_comes_keeps_nothing_else_from_being_counted(polled, effect):
    polled.polls()
    polled.later(minutes=5)
    polled.server.faults.troubles.append(Trouble(effect, path="/v1/organizations"))
    polled.server.requests.clear()
    polled.time = SkippedTime(alone=once_nothing_else_comes(polled.server, "/v1/organizations"))
    snapshots = polled.polls(budget_seconds="20")
    assert names(snapshots) == ["Acme Example", "Beta Example", "Gamma Example"]
    assert [value_of(snapshot, Metric.DEVICES) for snapshot in snapshots[:2]] == [12, 12]
    listed = count_of(snapshots[0], Metric.ORGANIZATIONS)
    assert (listed.value, listed.as_of) == (3, NOON)
    found = collection_of(snapshots[0], "organizations")
    assert found.error.startswith("Webex did not list the organizations in time, budget_seconds is 20")


def test_where_webex_answers_nothing_there_is_no_poll(polled):
    polled.polls()
    polled.later(minutes=5)
    polled.server.faults.troubles.append(Trouble(Hang(3_600)))
    polled.time = SkippedTime(alone=lambda: 1)
    with pytest.raises(OutOfTime, match="Webex did not list the organizations in time"):
        polled.polls(budget_seconds="20")


def test_a_token_that_never_listed_any_counts_nothing_of_what_others_stored(polled):
    polled.polls()
    polled.server.faults.troubles.append(NOT_LISTED)
    second = polled.server.issue(Token("second_P0A1_token"))
    with pytest.raises(Disturbed, match="GET /v1/organizations answered 500"):
        polled.polls(access_token=second)


def test_the_choice_of_organizations_holds_also_while_they_cannot_be_listed(polled):
    choice = {"use_custom_fields": "true", "teams": "T"}
    polled.polls(orgids=ACME, **choice)
    polled.later(minutes=5)
    polled.polls(orgids=BETA, **choice)
    polled.later(minutes=5)
    polled.server.faults.troubles.append(NOT_LISTED)
    (snapshot,) = polled.polls(orgids=ACME, **choice)
    assert (snapshot.organization.name, snapshot.number) == ("Acme Example", 2)
    assert value_of(snapshot, Metric.ORGANIZATIONS) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    "spelled",
    [
        organization_uuid(0),
        organization_uuid(0).upper(),
        f"{ACME}==",
        base64.b64encode(organization_uuid(0).encode()).decode(),
        f"ciscospark://us/ORGANIZATION/{organization_uuid(0)}",
        f"urn:uuid:{organization_uuid(0)}",
        f"{organization_uuid(0)},{ACME}",
    ],
)
@pytest.mark.parametrize("meanwhile", [listing(), NOT_LISTED])
def test_an_organization_has_one_history_however_orgids_names_it(polled, spelled, meanwhile):
    choice = {"use_custom_fields": "true", "teams": "T", "orgids": spelled}
    assert names(polled.polls(**choice)) == ["Acme Example"]
    polled.server.faults.troubles.append(meanwhile)
    polled.later(minutes=5)
    polled.polls(**choice)
    polled.server.faults.troubles.clear()
    polled.later(minutes=5)
    assert [(snapshot.organization.name, snapshot.number) for snapshot in polled.polls(**choice)] == [
        ("Acme Example", 3)
    ]


def test_a_list_that_names_one_organization_in_two_ways_is_polled_once(polled):
    polled.server.faults.troubles.append(
        listing((ACME, "Acme"), (organization_uuid(0), "Acme"), (organization_uuid(1).upper(), "Beta"))
    )
    assert names(polled.polls()) == ["Acme", "Beta"]


def test_an_empty_list_after_a_full_one_is_no_list(polled):
    polled.polls()
    polled.later(minutes=5)
    polled.server.faults.troubles.append(listing())
    snapshots = polled.polls()
    assert names(snapshots) == ["Acme Example", "Beta Example", "Gamma Example"]
    assert value_of(snapshots[0], Metric.ORGANIZATIONS) is None
    assert "lists none: those of the list before are polled" in collection_of(snapshots[0], "organizations").error


def test_orgids_that_the_token_does_not_list_are_reported_and_not_polled(polled):
    choice = {"use_custom_fields": "true", "teams": "T"}
    (snapshot,) = polled.polls(orgids=f"{ACME},{organization_id(7)}", **choice)
    collection = collection_of(snapshot, "organizations")
    assert (collection.status, value_of(snapshot, Metric.ORGANIZATIONS)) == (CollectionStatus.NOT_PERMITTED, 1)
    assert collection.error.startswith(f"the token does not list 1 of orgids, {organization_id(7)}")
    with pytest.raises(NotPermitted, match="the token lists none of orgids"):
        polled.polls(orgids=organization_id(7), **choice)


def test_a_token_of_another_organization_says_that_the_first_is_no_longer_polled(webexhist, polled):
    webexhist.go_by(polled.clock)
    troubles = polled.server.faults.troubles

    def poll(token):
        options = (f"--base-url={polled.server.base_url}", f"--access-token={token}")
        return json.loads(webexhist("poll", *options).stdout)["msg"]

    troubles[:] = [listing((ACME, "Acme Example"))]
    assert "no longer polled" not in poll(polled.server.access_token)
    troubles[:] = [listing((BETA, "Beta Example"))]
    second = polled.server.issue(Token("second_P0A1_token"))
    for _poll in range(2):
        polled.later(minutes=5)
        assert "left out: no longer polled, for the token does not list it: Acme Example" in poll(second)
    found = webexhist("status", "--json")
    (left_out,) = [standing for standing in found.json["collectors"] if standing["collector"] == "left out"]
    assert left_out["to_do"] == "if it is to be polled, webexhist login as its administrator"
    assert found.code == 1
    polled.later(minutes=5)
    troubles[:] = [listing((ACME, "Acme Example"), (BETA, "Beta Example"))]
    assert "no longer polled" not in poll(second)


def test_an_organization_that_leaves_the_list_of_a_token_is_named(polled):
    polled.polls()
    polled.later(minutes=5)
    polled.server.faults.troubles.append(listing((ACME, "Acme Example"), (BETA, "Beta Example")))
    snapshots = polled.polls()
    assert names(snapshots) == ["Acme Example", "Beta Example"]
    assert collection_of(snapshots[0], "left out").error.endswith("does not list it: Gamma Example")
    assert not [run for run in snapshots[1].collections if run.collector == "left out"]


def test_a_choice_by_orgids_leaves_nothing_out(polled):
    polled.polls()
    polled.later(minutes=5)
    (snapshot,) = polled.polls(use_custom_fields="true", teams="T", orgids=BETA)
    assert not [run for run in snapshot.collections if run.collector == "left out"]


@pytest.mark.usefixtures("garbage_waits")
@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'[{"webex_id": 1}]', b"\xff", b"[" * 9_000])
def test_a_memory_that_cannot_be_read_is_begun_anew(simulated, content):
    polled = simulated(World(organizations=(OrganizationPlan(people=7),)))
    (polled.folder / "organizations.json").write_bytes(content)
    assert value_of(polled.poll(), Metric.PEOPLE) == 7
    polled.later(minutes=5)
    polled.server.faults.troubles.append(NOT_LISTED)
    assert value_of(polled.poll(), Metric.PEOPLE) == 7


def items_of(*webex_ids):
    """An answer with an item of each of these organizations."""
    items = [{"id": f"item {index}", "orgId": webex_id} for index, webex_id in enumerate(webex_ids)]
    return Body(json.dumps({"items": items}).encode())


@pytest.mark.parametrize(
    ("path", "metric"),
    [
        ("/v1/devices", Metric.DEVICES),
        ("/v1/workspaces", Metric.PLACES),
        ("/v1/hybrid/connectors", Metric.HYBRID_CONNECTORS),
    ],
)
def test_a_list_of_what_belongs_to_another_organization_is_not_counted(polled, path, metric):
    """A partner's token is told of the partner's own where Webex does not see for whom it is asked."""
    polled.server.faults.troubles.append(Trouble(items_of(ACME, ACME, ACME), path=path))
    acme, beta, _ = polled.polls()
    assert (value_of(acme, metric), value_of(beta, metric)) == (3, None)
    (refused,) = [run.error for run in beta.collections if run.status is CollectionStatus.FAILED]
    assert refused.startswith(f"GET {path} lists what belongs to another organization: ")


def test_a_list_in_which_one_item_is_of_another_organization_is_not_counted_in_part(polled):
    polled.server.faults.troubles.append(Trouble(items_of(ACME, ACME, organization_uuid(1)), path="/v1/devices"))
    assert [value_of(snapshot, Metric.DEVICES) for snapshot in polled.polls()[:2]] == [None, None]


def test_an_organization_is_known_by_its_uuid_in_the_items_of_a_list_and_not_every_text_is_one(polled):
    for webex_id in (organization_uuid(1), organization_uuid(1).upper(), "somebody", ""):
        polled.server.faults.troubles[:] = [Trouble(items_of(webex_id, webex_id), path="/v1/devices")]
        _, beta, _ = polled.polls()
        assert value_of(beta, Metric.DEVICES) == 2, webex_id
        polled.later(minutes=5)
