"""Timers put in place and taken out, and what a service may do where systemd shuts it in."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from planted import NOBODY, needs_root
from shortages import largest_file
from unit_files import read_unit

from webexhist.config import load_settings
from webexhist.interpreters import InterpreterError
from webexhist.simulator import SimulatedWebex
from webexhist.timer import installing
from webexhist.timer.installing import TimerError, with_state_dir
from webexhist.timer.jobs import host_for, jobs_of
from webexhist.timer.systemd import units

SYSTEMCTL = """#!/bin/sh
echo "$@" >> "$(dirname "$0")/calls"
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of a user whose systemd only writes down what it is asked."""
    program = tmp_path / "bin" / "systemctl"
    program.parent.mkdir()
    program.write_text(SYSTEMCTL)
    program.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(installing, "BOOTED", tmp_path)
    return tmp_path


@pytest.fixture
def configuration(home):
    file = home / "webexhist.cfg"
    file.write_text("# mine\n[other]\nx = 1\n[Configurations]  ; here\nworkers = 2\n")
    file.chmod(0o640)
    return file


def calls(home):
    return (home / "bin" / "calls").read_text().splitlines()


def test_units_are_written_and_started_and_the_state_has_one_place(home, configuration):
    host = host_for(configuration, {}, for_this_user=True)
    written = installing.install_systemd(host, jobs_of(host, ["people"]))
    folder = home / ".config" / "systemd" / "user"
    names = ["webexhist.service", "webexhist.timer", "webexhist-slow.service", "webexhist-slow.timer"]
    assert written == (configuration, *(folder / name for name in names))
    assert calls(home) == ["--user daemon-reload", "--user enable --now webexhist.timer webexhist-slow.timer"]
    state = home / ".local" / "share" / "webexhist"
    assert configuration.read_text() == (
        f"# mine\n[other]\nx = 1\n[Configurations]  ; here\nstate_dir = {state}\nworkers = 2\n"
    )
    assert configuration.stat().st_mode & 0o777 == 0o640
    assert load_settings({}, configuration, {}).state_dir == state
    settled = host_for(configuration, {}, for_this_user=True)
    assert settled.is_settled
    assert not any("Environment" in text for text in units(settled, jobs_of(settled)).values())


def test_a_second_installation_leaves_the_configuration_alone(home, configuration):
    for _ in range(2):
        host = host_for(configuration, {}, for_this_user=True)
        written = installing.install_systemd(host, jobs_of(host))
    assert configuration not in written
    assert configuration.read_text().count("state_dir") == 1


def test_an_installation_ends_the_timers_that_it_does_not_name(home, configuration):
    host = host_for(configuration, {}, for_this_user=True)
    installing.install_systemd(host, jobs_of(host, ["people"]))
    written = installing.install_systemd(host, jobs_of(host, digest="anna@example.com"))
    removed = installing.remove(for_this_user=True, keeping=written)
    assert [path.name for path in removed] == ["webexhist-slow.service", "webexhist-slow.timer"]
    assert calls(home)[-3:-1] == ["--user disable --now webexhist-slow.timer", "--user daemon-reload"]


def test_removed_timers_are_stopped_and_gone_with_what_systemd_kept_and_nothing_else(home, configuration):
    host = host_for(configuration, {}, for_this_user=True)
    installing.install_systemd(host, jobs_of(host, ["people"], digest="anna@example.com"))
    folder, stamps = home / ".config" / "systemd" / "user", home / ".local" / "share" / "systemd" / "timers"
    stamps.mkdir(parents=True)
    others = {folder / "other.timer", folder / "webexhist-exporter.service", stamps / "stamp-other.timer"}
    for path in (*others, stamps / "stamp-webexhist.timer"):
        path.touch()
    configuration.unlink()
    removed = installing.remove(for_this_user=True)
    assert len(removed) == 7
    assert {*folder.iterdir(), *stamps.iterdir()} == others
    assert calls(home)[2:] == [
        "--user disable --now webexhist.timer webexhist-slow.timer webexhist-digest.timer",
        "--user daemon-reload",
        "--user reset-failed webexhist.service* webexhist-slow.service* webexhist-report.service* "
        "webexhist-digest.service*",
    ]
    assert installing.remove(for_this_user=True) == ()


def test_where_systemd_does_not_run_nothing_is_written(home, configuration, monkeypatch):
    monkeypatch.setattr(installing, "BOOTED", home / "none")
    before = configuration.read_text()
    host = host_for(configuration, {}, for_this_user=True)
    with pytest.raises(TimerError, match="there is no systemd here: let cron run it"):
        installing.install_systemd(host, jobs_of(host))
    assert configuration.read_text() == before
    assert not (home / ".config").exists()


def test_an_interpreter_from_a_cache_runs_no_timer(home, configuration, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/home/anna/.cache/uv/archive-v0/x/bin/python")
    host = host_for(configuration, {}, for_this_user=True)
    with pytest.raises(InterpreterError, match=r"lies in /home/anna/\.cache, which is emptied now and then"):
        installing.install_systemd(host, jobs_of(host))
    assert not (home / ".config").exists()


@needs_root
def test_folders_that_a_job_of_another_user_writes_into_are_made_for_him(home, configuration):
    (home / "seen").mkdir()
    text = configuration.read_text()
    configuration.write_text(f"{text}state_dir = {home}/state\ndatabase = {home}/seen/history.db\n")
    os.chown(configuration, NOBODY, NOBODY)
    host = host_for(configuration, {}, for_this_user=False)
    installing.make_written_folders(host, jobs_of(host, report=home / "www" / "licenses"))
    made = {name: (home / name).stat() for name in ("state", "www", "seen")}
    rights = {name: (found.st_uid, found.st_mode & 0o777) for name, found in made.items()}
    assert rights == {"state": (NOBODY, 0o700), "www": (NOBODY, 0o755), "seen": (0, 0o755)}
    assert not (home / "www" / "licenses").exists()


def test_a_users_table_of_cron_is_his_to_edit(configuration):
    host = host_for(configuration, {}, for_this_user=True)
    with pytest.raises(TimerError, match="crontab -e"):
        installing.install_cron(host, jobs_of(host))


@needs_root
def test_what_cannot_be_deleted_is_named_with_what_is_in_place_all_the_same(webexhist, configuration):
    configuration.write_text("[CONFIGURATIONS]\naccess_token = a\nstate_dir = state\n")
    table = installing.HOSTS_TABLE
    kept = [installing.units_folder(for_this_user=True) / name for name in ("webexhist.service", "webexhist.timer")]
    gone = kept[1].with_name("webexhist-slow.timer")
    for folder in kept:
        folder.mkdir(parents=True)
    gone.write_text("of before")
    done = webexhist("timer", "install", "--cron", "--config", configuration)
    left = ", ".join(f"{path} (Is a directory)" for path in kept)
    assert (done.code, done.stdout) == (1, f"Written: {table}\n")
    assert done.line == (
        f"cannot delete {left}; {gone} is deleted; what was asked for is in place and runs: "
        "delete that as its owner or as root"
    )
    assert (table.exists(), gone.exists()) == (True, False)
    for folder in kept:
        folder.rmdir()
    assert webexhist("timer", "install", "--cron", "--config", configuration).code == 0
    table.unlink()
    table.mkdir()
    done = webexhist("timer", "remove")
    assert (done.code, done.line) == (
        1,
        f"cannot delete {table} (Is a directory): delete that as its owner or as root",
    )


def test_where_nothing_can_be_deleted_only_what_is_there_is_named(tmp_path):
    """A disk that is not written says so of any name, also of one that nothing bears."""
    mounted = tmp_path / "mounted"
    mounted.mkdir()
    (mounted / "there").write_text("there")
    mount = f"mount --bind {mounted} {mounted} && mount -o remount,bind,ro {mounted}"
    script = (
        "from pathlib import Path; from webexhist.timer.installing import deleted; "
        f"print(deleted([Path('{mounted}') / name for name in ('gone', 'there')]))"
    )
    if subprocess.run(["unshare", "--mount", "sh", "-c", mount], check=False, capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a file system of his own")
    words = [
        "unshare",
        "--mount",
        "sh",
        "-c",
        f"{mount} && exec {shlex.quote(sys.executable)} -c {shlex.quote(script)}",
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout == f"((), {{PosixPath('{mounted}/there'): OSError(30, 'Read-only file system')}})\n"


def test_no_file_takes_its_place_before_all_are_written(home, configuration):
    before = configuration.read_text()
    host = host_for(configuration, {}, for_this_user=True)
    folder = home / ".config" / "systemd" / "user"
    with largest_file(250), pytest.raises(TimerError, match=rf"cannot write {folder}/webexhist\.service .*ulimit -f"):
        installing.install_systemd(host, jobs_of(host, ["people"]))
    assert (configuration.read_text(), list(folder.iterdir())) == (before, [])
    (folder / "webexhist.timer").mkdir()
    with pytest.raises(TimerError) as status:
        installing.install_systemd(host, jobs_of(host))
    assert str(status.value) == (
        f"cannot write {folder}/webexhist.timer (Is a directory); {configuration} is written; "
        f"{folder}/webexhist.service is written: run this as its owner or as root, or with --user"
    )


def test_what_systemd_refuses_is_said_with_what_is_written_by_then(home, configuration):
    (home / "bin" / "systemctl").write_text("#!/bin/sh\necho no such bus >&2; exit 1\n")
    host = host_for(configuration, {}, for_this_user=True)
    with pytest.raises(TimerError) as status:
        installing.install_systemd(host, jobs_of(host))
    folder = home / ".config" / "systemd" / "user"
    assert str(status.value) == (
        f"systemctl --user daemon-reload failed (no such bus); {configuration} is written; "
        f"{folder}/webexhist.service is written; {folder}/webexhist.timer is written: "
        "correct that, and run this again"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a]\n", "[a]\nstate_dir = /s\n"),
        ("[a]", "[a]\nstate_dir = /s"),
        ("# [a]\n  [a]\nb = [a]\n", "# [a]\n  [a]\nstate_dir = /s\nb = [a]\n"),
    ],
)
def test_the_setting_stands_under_its_section(text, expected):
    assert with_state_dir(text, "a", Path("/s")) == expected


SHUT_IN = """
import json, os, subprocess, sys

unit, user, folders = json.loads(sys.argv[1])
run = lambda *words: subprocess.run(words, check=True)
run("mount", "--make-rprivate", "/")
run("mount", "-t", "tmpfs", "none", "/var/lib")
if "StateDirectory" in unit:
    folders.append(os.path.join("/var/lib", unit["StateDirectory"]))
    os.makedirs(folders[-1], int(unit["StateDirectoryMode"], 8))
    os.chown(folders[-1], user, user)
for folder in folders:
    run("mount", "--bind", folder, folder)
for line in open("/proc/self/mounts").read().splitlines():
    place = line.split()[1]
    if place not in folders and not place.startswith(("/proc", "/dev", "/sys")):
        subprocess.run(["mount", "-o", "remount,bind,ro", place], check=False, stderr=subprocess.DEVNULL)
words = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--no-new-privs"]
environment = dict(line.split("=", 1) for line in unit.get("Environment", "").split())
done = subprocess.run([*words, *json.loads(sys.argv[2])], env=environment, capture_output=True, text=True)
stored = {name: os.stat(os.path.join(folders[-1], name)).st_uid for name in os.listdir(folders[-1])}
print(json.dumps([done.returncode, done.stderr, stored]))
"""
"""Runs a service as systemd does by its settings: all that it may not write is read-only, and it is another user."""


@pytest.mark.slow
@needs_root
@pytest.mark.parametrize("is_settled", [False, True])
def test_the_service_of_another_user_polls_where_systemd_shuts_it_in(tmp_path, is_settled):
    with SimulatedWebex() as server:
        state = tmp_path / "state"
        state.mkdir()
        os.chown(state, NOBODY, NOBODY)
        file = tmp_path / "webexhist.cfg"
        place = f"state_dir = {state}\n" if is_settled else ""
        file.write_text(f"[a]\naccess_token = {server.access_token}\nbase_url = {server.base_url}\n{place}")
        os.chown(file, NOBODY, NOBODY)
        for folder in (tmp_path, *tmp_path.parents):
            if folder.stat().st_mode & 0o001 == 0:
                folder.chmod(folder.stat().st_mode | 0o011)
        host = host_for(file, {}, for_this_user=False)
        (service, _) = units(host, jobs_of(host)).values()
        unit = dict(read_unit(service)["Service"])
        assert unit["User"] == "nobody"
        folders = [word.removeprefix("-") for word in shlex.split(unit.get("ReadWritePaths", ""))]
        words = ["unshare", "--mount", sys.executable, "-c", SHUT_IN, json.dumps([unit, NOBODY, folders])]
        trial = subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True)
        if trial.returncode:
            pytest.skip("this system lets nobody mount a file system of his own")
        command = json.dumps(shlex.split(unit["ExecStart"]))
        done = subprocess.run([*words, command], capture_output=True, text=True, timeout=120, check=True)
    code, problem, stored = json.loads(done.stdout)
    assert (code, problem) == (0, "")
    assert stored["webexhist.db"] == NOBODY
