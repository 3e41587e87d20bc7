"""How collectors fare, what they need, and from when on a failure is a person's business."""

from datetime import timedelta

import pytest
from polling import NOON

from webexhist.simulator import Trouble, partner_world
from webexhist.simulator.faults.switches import Status
from webexhist.simulator.world.plans import organization_id
from webexhist.snapshot import CollectionStatus
from webexhist.status.collectors import collector_standings
from webexhist.status.database import stored_status
from webexhist.store.rows.health import CollectorHistory, CollectorSpan


@pytest.fixture
def polled(simulated):
    polled = simulated(partner_world(NOON))
    polled.poll()
    return polled


def standings(polled, scopes=()):
    histories = stored_status(polled.settings(), NOON).collectors
    return {(found.organization, found.collector): found for found in collector_standings(histories, scopes)}


def acme(polled, collector, scopes=()):
    return standings(polled, scopes)["Acme Example", collector]


def poll_with(polled, effect, path, **options):
    polled.later(minutes=5)
    polled.server.faults.troubles[:] = [Trouble(effect, path=path)] if effect else []
    polled.poll(**options)


def test_a_collector_that_is_well_shows_when_it_last_was(polled):
    poll_with(polled, None, "")
    roles = acme(polled, "roles")
    assert (roles.state, roles.last_good_at, roles.last_error, roles.to_do) == (
        "ok",
        NOON + timedelta(minutes=5),
        None,
        "",
    )
    assert [scope.name for scope in roles.permission.scopes] == ["spark-admin:roles_read"]
    assert roles.permission.role == "administrator of any kind"


def test_one_that_recovered_remembers_its_last_error(polled):
    poll_with(polled, Status(400), "/v1/roles")
    poll_with(polled, None, "")
    roles = acme(polled, "roles")
    assert (roles.state, roles.to_do) == ("ok", "")
    assert roles.last_error.startswith("GET /v1/roles answered 400: give Webex's support the tracking id")
    assert roles.last_error_at == NOON + timedelta(minutes=5)


def test_what_is_not_permitted_names_scope_role_and_command_at_once(polled):
    poll_with(polled, Status(403), "/v1/*vents")
    assert acme(polled, "events").last_good_at == NOON
    assert acme(polled, "events").to_do == (
        "webexhist login --compliance as Compliance Officer, allowing spark-compliance:events_read;"
        " or set messages_source = rooms"
    )
    granted = ("audit:events_read", "spark-admin:people_read")
    assert acme(polled, "admin audit", granted).to_do == "webexhist login as full administrator"
    assert standings(polled)["Gamma Example", "devices"].to_do == (
        "webexhist login as administrator of any kind, allowing spark-admin:devices_read"
    )


@pytest.mark.parametrize(
    ("status", "to_do"),
    [
        (
            CollectionStatus.FAILED,
            "see the reason; plugin_perf.log holds the tracking ids that Webex's support asks for",
        ),
        (CollectionStatus.OUT_OF_TIME, "raise budget_seconds, or poll by a timer: webexhist timer install"),
    ],
)
def test_what_fails_for_a_while_is_left_to_the_next_polls(status, to_do):
    def after(minutes):
        good = CollectorSpan(CollectionStatus.OK, None, NOON, NOON, stands=False)
        one = CollectorSpan(CollectionStatus.FAILED, "one", *[NOON + timedelta(minutes=5)] * 2, stands=False)
        began, ended = NOON + timedelta(minutes=10), NOON + timedelta(minutes=minutes)
        history = CollectorHistory(
            "Acme", "roles", (good, one, CollectorSpan(status, "another", began, ended, stands=True)), {}
        )
        return collector_standings([history], ())[0]

    assert (after(15).to_do, after(15).last_error) == ("", "another")
    assert (after(20).to_do, after(20).last_good_at) == (to_do, NOON)


def test_tokens_that_will_fail_are_a_persons_business_at_once(polled):
    (polled.folder / "tokens.json").write_text("{")
    poll_with(polled, None, "")
    tokens = acme(polled, "tokens")
    assert (tokens.state, tokens.to_do) == ("failed", "see the reason; webexhist login helps in any case")
    assert "are damaged" in tokens.last_error
    (polled.folder / "tokens.json").unlink()
    poll_with(polled, None, "")
    assert ("Acme Example", "tokens") not in standings(polled)


def test_an_organization_that_is_not_polled_any_more_has_no_say(polled):
    only_beta = {"use_custom_fields": "true", "orgids": organization_id(1), "teams": "T"}
    for _poll in range(4):
        poll_with(polled, None, "", **only_beta)
    assert {organization for organization, _ in standings(polled)} == {"Beta Example"}
