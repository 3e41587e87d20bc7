"""What timers run, as systemd and cron are given it."""

import getpass
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from unit_files import read_unit

from webexhist.errors import ConfigError
from webexhist.timer.cron import cron_table
from webexhist.timer.jobs import host_for, jobs_of
from webexhist.timer.systemd import units

PROGRAM = [sys.executable, "-I", "-m", "webexhist"]


@pytest.fixture
def configuration(tmp_path):
    file = tmp_path / "webexhist.cfg"
    file.write_text("[CONFIGURATIONS]\naccess_token = a\nstate_dir = state\n")
    return file


def planned(configuration, slow=(), report=None, digest="", *, for_this_user=False):
    host = host_for(configuration, {}, for_this_user=for_this_user)
    return host, jobs_of(host, slow, report, digest)


def unit_files(*arguments, **options):
    return {path.name: read_unit(text) for path, text in units(*planned(*arguments, **options)).items()}


def test_a_service_of_the_host_polls_as_the_configurations_owner_and_writes_only_what_a_poll_writes(configuration):
    configuration.write_text(configuration.read_text() + f"database = {configuration.parent}/data/history.db\n")
    files = unit_files(configuration)
    assert list(files) == ["webexhist.service", "webexhist.timer"]
    service = files["webexhist.service"]["Service"]
    assert (service["Type"], service["User"], service["TimeoutStartSec"]) == ("oneshot", getpass.getuser(), "210")
    assert shlex.split(service["ExecStart"]) == [*PROGRAM, "poll", "--quiet", "--config", str(configuration)]
    assert service["ReadWritePaths"].split() == [f"-{configuration.parent}/state", f"-{configuration.parent}/data"]
    assert "Environment" not in service
    assert "StateDirectory" not in service
    assert files["webexhist.timer"]["Timer"]["OnCalendar"] == "*:0/5"


def test_where_no_state_dir_is_set_systemd_makes_one_for_that_user_and_the_program_knows_it(tmp_path):
    file = tmp_path / "webexhist.cfg"
    file.write_text("[CONFIGURATIONS]\naccess_token = a\n")
    service = unit_files(file)["webexhist.service"]["Service"]
    assert (service["StateDirectory"], service["Environment"]) == (
        "webexhist",
        "WEBEXHIST_STATE_DIR=/var/lib/webexhist",
    )
    assert "ReadWritePaths" not in service


def test_a_users_own_service_has_its_state_in_the_home_and_no_sandbox_that_needs_root(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    file = tmp_path / "webexhist.cfg"
    file.write_text("[CONFIGURATIONS]\naccess_token = a\n")
    paths = units(*planned(file, for_this_user=True))
    assert {path.parent for path in paths} == {tmp_path / ".config" / "systemd" / "user"}
    service = unit_files(file, for_this_user=True)["webexhist.service"]["Service"]
    assert service["Environment"] == f"WEBEXHIST_STATE_DIR={tmp_path}/.local/share/webexhist"
    assert not {"User", "ProtectSystem", "ProtectHome", "StateDirectory", "PrivateTmp"} & set(service)


def test_slow_collectors_have_a_budget_of_their_own_and_the_report_its_folder(configuration, tmp_path):
    files = unit_files(configuration, ["devices", "people"], tmp_path / "www" / "licenses")
    slow = shlex.split(files["webexhist-slow.service"]["Service"]["ExecStart"])
    assert slow[4:8] == ["poll", "--quiet", "--only", "devices,people"]
    assert slow[8:10] == ["--budget-seconds", "3000"]
    report = files["webexhist-report.service"]["Service"]
    assert shlex.split(report["ExecStart"])[4:7] == ["report", "--out", str(tmp_path / "www" / "licenses")]
    assert f"-{tmp_path}/www" in report["ReadWritePaths"].split(), "a new report is written beside the former one"
    assert files["webexhist-report.timer"]["Timer"]["OnCalendar"] == "*-*-01 06:00"


def test_the_digest_is_tried_every_morning_for_what_was_sent_is_not_sent_again(configuration):
    files = unit_files(configuration, digest="anna@example.com")
    words = shlex.split(files["webexhist-digest.service"]["Service"]["ExecStart"])
    assert words[4:] == ["digest", "--to", "mail:anna@example.com", "--config", str(configuration)]
    assert files["webexhist-digest.timer"]["Timer"]["OnCalendar"] == "*-*-* 06:20"
    *_, line = cron_table(*planned(configuration, digest="anna@example.com")).splitlines()
    assert line.startswith("20 6 * * * ")
    assert line.endswith(" > /dev/null"), "cron mails what is printed"


@pytest.mark.parametrize("address", ["anna", "mail:anna@example.com", "slack://TOKEN", "a@b c"])
def test_a_digest_goes_to_an_address_and_no_url_which_everybody_could_read(webexhist, configuration, address):
    done = webexhist("timer", "print", "--digest", address, "--config", configuration)
    assert (done.code, done.stdout) == (2, "")
    assert "is no address of a mail" in done.stderr
    refused = webexhist("timer", "print", "--digest", "anna@example.com", "--config", configuration)
    assert (refused.code, "no smtp_host is set" in refused.stderr) == (1, True)


def test_what_systemd_gives_a_meaning_of_its_own_is_written_out(configuration, monkeypatch):
    odd = configuration.rename(configuration.with_name('50% of $HOME "x".cfg'))
    service = unit_files(odd)["webexhist.service"]["Service"]
    assert service["ExecStart"].endswith(r'50%% of $$HOME \"x\".cfg"')
    monkeypatch.setattr(sys, "executable", "/opt/$5 'x'/bin/python")
    service = unit_files(odd)["webexhist.service"]["Service"]
    assert service["ExecStart"].startswith("/usr/bin/env \"/opt/$$5 'x'/bin/python\" -I -m webexhist")


def test_what_lies_among_temporary_files_stays_in_sight(configuration, monkeypatch):
    hosts = Path("/opt/webexhist/bin/python"), Path("/etc/webexhist.cfg")
    monkeypatch.setattr(sys, "executable", str(hosts[0]))
    host = replace(host_for(configuration, {}, for_this_user=False), config=hosts[1], state_dir=Path("/srv/w"))
    shut_in = [
        "PrivateTmp=yes" in units(of, jobs_of(of))[Path("/etc/systemd/system/webexhist.service")]
        for of in (host, replace(host, config=Path("/tmp/w/w.cfg")), replace(host, state_dir=Path("/var/tmp/w")))
    ]
    assert shut_in == [True, False, False]


def test_cron_gets_a_line_a_job_in_which_a_percent_sign_is_no_line_end(configuration):
    odd = configuration.rename(configuration.with_name("50% sure.cfg"))
    poll, slow = cron_table(*planned(odd, ["people"])).splitlines()
    assert poll.split()[:6] == ["*/5", "*", "*", "*", "*", getpass.getuser()]
    command = poll.split(maxsplit=6)[6]
    assert "%" not in command.replace(r"\%", "")
    words = [*PROGRAM, "poll", "--quiet", "--config", str(odd), ">", "/dev/null"]
    assert shlex.split(command.replace(r"\%", "%")) == words
    assert slow.startswith("17 * * * * ")


@pytest.mark.parametrize("name", ["a\n* * * * * root id", "b\x1b[2J", "c\N{RIGHT-TO-LEFT OVERRIDE}d", "e\udcff"])
def test_a_path_that_cannot_be_written_on_one_line_is_refused(configuration, tmp_path, name):
    odd = Path(shutil.copy(configuration, tmp_path / f"{name}.cfg"))
    with pytest.raises(ConfigError, match="has characters that cannot be written for systemd and cron: rename it"):
        planned(odd)
    with pytest.raises(ConfigError, match="has characters that cannot be written"):
        planned(configuration, report=tmp_path / name / "report")


def test_users_are_called_as_systemd_and_cron_know_them(configuration):
    host, jobs = planned(configuration)
    named = replace(host, user="anna.b-c_2")
    assert cron_table(named, jobs).split()[5] == "anna.b-c_2"
    odd = {name: units(replace(host, user=name), jobs) for name in ("5%", "10001", "corp\\anna b")}
    services = {name: read_unit(next(iter(files.values())))["Service"]["User"] for name, files in odd.items()}
    assert services == {"5%": "5%%", "10001": "10001", "corp\\anna b": "corp\\anna b"}
    for name in ("10001", "corp\\anna b"):
        with pytest.raises(ConfigError, match="which is no name for cron: let systemd run it"):
            cron_table(replace(host, user=name), jobs)


def test_who_has_no_home_has_lines_for_cron_where_the_state_has_a_place(configuration, monkeypatch):
    monkeypatch.setenv("HOME", "nowhere")
    host, jobs = planned(configuration, for_this_user=True)
    assert cron_table(host, jobs).startswith("*/5 ")
    with pytest.raises(ConfigError, match="this user has no home folder"):
        units(host, jobs)


def test_a_users_own_line_for_cron_names_no_user(configuration):
    (line,) = cron_table(*planned(configuration, for_this_user=True)).splitlines()
    assert shlex.split(line)[5:-2] == [*PROGRAM, "poll", "--quiet", "--config", str(configuration)]


@pytest.mark.skipif(
    not shutil.which("systemd-analyze") or not os.access("/tmp", os.W_OK),
    reason="systemd-analyze is not installed, or may not write where it has to",
)
@pytest.mark.parametrize("for_this_user", [False, True])
def test_systemd_accepts_the_units_whatever_the_paths_hold(tmp_path, for_this_user, configuration, monkeypatch):
    files, odd = [], tmp_path / '50% o\'f $HOME \\ "x" é'
    odd.mkdir()
    (odd / "python").symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(odd / "python"))
    configuration = configuration.rename(odd / "webexhist.cfg")
    host, jobs = planned(configuration, ["people"], odd / "www", "anna@example.com", for_this_user=for_this_user)
    for path, text in units(replace(host, user="webexhist"), jobs).items():  # of nobody systemd says it is not safe
        files.append(tmp_path / path.name)
        files[-1].write_text(text)
    mode = ["--user"] if for_this_user else []
    words = ["systemd-analyze", "verify", *mode, "--man=no", *map(str, files)]
    own = {"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=own)
    assert (done.returncode, done.stderr) == (0, "")


def test_without_a_configuration_nothing_is_planned(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("webexhist.config_file.configuration_folders", lambda: (Path(tmp_path),))
    with pytest.raises(ConfigError, match="there is no configuration: begin one with webexhist config init"):
        host_for(None, {}, for_this_user=True)


def test_a_collector_that_is_none_is_named(webexhist, configuration):
    done = webexhist("timer", "print", "--slow", "poeple", "--config", configuration)
    assert (done.code, done.stdout) == (2, "")
    assert "there is no collector poeple" in done.stderr


def test_a_collector_that_the_settings_leave_out_gets_no_timer(webexhist, configuration):
    done = webexhist("timer", "print", "--slow", "seats", "--config", configuration)
    assert (done.code, done.stdout) == (2, "")
    assert "the settings leave seats out" in done.stderr
