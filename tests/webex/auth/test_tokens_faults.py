"""What the token endpoint, the way to it and the disk can do to a renewal."""

import gzip
import json
import logging
import os
import resource
import stat
import threading

import pytest
from authorized import CONFIGURED, Authorized
from raw_server import HEAD, listening
from shortages import permit_threads

from webexhist.errors import WebexhistError
from webexhist.simulator import Trouble
from webexhist.simulator.faults.switches import Body, CutOff, Hang, Redirect, Reset, Status, TruncatedJson
from webexhist.state.token_file import STORE_SECONDS, TokenFileError
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import BadAnswer, Busy, Disturbed, OutOfTime, Refused, TooSlow, Unreachable
from webexhist.webex.auth.token_endpoint import WHOLE_SECONDS


@pytest.fixture
def authorized(simulated):
    return Authorized(simulated())


TROUBLES = {
    "busy": (Status(429, "7"), Busy),
    "busy, malformed": (Status(429, "rand(30),add(30)"), Busy),
    "locked": (Status(423), Busy),
    "500": (Status(500, html=True), Disturbed),
    "502": (Status(502, html=True), Disturbed),
    "503": (Status(503), Disturbed),
    "504": (Status(504), TooSlow),
    "404": (Status(404), WebexhistError),
    "redirect": (Redirect("http://127.0.0.1:9/v1/access_token", 307), Refused),
    "reset": (Reset(), Unreachable),
    "cut off within the token": (Body(b'{"access_token": "abc'), BadAnswer),
    "hang": (Hang(1), Unreachable),
    "empty": (Body(b""), BadAnswer),
    "html": (Body(b"<html>access_token=x</html>", content_type="text/html"), BadAnswer),
    "form without a token": (Body(b"access_token=&expires_in=5"), BadAnswer),
    "list": (Body(b'["access_token"]'), BadAnswer),
    "nested": (Body(b"[" * 100_000), BadAnswer),
    "null token": (Body(b'{"access_token": null}'), BadAnswer),
    "object token": (Body(b'{"access_token": {"a": 1}}'), BadAnswer),
    "token beyond ASCII": (Body('{"access_token": "\u00e9"}'.encode()), BadAnswer),
    "token with a line end": (Body(b'{"access_token": "a\\nb"}'), BadAnswer),
    "blank token": (Body(b'{"access_token": "  "}'), BadAnswer),
    "endless": (Body(b" " * 100_000 + b'{"access_token": "x"}'), BadAnswer),
    "error in a success": (Body(b'{"error": "invalid_grant", "error_description": "planted-secret"}'), BadAnswer),
}


@pytest.mark.usefixtures("garbage_waits")
@pytest.mark.parametrize(("effect", "expected"), TROUBLES.values(), ids=TROUBLES)
def test_a_disturbed_renewal_keeps_what_there_is(authorized, effect, expected):
    last = authorized.tokens().renewed(CONFIGURED)
    before = authorized.file.read_bytes()
    authorized.polled.server.faults.troubles.append(Trouble(effect, path="/v1/access_token"))
    authorized.polled.later(days=13, hours=12)

    tokens = authorized.tokens(remaining=lambda: 2.0)
    assert tokens.access_token() == last
    assert len(tokens.warnings) == 1
    authorized.polled.later(hours=12)
    tokens = authorized.tokens(remaining=lambda: 2.0)
    assert tokens.access_token() == last
    with pytest.raises(expected) as raised:
        tokens.renewed(last)

    assert authorized.file.read_bytes() == before
    assert sorted(os.listdir(authorized.polled.folder)) == ["tokens.json", "tokens.lock"]
    assert "planted-secret" not in f"{raised.value}{raised.value!r}{tokens.warnings}"
    assert str(raised.value).count("\n") == 0

    authorized.polled.server.faults.troubles.clear()
    assert authorized.accepts(authorized.tokens().access_token())


PACKED = gzip.compress(b'{"access_token": "x", "refresh_token": "r"}')
PLAIN = gzip.decompress(PACKED)
BROKEN_OFF = {
    "before the announced end": b"Content-Length: 500\r\n\r\n" + PLAIN,
    "within the JSON": b"Content-Length: 46\r\n\r\n" + PLAIN[:-1] + b', "s',
    "without a last chunk": b"Transfer-Encoding: chunked\r\n\r\n2b\r\n" + PLAIN + b"\r\n",
    "after more than any answer has": b"\r\n" + PLAIN[:-1] + b', "x": "' + b"y" * 70_000,
    "packed, and its end is missing": b"Content-Encoding: gzip\r\n\r\n" + PACKED[:-8],
    "packed without a word": b"\r\n" + PACKED,
    "said to be packed": b"Content-Encoding: gzip\r\n\r\n" + PLAIN,
    "said to be packed otherwise": b"Content-Encoding: deflate\r\n\r\n" + PLAIN,
}


def test_an_answer_that_breaks_off_after_the_tokens_gives_them(authorized):
    bodies = iter(BROKEN_OFF.items())

    def serve(connection):
        connection.recv(65_536)
        connection.sendall(HEAD + next(bodies)[1])

    with listening(serve) as port:
        for name in BROKEN_OFF:
            authorized.file.unlink(missing_ok=True)
            assert authorized.tokens(base_url=f"http://127.0.0.1:{port}").renewed(CONFIGURED) == "x", name
            assert authorized.stored["refresh_token"] == "r", name


def test_an_answer_that_keeps_the_connection_open_gives_what_came_in_time(authorized):
    left = threading.Event()

    def serve(connection):
        connection.recv(65_536)
        connection.sendall(HEAD + b"Content-Length: 500\r\n\r\n" + PLAIN)
        left.wait(60)

    with listening(serve) as port:
        tokens = authorized.tokens(remaining=lambda: 2.0, base_url=f"http://127.0.0.1:{port}")
        try:
            assert tokens.renewed(CONFIGURED) == "x"
        finally:
            left.set()


@pytest.mark.parametrize("effect", [CutOff(), TruncatedJson()])
def test_half_an_answer_gives_the_access_token_and_the_refresh_token_stays(authorized, effect):
    authorized.polled.server.faults.troubles.append(Trouble(effect, path="/v1/access_token"))
    assert authorized.accepts(authorized.tokens().renewed(CONFIGURED))
    assert authorized.stored["refresh_token"]


def test_no_error_repeats_a_token_or_a_secret(authorized):
    """The service echoes the refresh token it was shown: the client must not."""
    body = json.dumps({"message": f"{authorized.refresh_token} is not known"}).encode()
    authorized.polled.server.faults.troubles.append(Trouble(Body(body, 400), path="/v1/access_token"))
    tokens = authorized.tokens()
    with pytest.raises(WebexhistError) as raised:
        tokens.renewed(CONFIGURED)
    texts = f"{raised.value} {raised.value!r} {tokens!r} {tokens.settings!r} {tokens.warnings} {tokens.grant!r}"
    for secret in (CONFIGURED, authorized.refresh_token, authorized.polled.server.grants.integration.client_secret):
        assert secret not in texts


def test_no_log_holds_a_token_or_a_secret_at_any_level(authorized, caplog):
    caplog.set_level(logging.DEBUG)
    renewed = authorized.tokens().renewed(CONFIGURED)
    secret = authorized.polled.server.grants.integration.client_secret
    assert "POST /v1/access_token" in caplog.text
    assert all(text not in caplog.text for text in (CONFIGURED, authorized.refresh_token, renewed, secret))


def test_nothing_is_asked_once_the_time_of_the_poll_is_used_up(authorized):
    with pytest.raises(OutOfTime):
        authorized.tokens(remaining=Deadline(0).remaining).renewed(CONFIGURED)
    assert authorized.renewals == 0


def test_an_answer_that_comes_byte_by_byte_is_left_with_the_time_of_the_poll(authorized):
    left = threading.Event()

    def drip(connection):
        connection.recv(65_536)
        connection.sendall(HEAD + b"Content-Length: 60000\r\n\r\n")
        while not left.wait(0.02):
            connection.sendall(b" ")

    with listening(drip) as port:
        tokens = authorized.tokens(remaining=lambda: 0.2, base_url=f"http://127.0.0.1:{port}")
        with pytest.raises(Unreachable, match="did not answer within 0 seconds"):
            tokens.renewed(CONFIGURED)
        left.set()


def test_an_address_where_nobody_listens_is_reported_in_one_line(authorized, unused_port):
    with pytest.raises(Unreachable, match="connection was refused: check base_url"):
        authorized.tokens(base_url=f"http://127.0.0.1:{unused_port}").renewed(CONFIGURED)


def test_a_file_that_others_could_read_is_closed_to_them(authorized):
    renewed = authorized.tokens().renewed(CONFIGURED)
    authorized.file.chmod(0o644)
    assert authorized.tokens().access_token() == renewed
    assert mode_of(authorized.file) == 0o600


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_only_the_owner_can_read_tokens_whatever_the_umask(authorized, umask):
    folder = authorized.polled.folder / "var" / "webexhist"
    before = os.umask(umask)
    try:
        authorized.tokens(state_dir=str(folder)).renewed(CONFIGURED)
    finally:
        os.umask(before)
    assert {path.name: mode_of(path) for path in folder.iterdir()} == {"tokens.json": 0o600, "tokens.lock": 0o600}
    assert mode_of(folder) == mode_of(folder.parent) == 0o700


DAMAGES = {
    "empty": b"",
    "cut": b'{"origin": "',
    "blank": b" " * 16_384,
    "binary": bytes(range(256)),
    "number": b"5",
    "list": b"[]",
    "no origin": b"{}",
    "nested": b"[" * 100_000,
}


@pytest.mark.usefixtures("garbage_waits")
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_tokens_are_reported_once_and_replaced_by_those_of_the_configuration(authorized, damage):
    authorized.tokens().renewed(CONFIGURED)
    authorized.file.write_bytes(damage)
    tokens = authorized.tokens()

    assert tokens.access_token() == CONFIGURED
    assert tokens.warnings == [
        f"the stored tokens {authorized.file} are damaged: authorize again: webexhist login",
    ]
    assert authorized.accepts(tokens.renewed(CONFIGURED))
    assert len(tokens.warnings) == 1
    assert authorized.tokens().warnings == []


@pytest.mark.parametrize("name", ["access_token", "refresh_token", "issued_at", "expires_at", "scopes"])
def test_a_stored_value_that_is_missing_or_of_the_wrong_type_counts_as_damage(authorized, name):
    authorized.tokens().renewed(CONFIGURED)
    whole = authorized.stored
    without = {key: value for key, value in whole.items() if key != name}
    for stored in (whole | {name: 5}, without, whole | {"refresh_token": "no\r\nheader: holds it"}):
        authorized.file.write_text(json.dumps(stored))
        tokens = authorized.tokens()
        assert tokens.access_token() == CONFIGURED
        assert "damaged" in tokens.warnings[0]


def test_a_folder_in_the_place_of_the_tokens_is_reported(authorized):
    authorized.file.mkdir()
    tokens = authorized.tokens()
    assert tokens.access_token() == CONFIGURED
    assert "Is a directory" in tokens.warnings[0]


def test_without_room_on_the_disk_webex_is_not_asked_so_that_no_token_is_lost(authorized):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(TokenFileError, match=r"cannot write tokens .*let this user write larger files"):
            authorized.tokens().renewed(CONFIGURED)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert authorized.renewals == 0
    assert authorized.accepts(authorized.tokens().renewed(CONFIGURED))


def test_where_no_thread_can_be_started_who_needs_the_token_asks_for_it(authorized, monkeypatch):
    """As where a poll's own threads are all that are permitted."""
    tokens = authorized.tokens()
    permit_threads(monkeypatch, 0)
    renewed = tokens.renewed(CONFIGURED)
    assert authorized.accepts(renewed)
    assert tokens.warnings == []
    assert authorized.renewals == 1


def test_a_folder_that_cannot_be_made_leaves_a_living_token_usable(authorized):
    authorized.tokens().renewed(CONFIGURED)
    (authorized.polled.folder / "file").touch()
    tokens = authorized.tokens(state_dir=str(authorized.polled.folder / "file" / "state"))
    with pytest.raises(TokenFileError, match="Not a directory"):
        tokens.renewed(CONFIGURED)
    assert authorized.renewals == 1


def test_what_lies_in_the_place_of_the_draft_is_not_written_through(authorized):
    innocent = authorized.polled.folder / "innocent"
    innocent.write_text("untouched")
    (authorized.polled.folder / f"tokens.json.new{7:016}").symlink_to(innocent)
    authorized.tokens().renewed(CONFIGURED)
    assert innocent.read_text() == "untouched"


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_login_waits_for_another_process_longer_than_any_renewal_takes():
    """By the last refresh token, and by the one before: what the login brought would be lost with its code."""
    assert STORE_SECONDS > 2 * WHOLE_SECONDS
