import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from math import ceil

import pytest
import requests

from webexhist.simulator import Faults, PagingFault, RateLimit, Trouble, sized_world
from webexhist.simulator.faults.delays import Delays
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
from webexhist.simulator.world.plans import organization_id


@pytest.fixture
def world(now):
    return sized_world(now, people=25, rooms=25, messages=400, devices=130)


@pytest.fixture
def troubled(visit, world):
    """A service whose requests all meet one effect."""
    return lambda effect, delays=None, **when: visit(world, Faults(troubles=[Trouble(effect, **when)]), delays)


class CountedDelays(Delays):
    """Stands still until it is moved, and writes down what is waited for instead of waiting."""

    def __init__(self):
        super().__init__()
        self.passed = 0.0
        self.waited = []

    def now(self):
        return self.passed

    def wait(self, seconds):
        self.waited.append(seconds)


def statuses(visitor, path, times):
    return [visitor.get(path).status_code for _ in range(times)]


@pytest.mark.parametrize("code", [423, 429, 500, 502, 503, 504, 451])
def test_a_status_comes_with_the_usual_body(troubled, code):
    answer = troubled(Status(code)).get("/v1/roles")
    assert answer.status_code == code
    assert answer.json()["trackingId"] == answer.headers["TrackingID"]
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize("value", ["0", "7", "3600", "rand(30),add(30)", "Mon, 23 Nov 2026 15:06:00 GMT"])
def test_retry_after_is_sent_as_it_is_written(troubled, value):
    assert troubled(Status(429, retry_after=value)).get("/v1/roles").headers["Retry-After"] == value


def test_a_gateway_answers_in_html(troubled):
    answer = troubled(Status(503, html=True)).get("/v1/roles")
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "text/html")
    assert answer.text.startswith("<html>")


def test_trouble_can_hit_one_path_each_nth_time_after_a_while_and_so_many_times(troubled):
    assert statuses(troubled(Status(500), path="/v1/teams"), "/v1/roles", 2) == [200, 200]
    assert statuses(troubled(Status(500), path="/v1/r*"), "/v1/roles", 2) == [500, 500]
    assert statuses(troubled(Status(429), every=3), "/v1/roles", 7) == [200, 200, 429, 200, 200, 429, 200]
    assert statuses(troubled(Status(500), times=2), "/v1/roles", 4) == [500, 500, 200, 200]
    assert statuses(troubled(Status(500), skip=2, times=1), "/v1/roles", 4) == [200, 200, 500, 200]


def test_trouble_can_last_from_one_moment_to_another(troubled, now, clock):
    visitor = troubled(Status(403), since=now, until=now + timedelta(hours=1))
    clock.advance(timedelta(seconds=-1))
    seen = statuses(visitor, "/v1/roles", 1)
    for hours in (0, 0.5, 1):
        clock.set(now + timedelta(hours=hours))
        seen += statuses(visitor, "/v1/roles", 1)
    assert seen == [200, 403, 403, 200]


def test_troubles_can_be_turned_on_and_off_while_the_service_runs(visit):
    visitor = visit()
    visitor.webex.faults.troubles.append(Trouble(Status(502)))
    assert visitor.get("/v1/roles").status_code == 502
    visitor.webex.faults.troubles.clear()
    assert visitor.get("/v1/roles").status_code == 200


def test_a_bucket_refuses_what_comes_too_fast(visit):
    delays = CountedDelays()
    visitor = visit(faults=Faults(rate_limits=[RateLimit(calls=4, seconds=0.5, retry_after="9")]), delays=delays)
    assert statuses(visitor, "/v1/roles", 6) == [200, 200, 200, 200, 429, 429]
    delays.passed += 0.25
    assert statuses(visitor, "/v1/roles", 3) == [200, 200, 429]


def test_limits_can_be_by_endpoint_and_overlap(visit):
    limits = [RateLimit(2, 60, "5", path="/v1/roles"), RateLimit(3, 60, "50")]
    visitor = visit(faults=Faults(rate_limits=limits))
    assert statuses(visitor, "/v1/roles", 3) == [200, 200, 429]  # the third is refused by its own limit only
    assert statuses(visitor, "/v1/teams", 2) == [200, 429]
    assert visitor.get("/v1/roles").headers["Retry-After"] == "5"
    assert visitor.get("/v1/teams").headers["Retry-After"] == "50"


def test_a_page_that_is_too_large_times_out(troubled):
    visitor = troubled(TooLarge(200))
    assert [visitor.get("/v1/people", max=size).status_code for size in (201, 200)] == [504, 200]


def test_any_body_can_be_put_in_place(troubled):
    answer = troubled(Body(b"[" * 50_000, content_type="text/plain")).get("/v1/roles")
    assert (answer.content, answer.headers["Content-Type"]) == (b"[" * 50_000, "text/plain")


def test_a_redirect_leads_where_it_says(troubled):
    answer = troubled(Redirect("https://elsewhere.example/v1/roles", 307)).get("/v1/roles")
    assert (answer.status_code, answer.headers["Location"]) == (307, "https://elsewhere.example/v1/roles")


def test_latency_and_slowness_take_their_time(visit, world):
    faults = Faults(latency_seconds=0.25, troubles=[Trouble(Slow(0.5), path="/v1/teams")])
    delays = CountedDelays()
    visitor = visit(world, faults, delays)
    assert statuses(visitor, "/v1/roles", 1) + statuses(visitor, "/v1/teams", 1) == [200, 200]
    assert delays.waited == [0.25, 0.75]


def test_a_hang_outlasts_patience(troubled):
    visitor = troubled(Hang(30))
    with pytest.raises(requests.ReadTimeout):
        visitor.session.get(f"{visitor.webex.base_url}/v1/roles", timeout=0.2)


def test_a_hang_ends_without_an_answer(troubled):
    delays = CountedDelays()
    with pytest.raises(requests.ConnectionError):
        troubled(Hang(30), delays).get("/v1/roles")
    assert delays.waited == [30]


def test_a_trickle_is_the_whole_answer_slowly(troubled, visit, world):
    plain = visit(world).get("/v1/roles")
    delays = CountedDelays()
    assert troubled(Trickle(0.02, piece=100), delays).get("/v1/roles").content == plain.content
    assert delays.waited == [0.02] * ceil(len(plain.content) / 100)


def test_the_end_of_a_service_ends_what_hangs(troubled):
    visitor = troubled(Hang(3_600))
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(visitor.get, "/v1/roles")
        while not visitor.webex.requests.by_path():
            time.sleep(0.01)
        visitor.webex.__exit__(None, None, None)
        assert isinstance(hanging.exception(), requests.ConnectionError)


def test_a_reset_breaks_the_connection(troubled):
    visitor = troubled(Reset(), times=1)
    with pytest.raises(requests.ConnectionError, match="reset"):
        visitor.get("/v1/roles")
    assert visitor.get("/v1/roles").status_code == 200


def test_a_body_that_is_cut_off_is_shorter_than_announced(troubled):
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        troubled(CutOff(), times=1).get("/v1/roles")


def test_json_that_is_truncated_looks_whole_to_http(troubled):
    answer = troubled(TruncatedJson()).get("/v1/roles")
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


@pytest.fixture
def paged(visit, world):
    """A service whose lists have these defects."""
    return lambda *defects: visit(world, Faults(paging=set(defects)))


def test_max_null_fails_when_it_is_followed(paged):
    visitor = paged(PagingFault.MAX_NULL)
    link = visitor.get("/v1/rooms", max=10).links["next"]["url"]
    assert "max=null" in link
    assert visitor.session.get(link, timeout=60).status_code == 400
    assert len(visitor.session.get(link.replace("max=null", "max=10"), timeout=60).json()["items"]) == 10


def test_dropped_filters_and_a_dropped_max_are_missed(paged):
    parameters = {"max": 2, "orgId": organization_id(0)}
    filters = paged(PagingFault.DROPPED_FILTERS).get("/v1/people", **parameters).links["next"]["url"]
    size = paged(PagingFault.DROPPED_MAX).get("/v1/people", **parameters).links["next"]["url"]
    assert ("orgId" in filters, "max=2" in filters) == (False, True)
    assert ("orgId" in size, "max=2" in size) == (True, False)


def test_a_repeated_next_never_ends(paged):
    visitor = paged(PagingFault.REPEATED_NEXT)
    second = visitor.get("/v1/people", max=5).links["next"]["url"]
    assert visitor.session.get(second, timeout=60).links["next"]["url"] == second


def test_empty_pages_in_the_middle_and_at_the_end(paged):
    def sizes(defect):
        return [len(page.json()["items"]) for page in paged(defect).pages("/v1/rooms", max=10)]

    assert sizes(PagingFault.MIDDLE_EMPTY_PAGE) == [10, 0, 10, 0, 5]
    assert sizes(PagingFault.TRAILING_EMPTY_PAGE) == [10, 10, 5, 0]


def test_empty_pages_without_end(paged):
    pages = paged(PagingFault.ENDLESS_EMPTY_PAGES).pages("/v1/rooms", max=10)
    seen = [next(pages) for _ in range(9)]
    assert [len(page.json()["items"]) for page in seen] == [10, 10, 5, 0, 0, 0, 0, 0, 0]
    assert len({page.url for page in seen}) == 9


def test_duplicates_repeat_the_last_item_of_the_page_before(paged):
    visitor = paged(PagingFault.DUPLICATES)
    ids = visitor.ids("/v1/people", max=10)
    assert (len(ids), len(set(ids))) == (27, 25)
    assert (ids[9], ids[20]) == (ids[10], ids[21])


def test_links_beside_next_do_not_mean_another_page(paged):
    visitor = paged(PagingFault.FIRST_AND_PREVIOUS)
    first, *_, last = visitor.pages("/v1/rooms", max=10)
    assert set(first.links) == {"first", "prev", "next"}
    assert set(last.links) == {"first", "prev"}


def test_odd_headers(paged, visit, world):
    assert paged(PagingFault.DOUBLE_SCHEME).get("/v1/rooms", max=5).headers["Link"].startswith("<http,http://127.")
    raw = paged(PagingFault.LOWER_CASE_HEADER).get("/v1/rooms", max=5)
    assert "link" in [name for name, _ in raw.raw.headers.items()]
    elsewhere = visit(world, Faults(next_base_url="https://elsewhere.example")).get("/v1/rooms", max=5)
    assert elsewhere.links["next"]["url"].startswith("https://elsewhere.example/v1/rooms?max=5&cursor=")


def test_devices_without_links_and_devices_that_end_at_a_hundred(paged):
    without = paged(PagingFault.NO_LINK).get("/v1/devices", max=100)
    assert ("Link" in without.headers, len(without.json()["items"])) == (False, 100)
    assert len(paged(PagingFault.DEVICES_CAPPED).ids("/v1/devices", max=1000)) == 100


@pytest.mark.parametrize("path", ["/v1/licenses", "/v1/organizations", "/v1/roles", "/v1/hybrid/connectors"])
def test_lists_that_have_no_pages_have_no_defects_of_paging(visit, world, path):
    answer = visit(world, Faults(paging=set(PagingFault))).get(path)
    assert "Link" not in answer.headers
    assert answer.json()["items"]


def test_the_request_log_counts_by_path_and_keeps_no_token(visit):
    visitor = visit()
    statuses(visitor, "/v1/roles", 3)
    visitor.get("/v1/people", max=7)
    log = visitor.webex.requests
    assert log.by_path() == {"/v1/roles": 3, "/v1/people": 1}
    assert (len(log), log.entries[-1].query) == (4, "max=7")
    assert visitor.webex.access_token not in repr(log.entries)
    log.clear()
    assert len(log) == 0


def test_a_service_that_has_ended_answers_nobody(visit):
    visitor = visit()
    visitor.get("/v1/roles")
    visitor.webex.__exit__(None, None, None)
    with pytest.raises(requests.ConnectionError):
        visitor.get("/v1/roles")
