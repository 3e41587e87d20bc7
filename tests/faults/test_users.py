"""Two users of one folder: what root does leaves it usable for its owner, and nothing that he planted is followed."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from authorized import CONFIGURED, Authorized
from planted import NOBODY, PLANTS, Target, give_to_nobody, needs_root, owners

import webexhist.poll
from webexhist.state.exclusions_file import ExclusionsError, exclude, exclusions

pytestmark = needs_root
NAMES = ("access_token", "refresh_token", "client_id", "client_secret")


@pytest.fixture
def folder():
    """A state folder of another user, which he reaches."""
    made = Path(tempfile.mkdtemp(prefix="webexhist-users-"))
    os.chown(made, NOBODY, NOBODY)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def target(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    return Target(tmp_path / "elsewhere")


@pytest.fixture
def authorized(simulated):
    return Authorized(simulated())


def poller(authorized, folder):
    """Polls into the folder; whoever does finds the settings read."""
    keys = {name: getattr(authorized.settings(), name) for name in NAMES}
    settings = authorized.polled.settings(**keys, state_dir=str(folder))
    return lambda: webexhist.poll.poll(settings, authorized.polled.clock)[0]


def as_nobody(function):
    os.seteuid(NOBODY)
    try:
        return function()
    finally:
        os.seteuid(0)


def test_one_poll_by_root_leaves_everything_to_the_folders_owner(authorized, folder):
    authorized.polled.later(days=14)
    poll = poller(authorized, folder)
    assert poll().number == 1
    made = owners(folder)
    kept = {"tokens.json", "tokens.lock", "plugin_perf.log", "webexhist.db", "webexhist.db.lock", "poller"}
    assert made.keys() >= kept | {"organizations.json"}
    assert set(made.values()) == {NOBODY}

    authorized.polled.later(days=14)
    assert as_nobody(poll).number == 2
    assert authorized.renewals == 2
    authorized.polled.later(minutes=5)
    assert poll().number == 3
    assert set(owners(folder).values()) == {NOBODY}
    assert (folder / "plugin_perf.log").read_text().count("a poll begins") == 3


@pytest.mark.parametrize(
    "plant", ["link", *(pytest.param(way, marks=pytest.mark.slow) for way in ("dangling link", "other name"))]
)
@pytest.mark.parametrize(
    "name", ["tokens.json", "tokens.json.new", "plugin_perf.log", "tokens.lock", "plugin_perf.log.1"]
)
def test_what_the_folders_owner_planted_leads_root_nowhere(authorized, folder, target, name, plant):
    PLANTS[plant](folder / name, target.file)
    if plant != "other name":
        give_to_nobody(folder / name)
    poll = poller(authorized, folder)
    assert poll().number == 1
    authorized.polled.later(minutes=5)
    assert poll().number == 2
    target.require_untouched()


def test_a_file_that_a_link_leads_to_keeps_its_rights(authorized, folder, target):
    """Tokens that others could read are closed to them: not what somebody put in their place."""
    (folder / "tokens.json").symlink_to(target.file)
    tokens = authorized.tokens(state_dir=str(folder))
    assert tokens.access_token() == CONFIGURED
    assert "a link lies in its place" in tokens.warnings[0]
    target.require_untouched()


@pytest.mark.slow
@pytest.mark.parametrize("plant", ["link", "dangling link", "other name"])
@pytest.mark.parametrize("name", ["webexhist.db-wal", "webexhist.db-shm", "webexhist.db-journal"])
def test_nothing_planted_beside_a_database_is_written_to_or_given_away(
    webexhist, folder, target, tmp_path, sqlite_template, name, plant
):
    file = Path(shutil.copy(sqlite_template, folder / "webexhist.db"))
    give_to_nobody(file)
    PLANTS[plant](folder / name, target.file)
    if plant != "other name":
        give_to_nobody(folder / name)
    way = {"link": "somebody else's link", "dangling link": "somebody else's link"}.get(
        plant, "a file that has other names too"
    )
    for words in (
        "licenses",
        "note add hello",
        "db check",
        f"db backup {tmp_path / 'backup.db'}",
        f"db restore {sqlite_template}",
        "poll --quiet --access-token x --base-url http://127.0.0.1:9",
    ):
        done = webexhist(*words.split(), "--database", file)
        assert (done.code, done.line) == (
            1,
            f"the database {file} is not opened ({name}: {way} lies in its place): "
            "take that away, or name another database",
        )
    target.require_untouched()
    assert owners(folder)["webexhist.db"] == NOBODY


def console(place: Path) -> None:
    os.mknod(place, 0o666 | stat.S_IFCHR, os.makedev(5, 1))


WAITING = {"pipe": os.mkfifo, "folder": Path.mkdir, "device": console}
"""What who opens it would wait for, or could do nothing with."""


@pytest.mark.parametrize("make", WAITING.values(), ids=WAITING)
@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal"])
def test_nobody_waits_for_what_lies_in_the_place_of_a_database_or_beside_it(
    webexhist, folder, tmp_path, sqlite_template, end, make
):
    place = folder / f"webexhist.db{end}"
    if end:
        give_to_nobody(shutil.copy(sqlite_template, folder / "webexhist.db"))
    make(place)
    give_to_nobody(place)
    for words in (
        "licenses",
        "note add hello",
        f"db backup {tmp_path / 'backup.db'}",
        f"db restore {sqlite_template}",
        "poll --quiet --access-token x --base-url http://127.0.0.1:9",
    ):
        done = webexhist(*words.split(), "--database", folder / "webexhist.db")
        assert done.code == 1, words
        if end:
            assert f"(webexhist.db{end}: no regular file lies in its place): take that away" in done.line, words
        else:
            assert "webexhist.db cannot be opened or written (it is a" in done.line, words
    assert not (tmp_path / "backup.db").exists()
    assert place.lstat().st_uid == NOBODY


@pytest.mark.parametrize("plant", ["link", "dangling link"])
def test_a_database_is_not_made_or_opened_by_another_users_link(webexhist, folder, target, plant):
    PLANTS[plant](folder / "webexhist.db", target.file)
    give_to_nobody(folder / "webexhist.db")
    done = webexhist("poll", "--state-dir", folder, "--access-token", "x", "--base-url", "http://127.0.0.1:9")
    assert done.code == 1
    assert done.line == (
        f"the database {folder / 'webexhist.db'} is not opened (somebody else's link lies in its place): "
        "take that away, or name another database"
    )
    target.require_untouched()


def test_root_is_led_by_another_users_link_to_no_database_but_his(webexhist, folder, tmp_path, sqlite_template):
    """What root reads may be shown to others, as a report in their folder is."""
    hidden, own = (Path(shutil.copy(sqlite_template, place)) for place in (tmp_path / "hidden.db", folder / "own.db"))
    give_to_nobody(own)
    place = folder / "webexhist.db"
    for database, refused in ((own, False), (hidden, True)):
        place.unlink(missing_ok=True)
        place.symlink_to(database)
        give_to_nobody(place)
        for words in ("licenses", "db check", f"db backup {tmp_path / 'backup.db'}"):
            done = webexhist(*words.split(), "--database", place)
            assert ("somebody else's link lies in its place" in done.stderr) == refused, words
        (tmp_path / "backup.db").unlink(missing_ok=True)
    place.unlink()
    os.link(hidden, place)
    assert "a file that has other names too lies in its place" in webexhist("licenses", "--database", place).line


def test_whom_root_leaves_out_the_folders_owner_leaves_out_too(authorized, folder):
    settings = authorized.settings(state_dir=str(folder))
    assert exclude(settings, "anna@example.com")
    assert owners(folder) == {"seat_exclusions.json": NOBODY, "seat_exclusions.lock": NOBODY}
    assert as_nobody(lambda: exclude(settings, "ben@example.com"))
    for name in ("anna@example.com", "ben@example.com"):
        assert exclusions(settings).excludes([name], {}) == as_nobody(lambda: exclusions(settings)).excludes(
            [name], {}
        )
    (folder / "seat_exclusions.json").unlink()
    (folder / "seat_exclusions.json").symlink_to("/etc/hostname")
    with pytest.raises(ExclusionsError, match="a link lies in its place"):
        exclusions(settings)


@pytest.mark.slow
@pytest.mark.parametrize("powerless", [["unshare", "--map-root-user"], ["setpriv", "--bounding-set=-all"]], ids=repr)
def test_root_who_may_give_nothing_away_works_where_he_may_write(folder, powerless):
    folder.chmod(0o777)
    if subprocess.run([*powerless, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system takes no rights from root")
    lines = folder / "lines"
    counted = {"people": 3}
    line = {"taken_at": "2026-11-01T06:00:00Z", "organization": {"id": "1", "name": "Acme"}, "counts": counted}
    lines.write_text(json.dumps(line))
    own = os.environ | {"WEBEXHIST_STATE_DIR": str(folder), "PYTHONPATH": str(Path(webexhist.__file__).parents[1])}
    for words in (
        ["import", lines],
        ["history", "--json"],
        ["report", "--out", folder / "site"],
        ["seats", "exclude", "anna@example.com"],
    ):
        command = [*powerless, sys.executable, "-m", "webexhist", *words]
        done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, (words, done.stderr)
