from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from webexhist.simulator import DataFault, Faults, OrganizationPlan, Steps, World, sized_world
from webexhist.simulator.world.directory import item_id
from webexhist.simulator.world.plans import organization_id


@pytest.fixture
def world(now):
    return sized_world(
        now, people=230, rooms=57, teams=43, memberships_per_team=61, messages=4_000, devices=132, workspaces=117
    )


@pytest.mark.parametrize(
    ("path", "size", "amount"),
    [
        ("/v1/people", 50, 230),
        ("/v1/rooms", 10, 57),
        ("/v1/teams", 10, 43),
        ("/v1/devices", 25, 132),
        ("/v1/workspaces", 25, 117),
        ("/v1/memberships", 7, 57),
        ("/v1/locations", 1, 3),
        ("/v1/resourceGroup/memberships", 3, 16),
        ("/v1/resourceGroup/memberships/v2", 3, 16),
    ],
)
def test_following_next_gives_every_item_once(visit, world, path, size, amount):
    visitor = visit(world)
    ids = visitor.ids(path, max=size)
    assert len(ids) == len(set(ids)) == amount
    assert visitor.webex.requests.by_path() == {path: -(-amount // size)}


@pytest.mark.parametrize(
    ("path", "limit", "amount"),
    [
        ("/v1/people", 1000, 1200),
        ("/v1/rooms", 1000, 1100),
        ("/v1/teams", 1000, 1001),
        ("/v1/devices", 1000, 1003),
        ("/v1/workspaces", 1000, 1002),
    ],
)
def test_too_large_a_max_is_clamped_without_a_word(visit, now, path, limit, amount):
    world = sized_world(now, people=1200, rooms=1100, teams=1001, devices=1003, workspaces=1002, messages=0)
    sizes = [len(answer.json()["items"]) for answer in visit(world).pages(path, max=5000)]
    assert sizes == [limit, amount - limit]


def test_pages_that_are_kept_ready_change_with_all_that_they_show(visit, now):
    built = Steps(117, (now + timedelta(hours=1),), (118,))
    visitor = visit(World(organizations=(OrganizationPlan(people=9, workspaces=built),)))
    path, faults = "/v1/workspaces", visitor.webex.faults
    assert len(visitor.items(path, max=100)) == len(visitor.items(path, max=100)) == 117
    visitor.clock.set(now + timedelta(hours=1))
    assert len(visitor.items(path, max=100)) == 118
    faults.page_limits = {path: 50}
    assert [len(page.json()["items"]) for page in visitor.pages(path, max=100)] == [50, 50, 18]
    faults.data = {DataFault.UNKNOWN_VALUES}
    assert {item["type"] for item in visitor.items(path, max=100)} == {"greenhouse"}
    faults.data.clear()
    assert "greenhouse" not in {item["type"] for item in visitor.items(path, max=100)}


@pytest.mark.parametrize(
    ("parameters", "size"),
    [({}, 100), ({"callingData": "true"}, 100), ({"locationId": item_id("LOCATION", 1)}, 50)],
)
def test_pages_of_people_have_their_own_limits(visit, world, parameters, size):
    asked = parameters | ({"max": 1000} if parameters else {})
    assert len(visit(world).get("/v1/people", **asked).json()["items"]) == size


def test_the_limit_of_a_page_can_be_set(visit, world):
    visitor = visit(world, Faults(page_limits={"/v1/people": 70}))
    assert [len(page.json()["items"]) for page in visitor.pages("/v1/people", max=1000)] == [70, 70, 70, 20]


def test_next_is_absolute_on_the_requests_host_and_keeps_every_parameter_as_it_was_written(visit, world):
    visitor = visit(world)
    port = urlsplit(visitor.webex.base_url).port
    address = f"http://localhost:{port}/v1/people?displayName=Person%200&max=10&orgId={organization_id(0)}"
    link = visitor.session.get(address, timeout=60).headers["Link"]
    last_of_page = visitor.get("/v1/people", max=10).json()["items"][-1]["id"]
    assert link == f'<{address}&before&after={last_of_page}>; rel="next"'


def test_the_last_page_has_no_link_header_and_no_list_has_a_total(visit, world):
    *_, last = visit(world).pages("/v1/people", max=100)
    assert "Link" not in last.headers
    assert set(last.json()) == {"items", "notFoundIds"}


def test_people_who_join_while_a_list_is_read_disturb_nobody(visit, now, clock):
    class Growing:
        def __call__(self, moment):
            return 30 if moment <= now else 40

    visitor = visit(World(organizations=(OrganizationPlan(people=Growing()),)))
    first = visitor.get("/v1/people", max=20)
    clock.set(now.replace(hour=16))
    second = visitor.session.get(first.links["next"]["url"], timeout=60)
    names = [person["displayName"] for page in (first, second) for person in page.json()["items"]]
    assert names == [f"Person {number:04d}" for number in range(40)]


def test_devices_obey_start_without_any_link(visit, world):
    visitor = visit(world)
    pages = [visitor.get("/v1/devices", start=start, max=60).json()["items"] for start in (0, 60, 120, 180)]
    assert [len(page) for page in pages] == [60, 60, 12, 0]


def test_identities_are_paged_by_start_index_and_count(visit, world):
    visitor = visit(world)
    path = "/identity/scim/0000000a-0000-4000-8000-000000000000/v2/Users"
    body = visitor.get(path, startIndex=201, count=100).json()
    assert (body["totalResults"], body["itemsPerPage"], body["startIndex"]) == (230, 30, 201)
    assert visitor.get(path, count=1, attributes="id").json()["Resources"] == [
        {
            "schemas": body["Resources"][0]["schemas"],
            "id": "0000009e-0000-4000-8000-000000000000",
        }
    ]


def test_rooms_by_last_activity_come_in_that_order_over_all_pages(visit, world):
    rooms = visit(world).items("/v1/rooms", sortBy="lastactivity", max=10)
    activity = [room["lastActivity"] for room in rooms]
    assert activity == sorted(activity, reverse=True)
    assert len({room["id"] for room in rooms}) == 57


def test_a_cursor_that_was_not_given_is_refused(visit, world):
    visitor = visit(world)
    for cursor in ("%%%", "bm90IGEgbnVtYmVy"):
        assert visitor.get("/v1/rooms", cursor=cursor).status_code == 400
    assert visitor.get("/v1/people", after="nobody").status_code == 400


def test_filters_of_rooms_and_memberships(visit, world):
    visitor = visit(world)
    direct = visitor.items("/v1/rooms", type="direct")
    team = visitor.ids("/v1/teams")[4]
    assert len(direct) == 14  # rooms 3, 7 … 55
    assert {room["type"] for room in direct} == {"direct"}
    assert [room["teamId"] for room in visitor.items("/v1/rooms", teamId=team)] == [team]
    assert len(visitor.items("/v1/resourceGroup/memberships", status="pending")) == 4


def test_the_second_version_of_resource_group_memberships_has_workspaces_too(visit):
    visitor = visit(World(organizations=(OrganizationPlan(resource_group_workspaces=5),)))
    path = "/v1/resourceGroup/memberships"
    people, everything = visitor.ids(path, max=7), visitor.ids(f"{path}/v2", max=7)
    assert (len(people), len(everything)) == (16, 21)  # 11 activated, 4 pending, 1 error
    assert visitor.ids(f"{path}/v2", type="User") == people
    assert visitor.ids(f"{path}/v2", type="Workspace") == everything[16:]
    assert len(visitor.ids(f"{path}/v2", status="activated")) == 16
    assert len(set(everything)) == 21


def test_people_of_a_location(visit, world):
    visitor = visit(world)
    by_location = [visitor.items("/v1/people", locationId=one) for one in visitor.ids("/v1/locations")]
    assert [len(people) for people in by_location] == [69, 69, 69]  # of 230, without every tenth
    assert visitor.items("/v1/people", locationId="nowhere") == []


def test_a_next_link_is_plain_query_text(visit, world):
    link = visit(world).get("/v1/rooms", max=10).links["next"]["url"]
    assert dict(parse_qsl(urlsplit(link).query))["max"] == "10"
