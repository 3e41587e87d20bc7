"""Lists that are paged by offset: side by side as far as the last count reaches, and ever more at once from there."""

from contextlib import ExitStack
from urllib.parse import parse_qsl

import pytest
from handed_time import SkippedTime
from polling import NOON

from webexhist.simulator import OrganizationPlan, SimulatedWebex, Trouble, VirtualClock, World
from webexhist.simulator.faults.switches import PagingFault, Status
from webexhist.simulator.world.plans import organization_id
from webexhist.webex.api.client import Services, WebexClient
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import Refused
from webexhist.webex.api.json_values import identified
from webexhist.webex.api.transport import Transport
from webexhist.webex.api.workers import Workers

DEVICES = 250


class Token:
    warnings = ()

    def __init__(self, text):
        self.text = text

    def access_token(self):
        return self.text


@pytest.fixture(scope="module")
def server():
    world = World(organizations=(OrganizationPlan(people=5, devices=DEVICES),))
    with SimulatedWebex(world, VirtualClock(NOON)) as running:
        yield running


@pytest.fixture
def counted(server):
    """Counts the devices where so many are expected; returns how many they are, and the offsets in order."""
    with ExitStack() as running:
        base = server.base_url
        transport = running.enter_context(
            Transport((base,), Token(server.access_token), Deadline(60, SkippedTime()), 4)
        )
        client = WebexClient(Services(base, base, base), transport, running.enter_context(Workers(4)))

        def count(expected, size=50):
            server.requests.clear()
            pages = client.pages_by_offset(
                "/v1/devices", "start", size, expected, identified, orgId=organization_id(0)
            )
            number = len({device["id"] for page in pages for device in page})
            queries = [dict(parse_qsl(entry.query)) for entry in server.requests.entries]
            return number, sorted(int(query.get("start", 0)) for query in queries)

        yield count
        server.faults.paging.clear()
        server.faults.page_limits.clear()
        server.faults.troubles.clear()


@pytest.mark.parametrize(
    ("expected", "beyond", "without_links"),
    [
        (None, [], [250]),
        (0, [250, 300], [250, 300]),
        (250, [], [250]),
        (251, [250], [250]),
        (249, [], [250]),
        (110, [250], [250]),
        (60, [], [250, 300, 350, 400]),
        (400, [250, 300, 350], [250, 300, 350]),
    ],
    ids=["one by one", "unknown", "as before", "one fewer", "one more", "more", "many more", "many fewer"],
)
def test_a_list_is_whole_whatever_was_expected_of_it(server, counted, expected, beyond, without_links):
    assert counted(expected) == (DEVICES, [0, 50, 100, 150, 200, *beyond])
    server.faults.paging = {PagingFault.NO_LINK}  # a full page may be followed by another then
    assert counted(expected) == (DEVICES, [0, 50, 100, 150, 200, *without_links])


def test_pages_are_as_long_as_the_service_lets_them_be(server, counted):
    assert counted(DEVICES, 1000) == (DEVICES, [0, 250])  # it may have been cut off there without a word
    assert counted(DEVICES, 260) == (DEVICES, [0, 250])
    server.faults.page_limits = {"/v1/devices": 90}
    assert counted(DEVICES, 1000) == (DEVICES, [0, 90, 180])
    server.faults.page_limits = {"/v1/devices": 100}
    server.faults.paging = {PagingFault.NO_LINK}
    assert counted(DEVICES, 1000) == (DEVICES, [0, 100, 200])
    server.faults.paging = {PagingFault.DEVICES_CAPPED}
    assert counted(DEVICES, 1000) == (100, [0, 100, 200])


def test_fewer_are_asked_for_where_so_many_are_refused(server, counted):
    server.faults.troubles = [Trouble(Status(400), path="/v1/devices", times=1)]
    assert counted(DEVICES, 1000) == (DEVICES, [0, 0, 100, 200])
    server.faults.troubles = [Trouble(Status(400), path="/v1/devices")]
    with pytest.raises(Refused):
        counted(DEVICES, 1000)
    assert len(server.requests) == 2
    with pytest.raises(Refused):
        counted(DEVICES, 100)
    assert len(server.requests) == 1, "fewer than a hundred are not tried"


def test_nothing_is_tried_ahead_of_a_service_that_asked_to_wait(server, counted):
    server.faults.troubles = [Trouble(Status(429, "1"), path="/v1/devices", times=1)]
    assert counted(0) == (DEVICES, [0, 0, 50, 100, 150, 200])


@pytest.mark.parametrize(
    "fault",
    [
        PagingFault.MIDDLE_EMPTY_PAGE,
        PagingFault.TRAILING_EMPTY_PAGE,
        PagingFault.DUPLICATES,
        PagingFault.DROPPED_MAX,
        PagingFault.MAX_NULL,
        PagingFault.DOUBLE_SCHEME,
        PagingFault.DROPPED_FILTERS,
    ],
)
def test_pages_that_are_odd_are_counted_side_by_side_as_well(server, counted, fault):
    server.faults.paging = {fault}
    assert counted(DEVICES)[0] == DEVICES
