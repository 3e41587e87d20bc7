"""Where `webexhist report` writes, and where not."""

import shutil

import pytest
from histories import Poller, license_of


@pytest.fixture
def state(poller: Poller, tmp_path, monkeypatch):
    """The folder in which polls keep their state, with their database."""
    poller.poll("2026-10-02 12:00", {license_of("Suite"): (600, 450)})
    poller.engine.dispose()
    folder = tmp_path / "polls" / "state"
    folder.mkdir(parents=True)
    shutil.copy(poller.engine.url.database, folder / "webexhist.db")
    monkeypatch.setenv("WEBEXHIST_STATE_DIR", str(folder))
    return folder


@pytest.mark.parametrize("spelling", ["{}", "{}/../state", "{}/..", "link", "link/state"])
def test_no_report_takes_the_place_of_the_folder_of_polls(webexhist, state, tmp_path, spelling):
    (tmp_path / "link").symlink_to(state if spelling == "link" else state.parent)
    (state / "tokens.json").write_text("as they were")
    out = tmp_path / spelling.format(state)
    before = state.stat().st_ino
    done = webexhist("report", "--month", "2026-10", "--out", out, "--force")
    assert (done.code, done.line) == (
        2,
        f"{out.resolve()} is where polls keep what they write ({state}): name another folder with --out",
    )
    assert state.stat().st_ino == before
    assert (state / "tokens.json").read_text() == "as they were"


def test_nor_of_that_of_a_database_elsewhere(webexhist, state, tmp_path):
    elsewhere = tmp_path / "elsewhere" / "history.db"
    elsewhere.parent.mkdir()
    shutil.copy(state / "webexhist.db", elsewhere)
    done = webexhist("report", "--month", "2026-10", "--database", elsewhere, "--out", elsewhere.parent, "--force")
    assert f"{elsewhere.parent} is where polls keep what they write" in done.line


def test_a_folder_within_is_a_reports_own(webexhist, state):
    done = webexhist("report", "--month", "2026-10", "--out", state / "report")
    assert done.code == 0, done.stderr
    assert (state / "report" / "index.html").exists()
