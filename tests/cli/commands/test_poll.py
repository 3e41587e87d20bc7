"""`webexhist poll` as the agent and its administrator see it: one document on stdout, one line when it fails."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from commands import Done
from polling import NOON

from webexhist.agent.failure import PLUGIN_VERSION
from webexhist.config import SETTINGS
from webexhist.simulator import SimulatedWebex, sized_world
from webexhist.state.last_run import OUTLOOK, note_run


@pytest.fixture(scope="module")
def server():
    with SimulatedWebex(sized_world(NOON)) as running:
        yield running


def in_a_process(*words: str, folder) -> Done:
    """Runs Python in a folder, with nothing of the tester's environment that could help it."""
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "WEBEXHIST_STATE_DIR": str(folder / "state")}
    # As if one process were at work on what is expected: none is started beside these polls.
    note_run(folder / "state", OUTLOOK, None)
    ended = subprocess.run(
        [sys.executable, *words], cwd=folder, env=own, capture_output=True, text=True, timeout=120, check=False
    )
    return Done(ended.returncode, ended.stdout, ended.stderr)


def seed_configuration(folder, server, **changes):
    keys = {
        "access_token": server.access_token,
        "client_id": "C1",
        "client_secret": "S1",
        "refresh_token": "R1",
        "use_custom_fields": "False",
        "orgids": "",
        "teams": "",
        "logging": "True",
        "base_url": server.base_url,
    } | changes
    file = folder / "webex_licensing_monitoring.cfg"
    lines = [f'{key} = "{value}"' for key, value in keys.items() if value is not None]
    file.write_text("[CONFIGURATIONS]\n" + "\n".join(lines))
    return str(file)


def test_the_seeds_configuration_is_all_it_takes(tmp_path, server):
    config = seed_configuration(tmp_path, server)
    polled = in_a_process("-m", "webexhist", "poll", "--config", config, folder=tmp_path)
    assert (polled.code, polled.stderr) == (0, "")
    assert polled.json["People Count"] == 100


def test_a_second_poll_says_what_changed(webexhist, config):
    assert "People Change" not in json.loads(webexhist("poll", "--config", config).stdout)
    webexhist.later(minutes=5)
    assert json.loads(webexhist("poll", "--config", config).stdout)["People Change"] == 0


@pytest.mark.parametrize("spelling", ["--access_token={}", "--access-token={}"])
def test_every_setting_is_an_option_in_both_spellings(webexhist, server, spelling):
    result = webexhist(
        "poll", spelling.format(server.access_token), f"--base_url={server.base_url}", "--use_custom_fields=False"
    )
    assert json.loads(result.stdout)["Admin - Teams Count"] == 4


def test_without_an_output_a_poll_is_stored_all_the_same(webexhist, config, monkeypatch):
    webexhist("poll", "--config", config)
    assert webexhist("outlook", "--config", config).code == 0
    webexhist.later(minutes=5)
    with monkeypatch.context() as closed:
        closed.setattr(sys, "stdout", None)
        done = webexhist("poll", "--config", config)
    assert (done.code, done.stderr) == (0, "")
    assert json.loads(webexhist("poll", "--stored", "--config", config).stdout)["People Change"] == 0


def test_every_setting_is_explained_in_the_help(webexhist):
    shown = webexhist("poll", "--help").stdout
    assert [name for name in SETTINGS if f"--{name.replace('_', '-')} " not in shown] == []


def failed(result, code=1):
    """The message of a failed poll, which stands in the document and on stderr."""
    assert result.code == code
    document = result.json
    assert document["status"] == 0
    assert document["plugin_version"] == PLUGIN_VERSION
    assert result.line == document["msg"]
    return document["msg"]


def test_no_token_at_all(webexhist, tmp_path, server):
    config = seed_configuration(tmp_path, server, access_token=None, refresh_token=None)
    assert "webexhist login" in failed(webexhist("poll", "--config", config))


def test_a_token_that_is_refused(webexhist, tmp_path, server):
    config = seed_configuration(tmp_path, server, access_token="expired-secret", client_id=None)
    result = webexhist("poll", "--config", config)
    assert "webexhist login" in failed(result)
    assert "expired-secret" not in result.stdout + result.stderr


def test_an_address_that_does_not_answer(webexhist, tmp_path, server, unused_port):
    config = seed_configuration(tmp_path, server, base_url=f"http://127.0.0.1:{unused_port}")
    problem = failed(webexhist("poll", "--config", config))
    assert problem == "GET /v1/organizations: the connection was refused: check base_url, network and proxy"


def test_a_configuration_that_is_not_there(webexhist):
    assert "cannot read the configuration missing.cfg" in failed(webexhist("poll", "--config", "missing.cfg"))


def test_custom_fields_without_teams_are_wrong_usage(webexhist, tmp_path, server):
    config = seed_configuration(tmp_path, server, use_custom_fields="True", orgids="O1")
    assert "teams is empty" in failed(webexhist("poll", "--config", config), code=2)


def test_an_unknown_option_is_wrong_usage(webexhist):
    result = webexhist("poll", "--color=red")
    assert (result.code, result.json["status"]) == (2, 0)
    assert "No such option" in result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["typer", "sqlalchemy", "requests", "webexhist.poll", "webexhist.agent.document"])
def test_an_installation_that_lacks_a_part_is_a_document_and_one_line(tmp_path, server, missing):
    program = (
        "import runpy, sys\n"
        f"sys.modules[{missing!r}] = None\n"
        "sys.argv = ['webexhist', *sys.argv[1:]]\n"
        "runpy.run_module('webexhist', run_name='__main__')"
    )
    config = seed_configuration(tmp_path, server)
    polled = in_a_process("-c", program, "poll", "--config", config, folder=tmp_path)
    assert "a part of webexhist cannot be loaded" in failed(polled)
    assert missing.rpartition(".")[2] in polled.stderr


def test_a_database_whose_driver_is_not_installed_is_a_document(webexhist, tmp_path, server):
    config = seed_configuration(tmp_path, server, database="postgresql://127.0.0.1:1/nothing?connect_timeout=2")
    assert "database" in failed(webexhist("poll", "--config", config))


def test_a_database_path_that_cannot_be_written(webexhist, tmp_path, server):
    (tmp_path / "file").write_text("no folder")
    database = tmp_path / "file" / "webexhist.db"
    problem = failed(webexhist("poll", "--config", seed_configuration(tmp_path, server, database=str(database))))
    assert str(database.parent) in problem


def test_a_poll_imports_neither_pages_nor_review_nor_migrations_nor_what_looks_for_damage(tmp_path, server):
    program = (
        "import sys; from webexhist.cli.main import main\n"
        "unwanted = ('jinja2', 'alembic', 'mako', 'requests_oauthlib', 'filelock', 'webexhist.review',\n"
        "            'webexhist.status', 'webexhist.store.rows.health', 'webexhist.store.seals.damage')\n"
        "try: main()\n"
        "finally: print(sorted(name for name in sys.modules if name.startswith(unwanted)), file=sys.stderr)"
    )
    config = seed_configuration(tmp_path, server)
    for _poll in range(2):
        polled = in_a_process("-c", program, "poll", "--config", config, folder=tmp_path)
        assert polled.code == 0
    assert polled.stderr == "[]\n"


@pytest.fixture
def config(tmp_path, server):
    return seed_configuration(tmp_path, server)


@pytest.mark.parametrize(
    ("empty", "reason"),
    [
        ("", "--only is empty: leave it out"),
        (" ", "--only is empty: leave it out"),
        (",", "--only names no collector: leave it out to ask all"),
    ],
)
def test_a_name_that_is_not_set_does_not_have_all_asked(empty, reason, webexhist, config):
    polled = webexhist("poll", "--quiet", "--only", empty, "--config", config)
    assert (polled.code, polled.stdout) == (2, "")
    assert reason in polled.stderr


def test_a_quiet_poll_is_stored_and_says_nothing(webexhist, config):
    assert webexhist("poll", "--quiet", "--config", config) == Done(0, "", "")
    assert json.loads(webexhist("poll", "--stored", "--config", config).stdout)["People Count"] == 100


def test_a_quiet_poll_that_fails_says_why_on_stderr_alone(webexhist, tmp_path, server):
    config = seed_configuration(tmp_path, server, access_token=None, refresh_token=None)
    done = webexhist("poll", "--quiet", "--config", config)
    assert (done.code, done.stdout) == (1, "")
    assert "run webexhist login" in done.line


def test_what_is_stored_is_printed_without_asking_webex(webexhist, config, server):
    polled = webexhist("poll", "--config", config)
    asked = len(server.requests)
    stored = webexhist("poll", "--stored", "--config", config)
    assert stored == polled
    assert len(server.requests) == asked


def test_a_stored_document_that_is_too_old_is_down_with_the_reason(webexhist, config, tmp_path):
    assert "there is no database" in down(webexhist("poll", "--stored", "--config", config))
    webexhist("poll", "--quiet", "--config", config)
    webexhist.later(seconds=2)
    problem = down(webexhist("poll", "--stored", "--max-age", "1", "--config", config))
    assert re.fullmatch(
        r"the last snapshot is of \d{4}-\d\d-\d\d \d\d:\d\d UTC, more than 1 s ago:"
        r" see why nothing polls: webexhist status",
        problem,
    )


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "99999999999999999999"])
def test_an_age_that_cannot_be_meant_is_wrong_usage(webexhist, seconds):
    done = webexhist("poll", "--stored", "--max-age", seconds)
    assert (done.code, json.loads(done.stdout)["msg"]) == (2, done.line)
    assert "Invalid value for '--max-age'" in done.stderr


def test_tokens_that_serve_for_the_last_time_are_reported_on_stderr_and_in_the_document(webexhist, config, tmp_path):
    state = tmp_path / "home" / "state"
    state.mkdir()
    (state / "tokens.json").write_text("{}")
    polled = webexhist("poll", "--config", config)
    warning = f"the stored tokens {state / 'tokens.json'} are damaged: authorize again: webexhist login"
    assert (polled.code, polled.line) == (0, warning)
    assert f"tokens: {warning}" in json.loads(polled.stdout)["msg"]
    assert json.loads(polled.stdout)["Collection Errors"] == 1

    stored = webexhist("poll", "--stored", "--config", config)
    assert (json.loads(stored.stdout), stored.line) == (json.loads(polled.stdout), warning)

    (state / "tokens.json").unlink()
    webexhist.later(minutes=5)
    again = webexhist("poll", "--config", config)
    assert (again.stderr, json.loads(again.stdout)["Collection Errors"]) == ("", 0)


def down(done):
    problem = json.loads(done.stdout)
    assert (done.code, problem["status"], problem["msg"]) == (1, 0, done.line)
    return problem["msg"]


def changed(folder, statement):
    """Something else than webexhist changes one row of the database of the polls."""
    with closing(sqlite3.connect(folder / "home" / "state" / "webexhist.db")) as database, database:
        assert database.execute(statement).rowcount == 1


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE license SET product = 'other' WHERE id = 1", "license"),
        ("UPDATE contract SET term = 7", "contract"),
        ("UPDATE decision_state SET note = 'other'", "decision_state"),
        ("INSERT INTO past_day VALUES (1, 1, '2026-11-01', 99, 'events')", "past_day"),
    ],
)
def test_the_document_of_what_is_stored_says_which_tables_beside_the_polls_were_changed(
    webexhist, config, tmp_path, statement, table
):
    webexhist("poll", "--config", config)
    assert webexhist("contract", "set", "Sub1000001", "--starts", "2027-01-01", "--config", config).code == 0
    first = webexhist("decisions", "--json", "--config", config).json[0]["id"]
    assert webexhist("decisions", "accept", first, "--note", "fine", "--config", config).code == 0
    assert webexhist("outlook", "--config", config).code == 0
    assert "database" not in webexhist("poll", "--stored", "--config", config).json["msg"]
    changed(tmp_path, statement)
    told = f"database: what is kept in {table} was changed by something else than webexhist: see webexhist db check"
    document = webexhist("poll", "--stored", "--config", config).json
    assert told in document["msg"].split("; ")
    assert document["Collection Errors"] == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE outlook SET decisions = decisions + 1",
        "UPDATE outlook SET day = 'soon'",
        "UPDATE product_outlook SET runs_out_on = '2026-12-01' WHERE number = 1",
        "DELETE FROM product_outlook_license WHERE license_id = 1",
    ],
)
def test_nothing_is_printed_of_an_outlook_that_something_else_changed_and_it_is_made_anew(
    webexhist, config, tmp_path, statement
):
    webexhist("poll", "--config", config)
    assert webexhist("outlook", "--config", config).code == 0
    expected = webexhist("poll", "--stored", "--config", config).json["Decisions Open"]
    changed(tmp_path, statement)
    webexhist.later(minutes=15)
    begun = len(webexhist.beside)
    document = webexhist("poll", "--config", config).json
    assert "Decisions Open" not in document
    assert len(webexhist.beside) == begun + 1
    assert webexhist("outlook", "--config", config).stdout == "Worked out: Acme Example\n"
    document = webexhist("poll", "--stored", "--config", config).json
    assert (document["Decisions Open"], "database" in document["msg"]) == (expected, False)
    assert webexhist("db", "check", "--config", config).code == 0
