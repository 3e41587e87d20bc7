from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from webexhist.simulator import Faults, OrganizationPlan, Token, World, partner_world
from webexhist.simulator.auth.access import COMPLIANCE_OFFICER, FULL_ADMIN, READ_ONLY_ADMIN
from webexhist.simulator.world.plans import organization_id, organization_uuid

USERS = f"/identity/scim/{organization_uuid(0)}/v2/Users"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/people/nobody", 404),
        ("/v1/nothing", 404),
        ("/v1/places", 404),
        ("/v1/messages", 400),
        ("/v1/team/memberships", 400),
        ("/v1/adminAudit/events", 400),
        ("/v1/people?max=null", 400),
        ("/v1/people?max=many", 400),
        ("/v1/licenses?orgId=somewhere", 403),
    ],
)
def test_an_error_says_the_same_three_times_and_bears_its_tracking_id(visit, path, status):
    answer = visit().get(path)
    body = answer.json()
    assert answer.status_code == status
    assert body == {
        "message": body["message"],
        "errors": [{"description": body["message"]}],
        "trackingId": answer.headers["trackingid"],
    }
    assert body["trackingId"].startswith("ROUTER_")


def test_every_answer_has_a_tracking_id_of_its_own(visit):
    visitor = visit()
    ids = [visitor.get("/v1/roles").headers["TrackingID"] for _ in range(5)]
    assert len(set(ids)) == 5


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer wrong", "Basic abc"])
def test_without_a_living_token_everything_is_refused(visit, authorization):
    visitor = visit()
    visitor.session.headers["Authorization"] = authorization
    answer = visitor.get("/v1/licenses")
    assert answer.status_code == 401
    assert answer.json()["message"].startswith("The request requires a valid access token")


def test_a_token_ends_on_the_services_clock(visit, clock, now):
    visitor = visit()
    ends_ms = int((now + timedelta(hours=1)).timestamp() * 1000)
    visitor.session.headers["Authorization"] = "Bearer " + visitor.webex.issue(Token("short", expires_ms=ends_ms))
    assert visitor.get("/v1/authorizations/tokenExpiry").json() == {"exp": ends_ms}
    clock.advance(timedelta(minutes=59))
    assert visitor.get("/v1/roles").status_code == 200
    clock.advance(timedelta(minutes=1))
    assert visitor.get("/v1/roles").status_code == 401


DEMANDS = {
    "/v1/licenses": "spark-admin:licenses_read",
    "/v1/organizations": "spark-admin:organizations_read",
    "/v1/roles": "spark-admin:roles_read",
    "/v1/workspaces": "spark-admin:workspaces_read",
    "/v1/hybrid/clusters": "spark-admin:hybrid_clusters_read",
    "/v1/hybrid/connectors": "spark-admin:hybrid_connectors_read",
    "/v1/resourceGroups": "spark-admin:resource_groups_read",
    "/v1/resourceGroup/memberships": "spark-admin:resource_group_memberships_read",
    "/v1/adminAudit/eventCategories": "audit:events_read",
    "/v1/events": "spark-compliance:events_read",
    "/v1/analytics/messagingMetrics/dailyTotals": "analytics:read_all",
    USERS: "identity:people_read",
    "/v1/guests/count": "guest-issuer:read",
}


@pytest.mark.parametrize(("path", "scope"), DEMANDS.items())
def test_the_one_scope_an_endpoint_asks_for_is_needed_and_is_enough(visit, path, scope):
    visitor = visit()
    every_scope = Token("t").scopes
    visitor.session.headers["Authorization"] = "Bearer all-but-one"
    visitor.webex.issue(Token("all-but-one", scopes=every_scope - {scope}))
    refused = visitor.get(path)
    visitor.webex.issue(Token("all-but-one", scopes=frozenset({scope})))
    assert (refused.status_code, visitor.get(path).status_code) == (403, 200)


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("/v1/events", COMPLIANCE_OFFICER),
        ("/v1/adminAudit/eventCategories", FULL_ADMIN),
        ("/v1/licenses", READ_ONLY_ADMIN),
        (USERS, READ_ONLY_ADMIN),
    ],
)
def test_the_right_role_is_needed_and_is_enough(visit, path, role):
    visitor = visit()
    visitor.session.headers["Authorization"] = "Bearer somebody"
    visitor.webex.issue(Token("somebody", roles=frozenset()))
    refused = visitor.get(path)
    visitor.webex.issue(Token("somebody", roles=frozenset({role})))
    assert (refused.status_code, visitor.get(path).status_code) == (403, 200)
    assert "missing required scopes" in refused.text


def test_a_service_app_is_nobody_and_may_not_use_analytics(visit):
    visitor = visit()
    visitor.session.headers["Authorization"] = "Bearer machine"
    visitor.webex.issue(Token("machine", service_app=True))
    assert visitor.get("/v1/people/me").status_code == 403
    assert visitor.get("/v1/analytics/messagingMetrics/dailyTotals").status_code == 403
    assert visitor.get("/v1/licenses").status_code == 200


def test_analytics_need_the_pro_pack(visit):
    world = World(organizations=(OrganizationPlan(pro_pack=False),))
    assert visit(world).get("/v1/analytics/messagingMetrics/dailyTotals").status_code == 403


def test_without_the_administrators_scope_people_have_to_be_named(visit):
    visitor = visit()
    visitor.session.headers["Authorization"] = "Bearer user"
    visitor.webex.issue(Token("user", scopes=frozenset({"spark:people_read"})))
    assert visitor.get("/v1/people").status_code == 400
    assert len(visitor.get("/v1/people", email="person.0003@acme.example").json()["items"]) == 1


def test_a_partner_sees_three_organizations_one_of_which_refuses(visit, now):
    visitor = visit(partner_world(now))
    names = [one["displayName"] for one in visitor.items("/v1/organizations")]
    answers = [visitor.get("/v1/people", orgId=organization_id(number), max=1000) for number in range(3)]
    assert names == ["Acme Example", "Beta Example", "Gamma Example"]
    assert [answer.status_code for answer in answers] == [200, 200, 403]
    assert [len(answer.json()["items"]) for answer in answers[:2]] == [100, 60]
    own = visitor.get("/v1/people", max=1000).json()["items"]
    assert own == answers[0].json()["items"]
    assert not {one["id"] for one in own} & {one["id"] for one in answers[1].json()["items"]}


def test_a_token_of_one_customer_sees_only_its_own(visit, now):
    visitor = visit(partner_world(now))
    visitor.session.headers["Authorization"] = "Bearer single"
    visitor.webex.issue(Token("single", organizations=()))
    assert len(visitor.items("/v1/organizations")) == 1
    assert visitor.get("/v1/people", orgId=organization_id(1)).status_code == 403


def test_the_identity_service_has_errors_of_its_own_form(visit):
    visitor = visit()
    answer = visitor.get(USERS, filter="userType pr")
    assert answer.status_code == 400
    assert answer.json() == {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": "400",
        "scimType": "invalidFilter",
        "details": "The filter userType pr is not supported.",
    }
    visitor.webex.issue(Token("stranger", scopes=frozenset()))
    refused = visitor.session.get(
        f"{visitor.webex.base_url}{USERS}", headers={"Authorization": "Bearer stranger"}, timeout=60
    )
    assert (refused.status_code, refused.json()["status"], "trackingId" in refused.json()) == (403, "403", False)
    found = visitor.get(USERS, filter='userName eq "person.0004@acme.example"').json()
    assert (found["totalResults"], found["Resources"][0]["displayName"]) == (1, "Person 0004")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_only_get_is_answered(visit, method):
    visitor = visit()
    answer = visitor.session.request(method, f"{visitor.webex.base_url}/v1/licenses", json={}, timeout=60)
    assert (answer.status_code, "trackingId" in answer.json()) == (405, True)


def test_the_date_header_shows_the_services_clock_and_its_skew(visit, now):
    assert "Date" not in visit(faults=Faults(date_header=False)).get("/v1/roles").headers
    answer = visit(faults=Faults(clock_skew=timedelta(minutes=-10))).get("/v1/roles")
    assert parsedate_to_datetime(answer.headers["Date"]) == now - timedelta(minutes=10)
