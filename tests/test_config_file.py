"""Which configuration file is read: never one that somebody else left where a command is run."""

import os
import socket
from pathlib import Path

import pytest
from planted import NOBODY, give_to_nobody, needs_root

from webexhist.config import load_settings
from webexhist.errors import ConfigError

TEXT = "[webex]\nworkers = {}\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """The current folder, beside a home and a site of the test's own."""
    for name in ("XDG_CONFIG_HOME", "XDG_CONFIG_DIRS"):
        monkeypatch.setenv(name, str(tmp_path / name))
    folder = tmp_path / "here"
    folder.mkdir(mode=0o755)
    monkeypatch.chdir(folder)
    return folder


def written(file: Path, workers: int) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(TEXT.format(workers))
    return file


def test_the_nearer_file_wins(here, tmp_path):
    assert load_settings({}, None, {}).file is None
    for place, workers in (("XDG_CONFIG_DIRS/webexhist", 2), ("XDG_CONFIG_HOME/webexhist", 3), ("here", 4)):
        written(tmp_path / place / "webexhist.cfg", workers)
        assert load_settings({}, None, {}).workers == workers
    named, optional = written(tmp_path / "named.cfg", 5), written(tmp_path / "optional.cfg", 6)
    assert load_settings({}, None, {"WEBEXHIST_CONFIG": str(named)}).workers == 5
    assert load_settings({}, optional, {"WEBEXHIST_CONFIG": str(named)}).workers == 6


def by_others(here):
    give_to_nobody(here / "webexhist.cfg")


def written_by_others(here):
    (here / "webexhist.cfg").chmod(0o666)


def written_by_the_group(here):
    (here / "webexhist.cfg").chmod(0o664)


def in_a_folder_of_others(here):
    give_to_nobody(here)


def in_a_folder_that_others_write(here):
    here.chmod(0o777)


def by_a_link_of_others(here):
    (here / "webexhist.cfg").rename(here.parent / "other.cfg")
    (here / "webexhist.cfg").symlink_to(here.parent / "other.cfg")
    give_to_nobody(here / "webexhist.cfg")


def by_a_link_to_a_file_of_others(here):
    (here / "webexhist.cfg").rename(here.parent / "other.cfg")
    (here / "webexhist.cfg").symlink_to(here.parent / "other.cfg")
    give_to_nobody(here.parent / "other.cfg")


@needs_root
@pytest.mark.parametrize(
    ("plant", "why"),
    [
        (by_others, "it belongs to another user"),
        (written_by_others, "others may write it"),
        (written_by_the_group, "others may write it"),
        (in_a_folder_of_others, "its folder belongs to another user"),
        (in_a_folder_that_others_write, "others may write its folder"),
        (by_a_link_of_others, "it belongs to another user"),
        (by_a_link_to_a_file_of_others, "it belongs to another user"),
    ],
)
def test_a_file_that_others_could_have_written_is_passed_over_with_one_warning(webexhist, here, plant, why):
    file = written(here / "webexhist.cfg", 4)
    plant(here)
    os.chdir(here)
    usual = written(Path(os.environ["HOME"], ".config/webexhist/webexhist.cfg"), 3)
    settings = load_settings({}, None, {})
    assert (settings.file, settings.workers) == (usual, 3)
    done = webexhist("licenses")
    first, rest = done.stderr.split("\n", 1)
    assert first.startswith(f"webexhist: the configuration {file} is passed over: {why}")
    assert rest.startswith("webexhist: there is no database")
    assert load_settings({}, file, {}).workers == 4, "what is named is read"


def test_a_file_in_a_folder_that_keeps_others_off_it_is_read(here):
    written(here / "webexhist.cfg", 4)
    here.chmod(0o1777)
    settings = load_settings({}, None, {})
    assert (settings.workers, settings.passed_over) == (4, ())


@pytest.fixture
def as_nobody():
    """The test's own process as another user."""
    if os.geteuid() != 0:
        pytest.skip("takes root, who alone can act for two users")
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)


def test_a_current_folder_that_may_not_be_read_is_no_error(here, request):
    written(here / "webexhist.cfg", 4)
    here.chmod(0o700)
    request.getfixturevalue("as_nobody")
    settings = load_settings({"state_dir": "/nowhere"}, None, {})
    assert (settings.file, settings.passed_over) == (None, ())


def test_a_file_that_may_not_be_read_is_passed_over_and_an_error_where_it_is_named(tmp_path, request):
    file = written(tmp_path / "XDG_CONFIG_DIRS" / "webexhist" / "webexhist.cfg", 2)
    file.chmod(0o600)
    for folder in (file, *file.parents):
        if folder != file and folder.stat().st_uid == os.geteuid() and str(folder).count("/") > 1:
            folder.chmod(folder.stat().st_mode | 0o055)
    request.getfixturevalue("as_nobody")
    settings = load_settings({"state_dir": "/nowhere"}, None, {})
    assert settings.file is None
    assert settings.passed_over == (f"the configuration {file} is passed over: this user may not read it",)
    with pytest.raises(ConfigError, match=r"cannot read the configuration .* \(Permission denied\)"):
        load_settings({}, file, {})


def test_a_current_folder_that_is_gone_is_no_error(here):
    here.rmdir()
    assert load_settings({}, None, {}).file is None


def bind_socket(place):
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(place.name)  # a whole path may be longer than a socket's may be


NO_FILE = "no regular file lies in its place; take that away"
NO_FILES = {
    "folder": (Path.mkdir, NO_FILE),
    "pipe": (os.mkfifo, NO_FILE),
    "socket": (bind_socket, NO_FILE),
    "device": (lambda place: place.symlink_to("/dev/zero"), NO_FILE),
    "dangling link": (lambda place: place.symlink_to("nothing"), "it cannot be read (No such file or directory)"),
    "circle": (lambda place: place.symlink_to(place), "it cannot be read (Too many levels of symbolic links)"),
}


@pytest.mark.parametrize("plant, why", NO_FILES.values(), ids=NO_FILES)
def test_what_is_no_file_is_not_read_and_said(webexhist, here, plant, why):
    place = here / "webexhist.cfg"
    os.chdir(here)
    plant(place)
    passed_over = f"the configuration {place} is passed over: {why}"
    settings = load_settings({}, None, {})
    assert (settings.file, settings.passed_over) == (None, (passed_over,))
    with pytest.raises(ConfigError, match="cannot read the configuration"):
        load_settings({}, place, {})
    warning, failure = webexhist("licenses").stderr.splitlines()
    assert warning == f"webexhist: {passed_over}"
    assert failure.startswith("webexhist: there is no database")
    assert webexhist("timer", "print").line == (
        f"there is no configuration; {passed_over}: begin one with webexhist config init, or name it with --config"
    )
    (here / "agent" / "plugins").mkdir(parents=True)
    installing = webexhist("plugin", "install", "--print", "--agent-dir", here / "agent")
    assert f"; {passed_over}: write one" in installing.line
    usual = written(Path(os.environ["HOME"], ".config/webexhist/webexhist.cfg"), 3)
    done = webexhist("timer", "print", "--cron")
    assert (done.code, done.line, str(usual) in done.stdout) == (0, passed_over, True)


@pytest.mark.parametrize("named", ["/dev/zero", "/dev/null", "/dev", "", "/a\0b", "/" + "x" * 5000, "/\udcff"])
def test_what_is_named_and_no_file_is_an_error_at_once(named):
    with pytest.raises(ConfigError) as status:
        load_settings({}, Path(named), {})
    assert str(status.value).isprintable()


def test_a_file_without_an_end_is_not_read_to_it(tmp_path):
    file = written(tmp_path / "large.cfg", 2)
    with file.open("a") as large:
        large.truncate(10**10)
    with pytest.raises(ConfigError, match=r"larger than 1,000,000 bytes\): check the path"):
        load_settings({}, file, {})


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("budget_second", "is budget_seconds meant?"),
        ("woerkers", "is workers meant?"),
        ("Budget-Seconds", "is budget_seconds meant?"),
        ("acces_token", "is access_token meant?"),
        ("xyz", "webexhist poll --help lists all"),
    ],
)
def test_a_key_and_a_variable_that_are_no_settings_are_each_one_warning(webexhist, tmp_path, monkeypatch, key, hint):
    file = tmp_path / "own.cfg"
    file.write_text(f"[CONFIGURATIONS]\nworkers = 4\n{key} = planted\n")
    name = f"WEBEXHIST_{key.upper()}"
    monkeypatch.setenv(name, "planted")
    done = webexhist("licenses", "--config", file)
    of_file, of_variable, failure = done.stderr.splitlines()
    assert of_file == f"webexhist: {file} sets {key.lower()}, which is no setting: {hint}"
    assert of_variable.startswith(f"webexhist: the environment sets {name}, which is no setting: ")
    assert "there is no database" in failure
    status = webexhist("status", "--config", file, "--json").json
    assert (status["settings"], status["needs_a_person"]) == ([line[11:] for line in (of_file, of_variable)], True)
    assert "planted" not in done.stderr


def test_variables_that_say_where_the_file_is_and_what_tests_must_do_are_known():
    names = {"WEBEXHIST_REQUIRE_POSTGRES": "1", "WEBEXHIST_REQUIRE_BROWSER": "1", "WEBEXHIST_CONFIG": ""}
    assert load_settings({}, None, names).unknown == ()
    (status,) = load_settings({}, None, {"WEBEXHIST_CONFIGS": "x"}).unknown
    assert status.endswith("is WEBEXHIST_CONFIG meant?")
