from datetime import timedelta

import pytest

from webexhist.simulator import DataFault, Faults, LicensePlan, OrganizationPlan, World, partner_world, sized_world
from webexhist.simulator.world.amounts import Steps
from webexhist.simulator.world.ids import decode
from webexhist.simulator.world.plans import organization_id


@pytest.fixture
def odd(visit, now):
    """A service whose items have these oddities."""
    return lambda *oddities: visit(sized_world(now, people=40), Faults(data=set(oddities)))


@pytest.fixture
def licensed(visit):
    """A service of one organization with these licenses."""
    return lambda *plans, people=50: visit(World(organizations=(OrganizationPlan(people=people, licenses=plans),)))


def test_booleans_and_units_can_be_texts(odd):
    visitor = odd(DataFault.BOOLEANS_AS_STRINGS, DataFault.UNITS_AS_STRINGS)
    people, licenses = visitor.items("/v1/people"), visitor.items("/v1/licenses")
    assert {person["invitePending"] for person in people} == {"true", "false"}
    assert (licenses[0]["totalUnits"], licenses[0]["consumedUnits"], licenses[0]["consumedByUsers"]) == (
        "44",
        "40",
        "40",
    )


def test_who_consumes_can_be_null_or_missing(odd):
    null, absent = (
        odd(fault).items("/v1/licenses")[0] for fault in (DataFault.CONSUMED_BY_NULL, DataFault.CONSUMED_BY_ABSENT)
    )
    assert (null["consumedByUsers"], null["consumedByWorkspaces"]) == (None, None)
    assert not {"consumedByUsers", "consumedByWorkspaces"} & set(absent)


def test_presence_can_be_missing_for_some_or_hidden_for_all(odd):
    usual = odd().items("/v1/people")
    some = odd(DataFault.NO_LAST_ACTIVITY).items("/v1/people")
    none = odd(DataFault.PRESENCE_HIDDEN).items("/v1/people")
    assert sum("lastActivity" in person for person in usual) == 38  # two invitations are pending
    assert sum("lastActivity" in person for person in some) == 20
    assert not any({"lastActivity", "status"} & set(person) for person in none)


def test_presence_can_be_left_out_by_the_client(odd):
    people = odd().items("/v1/people", excludeStatus="true")
    assert not any({"lastActivity", "status"} & set(person) for person in people)
    one = odd().get("/v1/people", id=people[3]["id"]).json()["items"]
    assert [person["displayName"] for person in one] == ["Person 0003"]


def test_titles_and_texts_can_be_undecryptable_and_still_be_there(odd, now):
    visitor = odd(DataFault.UNDECRYPTABLE)
    rooms = visitor.items("/v1/rooms")
    messages = visitor.items("/v1/messages", roomId=rooms[0]["id"])
    assert len(rooms) == 20
    assert {room["errors"]["title"]["code"] for room in rooms} == {"kms_failure"}
    assert not any("title" in room for room in rooms)
    assert {message["errors"]["text"]["code"] for message in messages} == {"kms_failure"}


def test_unknown_values_and_glued_ids(odd):
    visitor = odd(DataFault.UNKNOWN_VALUES, DataFault.GLUED_IDS)
    person, license_ = visitor.items("/v1/people")[0], visitor.items("/v1/licenses")[0]
    assert (person["type"], license_["siteType"]) == ("hologram", "Floating site")
    assert len(person["licenses"]) == 1
    assert person["licenses"][0].count(",") >= 2
    statuses = [one["status"] for one in visitor.items("/v1/resourceGroup/memberships")]
    assert statuses.count("waiting") == 8


def test_some_people_have_optional_fields_and_some_have_not(odd):
    people = odd().items("/v1/people")
    optional = {"department", "title", "manager", "managerId", "locationId"}
    assert [len(optional & set(person)) for person in people[7:11]] == [5, 5, 0, 5]
    assert (people[8]["department"], people[8]["title"]) == ("Department 01", "Specialist")


def test_devices_and_locations_have_the_documented_forms(odd):
    visitor = odd()
    assert visitor.items("/v1/devices")[0]["permissions"] == ["xapi:all"]
    location = visitor.items("/v1/locations")[2]
    assert (location["latitude"], location["longitude"]) == ("38.702000", "-9.102000")
    assert location["address"]["country"] == "PT"


def test_a_row_that_nobody_bought_has_one_uuid_in_two_organizations(visit, now):
    visitor = visit(partner_world(now))
    own, customers = (visitor.ids("/v1/licenses", orgId=organization_id(number)) for number in (0, 1))
    uuids = [[decode(one)[1].split("_")[1] for one in ids] for ids in (own, customers)]
    assert len(set(own) | set(customers)) == 20
    assert uuids[0][6:] == uuids[1][6:]  # Basic Messaging, Basic Space Meetings, hybrid, UCM
    assert not set(uuids[0][:6]) & set(uuids[1][:6])


def test_guests_are_counted_in_plain_text(visit):
    answer = visit(World(organizations=(OrganizationPlan(guests=17),))).get("/v1/guests/count")
    assert (answer.text, answer.headers["Content-Type"]) == ("17", "text/plain")


def test_daily_totals_can_be_texts(odd):
    metrics = odd(DataFault.ANALYTICS_AS_TEXT).get("/v1/analytics/messagingMetrics/dailyTotals").json()["metrics"]
    assert metrics["dates"] == '["2026-11-22"]'


def test_an_organization_without_hybrid_services_has_three_ways_to_say_so(odd, visit):
    path = "/v1/hybrid/clusters"
    bare = World(organizations=(OrganizationPlan(hybrid_clusters=0, hybrid_connectors=0),))
    assert odd(DataFault.HYBRID_EMPTY_OBJECT).get(path).content == b"{}"
    assert odd(DataFault.HYBRID_EMPTY_LIST).get(path).content == b"[]"
    assert visit(bare).get(path).json() == {"items": []}


def test_the_id_of_a_license_has_its_code_and_site_and_a_row_only_fields_with_a_value(odd):
    licenses = odd().items("/v1/licenses")
    keys = [decode(one["id"])[1].split(":")[1] for one in licenses]
    assert [key.split("_")[0] for key in keys[:5]] == ["MS", "EE", "EE", "BCSTD", "SD"]
    assert keys[1].endswith("_acme.webex.com")
    assert (licenses[1]["name"], licenses[2]["name"]) == ("Webex Meetings Suite",) * 2
    assert licenses[1]["subscriptionId"] != licenses[2]["subscriptionId"]
    assert not {"subscriptionId", "siteUrl", "siteType"} & set(licenses[-1])
    route_list = licenses[5]
    assert (route_list["consumedUnits"], route_list["consumedByUsers"], route_list["consumedByWorkspaces"]) == (
        4,
        None,
        None,
    )


def test_free_and_hybrid_rows_follow_the_number_of_people(odd):
    rows = {one["name"]: (one["totalUnits"], one["consumedUnits"]) for one in odd().items("/v1/licenses")}
    assert (rows["Basic Messaging"], rows["Hybrid - Exchange Calendar"]) == ((40, 40), (40, 0))


def test_names_are_other_peoples_text(licensed):
    names = ['<script>alert("x")</script>', "=1+1", "two\nlines", "a, b", "🦊 'quoted'", ""]
    visitor = licensed(*(LicensePlan(name, "X", 1) for name in names))
    assert [one["name"] for one in visitor.items("/v1/licenses")] == names


def test_totals_may_be_zero_unlimited_or_less_than_what_is_used(licensed):
    visitor = licensed(LicensePlan("a", "A", 0, 3), LicensePlan("b", "B", -1, 7), LicensePlan("c", "C", 10, 12, 2))
    assert [(one["totalUnits"], one["consumedUnits"]) for one in visitor.items("/v1/licenses")] == [
        (0, 3),
        (-1, 7),
        (10, 14),
    ]


def test_a_license_is_bought_renamed_appears_and_vanishes_without_changing_its_id(licensed, now, clock):
    noon = now + timedelta(days=1)
    visitor = licensed(
        LicensePlan("vanishing", "V", 5, listed_until=noon),
        LicensePlan("renamed", "R", Steps(10, (noon,), (15,)), renamed=(noon, "new name")),
        LicensePlan("appearing", "A", 7, listed_from=noon),
    )
    before = visitor.items("/v1/licenses")
    clock.set(noon)
    after = visitor.items("/v1/licenses")
    assert [(one["name"], one["totalUnits"]) for one in before] == [("vanishing", 5), ("renamed", 10)]
    assert [(one["name"], one["totalUnits"]) for one in after] == [("new name", 15), ("appearing", 7)]
    assert before[1]["id"] == after[0]["id"]


def test_the_list_of_people_the_holders_and_the_units_agree(odd):
    visitor = odd()
    people = visitor.items("/v1/people", max=7)
    for one in visitor.items("/v1/licenses"):
        holders = visitor.items(f"/v1/licenses/{one['id']}", key="users", includeAssignedTo="user", limit=9)
        listed = {person["id"] for person in people if one["id"] in person["licenses"]}
        assert {holder["id"] for holder in holders} == listed
        assert len(listed) == (one["consumedByUsers"] or 0)
        assert {holder["type"] for holder in holders} <= {"INTERNAL"}


def test_units_beyond_the_people_are_held_by_others(licensed):
    visitor = licensed(LicensePlan("shared", "EE", 100, 60), people=50)
    license_id = visitor.items("/v1/licenses")[0]["id"]
    holders = visitor.items(f"/v1/licenses/{license_id}", key="users", includeAssignedTo="user", limit=25)
    assert [holder["type"] for holder in holders].count("EXTERNAL") == 10
    assert len({holder["id"] for holder in holders}) == 60
    assert visitor.get(f"/v1/licenses/{license_id}").json()["name"] == "shared"


def test_the_identity_service_may_count_more_than_people(visit):
    visitor = visit(World(organizations=(OrganizationPlan(people=20, identities_besides_people=6),)))
    path = "/identity/scim/0000000a-0000-4000-8000-000000000000/v2/Users"
    body = visitor.get(path).json()
    assert body["totalResults"] == 26
    assert [user["userType"] for user in body["Resources"]].count("room") == 6
    assert len(visitor.ids("/v1/people")) == 20


def test_single_items_are_those_of_the_lists(odd):
    visitor = odd()
    for path in ("devices", "workspaces", "locations", "rooms", "teams", "organizations", "roles", "people"):
        item = visitor.items(f"/v1/{path}")[-1]
        assert visitor.get(f"/v1/{path}/{item['id']}").json() == item
