"""webexpythonsdk pages through every list it models and reads every item."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from webexhist.simulator.world.plans import organization_id

pytestmark = pytest.mark.slow  # other clients are slow to import

NOW = datetime(2026, 11, 23, 15, 5, tzinfo=UTC)
MONTH_AGO = (NOW - timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


@pytest.fixture(autouse=True)
def _fresh_log(webex):
    webex.requests.clear()


def test_people_are_followed_over_five_pages(python_sdk, webex):
    people = list(python_sdk.people.list(max=50))
    assert len({person.id for person in people}) == 230
    assert webex.requests.by_path() == {"/v1/people": 5}
    assert python_sdk.people.get(people[7].id).displayName == "Person 0007"
    assert python_sdk.people.me().id == people[0].id


def test_licenses_organizations_and_roles(python_sdk):
    licenses = list(python_sdk.licenses.list())
    assert [(one.name, one.totalUnits, one.consumedUnits) for one in licenses[:2]] == [
        ("Advanced Messaging", 253, 230),
        ("Webex Meetings Suite", 135, 115),
    ]
    assert python_sdk.licenses.get(licenses[1].id).json_data == licenses[1].json_data
    (organization,) = python_sdk.organizations.list()
    assert python_sdk.organizations.get(organization.id).displayName == "Acme Example"
    roles = list(python_sdk.roles.list())
    assert len(roles) == 6
    assert python_sdk.roles.get(roles[0].id).name == "Full Administrator"


def test_rooms_teams_and_who_is_in_them(python_sdk):
    rooms = list(python_sdk.rooms.list(max=10))
    assert len({room.id for room in rooms}) == 45
    assert python_sdk.rooms.get(rooms[3].id).json_data == rooms[3].json_data
    members = list(python_sdk.memberships.list(roomId=rooms[16].id, max=2))
    assert len({member.personId for member in members}) == 19
    assert python_sdk.memberships.get(members[4].id).json_data == members[4].json_data
    teams = list(python_sdk.teams.list(max=5))
    assert len({team.id for team in teams}) == 12
    assert python_sdk.teams.get(teams[3].id).json_data == teams[3].json_data
    team_members = list(python_sdk.team_memberships.list(teams[3].id, max=10))
    assert len({member.personId for member in team_members}) == 27
    assert python_sdk.team_memberships.get(team_members[4].id).json_data == team_members[4].json_data


def test_messages_of_a_room(python_sdk, webex):
    room = next(iter(python_sdk.rooms.list()))
    webex.requests.clear()
    messages = list(python_sdk.messages.list(room.id, max=20))
    assert [one.created for one in messages] == sorted((one.created for one in messages), reverse=True)
    assert len({one.id for one in messages}) == 66
    assert webex.requests.by_path() == {"/v1/messages": 4}
    assert python_sdk.messages.get(messages[5].id).json_data == messages[5].json_data


def test_events_of_a_month(python_sdk):
    events = list(python_sdk.events.list(_from=MONTH_AGO, max=100))
    assert len({event.id for event in events}) == len(events) > 200
    assert python_sdk.events.get(events[9].id).json_data == events[9].json_data


def test_administrators_acts_of_a_month(python_sdk, webex):
    window = {"_from": MONTH_AGO, "to": NOW.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
    acts = list(python_sdk.admin_audit_events.list(orgId=organization_id(0), max=10, **window))
    assert len({act.id for act in acts}) == len(acts) == 41
    assert webex.requests.by_path() == {"/v1/adminAudit/events": 5}


def test_an_error_is_read_whole(python_sdk):
    import webexpythonsdk

    with pytest.raises(webexpythonsdk.ApiError) as caught:
        python_sdk.people.get("nobody")
    assert caught.value.status_code == 404
    assert "could not be found" in caught.value.message


def test_tokens_are_granted_and_renewed(python_sdk, webex):
    integration = webex.grants.integration
    agreed = requests.get(
        f"{webex.base_url}/v1/authorize",
        params={
            "client_id": integration.client_id,
            "response_type": "code",
            "redirect_uri": integration.redirect_uris[0],
            "scope": "spark-admin:licenses_read",
            "state": "a-state",
        },
        allow_redirects=False,
        timeout=60,
    )
    code = parse_qs(urlsplit(agreed.headers["Location"]).query)["code"][0]
    client = {"client_id": integration.client_id, "client_secret": integration.client_secret}
    granted = python_sdk.access_tokens.get(code=code, redirect_uri=integration.redirect_uris[0], **client)
    renewed = python_sdk.access_tokens.refresh(refresh_token=granted.refresh_token, **client)
    assert renewed.access_token != granted.access_token
    assert (renewed.expires_in, renewed.refresh_token_expires_in) == (1_209_599, 7_775_999)
