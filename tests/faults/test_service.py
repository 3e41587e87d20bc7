"""Every switch of the simulated service, turned while a poll asks: what is stored, printed and exited."""

import gzip
from datetime import timedelta
from fnmatch import fnmatch

import pytest
from handed_time import SkippedTime

from webexhist.metrics import PLUGIN_VALUES
from webexhist.simulator import DataFault, PagingFault, RateLimit, SimulatedWebex, Trouble
from webexhist.simulator.faults.switches import (
    Body,
    CutOff,
    Hang,
    Redirect,
    Reset,
    Slow,
    Status,
    TooLarge,
    Trickle,
    TruncatedJson,
)

FIGURES = {
    "/v1/people": {"People Count"},
    "/v1/devices": {"Admin - Devices Count"},
    "/v1/workspaces": {"Places Count"},
    "/v1/roles": {"Admin - Roles Count"},
    "/v1/rooms": {"Admin - Rooms Count"},
    "/v1/teams": {"Admin - Teams Count", "Room - Memberships Count"},
    "/v1/team/memberships": {"Room - Memberships Count"},
    "/v1/hybrid/clusters": {"Hybrid - Clusters Count"},
    "/v1/hybrid/connectors": {"Hybrid - Connectors Count"},
    "/v1/resourceGroup/memberships*": {
        "Resource Group Membership Active",
        "Resource Group Membership Pending",
        "Resource Group Membership Error",
    },
    "/v1/licenses": {"License Total Units", "License Consumed Units"},
    "/v1/adminAudit/events": {"Admin Audit Events"},
}
"""What is unknown when a path gives nothing."""
LASTING = {
    "400": (Status(400), "failed", "answered 400"),
    "403": (Status(403), "not permitted", "answered 403: the token lacks a scope, or its owner a role"),
    "410": (Status(410), "failed", "answered 410"),
    "451": (Status(451), "failed", "answered 451"),
    "429 for an hour": (Status(429, "3600"), "out of time", "asks to wait 3600 s"),
    "500": (Status(500), "failed", "answered 500"),
    "502 in HTML": (Status(502, html=True), "failed", "answered 502"),
    "reset": (Reset(), "failed", "the connection broke"),
    "cut off": (CutOff(), "failed", "the connection broke"),
    "truncated": (TruncatedJson(), "failed", "did not answer JSON"),
    "redirect": (Redirect("https://elsewhere.example/v1/x"), "failed", "redirects are not followed"),
    "HTML": (Body(b"<html>Sign in</html>", content_type="text/html"), "failed", "did not answer JSON"),
    "empty": (Body(b""), "failed", "did not answer JSON"),
    "wrong type": (Body(b'{"items": "130"}'), "failed", "without a list of items"),
    "nested": (Body(b'{"items": [' + b"[" * 100_000), "failed", "did not answer JSON"),
    "100 MB": (Body(b'{"items": [' + b" " * 100_000_000 + b"]}"), "failed", "answered more than 64 MB"),
}
ASKED_AGAIN = {"502 in HTML", "reset", "cut off"}
"""Of these three and 500 one is enough for every day: they take as long as four attempts."""
PASSING = [Status(500), Status(503), Status(502, html=True), Status(429, "1"), Status(423, "0"), Reset(), CutOff()]


@pytest.fixture
def troubled(host):
    def trouble(effect, path="*", **when):
        host.server.faults.troubles.append(Trouble(effect, path, **when))

    return trouble


@pytest.mark.parametrize(
    "turn", [0, pytest.param(5, marks=pytest.mark.slow), pytest.param(10, marks=pytest.mark.slow)]
)
@pytest.mark.usefixtures("garbage_waits")
def test_what_a_path_does_not_give_is_unknown_with_its_reason_and_all_else_is_counted(host, troubled, turn):
    """Many faults at once, each on a path of its own; every turn gives the paths other faults."""
    faults = list(LASTING.values())
    met = dict(zip(FIGURES, faults[turn:] + faults[:turn], strict=False))
    for path, (effect, _, _) in met.items():
        troubled(effect, path)

    polled = host.poll()
    assert polled.code == 0
    assert polled.unknown == set().union(*FIGURES.values())
    assert polled.document["Collection Errors"] == len(met) - 1, "both paths of teams belong to one collector"
    assert host.snapshots() == 1
    logged = {path: outcome for outcome in host.outcomes().values() for path in met if is_about(path, outcome)}
    assert logged.keys() == met.keys() - {"/v1/team/memberships"}
    for path, (status, _) in logged.items():
        assert status == met[path][1], path


def is_about(path, outcome):
    return outcome[1] is not None and fnmatch(outcome[1], f"GET {path}[ :]*")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in ASKED_AGAIN else name for name in LASTING]
)
@pytest.mark.usefixtures("garbage_waits")
def test_what_never_answers_right_is_down_with_its_reason_and_leaves_no_trace(host, troubled, name):
    effect, _, reason = LASTING[name]
    troubled(effect)
    polled = host.poll()
    assert polled.code == 1
    assert reason in polled.message
    assert host.snapshots() == 0


def test_every_value_of_the_document_has_a_true_one_to_compare_it_with(truth):
    assert PLUGIN_VALUES.keys() <= truth.keys()


def test_what_passes_is_asked_through(host, troubled):
    for path, effect in zip(FIGURES, [*PASSING, Slow(0.3), Trickle(0.001, 512), TooLarge(500)] * 2, strict=False):
        troubled(effect, path, times=None if isinstance(effect, TooLarge) else 1)
    done = host.poll()
    assert done.unknown == set(), done.message
    assert host.snapshots() == 1


@pytest.mark.slow
@pytest.mark.parametrize("effect", [Hang(3_600), Trickle(60, 1)])
def test_a_server_that_says_nothing_or_hardly_anything_costs_the_budget_and_no_more(host, troubled, effect):
    troubled(effect, "/v1/people")
    time = SkippedTime(lambda: host.server.requests.by_path()["/v1/people"])
    host.command.go_by(host.clock, time)
    polled = host.poll(budget_seconds=20)
    assert time.now() == 20
    assert polled.unknown == {"People Count"}
    assert "people: not done in time, budget_seconds is 20: the next poll asks again" in polled.message
    assert host.unknown_values() == {"people"}


def test_events_that_are_not_permitted_leave_all_but_messages_unknown(host, troubled):
    troubled(Status(403), "/v1/events")
    polled = host.poll()
    assert polled.unknown == set(), "messages are counted in the rooms"
    assert "Messages Updated" not in polled.document
    assert "messages_updated" in host.unknown_values()
    assert "answered 403, messages are counted in the owner's rooms" in polled.message


@pytest.mark.slow
@pytest.mark.parametrize("effect", [Status(400), Body(b"{}"), Body(b'{"items": [1]}')])
def test_events_that_fail_are_not_replaced_by_another_source(host, troubled, effect):
    troubled(effect, "/v1/events")
    polled = host.poll()
    assert polled.unknown == {"Total Messages Exchanged"}
    assert {"messages_created", "memberships_deleted"} <= host.unknown_values()
    assert host.outcomes()["events"][0] == "failed"


def test_an_event_that_does_not_say_what_happened_is_named_and_stops_no_count(host, troubled):
    troubled(Body(b'{"items": [{}]}'), "/v1/events")
    polled = host.poll()
    assert polled.unknown == set()
    assert "odd events: 1 event that does not say what happened, not counted" in polled.message


def test_every_defect_of_paging_that_can_be_seen_through_at_once(host):
    without_a_link = {PagingFault.REPEATED_NEXT, PagingFault.DEVICES_CAPPED, PagingFault.NO_LINK}
    host.server.faults.paging |= set(PagingFault) - without_a_link
    assert host.poll().unknown == set()


def test_every_oddity_of_the_data_at_once(host):
    no_services = {DataFault.HYBRID_EMPTY_OBJECT, DataFault.HYBRID_EMPTY_LIST}
    host.server.faults.data |= set(DataFault) - no_services - {DataFault.UNKNOWN_VALUES}
    assert host.poll().unknown == set()


def test_a_rate_limit_is_kept(host):
    host.server.faults.rate_limits.append(RateLimit(calls=8, seconds=1))
    assert host.poll().unknown == set()


def test_a_rate_limit_that_outlasts_the_budget_leaves_the_rest_unknown(host, truth):
    host.server.faults.rate_limits.append(RateLimit(calls=1, seconds=60, retry_after="60"))
    polled = host.poll(workers=1)
    assert polled.unknown == truth.keys() - {"Admin - Org Count"}, "nothing is asked before the organizations"
    assert "asks to wait 60 s" in polled.message


def test_a_next_link_to_another_host_never_carries_the_token(host):
    host.server.faults.page_limits["/v1/people"] = 50
    with SimulatedWebex() as elsewhere:
        host.server.faults.next_base_url = elsewhere.base_url
        polled = host.poll()
        assert len(elsewhere.requests) == 0
    assert polled.unknown == {"People Count"}, "the only list whose pages follow links"
    assert "leads to another host or to plain http: the token is not sent there" in polled.message


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_server_whose_clock_differs_is_believed(host, hours):
    host.server.faults.clock_skew = timedelta(hours=hours)
    assert host.poll().unknown == set()


def test_a_server_whose_clock_differs_by_days_dates_the_first_poll(host):
    host.server.faults.clock_skew = timedelta(days=2)
    polled = host.poll()
    assert polled.unknown == set()
    assert "this host's clock is 2 days behind Webex's, whose time is taken" in polled.message


@pytest.mark.slow
def test_a_body_that_is_not_as_it_is_packed_is_no_answer(host, troubled):
    bodies = {
        "/v1/people": gzip.compress(b" " * 100_000_000),
        "/v1/devices": b"\x1f\x8b" + b"\xff" * 100,
        "/v1/roles": b"",
        "/v1/rooms": b'{"items": []}',
    }
    for path, body in bodies.items():
        troubled(Body(body, content_type="application/json\r\nContent-Encoding: gzip"), path)
    assert host.poll().unknown == set().union(*(FIGURES[path] for path in bodies))


def test_a_path_that_is_gone_is_not_an_organization_without_hybrid_services(host, troubled):
    troubled(Status(410), "/v1/hybrid/*")
    assert host.poll().unknown == {"Hybrid - Clusters Count", "Hybrid - Connectors Count"}
