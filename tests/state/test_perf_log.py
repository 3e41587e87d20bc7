"""plugin_perf.log: what a poll asked, how long it took and what failed; nothing that anybody could misuse."""

import os
import re
import resource
import stat

import pytest
from authorized import CONFIGURED, Authorized
from handed_time import SkippedTime

from webexhist.simulator import Faults, OrganizationPlan, Trouble, World
from webexhist.simulator.faults.switches import Hang, Status
from webexhist.state import perf_log
from webexhist.webex.api.errors import Disturbed, Unauthorized
from webexhist.webex.api.timings import shown_tracking_id

STAMP = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC "


def lines(polled):
    """What the log holds, without the times."""
    text = (polled.folder / "plugin_perf.log").read_text()
    assert all(re.match(STAMP, line) for line in text.splitlines())
    return [re.sub(f"^{STAMP}", "", line) for line in text.splitlines()]


def holds(polled, pattern):
    return [line for line in lines(polled) if re.fullmatch(pattern, line)]


def test_calls_and_seconds_of_every_path_and_collector_are_kept(simulated):
    polled = simulated()
    polled.poll()
    seconds = r"\d+\.\d{3} s"
    assert holds(polled, rf"INFO GET /v1/team/memberships: 4 calls in {seconds}, slowest {seconds}")
    assert holds(polled, rf"INFO GET /identity/scim/{{id}}/v2/Users: 1 calls in {seconds}, slowest {seconds}")
    assert holds(polled, rf"INFO teams of Acme Example: 5 requests in {seconds}")
    asked = sum(int(re.search(r"(\d+) calls", line)[1]) for line in holds(polled, "INFO GET .*"))
    assert asked == len(polled.server.requests)


def test_every_failure_is_kept_with_the_number_that_webexs_support_finds_it_by(simulated):
    passing, lasting = Trouble(Status(503), path="/v1/roles", times=1), Trouble(Status(403), path="/v1/rooms")
    polled = simulated(World(), Faults(troubles=[passing, lasting]))
    polled.poll()
    assert len(holds(polled, r"WARNING GET /v1/roles answered 503, tracking id ROUTER_[0-9A-F]{8}-[0-9A-F-]+")) == 1
    assert len(holds(polled, r"WARNING GET /v1/rooms answered 403, tracking id ROUTER_[0-9A-F]{8}-[0-9A-F-]+")) == 1
    assert holds(polled, "WARNING rooms of Acme Example: .*, not permitted: GET /v1/rooms answered 403: .*")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("ROUTER_66F0A1B2-1C2D-01BB-7C3F-AC12D9227C3F", True),
        ("webex-js-sdk_66f0a1b2-1c2d-01bb-7c3f-ac12d9227c3f_12", True),
        ("YWNjZXNz_P0A1_0b9c1d52-7a34-4e0f-9a41-5d1f2c3b4a60", False),
        ("P0A1_0b9c1d52-7a34-4e0f-9a41-5d1f2c3b4a60", False),
        ("Ym9vay1wYWdlLXJlZnJlc2g", False),
        ("d3f1c2b4a5968778695a4b3c2d1e0f00112233445566778899aabbccddeeff00", False),
    ],
)
def test_a_token_that_a_server_sends_back_as_a_tracking_id_is_not_kept(sent, kept):
    assert shown_tracking_id(sent) == (sent if kept else "none")


def test_a_poll_that_fails_altogether_is_kept_with_its_reason(simulated):
    polled = simulated(World(), Faults(troubles=[Trouble(Status(401))]))
    with pytest.raises(Unauthorized):
        polled.poll()
    assert holds(polled, "ERROR the poll failed: the access token has ended, .*: webexhist login")


def test_a_failed_renewal_is_kept(simulated):
    authorized = Authorized(simulated(World(), Faults(troubles=[Trouble(Status(500), path="/v1/access_token")])))
    authorized.polled.later(days=14)
    with pytest.raises(Disturbed):
        authorized.polled.poll(**{name: getattr(authorized.settings(), name) for name in NAMES})
    assert holds(authorized.polled, "WARNING the token endpoint answered 500, tracking id ROUTER_.*")


NAMES = ("access_token", "refresh_token", "client_id", "client_secret")


def test_it_holds_no_token_no_query_and_no_text(simulated):
    polled = simulated(World(messages_a_day=lambda day: 50))
    authorized = Authorized(polled)
    polled.server.faults.troubles.append(Trouble(Status(401), path="/v1/rooms", times=1))
    for _poll in range(2):
        polled.later(minutes=30)
        polled.poll(**{name: getattr(authorized.settings(), name) for name in NAMES})
    log = (polled.folder / "plugin_perf.log").read_text()
    assert "the tokens were renewed" in log
    stored = authorized.stored
    secrets = [CONFIGURED, authorized.refresh_token, stored["access_token"], stored["refresh_token"]]
    assert not [secret for secret in secrets if str(secret) in log]
    assert not re.search(r"[?&@=]|Y2lzY29", log)


@pytest.mark.parametrize("name", ["Acme\n2026-11-23 12:00:00 UTC ERROR forged", "Acme\x1b[2Jcleared", "\u202eAcme"])
def test_what_others_name_themselves_forges_no_line(simulated, name):
    polled = simulated(World(organizations=(OrganizationPlan(name=name),)))
    polled.poll()
    log = (polled.folder / "plugin_perf.log").read_bytes().decode()
    assert all(line.isprintable() for line in log.splitlines())
    assert not holds(polled, "ERROR.*")


def test_it_is_not_kept_where_it_is_switched_off(simulated, capfd):
    polled = simulated(World(), Faults(troubles=[Trouble(Status(403), path="/v1/rooms")]))
    polled.poll(logging="false")
    assert not (polled.folder / "plugin_perf.log").exists()
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_only_its_owner_reads_it_and_it_does_not_grow_for_ever(simulated, monkeypatch, umask):
    monkeypatch.setattr(perf_log, "LARGEST_FILE", 4_000)
    polled = simulated()
    before = os.umask(umask)
    try:
        for _poll in range(8):
            polled.poll()
            polled.later(minutes=5)
    finally:
        os.umask(before)
    files = sorted(polled.folder.glob("plugin_perf.log*"))
    assert [file.suffix for file in files] == [".log", ".1", ".2", ".3"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert max(file.stat().st_size for file in files) <= 4_000


def test_a_log_that_cannot_be_written_does_not_harm_the_poll(simulated, capfd):
    polled = simulated()
    (polled.folder / "plugin_perf.log").mkdir()
    assert polled.poll().number == 1
    assert capfd.readouterr() == ("", "")


def test_a_log_for_which_there_is_no_room_does_not_harm_the_poll(simulated, capfd):
    polled = simulated()
    polled.poll()
    polled.later(minutes=5)
    with open(polled.folder / "plugin_perf.log", "a") as log:
        log.truncate(900_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, hard))
    try:
        assert polled.poll().number == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert capfd.readouterr() == ("", "")


def test_a_request_that_hangs_is_kept_with_the_time_it_took(simulated):
    polled = simulated(World(), Faults(troubles=[Trouble(Hang(3_600), path="/v1/roles")]))
    polled.time = SkippedTime(lambda: polled.server.requests.by_path()["/v1/roles"])
    polled.poll(budget_seconds="20")
    assert holds(polled, r"WARNING GET /v1/roles: no answer after 20\.000 s, then time was up")
