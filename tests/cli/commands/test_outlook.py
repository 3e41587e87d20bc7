"""`webexhist outlook`, and how it comes about beside polls without anybody waiting for it."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

import pytest
from histories import license_of
from polling import NOON

from webexhist.cli import beside
from webexhist.config import load_settings
from webexhist.errors import WebexhistError
from webexhist.simulator import LicensePlan, OrganizationPlan, SimulatedWebex, VirtualClock, World
from webexhist.state.last_run import OUTLOOK, OUTLOOK_SECONDS, last_run, note_run
from webexhist.state.private_files import locked, make_private_folder

SUITE = license_of("Webex Suite")
THIS = [sys.executable, "-P", "-m", "webexhist", "outlook"]
PLAN = OrganizationPlan(licenses=(LicensePlan("Suite", "EE", 250, 231, 0, "Sub1", "acme.webex.com"),))


@pytest.fixture
def service_clock():
    return VirtualClock(NOON)


@pytest.fixture
def service(service_clock):
    with SimulatedWebex(World(organizations=(PLAN,)), service_clock) as server:
        yield server


@pytest.fixture
def config(webexhist, tmp_path, service):
    webexhist.go_by_the_host()
    file = tmp_path / "webexhist.cfg"
    file.write_text(
        f"[webexhist]\naccess_token = {service.access_token}\nbase_url = {service.base_url}\n"
        f"state_dir = {tmp_path / 'state'}\ndatabase = {tmp_path / 'webexhist.db'}\n"
    )
    return file


def test_it_says_what_was_worked_out(run, poller):
    poller.poll("2026-11-23 12:00", {SUITE: (100, 88)})
    assert run("outlook").stdout == "Worked out: Acme Example\n"
    assert run("outlook").stdout == "Nothing to work out: it is of today.\n"


def test_one_process_works_it_out_and_another_leaves_it_to_that_one(run, poller, tmp_path, monkeypatch):
    poller.poll("2026-11-23 12:00", {SUITE: (100, 88)})
    monkeypatch.setenv("WEBEXHIST_STATE_DIR", str(tmp_path / "state"))
    make_private_folder(tmp_path / "state")
    with locked(tmp_path / "state" / "outlook.lock", 0):
        assert run("outlook").stdout == "Another process is working it out.\n"
    assert run("outlook").stdout == "Worked out: Acme Example\n"


def test_a_poll_prints_first_and_starts_it_once(webexhist, config):
    first = webexhist("poll", "--config", config)
    assert (first.code, webexhist.beside) == (0, [THIS])
    assert "Days To Run Out" not in first.json
    webexhist("poll", "--stored", "--config", config)
    webexhist("poll", "--config", config)
    assert webexhist.beside == [THIS]
    webexhist.later(minutes=11)
    webexhist("poll", "--config", config)
    assert webexhist.beside == [THIS, THIS]


def test_what_fails_behind_the_document_prints_no_second_one(webexhist, config, service_clock, monkeypatch):
    def without_memory(*_process):
        raise MemoryError

    webexhist("poll", "--config", config)
    webexhist("outlook", "--config", config)
    service_clock.advance(timedelta(days=1))
    webexhist.later(days=1)
    monkeypatch.setattr(beside, "start", without_memory)
    done = webexhist("poll", "--config", config)
    assert (done.code, done.line) == (1, "there is not enough memory: free memory, or set fewer workers")
    assert done.json["License Consumed Units"] == 231


def test_once_it_is_worked_out_polls_print_it_and_start_nothing(webexhist, config):
    webexhist("poll", "--config", config)
    webexhist("outlook", "--config", config)
    webexhist.beside.clear()
    webexhist.later(minutes=11)
    document = webexhist("poll", "--config", config).json
    assert document["Days To Run Out"] == document["Licenses"][0]["Days To Run Out"] == 366
    assert webexhist.beside == []


def test_a_database_that_is_lost_once_all_is_stored_costs_no_document(webexhist, config, tmp_path, monkeypatch):
    monkeypatch.setattr(beside, "start", lambda *_: (tmp_path / "webexhist.db").write_bytes(b"no database"))
    polled = webexhist("poll", "--config", config)
    assert (polled.code, polled.stderr, polled.json["License Consumed Units"]) == (0, "", 231)


def test_after_a_failure_it_is_left_alone_for_an_hour_and_status_says_why(webexhist, config):
    note_run(load_settings({}, config).state_dir, OUTLOOK, WebexhistError("no memory", "free some"))
    webexhist("poll", "--config", config)
    webexhist.later(minutes=59)
    webexhist("poll", "--config", config)
    assert webexhist.beside == []
    document = webexhist("status", "--json", "--config", config).json["outlook"]
    assert (document["state"], document["to_do"]) == ("failed: no memory", "free some")
    webexhist.later(minutes=61)
    webexhist("poll", "--config", config)
    assert webexhist.beside == [THIS]


def test_a_failure_is_remembered(webexhist, tmp_path, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_STATE_DIR", str(tmp_path / "state"))
    assert webexhist("outlook", "--database", tmp_path / "none.db").code == 1
    assert "there is no database" in last_run(tmp_path / "state", OUTLOOK).problem


@pytest.mark.parametrize(
    ("words", "seconds"), [(["--quiet"], [OUTLOOK_SECONDS]), (["--stored"], [pytest.approx(10, abs=1)])]
)
def test_a_poll_waits_for_it_where_nobody_waits_for_the_poll_and_before_its_first_document(
    webexhist, config, monkeypatch, words, seconds
):
    webexhist("poll", "--config", config)
    waited = []
    monkeypatch.setattr(beside, "start", lambda _words, _environment, seconds: waited.append(seconds))
    webexhist.later(minutes=11)
    webexhist("poll", *words, "--config", config)
    assert waited == seconds


def test_what_a_person_enters_starts_it_at_once(run, poller):
    poller.poll("2026-11-23 12:00", {SUITE: (100, 88)})
    for words in (
        ("contract", "set", "Sub100001", "--starts", "2026-06-01"),
        ("contract", "remove", "Sub100001"),
        ("note", "add", "Reorganization", "--step", "--on", "2026-11-01"),
        ("note", "remove", "1"),
        ("db", "void", "--snapshot", "2026-11-23 12:00", "--note", "wrong"),
        ("db", "void", "--undo", "1"),
    ):
        run.beside.clear()
        assert run(*words).code == 0, words
        assert run.beside == [THIS], words


def test_where_no_process_can_be_started_nothing_is_said(tmp_path, monkeypatch):
    def none_left(*_arguments):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(beside, "start", none_left)
    beside.renew_outlook(load_settings({"state_dir": str(tmp_path)}, None, {}), None)


@pytest.mark.slow
def test_the_installed_plugins_first_document_has_the_name_and_its_poll_loads_no_review(tmp_path, service, config):
    program = (
        "import sys; from webexhist.cli.main import main; from webexhist.cli.commands import poll\n"
        "poll.FIRST_SECONDS = 3600\n"  # a busy machine takes longer than the agent would wait
        "try: main()\n"
        "finally: print(sorted(name for name in sys.modules if name.startswith('webexhist.review')), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "poll", "--config", config],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert json.loads(done.stdout)["Days To Run Out"] == 366
    assert done.stderr == "[]\n"


def test_what_was_worked_out_of_changed_rows_is_told_by_it_by_documents_and_by_status(webexhist, config, tmp_path):
    webexhist("poll", "--config", config)
    with closing(sqlite3.connect(tmp_path / "webexhist.db")) as database, database:
        database.execute("UPDATE reading SET value = 249 WHERE value = 250")
    told = "it was worked out of changed rows (Acme Example: what was stored on 2026-11-23 was changed)"
    ran = webexhist("outlook", "--config", config)
    assert (ran.code, ran.stderr) == (1, f"webexhist: {told}: see webexhist db check\n")
    document = webexhist("poll", "--stored", "--config", config).json
    assert document["msg"].endswith(f"; outlook: {told}: see webexhist db check")
    assert (document["Days To Run Out"], document["Collection Errors"]) == (366, 0)
    status = webexhist("status", "--json", "--config", config).json["outlook"]
    assert (status["state"], status["to_do"]) == (f"failed: {told}", "see webexhist db check")
