"""What `webexhist status` tells of the agent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from webexhist.agent.document import PLUGIN_VERSION
from webexhist.config import load_settings
from webexhist.status.agent import agent_status


@pytest.fixture
def told(agent, configuration):
    def status(config: Path = configuration, later: timedelta = timedelta()):
        settings = load_settings({}, config, {})
        return agent_status(agent.folder, settings, datetime.now(UTC) + later, timedelta(minutes=15))

    return status


def test_without_an_agent_or_a_plugin_there_is_nothing_to_do(agent, told, configuration):
    assert (told().state, told().to_do) == ("the plugin is not installed; webexhist plugin install does it", "")
    agent.plugins.rmdir()
    assert told().state == f"there is no Site24x7 agent in {agent.folder}"
    assert (told().installed, told().to_do) == (False, "")


def test_a_plugin_that_runs_tells_when_and_under_which_limit(installed, told):
    installed.set_time_limit("plugin_time_out = 20")
    assert (told().state, told().to_do) == ("installed, but not run", "see that the agent runs, and its log")
    installed.run()
    status = told()
    assert (status.state, status.to_do, status.installed) == ("installed", "", True)
    assert (status.plugin_version, status.time_limit) == (PLUGIN_VERSION, 20)
    assert datetime.now(UTC) - status.last_run_at < timedelta(seconds=30)
    assert told(later=timedelta(minutes=16)).state == "installed, but not run"


def test_a_plugin_that_is_down_says_why(installed, told, configuration):
    configuration.write_text(configuration.read_text().replace("access_token", "client_id"))
    installed.run()
    assert told().state == "Down: there is no access token"
    assert "run webexhist login" in told().to_do


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
def test_an_installation_that_is_out_of_date_is_to_be_done_again(installed, told, old, new, reason):
    installed.change_program(old, new)
    assert reason in told().state
    assert told().to_do == "webexhist plugin install"


def test_a_plugin_that_polls_with_another_configuration_is_not_judged(installed, told, configuration, tmp_path):
    other = tmp_path / "other.cfg"
    other.write_text(configuration.read_text())
    status = told(other)
    assert (status.state, status.to_do) == (f"installed with another configuration: {configuration}", "")
