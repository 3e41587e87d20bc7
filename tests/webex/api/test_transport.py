"""One request and everything that can happen to it, against a real server."""

import threading
from datetime import timedelta

import pytest
from handed_time import SkippedTime, StandingTime
from polling import NOON

from webexhist.simulator import SimulatedWebex, Trouble, VirtualClock, World
from webexhist.simulator.faults.switches import Body, CutOff, Hang, Redirect, Reset, Status, TooLarge
from webexhist.webex.api import errors
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.paging import address
from webexhist.webex.api.transport import Transport

PATH = "/v1/roles"


class FixedToken:
    """Tokens in a row: each is renewed by the next."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)

    def access_token(self) -> str:
        return self.tokens[0]

    def renewed(self, rejected: str) -> str:
        if rejected == self.tokens[0] and len(self.tokens) > 1:
            self.tokens.pop(0)
        return self.tokens[0]


@pytest.fixture
def server():
    with SimulatedWebex(World(), VirtualClock(NOON)) as running:
        yield running


@pytest.fixture
def time():
    return SkippedTime()


def transport(server, time, *tokens):
    deadline = Deadline(10, time)
    return Transport((server.base_url,), FixedToken(*(tokens or (server.access_token,))), deadline, 2)


def asked(server, path=PATH):
    return server.requests.by_path()[path]


@pytest.mark.parametrize("effect", [Status(500), Status(502, html=True), Status(503), Reset(), CutOff()])
def test_a_passing_disturbance_is_asked_through(server, time, effect):
    server.faults.troubles.append(Trouble(effect, times=2))
    answer = transport(server, time).get(server.base_url + PATH)
    assert len(answer.body["items"]) == 6
    assert (answer.sent, asked(server)) == (3, 3)


@pytest.mark.parametrize(
    ("effect", "error"),
    [(Status(500), errors.Disturbed), (Reset(), errors.Unreachable), (CutOff(), errors.Unreachable)],
)
def test_a_lasting_disturbance_is_given_up_after_four_attempts_ever_further_apart(server, time, effect, error):
    server.faults.troubles.append(Trouble(effect))
    with pytest.raises(error):
        transport(server, time).get(server.base_url + PATH)
    assert asked(server) == 4
    first, second, third = time.slept
    assert (0.25 <= first <= 0.5, 0.5 <= second <= 1, 1 <= third <= 2) == (True, True, True)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, errors.Refused),
        (403, errors.NotPermitted),
        (404, errors.NotFound),
        (405, errors.Refused),
        (409, errors.Refused),
        (410, errors.Refused),
        (428, errors.Refused),
        (451, errors.Refused),
    ],
)
def test_a_refusal_is_never_asked_again(server, time, status, error):
    server.faults.troubles.append(Trouble(Status(status)))
    with pytest.raises(error, match=f"GET /v1/roles answered {status}"):
        transport(server, time).get(server.base_url + PATH)
    assert asked(server) == 1


@pytest.mark.parametrize(("status", "retry_after"), [(423, "1"), (429, "1"), (429, "0")])
def test_a_wait_that_webex_asks_for_is_kept(server, time, status, retry_after):
    server.faults.troubles.append(Trouble(Status(status, retry_after=retry_after), times=1))
    transport(server, time).get(server.base_url + PATH)
    assert time.slept == [1.0]
    assert asked(server) == 2


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize("retry_after", ["3", "2.5", "Mon, 23 Nov 2026 12:00:03 GMT"])
def test_a_disturbance_that_says_when_it_is_over_is_sat_out_however_often_it_comes(server, time, status, retry_after):
    server.faults.troubles.append(Trouble(Status(status, retry_after=retry_after), times=2))
    transport(server, time).get(server.base_url + PATH)
    assert time.slept == [3.0, 3.0]
    assert asked(server) == 3


def test_a_disturbance_that_lasts_longer_than_the_poll_ends_at_once(server, time):
    server.faults.troubles.append(Trouble(Status(503, retry_after="3600")))
    with pytest.raises(errors.OutOfTime, match="answered 503 and asks to wait 3600 s"):
        transport(server, time).get(server.base_url + PATH)
    assert (time.slept, asked(server)) == ([], 1)


def test_a_page_that_takes_too_long_is_asked_for_in_halves_when_webex_says(server, time):
    server.faults.troubles.append(Trouble(Status(504, retry_after="3"), times=2))
    transport(server, time).get(address(server.base_url, "/v1/rooms", {"max": 400}))
    assert [entry.query for entry in server.requests.entries] == ["max=400", "max=200", "max=100"]
    assert time.slept == [3.0, 3.0]


def let_pass_until_done(time, threads):
    """Lets half a second after the other pass."""
    for thread in threads:
        while thread.is_alive():
            time.move(0.5)
            thread.join(0.01)


def test_a_wait_concerns_every_request_to_the_endpoint_that_asked_and_no_other(server):
    server.faults.troubles.append(Trouble(Status(429, retry_after="2"), path=PATH, times=1))
    time = StandingTime()
    shared = transport(server, time)
    waiting = [threading.Thread(target=shared.get, args=(server.base_url + PATH,)) for _ in range(2)]
    waiting[0].start()
    time.await_sleepers(1)
    waiting[1].start()
    shared.get(server.base_url + "/v1/organizations")
    assert server.requests.by_path() == {PATH: 1, "/v1/organizations": 1}
    let_pass_until_done(time, waiting)
    assert server.requests.by_path() == {PATH: 3, "/v1/organizations": 1}


def test_waits_of_several_endpoints_at_once_concern_all(server):
    server.faults.troubles += [Trouble(Status(429, retry_after="2"), path, times=1) for path in (PATH, "/v1/rooms")]
    time = StandingTime()
    shared = transport(server, time)
    threads = {
        path: threading.Thread(target=shared.get, args=(server.base_url + path,))
        for path in (PATH, "/v1/rooms", "/v1/organizations")
    }
    threads[PATH].start()
    time.await_sleepers(1)
    threads["/v1/rooms"].start()
    while not server.requests.by_path()["/v1/rooms"] or not shared.flow.all.wait_ends:
        pass
    threads["/v1/organizations"].start()
    assert server.requests.by_path() == {PATH: 1, "/v1/rooms": 1}
    let_pass_until_done(time, threads.values())
    assert server.requests.by_path() == {PATH: 2, "/v1/rooms": 2, "/v1/organizations": 1}


@pytest.mark.parametrize("retry_after", ["3600", "Wed, 01 Jan 2200 00:00:00 GMT", "9" * 30])
def test_a_wait_beyond_the_budget_ends_at_once(server, time, retry_after):
    server.faults.troubles.append(Trouble(Status(429, retry_after=retry_after)))
    shared = transport(server, time)
    with pytest.raises(errors.OutOfTime, match="asks to wait"):
        shared.get(server.base_url + PATH)
    assert time.slept == []
    with pytest.raises(errors.OutOfTime, match="Webex asked to wait for longer than the poll lasts"):
        shared.get(server.base_url + PATH)  # as for another organization: it is the endpoint that asked
    assert asked(server) == 1


def test_waits_that_are_asked_for_again_and_again_end_before_the_budget_does(server, time):
    server.faults.troubles.append(Trouble(Status(429, retry_after="3")))
    with pytest.raises(errors.OutOfTime, match="no turn came until the poll's end, budget_seconds is 10"):
        transport(server, time).get(server.base_url + PATH)
    assert time.slept == [3.0, 3.0], "the third wait in vain is six seconds, of which four are left"
    assert asked(server) == 3


def test_a_page_that_takes_too_long_is_asked_for_in_halves(server, time):
    server.faults.troubles.append(Trouble(TooLarge(130)))
    transport(server, time).get(address(server.base_url, "/v1/rooms", {"max": 1000}))
    assert [entry.query for entry in server.requests.entries] == ["max=1000", "max=500", "max=250", "max=125"]


def test_a_token_that_is_refused_is_renewed_once(server, time):
    answer = transport(server, time, "stale", server.access_token).get(server.base_url + PATH)
    assert len(answer.body["items"]) == 6
    assert asked(server) == 2


def test_a_renewed_token_that_is_refused_too_ends_it(server, time):
    with pytest.raises(errors.Unauthorized, match="authorize again: webexhist login"):
        transport(server, time, "stale", "stale too", server.access_token).get(server.base_url + PATH)
    assert asked(server) == 2


def test_a_server_that_says_nothing_is_waited_for_no_longer_than_until_the_deadline(server):
    server.faults.troubles.append(Trouble(Hang(3_600)))
    tokens = FixedToken(server.access_token)
    with pytest.raises((errors.OutOfTime, errors.Unreachable), match=r"no answer in time|time was used up"):
        Transport((server.base_url,), tokens, Deadline(0.1), 1).get(server.base_url + PATH)


def test_an_answer_that_comes_in_pieces_is_given_up_when_its_share_of_the_time_is_over(server):
    """A second passes whenever somebody looks how late it is, which is done with each piece of a body of 32 kB."""
    server.faults.troubles.append(Trouble(Body(b'{"items": []}' + b" " * 32_000)))
    asking = transport(server, SkippedTime(step=1.0))
    asking.deadline.end += 1_000
    with pytest.raises(errors.GivenUp, match=f"^GET {PATH}: the answer took too long"):
        asking.get(server.base_url + PATH, share=0.1)
    assert asked(server) == 1
    assert asking.get(server.base_url + PATH).body == {"items": []}


def test_a_body_without_end_is_cut(server, time):
    server.faults.troubles.append(Trouble(Body(b" " * (65 * 1024 * 1024))))
    with pytest.raises(errors.BadAnswer, match="answered more than 64 MB"):
        transport(server, time).get(server.base_url + PATH)


@pytest.mark.usefixtures("garbage_waits")
@pytest.mark.parametrize("content", [b"", b"<html></html>", b'{"items": [', b"[" * 200_000, b"\xff\xfe"])
def test_what_is_no_json_is_reported(server, time, content):
    server.faults.troubles.append(Trouble(Body(content)))
    with pytest.raises(errors.BadAnswer, match="GET /v1/roles did not answer JSON"):
        transport(server, time).get(server.base_url + PATH)


def test_redirects_are_not_followed(server, time):
    with SimulatedWebex(World()) as elsewhere:
        server.faults.troubles.append(Trouble(Redirect(elsewhere.base_url + PATH)))
        with pytest.raises(errors.Refused, match="redirects are not followed"):
            transport(server, time).get(server.base_url + PATH)
        assert len(elsewhere.requests) == 0


def test_the_token_goes_to_its_own_service_only(server, time):
    with SimulatedWebex(World()) as elsewhere:
        with pytest.raises(errors.Refused, match="the token is not sent there"):
            transport(server, time).get(elsewhere.base_url + PATH)
        assert len(elsewhere.requests) == 0


def test_the_servers_clock_is_known_after_the_first_answer_and_runs_on(server, time):
    asking = transport(server, time)
    assert asking.server_clock.now() is None
    asking.get(server.base_url + PATH)
    assert asking.server_clock.now() == NOON
    time.sleep(90)
    assert asking.server_clock.now() == NOON + timedelta(seconds=90)
