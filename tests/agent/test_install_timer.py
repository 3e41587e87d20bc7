"""The systemd units and the cron line that `webexhist plugin print` gives."""

import configparser
import getpass
import shlex
import shutil
import subprocess

import pytest


def test_systemd_units_poll_as_the_configurations_owner_and_may_write_only_what_a_poll_writes(agent, configuration):
    configuration.write_text(configuration.read_text() + f"database = {agent.folder / 'data' / 'history.db'}\n")
    service, timer = units(agent, configuration)

    assert service["Service"]["Type"] == "oneshot"
    assert service["Service"]["User"] == getpass.getuser()
    assert service["Service"]["TimeoutStartSec"] == "210"
    assert shlex.split(service["Service"]["ExecStart"]) == [
        *[str(agent.python), "-I", "-m", "webexhist", "poll", "--quiet", "--config", str(configuration)]
    ]
    assert service["Service"]["ReadWritePaths"].split() == [
        f"-{configuration.parent / 'state'}",
        f"-{agent.folder / 'data'}",
    ]
    assert timer["Timer"]["OnCalendar"] == "*:0/5"
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_what_systemd_gives_a_meaning_of_its_own_is_written_out(agent, configuration):
    odd = configuration.with_name('50% of $HOME "x".cfg')
    configuration.rename(odd)
    service, _ = units(agent, odd)
    assert service["Service"]["ExecStart"].endswith(r'50%% of $$HOME \"x\".cfg"')


def test_cron_gets_one_line_in_which_a_percent_sign_is_no_line_end(agent, configuration):
    odd = configuration.with_name("50% sure.cfg")
    configuration.rename(odd)
    heading, line = printed(agent, odd, "--cron").splitlines()
    minutes, *_, user = line.split()[:6]
    command = line.split(maxsplit=6)[6]

    assert heading == "# /etc/cron.d/webexhist"
    assert (minutes, user) == ("*/5", getpass.getuser())
    assert "%" not in command.replace(r"\%", "")
    assert shlex.split(command.replace(r"\%", "%"))[-1] == str(odd)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_accepts_the_units(agent, configuration, tmp_path):
    files = [tmp_path / "webexhist.service", tmp_path / "webexhist.timer"]
    for file, text in zip(files, parted(printed(agent, configuration, "--systemd")), strict=True):
        file.write_text(text)
    words = ["systemd-analyze", "verify", "--man=no", *map(str, files)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_one_kind_of_timer_has_to_be_chosen(agent, configuration):
    for options in ([], ["--systemd", "--cron"]):
        done = agent.command("plugin", "print", "--agent-dir", agent.folder, "--config", configuration, *options)
        assert done.returncode == 2
        assert "give --systemd or --cron" in done.stderr


def printed(agent, configuration, *options):
    done = agent.command("plugin", "print", "--agent-dir", agent.folder, "--config", configuration, *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def parted(text):
    service, timer = text.split("# /etc/systemd/system/webexhist.timer\n")
    return service, timer


def units(agent, configuration):
    found = []
    for text in parted(printed(agent, configuration, "--systemd")):
        parser = configparser.RawConfigParser()
        parser.optionxform = str
        parser.read_string(text)
        found.append(parser)
    return found
