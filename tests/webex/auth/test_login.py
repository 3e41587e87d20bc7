"""Authorizing by browser, by a pasted code and by a device code, against a service that grants."""

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authorized import Authorized
from handed_time import SkippedTime
from shortages import permit_threads

from webexhist.errors import UsageError
from webexhist.simulator import Trouble
from webexhist.simulator.auth.integration import Consent, Integration
from webexhist.simulator.faults.switches import Body, Hang, Reset, Status, Trickle
from webexhist.webex.api.errors import BadAnswer, Unauthorized, Unreachable
from webexhist.webex.auth.device import device_code, grant_for_device
from webexhist.webex.auth.login import Login
from webexhist.webex.auth.redirect import ForeignRedirect, LoginError, listening, place_on_this_machine
from webexhist.webex.collectors import wanted_scopes

BASE = wanted_scopes()
REDIRECT_URI = "http://localhost:6001/redirect"


@pytest.fixture
def authorized(simulated):
    return Authorized(simulated())


def test_the_address_asks_with_state_and_pkce_and_holds_no_secret(authorized):
    settings = authorized.settings()
    login = Login(settings, BASE, REDIRECT_URI)
    query = parse_qs(urlsplit(login.address).query)

    assert login.address.startswith(f"{settings.base_url}/v1/authorize?")
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43
    assert query["redirect_uri"] == [REDIRECT_URI]
    assert query["scope"][0].split() == [scope.name for scope in BASE]
    assert len(login.state) >= 20
    assert Login(settings, BASE, REDIRECT_URI).state != login.state
    assert settings.client_secret not in login.address


def test_a_browser_brings_the_code_to_the_port_and_it_becomes_tokens(authorized, unused_port):
    redirect_uri = registered(authorized, unused_port)
    login = Login(authorized.settings(), BASE, redirect_uri)
    with listening(redirect_uri, login.state) as receiver:
        page = requests.get(login.address, timeout=60)
        grant = login.grant_for(receiver.code(60), authorized.polled.clock)

    assert "webexhist is authorized" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert authorized.accepts(grant.access_token)
    assert set(grant.scopes) == {scope.name for scope in BASE}
    assert grant.refresh_token
    assert str(grant.expires_at) == "2026-12-07 11:59:59+00:00"
    assert str(grant.refresh_expires_at) == "2027-02-21 11:59:59+00:00"


def test_a_browser_is_answered_where_no_more_threads_are_permitted(unused_port, monkeypatch, capfd):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    address = f"http://localhost:{unused_port}/redirect"
    with listening(address, "S") as receiver:
        permit_threads(monkeypatch, 0)
        monkeypatch.setattr(threading.Thread, "start", refuse)
        assert "webexhist is authorized" in requests.get(f"{address}?code=abc&state=S", timeout=60).text
        assert receiver.code(60) == "abc"
    assert capfd.readouterr() == ("", "")


def test_a_refusal_is_reported_in_words_on_both_ends(authorized, unused_port):
    authorized.polled.server.grants.consent = Consent(given=False)
    redirect_uri = registered(authorized, unused_port)
    login = Login(authorized.settings(), BASE, redirect_uri)
    with listening(redirect_uri, login.state) as receiver:
        page = requests.get(login.address, timeout=60)
        with pytest.raises(LoginError, match=r"access_denied.*log in as an administrator"):
            receiver.code(60)
    assert "did not authorize" in page.text


def test_a_scope_that_the_integration_lacks_names_what_to_do(authorized, unused_port):
    redirect_uri = registered(authorized, unused_port, scopes=frozenset({"spark:rooms_read"}))
    login = Login(authorized.settings(), BASE, redirect_uri)
    with listening(redirect_uri, login.state) as receiver:
        requests.get(login.address, timeout=60)
        with pytest.raises(LoginError, match=r"invalid_scope.*enable the scopes"):
            receiver.code(60)


def test_what_others_send_to_the_port_does_not_end_the_login(authorized, unused_port):
    redirect_uri = registered(authorized, unused_port)
    login = Login(authorized.settings(), BASE, redirect_uri)
    with listening(redirect_uri, login.state) as receiver:
        silent = socket.create_connection(("127.0.0.1", unused_port))
        assert requests.get(f"http://127.0.0.1:{unused_port}/favicon.ico", timeout=60).status_code == 404
        for query in ("", "?code=planted", "?code=planted&state=planted", "?error=access_denied&state=x", "?state=ü"):
            assert requests.get(f"{redirect_uri}{query}", timeout=60).status_code == 400
        requests.get(login.address, timeout=60)
        assert authorized.accepts(login.grant_for(receiver.code(60), authorized.polled.clock).access_token)
        silent.close()


@pytest.mark.parametrize(
    "planted",
    [
        "GET http://[x/redirect?code=A HTTP/1.1",
        "GET //[/redirect?code=A&state=x HTTP/1.1",
        "A" * 70_000,
        "GET",
        "\0" * 9,
    ],
    ids=["no address", "two strokes", "long", "nothing", "binary"],
)
@pytest.mark.parametrize("leaves", [True, False])
def test_what_a_visitor_sends_and_how_he_leaves_stays_unsaid(unused_port, capfd, planted, leaves):
    with listening(f"http://localhost:{unused_port}/redirect", "S") as receiver:
        visit(unused_port, planted, leaves)
        visit(unused_port, "GET /redirect?code=C&state=S HTTP/1.1", leaves=False)
        assert receiver.code(60) == "C"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("brought", "outcome"),
    [("code=C", "C"), ("error=access_denied", "LoginError"), ("error=" + "a" * 9_000, "LoginError")],
)
def test_what_a_browser_brought_counts_though_it_waits_for_no_answer(unused_port, capfd, brought, outcome):
    with listening(f"http://localhost:{unused_port}/redirect", "S") as receiver:
        visit(unused_port, f"GET /redirect?{brought}&state=S HTTP/1.1", leaves=True)
        try:
            found = receiver.code(60)
        except LoginError as error:
            found = type(error).__name__
            assert len(str(error)) < 200
    assert found == outcome
    assert capfd.readouterr() == ("", "")


def visit(port, request, leaves):
    """Sends a request; who leaves does so before an answer, so that his side is reset."""
    with socket.create_connection(("127.0.0.1", port)) as visitor:
        if leaves:
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        visitor.sendall(f"{request}\r\nHost: localhost\r\n\r\n".encode())
        if not leaves:
            visitor.settimeout(60)
            with suppress(ConnectionError):
                visitor.recv(10_000)


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "http://localhost:99999/r", "http://localhost:0/r", "http://localhost:x/r", "http://localhost:-1/r",
        "http://[localhost:1/r", "http://[x]:1/r", "http://u:PASSWORD@localhost:1/r", "http://localhost:1\\@acme.example/r",
        "http://localhost:1/r\n", "http://localhost:1/r r", "http://localhost:1/r\u00e9", "http://\u2488localhost/r",
        "https://localhost:1/r", "http://acme.example:1/r", "http://127.0.0.2:1/r", "localhost:1/r", "",
    ],
)  # fmt: skip
def test_an_address_that_no_browser_comes_back_to_is_refused(redirect_uri):
    with pytest.raises(UsageError, match="does not lead to this machine: use --code") as refused:
        place_on_this_machine(redirect_uri)
    assert "PASSWORD" not in str(refused.value)


@pytest.mark.parametrize(
    ("redirect_uri", "place"),
    [
        ("http://localhost:6001/redirect", ("localhost", 6001, "/redirect")),
        ("HTTP://LOCALHOST", ("localhost", 80, "/")),
        ("http://127.0.0.1:65535/a/b?c=d", ("127.0.0.1", 65_535, "/a/b")),
        ("http://[::1]:1/r%20r", ("::1", 1, "/r%20r")),
    ],
)
def test_an_address_of_this_machine_is_listened_at_as_it_stands(redirect_uri, place):
    assert place_on_this_machine(redirect_uri) == place


def test_an_address_of_version_6_is_listened_at_there():
    with socket.socket(socket.AF_INET6) as free:
        free.bind(("::1", 0))
        port = free.getsockname()[1]
    with listening(f"http://[::1]:{port}/r", "S") as receiver:
        assert requests.get(f"http://[::1]:{port}/r?code=C&state=S", timeout=60).status_code == 200
        assert receiver.code(60) == "C"


@pytest.mark.parametrize(
    "paste", ["http://[x?code=C", "http://[x]?code=C&state=", "//\u2100?state=S", "?", "http://x?code=C&state=\udc80"]
)
def test_a_pasted_address_that_is_none_is_of_no_login(authorized, paste):
    with pytest.raises(LoginError):
        Login(authorized.settings(), BASE, REDIRECT_URI).grant_for_pasted(paste, authorized.polled.clock)


def test_nobody_coming_back_ends_the_wait(authorized, unused_port):
    with (
        listening(f"http://localhost:{unused_port}/redirect", "state") as receiver,
        pytest.raises(LoginError, match=r"nobody logged in.*--device or --code"),
    ):
        receiver.code(0.05)


def test_a_port_that_is_taken_is_reported(unused_port):
    redirect_uri = f"http://localhost:{unused_port}/redirect"
    with (
        listening(redirect_uri, "first"),
        pytest.raises(LoginError, match=r"port \d+.*use --code"),
        listening(redirect_uri, "second"),
    ):
        pass


def test_the_port_is_open_on_this_machine_only_and_closed_afterwards(unused_port):
    with listening(f"http://localhost:{unused_port}/redirect", "state"), socket.socket() as elsewhere:
        elsewhere.bind(("127.0.0.2", unused_port))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", unused_port))


@pytest.mark.parametrize("paste", ["{address}", "  {address}\n", "{code}", "?code={code}&state={state}"])
def test_a_pasted_address_or_code_becomes_tokens(authorized, paste):
    login = Login(authorized.settings(), BASE, REDIRECT_URI)
    address = requests.get(login.address, timeout=60, allow_redirects=False).headers["Location"]
    code = parse_qs(urlsplit(address).query)["code"][0]
    text = paste.format(address=address, code=code, state=login.state)
    assert authorized.accepts(login.grant_for_pasted(text, authorized.polled.clock).access_token)


def test_a_pasted_address_of_another_login_is_not_used(authorized):
    login, other = (Login(authorized.settings(), BASE, REDIRECT_URI) for _ in range(2))
    address = requests.get(other.address, timeout=60, allow_redirects=False).headers["Location"]
    with pytest.raises(ForeignRedirect, match="another login"):
        login.grant_for_pasted(address, authorized.polled.clock)
    assert authorized.renewals == 0


def test_a_code_that_somebody_else_asked_for_is_worth_nothing(authorized):
    """PKCE: the code alone, without the verifier that never left the process, gives no tokens."""
    login, other = (Login(authorized.settings(), BASE, REDIRECT_URI) for _ in range(2))
    address = requests.get(other.address, timeout=60, allow_redirects=False).headers["Location"]
    code = parse_qs(urlsplit(address).query)["code"][0]
    with pytest.raises(Unauthorized, match="400"):
        login.grant_for_pasted(code, authorized.polled.clock)


@pytest.mark.parametrize("paste", ["", "two words", "<script>", f"{REDIRECT_URI}?state={{state}}"])
def test_what_is_no_code_is_not_sent(authorized, paste):
    login = Login(authorized.settings(), BASE, REDIRECT_URI)
    with pytest.raises(LoginError):
        login.grant_for_pasted(paste.format(state=login.state), authorized.polled.clock)
    assert authorized.renewals == 0


def test_fewer_scopes_than_asked_for_are_reported_not_refused(authorized):
    granted = b'{"access_token": "x", "expires_in": 60, "scope": "spark:rooms_read spark:kms"}'
    authorized.polled.server.faults.troubles.append(Trouble(Body(granted), path="/v1/access_token"))
    grant = Login(authorized.settings(), BASE, REDIRECT_URI).grant_for("code", authorized.polled.clock)
    assert grant.scopes == ("spark:rooms_read", "spark:kms")


def test_a_device_gets_its_tokens_once_its_code_was_entered(authorized):
    code = begun(authorized)
    time = TimeUntil(3, lambda: authorized.polled.server.device_grants.approve(code.user_code))
    grant = grant_for_device(authorized.settings(), code, authorized.polled.clock, time)

    assert (code.seconds, code.interval) == (300, 2)
    assert time.slept == [2, 2, 2]
    assert asked(authorized) == 3
    assert authorized.accepts(grant.access_token)
    assert set(grant.scopes) == {scope.name for scope in BASE}
    assert code.complete_address.startswith(f"{code.address}?userCode=")
    assert code.device_code not in repr(code)


class TimeUntil(SkippedTime):
    """Time in whose so manieth sleep something happens."""

    def __init__(self, number, happens):
        super().__init__()
        self.number = number
        self.happens = happens

    def sleep(self, seconds):
        super().sleep(seconds)
        if len(self.slept) == self.number:
            self.happens()


def test_a_device_waits_through_disturbances(authorized):
    code = begun(authorized)
    authorized.polled.server.device_grants.approve(code.user_code)
    authorized.polled.server.faults.troubles += [
        Trouble(Status(502, html=True), path="/v1/device/token", times=1),
        Trouble(Reset(), path="/v1/device/token", times=1),
    ]
    assert grant_for_device(authorized.settings(), code, authorized.polled.clock, SkippedTime()).access_token


@pytest.mark.parametrize(
    "effect", [Body(b'{"errors": [{"description": "slow_down"}]}', 400), Status(429, "1")], ids=["400", "429"]
)
def test_a_device_asks_five_seconds_later_when_asked_to_slow_down(authorized, effect):
    code = replace(begun(authorized), seconds=20)
    authorized.polled.server.faults.troubles.append(Trouble(effect, path="/v1/device/token"))
    time = SkippedTime()
    with pytest.raises(LoginError, match="nobody entered the code within 20 seconds"):
        grant_for_device(authorized.settings(), code, authorized.polled.clock, time)
    assert time.slept == [2, 7]
    assert asked(authorized) == 2


def test_a_device_that_is_declined_says_so(authorized):
    code = begun(authorized)
    authorized.polled.server.device_grants.deny(code.user_code)
    with pytest.raises(LoginError, match="declined"):
        grant_for_device(authorized.settings(), code, authorized.polled.clock, SkippedTime())


def test_a_device_code_that_has_ended_says_so(authorized):
    code = begun(authorized)
    authorized.polled.later(minutes=6)
    with pytest.raises(LoginError, match="does not know the code any more"):
        grant_for_device(authorized.settings(), code, authorized.polled.clock, SkippedTime())


def test_a_code_that_nobody_enters_ends_the_wait(authorized):
    code = replace(begun(authorized), seconds=300, interval=5)
    time = SkippedTime()
    with pytest.raises(LoginError, match="nobody entered the code within 300 seconds"):
        grant_for_device(authorized.settings(), code, authorized.polled.clock, time)
    assert asked(authorized) == 59
    assert time.now() == 59 * 5


def test_a_device_that_never_reached_webex_does_not_blame_the_person(authorized):
    authorized.polled.server.faults.troubles.append(Trouble(Reset(), path="/v1/device/token"))
    with pytest.raises(Unreachable):
        grant_for_device(authorized.settings(), begun(authorized), authorized.polled.clock, SkippedTime())


def test_a_device_with_wrong_credentials_says_which(authorized):
    with pytest.raises(LoginError, match="check client_id"):
        device_code(authorized.settings(client_id="wrong"), BASE)
    with pytest.raises(Unauthorized, match="client_id and client_secret"):
        grant_for_device(
            authorized.settings(client_secret="wrong"), begun(authorized), authorized.polled.clock, SkippedTime()
        )


@pytest.mark.parametrize("body", [b"", b"[]", b'{"user_code": 5}', b'{"device_code": "d", "user_code": ""}'])
def test_a_device_answer_without_a_code_is_reported(authorized, body):
    authorized.polled.server.faults.troubles.append(Trouble(Body(body), path="/v1/device/authorize"))
    with pytest.raises(BadAnswer):
        device_code(authorized.settings(), BASE)


def begun(authorized):
    return device_code(authorized.settings(), BASE)


def asked(authorized):
    """How often a device asked whether its code was entered."""
    return authorized.polled.server.requests.by_path()["/v1/device/token"]


@pytest.mark.parametrize("effect", [Trickle(60, 1), Hang(3_600)])
@pytest.mark.parametrize("path", ["/v1/access_token", "/v1/device/authorize"])
def test_a_server_that_answers_byte_after_byte_costs_a_person_a_minute_and_no_more(authorized, effect, path):
    authorized.polled.server.faults.troubles.append(Trouble(effect, path=path))
    asked = authorized.polled.server.requests.by_path
    time = SkippedTime(alone=lambda: asked()[path])
    with pytest.raises(Unreachable, match="did not answer within 60 seconds"):
        if path == "/v1/access_token":
            Login(authorized.settings(), BASE, REDIRECT_URI).grant_for("code", authorized.polled.clock, time)
        else:
            device_code(authorized.settings(), BASE, time)
    assert time.now() == 60


def registered(authorized, port, **changes):
    redirect_uri = f"http://localhost:{port}/redirect"
    authorized.polled.server.grants.integration = Integration(redirect_uris=(redirect_uri,), **changes)
    return redirect_uri
