"""What `webexhist status` says of the agent."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from polling import NOON

from webexhist.agent.failure import PLUGIN_VERSION
from webexhist.config import load_settings
from webexhist.state.last_run import DOCUMENT
from webexhist.status.agent import agent_status


@pytest.fixture
def status_now(agent, configuration):
    def status(config: Path = configuration, later: timedelta = timedelta()):
        settings = load_settings({}, config, {})
        return agent_status(agent.folder, settings, NOON + later, timedelta(minutes=15))

    return status


def set_last_run(configuration: Path, at: datetime) -> None:
    """Dates the plugin's last run, which has just been, back to a time of the test's own."""
    os.utime(load_settings({}, configuration, {}).state_dir / DOCUMENT, (at.timestamp(), at.timestamp()))


def test_without_an_agent_or_a_plugin_there_is_nothing_to_do(agent, status_now, configuration):
    status = status_now()
    assert (status.state, status.to_do) == ("the plugin is not installed; webexhist plugin install does it", "")
    agent.plugins.rmdir()
    assert status_now().state == f"there is no Site24x7 agent in {agent.folder}"
    assert (status_now().installed, status_now().to_do) == (False, "")


def test_a_plugin_that_runs_shows_when_and_under_which_limit(installed, status_now, configuration):
    installed.set_time_limit("plugin_time_out = 20")
    status = status_now()
    assert (status.state, status.to_do) == ("installed, but not run", "see that the agent runs, and its log")
    installed.run()
    set_last_run(configuration, NOON - timedelta(minutes=3))
    status = status_now()
    assert (status.state, status.to_do, status.installed) == ("installed", "", True)
    assert (status.plugin_version, status.time_limit) == (PLUGIN_VERSION, 20)
    assert status.last_run_at == NOON - timedelta(minutes=3)
    assert status_now(later=timedelta(minutes=12)).state == "installed"
    assert status_now(later=timedelta(minutes=13)).state == "installed, but not run"


def test_a_plugin_that_is_down_says_why(installed, status_now, configuration):
    configuration.write_text(configuration.read_text().replace("access_token", "client_id"))
    installed.run()
    set_last_run(configuration, NOON)
    assert status_now().state == "Down: there is no access token"
    assert "run webexhist login" in status_now().to_do


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (f"PLUGIN_VERSION = {PLUGIN_VERSION}", "PLUGIN_VERSION = 9", "plugin_version is 9, this program's is "),
        ("PYTHON = '", "PYTHON = '/gone", "its interpreter /gone"),
        ("SECONDS = 18", "SECONDS = 100", "it waits 100 s, but the agent kills it after 30 s"),
        ("SECONDS = 18", "SECONDS = soon", "was changed"),
        ("SECONDS = 18", "", "was changed"),
        ("ARGUMENTS = [", "ARGUMENTS = [[", "was changed"),
    ],
)
def test_an_installation_that_is_out_of_date_is_to_be_done_again(installed, status_now, old, new, reason):
    installed.change_program(old, new)
    assert reason in status_now().state
    assert status_now().to_do == "webexhist plugin install"


def test_a_plugin_that_the_agent_leaves_alone_is_reported(installed, status_now):
    (installed.folder / "temp").mkdir()
    (installed.folder / "temp" / "ignored_plugins.txt").write_text('{"webex_licensing_monitoring.py": "12 failures"}')
    status = status_now()
    assert status.state == "ignored by the agent, since it failed too often"
    assert status.to_do.endswith("then restart the agent")


def test_a_plugin_that_polls_with_another_configuration_is_not_judged(installed, status_now, configuration, tmp_path):
    other = tmp_path / "other.cfg"
    other.write_text(configuration.read_text())
    status = status_now(other)
    assert (status.state, status.to_do) == (f"installed with another configuration: {configuration}", "")
