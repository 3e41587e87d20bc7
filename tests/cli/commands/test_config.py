"""`webexhist config`: where a setting comes from, what is wrong with it, and a file to begin with."""

import json
import re

import pytest

from webexhist.config import SETTINGS, load_settings


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "webexhist.cfg"
    path.write_text("[CONFIGURATIONS]\nworkers = 3\nclient_secret = hidden\ndatabase = postgresql://u:hidden@h/db\n")
    path.chmod(0o600)
    return path


def test_every_setting_is_shown_with_its_source_and_no_secret(webexhist, file, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_BUDGET_SECONDS", "20.5")
    done = webexhist("config", "show", "--json", "--config", file)
    rows = {row["setting"]: (row["value"], row["from"]) for row in json.loads(done.stdout)}
    assert list(rows) == list(SETTINGS)
    assert rows["workers"] == ("3", str(file))
    assert rows["budget_seconds"] == ("20.5", "WEBEXHIST_BUDGET_SECONDS")
    assert rows["settle_seconds"] == ("120", "default")
    assert (rows["client_secret"][0], rows["client_id"][0]) == ("set", None)
    assert rows["database"][0] == "postgresql://u:***@h/db"
    for way in ([], ["--csv"], ["--json"]):
        assert "hidden" not in webexhist("config", "show", *way, "--config", file).stdout


def test_no_secret_of_any_setting_is_shown_but_that_it_is_set(webexhist, file):
    named = {key for key in SETTINGS if re.search("token|secret|password|client|user", key)}
    assert named == {key for key, row in SETTINGS.items() if row.is_secret}
    with file.open("w") as content:
        content.write("[CONFIGURATIONS]\n" + "".join(f"{key} = hidden\n" for key in sorted(named)))
    for way in ([], ["--csv"], ["--json"]):
        printed = webexhist("config", "show", *way, "--config", file).stdout
        assert "hidden" not in printed
        assert printed.count("set,") == len(named) or way != ["--csv"]
    assert "hidden" not in repr(load_settings({}, file, {}))


def test_paces_and_lists_are_shown_as_they_are_written(webexhist, file):
    with file.open("a") as content:
        content.write("every = rooms:86400, people:3600\norgids = a, b\n")
    done = webexhist("config", "show", "--json", "--config", file)
    rows = {row["setting"]: row["value"] for row in json.loads(done.stdout)}
    assert (set(rows["every"].split(",")), rows["orgids"]) == ({"rooms:86400", "people:3600"}, "a,b")


def test_a_file_that_is_found_by_itself_need_not_be_named(webexhist, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WEBEXHIST_CONFIG", raising=False)
    assert webexhist("config", "init").stdout.endswith("then run webexhist login.\n")


def test_a_setting_that_is_on_or_off_is_shown_so(webexhist, file):
    def seats() -> str:
        done = webexhist("config", "show", "--json", "--config", file)
        return next(row["value"] for row in json.loads(done.stdout) if row["setting"] == "seats")

    assert seats() == "off"
    with file.open("a") as content:
        content.write("seats = yes\n")
    assert seats() == "on"


def test_a_right_configuration_is_called_right(webexhist, file):
    done = webexhist("config", "check", "--config", file)
    assert (done.code, done.stdout) == (0, f"Nothing is wrong with the settings ({file}).\n")


def test_a_misspelled_key_and_a_file_for_all_to_read_are_named(webexhist, file):
    with file.open("a") as content:
        content.write("wokers = 4\n")
    file.chmod(0o640)
    done = webexhist("config", "check", "--config", file)
    assert (done.code, done.stdout.splitlines()) == (
        1,
        [
            f"{file} sets wokers, which is no setting: is workers meant?",
            f"{file} may be read by others, and it is where secrets stand: chmod 600 {file}",
        ],
    )


def test_a_value_that_cannot_be_meant_is_one_line(webexhist, file):
    with file.open("a") as content:
        content.write("budget_seconds = soon\n")
    done = webexhist("config", "check", "--config", file)
    assert (done.code, done.stdout) == (1, "")
    assert done.stderr.startswith("webexhist: budget_seconds is 'soon', not a number of seconds")


def test_a_new_file_has_every_setting_at_its_default_and_is_private(webexhist, tmp_path):
    file = tmp_path / "new.cfg"
    done = webexhist("config", "init", "--out", file)
    assert (done.code, done.stdout.endswith(f"then run webexhist login --config {file}.\n")) == (0, True)
    assert file.stat().st_mode & 0o777 == 0o600
    assert all(f"{key} =" in file.read_text() for key in SETTINGS)
    settings = load_settings({}, file, {})
    assert settings.unknown == ()
    assert (settings.workers, settings.access_token) == (8, "")
    again = webexhist("config", "init", "--out", file)
    assert (again.code, again.stderr) == (1, f"webexhist: {file} is there already: choose another name with --out\n")


def test_a_file_that_cannot_be_written_is_one_line(webexhist, tmp_path):
    done = webexhist("config", "init", "--out", tmp_path / "missing" / "new.cfg")
    assert (done.code, done.stdout) == (1, "")
    assert "No such file or directory" in done.stderr
