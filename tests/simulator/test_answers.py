"""Every answer has the documented fields, of the documented types, and no other (Webex API reference).

The client is written against these answers: a field that the service invents, or writes otherwise than Webex does,
would only be found out with a real organization.
"""

from datetime import UTC, datetime

import pytest
import requests
from jsonschema import Draft202012Validator

from webexhist.simulator import (
    LicensePlan,
    OrganizationPlan,
    SimulatedWebex,
    Token,
    VirtualClock,
    World,
    organization_id,
    organization_uuid,
)
from webexhist.simulator.endpoints.routes import ROUTES

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
WORLD = World(
    organizations=(
        OrganizationPlan(
            people=30,
            resource_group_workspaces=2,
            licenses=(
                LicensePlan("Webex Meetings Suite", "EE", 50, 20, 0, "Sub1", "acme.webex.com", "Linked site"),
                LicensePlan("Webex Room Kit", "SD", 9, 0, 4, "Sub1"),
                LicensePlan("Call on Webex (1:1 call, non-PSTN)", "FTC", -1, None, None, consumed=9),
            ),
        ),
    ),
    messages_a_day=lambda day: 45,
    membership_changes_a_day=lambda day: 2,
    audit_events_a_day=lambda day: 3,
)

UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TYPES = {
    "text": {"type": "string"},
    "whole": {"type": "integer"},
    "units": {"type": ["integer", "null"]},
    "flag": {"type": "boolean"},
    "id": {"type": "string", "pattern": "^[A-Za-z0-9_-]{20,}={0,2}$"},
    "uuid": {"type": "string", "pattern": f"^{UUID}$"},
    "mail": {"type": "string", "pattern": "^[^@ ]+@[^@ ]+$"},
    "time": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?(Z|\+00:00)$"},
    "date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
    "degrees": {"type": "string", "pattern": r"^-?\d+\.\d+$"},
    "object": {"type": "object"},
    "list": {"type": "array"},
}


def shape(fields: str, **inner: object) -> dict[str, object]:
    """An object with these fields and no other: "name:type", with "?" where it may be missing.

    A type in brackets is a list of it, words between bars are an enumeration, and `inner` has types of its own.
    """
    properties = {}
    required = []
    for field in fields.split():
        name, _, kind = field.partition(":")
        if not name.endswith("?"):
            required.append(name)
        properties[name.rstrip("?")] = typed(kind, inner)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def typed(kind, inner):
    if kind.startswith("["):
        return {"type": "array", "items": typed(kind[1:-1], inner)}
    if "|" in kind:
        return {"enum": kind.split("|")}
    return inner[kind] if kind in inner else TYPES[kind]


def listed(item, key="items", **beside):
    """An answer with a list that has at least one item."""
    return {
        "type": "object",
        "properties": {key: {"type": "array", "items": item, "minItems": 1}, **beside},
        "required": [key],
        "additionalProperties": False,
    }


PERSON = shape(
    "id:id emails:[mail] phoneNumbers:list displayName:text firstName:text lastName:text nickName?:text"
    " userName?:text avatar?:text orgId:id roles:[id] licenses:[id] department?:text manager?:text managerId?:id"
    " title?:text addresses?:list locationId?:id created:time lastModified:time timezone?:text lastActivity?:time"
    " siteUrls?:[text] sipAddresses?:list invitePending:flag loginEnabled:flag extension?:text"
    " type:person|bot|appuser"
    " status?:active|call|DoNotDisturb|inactive|meeting|OutOfOffice|pending|presenting|unknown"
)
LICENSE = (
    "id:id name:text totalUnits:whole consumedUnits:whole consumedByUsers?:units consumedByWorkspaces?:units"
    " subscriptionId?:text siteUrl?:text siteType?:site"
)
SITE = {"enum": ["Control Hub managed site", "Linked site", "Site Admin managed site"]}
HOLDER = shape("id:id type:INTERNAL|EXTERNAL displayName:text email:mail")
MESSAGE = (
    "id:id parentId?:id roomId:id roomType:group|direct text?:text markdown?:text html?:text files?:[text]"
    " personId:id personEmail:mail mentionedPeople?:[id] mentionedGroups?:[text] attachments?:list created:time"
    " updated?:time isVoiceClip?:flag"
)
MEMBER = "personId:id personEmail:mail personDisplayName:text personOrgId:id isModerator:flag created:time"
GROUP_MEMBER = "id:id resourceGroupId:id licenseId:id personId:id personOrgId:id status:pending|activated|error"
IDENTITY = shape(
    "schemas:[text] id:uuid userName:text active:flag displayName:text name:object emails:list"
    " userType:user|room|external_calling|calling_service meta:object title?:text"
)
IDENTITY["patternProperties"] = {"^urn:scim:schemas:extension:cisco:webexidentity:2.0:User$": TYPES["object"]}
WEEK = "from=2026-11-01T00:00:00.000Z&to=2026-11-08T00:00:00.000Z"
ANSWERS = {
    "/v1/organizations": listed(shape("id:id displayName:text created:time")),
    "/v1/people": listed(PERSON, notFoundIds={"type": "array", "maxItems": 0}),
    "/v1/people/me": PERSON,
    "/v1/licenses": listed(shape(LICENSE, site=SITE)),
    "/v1/licenses/{license}": shape(LICENSE, site=SITE),
    "/v1/licenses/{license}?includeAssignedTo=user": shape(f"{LICENSE} users:[holder]", site=SITE, holder=HOLDER),
    "/v1/roles": listed(shape("id:id name:text")),
    "/v1/teams": listed(shape("id:id name:text description?:text creatorId?:id created:time")),
    "/v1/team/memberships?teamId={team}": listed(shape(f"id:id teamId:id {MEMBER}")),
    "/v1/rooms": listed(
        shape(
            "id:id title?:text type:group|direct isLocked:flag teamId?:id lastActivity:time creatorId:id created:time"
            " ownerId:id classificationId?:id isAnnouncementOnly:flag isReadOnly:flag isPublic:flag madePublic?:time"
            " description?:text"
        )
    ),
    "/v1/messages?roomId={room}": listed(shape(MESSAGE)),
    "/v1/memberships?roomId={room}": listed(
        shape(f"id:id roomId:id roomType:group|direct isRoomHidden?:flag isMonitor?:flag {MEMBER}")
    ),
    "/v1/events?max=1000": listed(
        shape(
            "id:id resource:messages|memberships|rooms type:created|updated|deleted appId:text actorId:id orgId:id"
            " created:time data:object"
        )
    ),
    f"/v1/adminAudit/events?orgId={organization_id(0)}&{WEEK}": listed(
        shape(
            "id:id created:time actorId:id actorOrgId:id data:data",
            data=shape(
                "actorName:text actorEmail:mail actorOrgName:text adminRoles:[text] actorIp:text actorUserAgent:text"
                " eventCategory:text eventDescription:text actionText:text targetType:text targetId:id"
                " targetName:text targetOrgId:id targetOrgName:text trackingId:text errorCode?:text"
                " errorMessage?:text operationType?:text"
            ),
        )
    ),
    "/v1/adminAudit/eventCategories": shape("eventCategories:[text]"),
    "/v1/devices": listed(
        shape(
            "id:id callingDeviceId?:id webexDeviceId?:id deviceId?:id displayName:text placeId?:id workspaceId?:id"
            " personId?:id orgId:id capabilities:[text] permissions:[xapi:readonly|xapi:all] product:text"
            " type:roomdesk|phone|accessory|webexgo|unknown tags:[text] ip?:text activeInterface?:text mac?:text"
            " primarySipUrl?:text sipUrls?:[text] serial:text software:text upgradeChannel?:text created:time"
            " locationId?:id errorCodes:[text] firstSeen?:time lastSeen?:time managedBy?:CISCO|CUSTOMER|PARTNER"
            " devicePlatform?:cisco|microsoftTeamsRoom connectionStatus:connected|disconnected|"
            "connected_with_issues|offline_expired|activating|unknown|offline_deep_sleep|pending"
        )
    ),
    "/v1/workspaces": listed(
        shape(
            "id:id orgId:id displayName:text capacity?:whole type:notSet|focus|huddle|meetingRoom|open|desk|other"
            " sipAddress:text created:time calling:calling calendar:calendar hotdeskingStatus:on|off"
            " supportedDevices:collaborationDevices|phones deviceHostedMeetings?:object notes?:text locationId?:id"
            " floorId?:id health?:object devicePlatform?:cisco|microsoftTeamsRoom",
            calling=shape(
                "type:freeCalling|hybridCalling|webexCalling|webexEdgeForDevices|thirdPartySipCalling|none"
            ),
            calendar=shape("type:none|microsoft|google emailAddress?:mail"),
        )
    ),
    "/v1/locations": listed(
        shape(
            "id:id name:text orgId:id timeZone:text preferredLanguage:text address:address latitude:degrees"
            " longitude:degrees notes?:text",
            address=shape("address1:text city:text country:text state:text postalCode?:text"),
        )
    ),
    "/v1/hybrid/clusters": listed(shape("id:id orgId:id name:text resourceGroupId:id")),
    "/v1/hybrid/connectors": listed(
        shape(
            "id:id orgId:id hybridClusterId:id hostname:text created:time version:text alarms:list"
            " status:operational|impaired|outage|maintenanceMode type:expresswayManagement|calendar|call|message|"
            "expresswayServiceability|ecpServiceability|videoMesh|dataSecurity|care|careManagement"
        )
    ),
    "/v1/resourceGroups": listed(shape("id:id name:text orgId:id")),
    "/v1/resourceGroup/memberships": listed(shape(GROUP_MEMBER)),
    "/v1/resourceGroup/memberships/v2": listed(shape(GROUP_MEMBER)),
    f"/identity/scim/{organization_uuid(0)}/v2/Users?count=2": listed(
        IDENTITY,
        key="Resources",
        schemas={"const": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]},
        totalResults={"const": 30},
        itemsPerPage={"const": 2},
        startIndex={"const": 1},
    ),
    f"/identity/organizations/{organization_uuid(0)}": shape(
        "schemas:[text] id:uuid displayName:text preferredLanguage:text meta:meta",
        meta=shape("created:time lastModified:time version:text"),
    ),
    "/v1/analytics/messagingMetrics/dailyTotals?from=2026-11-01&to=2026-11-03": shape(
        "startDate:date endDate:date metrics:metrics",
        metrics=shape(
            "dates:[date] dailyActiveUsers:[whole] totalMessagesSent:[whole] deskTopMessagesSent:[whole]"
            " mobileMessagesSent:[whole] totalActiveSpaces?:[whole] groupActiveSpaces?:[whole]"
            " one2oneActiveSpaces?:[whole] sharing?:object"
        ),
    ),
    "/v1/guests/count": TYPES["whole"],
    "/v1/authorizations/tokenExpiry": shape("exp:whole"),
}
ERROR = shape("message:text errors:[described] trackingId:text", described=shape("description:text errorCode?:whole"))


@pytest.fixture(scope="module")
def service():
    with SimulatedWebex(WORLD, VirtualClock(NOW)) as running:
        yield running


@pytest.fixture(scope="module")
def ask(service):
    with requests.Session() as session:
        token = service.issue(Token("ends-some-day", expires_ms=int(NOW.timestamp() + 1_000) * 1_000))
        session.headers["Authorization"] = f"Bearer {token}"
        yield lambda path: session.get(service.base_url + path, timeout=20)


@pytest.fixture(scope="module")
def ids(ask):
    return {word: ask(f"/v1/{word}s").json()["items"][0]["id"] for word in ("license", "team", "room")}


@pytest.mark.parametrize("path", ANSWERS)
def test_an_answer_is_as_documented(ask, ids, path):
    answer = ask(path.format_map(ids))
    assert answer.status_code == 200
    Draft202012Validator(ANSWERS[path]).validate(answer.json())


@pytest.mark.parametrize(
    ("path", "status"), [("/v1/places", 404), ("/v1/people/nobody", 404), ("/v1/team/memberships", 400)]
)
def test_an_error_is_as_documented(ask, path, status):
    answer = ask(path)
    assert answer.status_code == status
    Draft202012Validator(ERROR).validate(answer.json())


def test_every_route_has_its_answer_here():
    paths = {path.partition("?")[0] for path in ANSWERS}
    lists = {route.path for route in ROUTES if not route.path.endswith("{}")}
    known = {
        path.replace(organization_uuid(0), "{}") for path in paths if not path.startswith("/identity/organizations/")
    }
    assert lists <= known


def test_a_schema_lets_nothing_else_pass():
    wrong = [{"id": "x"}, {"id": organization_id(0), "displayName": "Acme", "created": "yesterday"}]
    for item in wrong:
        assert not Draft202012Validator(ANSWERS["/v1/organizations"]).is_valid({"items": [item]})
