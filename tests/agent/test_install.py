"""The installed plugin: what the agent finds, what it runs, and what it gets back."""

import json
import os
import re
import shlex
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from webexhist.agent.failure import PLUGIN_VERSION
from webexhist.agent.monagent import time_limit
from webexhist.interpreters import cache_of
from webexhist.simulator import Trouble
from webexhist.simulator.faults.switches import Hang, Status

SEED_CFG = """\
[webex acme]
access_token = "{access_token}"
client_id = "planted-client-id"
client_secret = "planted-secret"
refresh_token = "planted-refresh-token"
use_custom_fields = "False"
orgids = ""
teams = ""
logging = "True"
base_url = {base_url}
state_dir = {state_dir}
"""


@pytest.fixture
def seed_plugin(agent, polled):
    """What the seed plugin leaves in its folder."""
    agent.cfg.parent.mkdir()
    agent.program.write_text("#!/usr/bin/python\nprint 1\n")
    agent.cfg.write_text(
        SEED_CFG.format(
            access_token=polled.server.access_token,
            base_url=polled.server.base_url,
            state_dir=polled.folder / "state",
        )
    )
    return {path.name: path.read_text() for path in agent.cfg.parent.iterdir()}


@pytest.mark.slow
def test_both_ways_in_which_the_agent_runs_the_plugin_give_the_document(agent, configuration):
    agent.install("--config", configuration)
    as_program = agent.run()
    imported = agent.run_imported()

    assert as_program["Admin - Org Count"] == imported["Admin - Org Count"] == 1
    assert "status" not in as_program
    assert "Seconds Since Last Poll" in imported


def test_the_cfg_only_leads_to_the_configuration_and_holds_no_secret(agent, configuration, polled):
    agent.install("--config", configuration)
    assert list(agent.sections().values()) == [{"config": str(configuration)}]
    assert all(polled.server.access_token not in path.read_text() for path in agent.cfg.parent.iterdir())
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in agent.cfg.parent.iterdir()} == {
        agent.program.name: 0o755,
        agent.cfg.name: 0o644,
    }


@pytest.mark.slow
def test_a_second_installation_changes_nothing(agent, configuration):
    agent.install("--config", configuration)
    before = agent.state_of_plugins()
    assert "Nothing to change." in agent.install("--config", configuration)
    assert "Nothing to change." in agent.install()
    assert agent.state_of_plugins() == before


@pytest.mark.slow
def test_a_cfg_to_which_instances_were_added_stays_as_it_is(agent, configuration):
    agent.install("--config", configuration)
    agent.cfg.write_text(f"[one]\nconfig = {configuration}\n[two]\nconfig = /elsewhere\nuse_agent_python = 1\n")
    before = agent.cfg.read_bytes()
    agent.install("--stored", "--max-age", "600")
    assert agent.cfg.read_bytes() == before
    assert "['poll', '--stored', '--max-age', '600']" in agent.program.read_text()


@pytest.mark.slow
def test_options_that_are_not_known_are_no_error(installed):
    document = installed.run("--heartbeat=true", "--use_agent_python=0", "positional", "--flag", '--orgids=""', "--=")
    assert document["Admin - Org Count"] == 1


def test_quotes_that_the_agent_keeps_are_no_part_of_a_value(installed):
    document = installed.run_imported(config='"/nowhere/webexhist.cfg"', plugin_version="7")
    assert "cannot read the configuration /nowhere/webexhist.cfg" in document["msg"]


@pytest.mark.slow
def test_settings_in_the_cfg_reach_the_poll_without_showing_in_its_process(installed, configuration, polled):
    polled.server.faults.latency_seconds = 0.05
    given = [f"--config={configuration}", "--client_secret=planted-secret", "--messages_source=off"]
    process = subprocess.Popen([str(installed.program), *given], **installed.surroundings)
    showing = set()
    while process.poll() is None:
        lines = {command_line(child) for child in descendants(process.pid)}
        showing |= {line for line in lines if "planted-secret" in line and str(installed.program) not in line}
        time.sleep(0.01)
    printed, _ = process.communicate()
    assert not showing, "the agent's own call shows it, nothing else does"
    assert json.loads(printed)["Admin - Org Count"] == 1
    assert "/v1/events" not in polled.server.requests.by_path()


@pytest.mark.slow
def test_a_budget_that_does_not_fit_is_cut_and_the_line_to_change_is_named(agent, configuration):
    printed = agent.install("--config", configuration)
    assert "kills a plugin after 30 s, so polls end after 25 s" in printed
    assert "plugin_time_out = 65" in printed
    assert str(agent.folder / "conf" / "monagent.cfg") in printed
    assert "BUDGET = '25'" in agent.program.read_text()
    assert "SECONDS = 28" in agent.program.read_text()


@pytest.mark.slow
def test_a_longer_time_limit_of_the_agent_leaves_the_budget_alone(agent, configuration):
    agent.set_time_limit("plugin_time_out = 80")
    assert "plugin_time_out" not in agent.install("--config", configuration)
    assert "BUDGET = ''" in agent.program.read_text()
    assert "SECONDS = 78" in agent.program.read_text()


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("plugin_time_out = 45", 45),
        ("plugin_time_out = soon", 30),
        ("plugin_time_out = -1", 30),
        ("plugin_time_out = nan", 30),
        ("plugin_time_out = inf", 30),
        ("", 30),
        ("][", 30),
    ],
)
def test_a_time_limit_that_cannot_be_read_counts_as_the_usual_one(agent, line, seconds):
    assert time_limit(agent.folder) == 30
    agent.set_time_limit(line)
    assert time_limit(agent.folder) == seconds


@pytest.mark.slow
def test_the_agents_time_is_kept_whatever_the_server_does(installed, polled):
    """The poll ends by itself, in the time that the installation gave it: nobody has to kill it."""
    polled.server.faults.troubles.append(Trouble(Hang(3_600), path="/v1/*"))
    installed.change_program("BUDGET = '15'", "BUDGET = '1'")
    document = installed.run()
    assert document["status"] == 0
    assert "budget_seconds is 1: the next poll asks again" in document["msg"]


def test_removing_puts_back_what_was_replaced(agent, polled, seed_plugin):
    agent.install("--config", polled.folder / "etc" / "webexhist.cfg")
    kept = agent.folder / "replaced_by_webexhist"
    assert {path.name: path.read_text() for path in kept.iterdir()} == seed_plugin
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700

    assert agent.command("plugin", "remove", "--agent-dir", agent.folder).returncode == 0
    assert {path.name: path.read_text() for path in agent.cfg.parent.iterdir()} == seed_plugin
    assert not kept.exists()


@pytest.mark.slow
def test_removing_leaves_nothing_where_nothing_was(installed, configuration):
    installed.run_imported(config="/nowhere.cfg")
    assert (installed.cfg.parent / "__pycache__").exists()
    assert installed.command("plugin", "remove", "--agent-dir", installed.folder).returncode == 0
    assert list(installed.plugins.iterdir()) == []
    assert sorted(path.name for path in installed.folder.iterdir()) == ["plugins"]
    assert configuration.exists()

    again = installed.command("plugin", "remove", "--agent-dir", installed.folder)
    assert again.returncode == 1
    assert "plugin is not in" in again.stderr


@pytest.mark.slow
def test_another_configuration_can_be_named_later(installed, configuration):
    other = configuration.with_name("other.cfg")
    other.write_bytes(configuration.read_bytes())
    installed.install("--config", other)
    assert list(installed.sections().values()) == [{"config": str(other)}]
    assert not (installed.folder / "replaced_by_webexhist").exists()


def test_removing_keeps_its_hands_off_another_plugin(agent, seed_plugin):
    assert agent.command("plugin", "remove", "--agent-dir", agent.folder).returncode == 1
    assert {path.name: path.read_text() for path in agent.cfg.parent.iterdir()} == seed_plugin


def test_several_instances_of_the_seed_plugin_are_left_to_their_owner(agent, seed_plugin, configuration):
    agent.cfg.write_text(agent.cfg.read_text() + "[second]\naccess_token = x\n")
    before = agent.state_of_plugins()
    done = agent.command("plugin", "install", "--agent-dir", agent.folder, "--config", configuration)
    assert done.returncode == 1
    assert "several instances: webex acme, second" in done.stderr
    assert "give with --config a file that is not there" in done.stderr
    assert agent.state_of_plugins() == before


@pytest.mark.slow
def test_a_configuration_that_is_there_is_not_overwritten_by_the_seed_plugins(agent, seed_plugin, configuration):
    before = configuration.read_bytes()
    agent.install("--config", configuration)
    assert configuration.read_bytes() == before
    assert (agent.folder / "replaced_by_webexhist" / agent.cfg.name).read_text() == seed_plugin[agent.cfg.name]


def test_printing_shows_the_files_and_writes_none(agent, polled, seed_plugin):
    target = polled.folder / "etc" / "webexhist.cfg"
    before = agent.state_of_plugins()
    printed = agent.install("--config", target, "--print")
    assert f"[webex acme]\nconfig = {target}" in printed
    assert f"# {agent.program}\n#!/bin/sh" in printed
    assert "planted" not in printed
    assert agent.state_of_plugins() == before
    assert not target.exists()


@pytest.mark.slow
def test_what_is_missing_is_reported_in_one_line(agent, tmp_path, configuration):
    nowhere = agent.command("plugin", "install", "--agent-dir", tmp_path / "nowhere", "--config", configuration)
    assert nowhere.returncode == 1
    assert re.fullmatch(r"webexhist: there is no Site24x7 agent in .*--agent-dir\n", nowhere.stderr)
    bare = agent.command("plugin", "install", "--agent-dir", agent.folder, "--config", tmp_path / "none.cfg")
    assert bare.returncode == 1
    assert re.fullmatch(r"webexhist: there is no configuration .*--config\n", bare.stderr)
    assert list(agent.plugins.iterdir()) == []


@pytest.mark.slow
def test_an_interpreter_that_needs_its_surroundings_is_not_installed(
    agent, tmp_path, configuration, installed_python
):
    python = tmp_path / "bare" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    pth = next(installed_python.parents[1].glob("lib/*/site-packages/webexhist.pth"))
    environment = {"PYTHONPATH": ":".join(pth.read_text().splitlines())}
    words = [python, "-m", "webexhist", "plugin", "install", "--agent-dir", agent.folder, "--config", configuration]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "install webexhist into a virtual environment" in done.stderr
    assert list(agent.plugins.iterdir()) == []


@pytest.mark.slow
def test_before_a_login_works_nothing_is_installed(agent, configuration):
    """The agent would register a monitor without names, and ignore it after twelve failures."""
    configuration.write_text(f"[CONFIGURATIONS]\nstate_dir = {agent.folder / 'state'}\n")
    done = agent.command("plugin", "install", "--agent-dir", agent.folder, "--config", configuration)
    assert (done.returncode, "there is no access token: run webexhist login" in done.stderr) == (1, True)
    assert list(agent.plugins.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs a program as somebody else")
def test_an_interpreter_that_the_agents_user_may_not_run_is_not_installed(agent, configuration, installed_python):
    os.chown(agent.plugins, 12_345, 12_346)
    installed_python.parents[1].chmod(0o700)
    done = agent.command("plugin", "install", "--agent-dir", agent.folder, "--config", configuration)
    assert (done.returncode, f"12345 may not run {installed_python}" in done.stderr) == (1, True)
    assert list(agent.plugins.iterdir()) == []


def test_an_interpreter_in_a_cache_is_not_installed():
    assert cache_of(Path("/home/a/.cache/uv/archive-v0/x1/bin/python")) == Path("/home/a/.cache")
    assert cache_of(Path("/opt/webexhist/bin/python")) is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fake", "reason"),
    [
        ("exit 0", "exit code 0): it printed nothing"),
        ("echo Traceback >&2; echo 'ImportError: no module' >&2; exit 1", "exit code 1): ImportError: no module"),
        ("echo '{}{}'", "did not answer"),
        ("echo '[1]'", "did not answer"),
        ("echo 5; exit 3", "exit code 3)"),
        ("printf '\\377\\376'", "did not answer"),
        ("kill -9 $$", "exit code -9)"),
        ("kill -11 $$", "exit code -11)"),
        ("exec sleep 3600", "did not end within 1 s"),
        ("exec head -c 3000000 /dev/zero", "did not answer"),
    ],
)
def test_whatever_the_program_does_the_agent_gets_one_document(installed, tmp_path, fake, reason):
    python = executable(tmp_path / "fake-python", f"#!/bin/sh\n{fake}\n")
    installed.change_program(f"PYTHON = '{installed.python}'", f"PYTHON = '{python}'")
    if "did not end" in reason:
        installed.change_program("SECONDS = 18", "SECONDS = 1")
    for document in (installed.run(), installed.run_imported()):
        assert document["status"] == 0
        assert document["plugin_version"] == PLUGIN_VERSION
        assert reason in document["msg"]


@pytest.mark.parametrize(
    "content", [None, "", "\x7fELF", "#!/nonexistent\n"], ids=["gone", "empty", "broken", "orphan"]
)
def test_an_interpreter_that_does_not_run_any_more_still_gives_a_document(installed, tmp_path, content):
    python = tmp_path / "an interpreter's python"
    if content is not None:
        executable(python, content)
    installed.change_program(f"$({shlex.quote(str(installed.python))}", f"$({shlex.quote(str(python))}")
    installed.change_program(f"PYTHON = {str(installed.python)!r}", f"PYTHON = {str(python)!r}")
    document = installed.run()
    assert document["status"] == 0
    assert "install webexhist again" in document["msg"]
    assert installed.run_imported()["status"] == 0


@pytest.mark.slow
def test_a_poll_that_fails_is_down_with_its_reason(installed, polled):
    polled.server.faults.troubles.append(Trouble(Status(401), path="/v1/*"))
    document = installed.run()
    assert document["status"] == 0
    assert "webexhist login" in document["msg"]


def executable(path, text):
    path.write_text(text)
    path.chmod(0o755)
    return path


def descendants(pid):
    children = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        own = [int(child) for child in children.read_text().split()]
    except OSError:
        return []
    return [pid, *own, *(deeper for child in own for deeper in descendants(child))]


def command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""
