"""`webexhist status`: a table for people, JSON for programs, and an exit code that calls for somebody."""

import json
import re

import pytest

from webexhist.simulator import SimulatedWebex, Trouble
from webexhist.simulator.faults.switches import Status


@pytest.fixture
def server():
    with SimulatedWebex() as running:
        yield running


@pytest.fixture
def config(webexhist, tmp_path, server):
    webexhist.go_by_the_host()
    file = tmp_path / "webexhist.cfg"
    keys = {
        "access_token": server.access_token,
        "refresh_token": "R1",
        "client_id": "C1",
        "client_secret": "S1",
        "base_url": server.base_url,
        "state_dir": "state",
    }
    file.write_text("[CONFIGURATIONS]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items()))
    return file


def test_nothing_needs_a_person_where_all_is_well(webexhist, config):
    webexhist("poll", "--quiet", "--config", config)
    done = webexhist("status", "--config", config)
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.endswith("Nothing needs a person.\n")
    rows = [re.split(r" {2,}", line.strip()) for line in done.stdout.splitlines()]
    states = {row[0]: row[1] for row in rows if len(row) > 1}
    assert states["tokens"] == "of the configuration; renewed when it ends"
    assert states["polls"] == "done"
    assert states["licenses"] == states["people"] == "ok"
    assert re.match(r"sound, \d\.\d MB, 1 snapshot", states["database"])
    assert states["agent"] == "there is no Site24x7 agent in /opt/site24x7/monagent"


def test_what_needs_a_person_is_reported_with_exit_code_1(webexhist, config, server):
    server.faults.troubles.append(Trouble(Status(403), path="/v1/licenses"))
    webexhist("poll", "--quiet", "--config", config)
    done = webexhist("status", "--config", config)
    assert (done.code, done.stderr) == (1, "")
    assert "not permitted: GET /v1/licenses answered 403" in done.stdout
    assert "webexhist login as full or read-only administrator" in done.stdout
    assert done.stdout.endswith("Something needs a person: see “to do”.\n")


def test_json_holds_all_of_it(webexhist, config, server):
    server.faults.troubles.append(Trouble(Status(401)))
    webexhist("poll", "--quiet", "--config", config)
    done = webexhist("status", "--json", "--config", config)
    status = json.loads(done.stdout)
    assert (done.code, status["needs_a_person"]) == (1, True)
    assert status["polls"]["state"].startswith("failed: Webex does not give tokens for this authorization")
    assert "webexhist login" in status["polls"]["to_do"]
    assert set(status) == {
        "needs_a_person",
        "settings",
        "tokens",
        "polls",
        "collectors",
        "organizations",
        "database",
        "outlook",
        "agent",
    }

    server.faults.troubles.clear()
    webexhist("poll", "--quiet", "--config", config)
    status = json.loads(webexhist("status", "--json", "--config", config).stdout)
    assert status["needs_a_person"] is False
    people = next(collector for collector in status["collectors"] if collector["collector"] == "people")
    assert (people["state"], people["last_error"], people["to_do"]) == ("ok", None, "")
    assert people["last_good_at"].endswith("+00:00")


def test_it_holds_no_secret(webexhist, config, server):
    webexhist("poll", "--quiet", "--config", config)
    for options in ([], ["--json"]):
        printed = webexhist("status", "--config", config, *options).stdout
        assert not [secret for secret in (server.access_token, "R1", "C1", "S1") if f" {secret}" in printed]


def test_before_the_first_poll_it_says_what_comes_next(webexhist):
    done = webexhist("status")
    assert (done.code, done.stderr) == (1, "")
    assert "there is no access token" in done.stdout
    assert "let webexhist poll make the first snapshot" in done.stdout
