"""wxc_sdk pages through every list it models and parses every item; unknown fields and values are errors to it."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from webexhist.simulator import Token
from webexhist.simulator.world.plans import organization_id, organization_uuid

pytestmark = pytest.mark.slow  # other clients are slow to import

NOW = datetime(2026, 11, 23, 15, 5, tzinfo=UTC)
MONTH_AGO = NOW - timedelta(days=30)


@pytest.fixture(autouse=True)
def _fresh_log(webex):
    webex.requests.clear()


@pytest.mark.slow
def test_people_are_followed_over_five_pages(calling_sdk, webex):
    people = list(calling_sdk.people.list(max=50))
    assert len({person.person_id for person in people}) == 230
    assert webex.requests.by_path() == {"/v1/people": 5}
    assert calling_sdk.people.details(people[7].person_id) == people[7]
    assert calling_sdk.people.me().roles == people[0].roles


def test_people_are_found_by_address_and_name(calling_sdk):
    assert [found.display_name for found in calling_sdk.people.list(email="person.0042@acme.example")] == [
        "Person 0042"
    ]
    assert len(list(calling_sdk.people.list(display_name="Person 021"))) == 10


def test_licenses_show_their_type_and_every_holder(calling_sdk, webex):
    licenses = calling_sdk.licenses.list()
    assert [(one.lic_type, one.total_units, one.consumed_units) for one in licenses[:2]] == [
        ("MS", 253, 230),
        ("EE", 135, 115),
    ]
    assert calling_sdk.licenses.details(licenses[1].license_id) == licenses[1]
    webex.requests.clear()
    holders = list(calling_sdk.licenses.assigned_users(licenses[1].license_id, limit=40))
    assert len({holder.id for holder in holders}) == 115
    assert len(webex.requests) == 3


def test_organizations_and_roles(calling_sdk):
    (organization,) = calling_sdk.organizations.list()
    assert calling_sdk.organizations.details(organization.org_id) == organization
    roles = calling_sdk.roles.list()
    assert len(roles) == 6
    assert calling_sdk.roles.details(roles[5].id).name == "Compliance Officer"


def test_rooms_teams_and_who_is_in_them(calling_sdk, webex):
    rooms = list(calling_sdk.rooms.list(max=10))
    assert len({room.id for room in rooms}) == 45
    assert calling_sdk.rooms.details(rooms[3].id) == rooms[3]
    assert len(list(calling_sdk.membership.list(rooms[16].id, max=2))) == 19
    mine = list(calling_sdk.membership.list(max=10))
    assert len({one.room_id for one in mine}) == 45
    assert calling_sdk.membership.details(mine[4].id) == mine[4]
    teams = list(calling_sdk.teams.list(max=5))
    assert len({team.id for team in teams}) == 12
    assert calling_sdk.teams.details(teams[3].id) == teams[3]
    members = list(calling_sdk.team_memberships.list(teams[3].id, max=10))
    assert len({member.person_id for member in members}) == 27
    assert calling_sdk.team_memberships.details(members[4].id) == members[4]


def test_messages_of_a_room(calling_sdk, webex):
    room = next(calling_sdk.rooms.list())
    webex.requests.clear()
    messages = list(calling_sdk.messages.list(room.id, max=20))
    assert [one.created for one in messages] == sorted((one.created for one in messages), reverse=True)
    assert len(messages) == 66  # one of 45 rooms in 3,000 messages, without those that were deleted
    assert len(webex.requests) == 4
    assert calling_sdk.messages.details(messages[5].id) == messages[5]


def test_events_of_a_month(calling_sdk):
    events = list(calling_sdk.events.list(from_=MONTH_AGO, to_=NOW, max=100))
    created = list(calling_sdk.events.list(resource="messages", type_="created", from_=MONTH_AGO, to_=NOW))
    assert len({event.id for event in events}) == len(events) > 200
    assert {event.id for event in created} < {event.id for event in events}
    assert calling_sdk.events.details(events[9].id) == events[9]


def test_administrators_acts_of_a_year(calling_sdk, webex):
    window = {"from_": NOW - timedelta(days=365), "to_": NOW}
    assert len(list(calling_sdk.admin_audit.list_events(organization_id(0), **window))) == 520
    assert webex.requests.by_path() == {"/v1/adminAudit/events": 6}
    assert "LICENSE" in calling_sdk.admin_audit.list_event_categories()


def test_devices_workspaces_and_locations(calling_sdk, webex):
    devices = list(calling_sdk.devices.list(max=10))
    assert len({device.device_id for device in devices}) == 31
    assert calling_sdk.devices.details(devices[30].device_id) == devices[30]
    workspaces = list(calling_sdk.workspaces.list(max=10))
    assert len({workspace.workspace_id for workspace in workspaces}) == 26
    assert calling_sdk.workspaces.details(workspaces[4].workspace_id) == workspaces[4]
    locations = list(calling_sdk.locations.list(max=2))
    assert calling_sdk.locations.details(locations[2].location_id) == locations[2]
    assert webex.requests.by_path()["/v1/locations"] == 2


def test_identities(calling_sdk, webex):
    users = list(calling_sdk.scim.users.search_all(org_id=organization_uuid(0), count=100))
    assert len({user.id for user in users}) == 230
    assert len(webex.requests) == 3
    counted = calling_sdk.scim.users.search(org_id=organization_uuid(0), count=1, attributes="id")
    assert (counted.total_results, counted.items_per_page) == (230, 1)
    assert calling_sdk.scim.users.details(organization_uuid(0), users[8].id) == users[8]


def test_guests_are_a_bare_number(calling_sdk):
    assert calling_sdk.guests.guest_count() == "0"


def test_the_end_of_a_token(client_with, webex):
    ends_ms = 1_800_000_000_000
    client = client_with(webex.issue(Token("ends-some-day", expires_ms=ends_ms)))
    assert client.authorizations.get_token_expiration_status() == ends_ms


def test_an_error_is_read_whole(calling_sdk):
    from wxc_sdk.rest import RestError

    with pytest.raises(RestError) as caught:
        calling_sdk.people.details("nobody")
    assert caught.value.response.status_code == 404
    assert caught.value.detail.tracking_id == caught.value.response.headers["trackingid"]
    assert "could not be found" in caught.value.description


def test_an_integration_renews_its_tokens(webex):
    from wxc_sdk.integration import Integration

    registered = webex.grants.integration
    integration = Integration(
        client_id=registered.client_id,
        client_secret=registered.client_secret,
        scopes=["spark-admin:licenses_read"],
        redirect_url=registered.redirect_uris[0],
        auth_service=f"{webex.base_url}/v1/authorize",
        token_service=f"{webex.base_url}/v1/access_token",
    )
    agreed = requests.get(integration.auth_url(state="a-state"), allow_redirects=False, timeout=60)
    code = requests.utils.urlparse(agreed.headers["Location"]).query.split("code=")[1].split("&")[0]
    tokens = integration.tokens_from_code(code=code)
    old = tokens.access_token
    assert tokens.expires_in == 1_209_599
    integration.refresh(tokens=tokens)
    assert tokens.access_token != old
    assert tokens.refresh_token
