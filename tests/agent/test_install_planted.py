"""An agent's folder belongs to the agent's user: root installs into it, and follows nothing that he planted."""

import os
import stat

import pytest
from planted import NOBODY, Target, give_to_nobody, needs_root, owners

from webexhist.agent.install import Plugin, install, planned_files
from webexhist.agent.monagent import AgentError
from webexhist.agent.plugin_file import PluginFile
from webexhist.agent.takeover import configurations_for, take_over

SECRETS = "[webex]\naccess_token = planted-secret\n"


@pytest.fixture
def target(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    return Target(tmp_path / "elsewhere")


@pytest.fixture
def anothers(agent):
    """The agent, whose folders belong to its own user."""
    for folder in (agent.folder, agent.plugins):
        os.chown(folder, NOBODY, NOBODY)
    return agent


@pytest.fixture
def foreign(anothers):
    """Another plugin of the same name, in a folder of the agent's user."""
    anothers.cfg.parent.mkdir()
    anothers.program.write_text("#!/usr/bin/python\nprint 1\n")
    for path in (anothers.cfg.parent, anothers.program):
        give_to_nobody(path)
    return anothers


def refused(agent, *words):
    done = agent.command("plugin", *words, "--agent-dir", agent.folder)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    return done.stderr


def install_as_root(agent, config):
    """What `plugin install` does with files; the agent's user need not be able to run this interpreter."""
    plugin = Plugin(agent.folder)
    file = PluginFile(config=config, arguments=("poll",), budget=None, seconds=28)
    install(plugin, planned_files(plugin, file, {"webex": config}))


@needs_root
def test_what_root_installs_belongs_to_the_agents_user(anothers, configuration):
    install_as_root(anothers, configuration)
    assert owners(anothers.plugins) == {anothers.cfg.parent.name: NOBODY}
    assert owners(anothers.cfg.parent) == {anothers.cfg.name: NOBODY, anothers.program.name: NOBODY}
    assert stat.S_IMODE(anothers.cfg.parent.stat().st_mode) == 0o755


@pytest.mark.parametrize("name", [".webexhist-installing", "webex_licensing_monitoring.py"])
def test_a_link_in_the_plugins_folder_is_not_written_through(agent, configuration, target, name):
    agent.cfg.parent.mkdir()
    (agent.cfg.parent / name).symlink_to(target.file)
    agent.install("--config", configuration)
    assert not agent.program.is_symlink()
    target.require_untouched()


@pytest.mark.slow
@needs_root
def test_a_plugins_folder_that_leads_elsewhere_is_not_written_to(anothers, configuration, target):
    anothers.cfg.parent.symlink_to(target.file.parent)
    give_to_nobody(anothers.cfg.parent)
    refusal = refused(anothers, "install", "--config", configuration)
    assert f"cannot read {anothers.cfg} (somebody else's link lies in its place)" in refusal
    target.require_untouched()


@needs_root
def test_nothing_is_set_aside_or_put_back_by_way_of_a_link(foreign, configuration, target):
    aside = foreign.folder / "replaced_by_webexhist"
    aside.symlink_to(target.file.parent)
    give_to_nobody(aside)
    with pytest.raises(AgentError, match="somebody else's link lies in its place") as refusal:
        install_as_root(foreign, configuration)
    assert f"cannot change {aside} (" in refusal.value.problem
    assert "print 1" in foreign.program.read_text()
    target.require_untouched()

    aside.unlink()
    install_as_root(foreign, configuration)
    for kept in list(aside.iterdir()):
        kept.unlink()
    aside.rmdir()
    aside.symlink_to(target.file.parent)
    give_to_nobody(aside)
    refused(foreign, "remove")
    target.require_untouched()


@pytest.mark.slow
def test_only_the_plugins_own_files_are_put_back(agent, configuration):
    agent.install("--config", configuration)
    aside = agent.folder / "replaced_by_webexhist"
    aside.mkdir()
    (aside / "authorized_keys").write_text("planted")
    assert agent.command("plugin", "remove", "--agent-dir", agent.folder).returncode == 0
    assert (aside / "authorized_keys").read_text() == "planted"
    assert not agent.cfg.parent.exists()


@pytest.mark.slow
@pytest.mark.parametrize("plant", [os.symlink, os.link], ids=["link", "other name"])
def test_the_settings_of_another_user_are_not_taken_over_and_given_away(agent, polled, tmp_path, plant):
    own = tmp_path / "own.cfg"
    own.write_text(SECRETS)
    agent.cfg.parent.mkdir(mode=0o777)
    agent.cfg.parent.chmod(0o777)
    plant(own, agent.cfg)
    taken = polled.folder / "etc" / "webexhist.cfg"
    refusal = refused(agent, "install", "--config", taken)
    assert "lies in its place): correct it, or move it away" in refusal
    assert not taken.exists()
    assert own.read_text() == SECRETS


@needs_root
def test_settings_that_are_taken_over_belong_to_the_agents_user(foreign, polled):
    foreign.cfg.write_text(SECRETS)
    give_to_nobody(foreign.cfg)
    taken = polled.folder / "etc" / "webexhist.cfg"
    plugin = Plugin(foreign.folder)
    (configuration,) = configurations_for(plugin, taken, {})
    take_over(plugin, configuration)
    install_as_root(foreign, taken)
    assert (taken.stat().st_uid, stat.S_IMODE(taken.stat().st_mode)) == (NOBODY, 0o600)
    assert (taken.parent.stat().st_uid, stat.S_IMODE(taken.parent.stat().st_mode)) == (0, 0o755)
    assert owners(foreign.folder)["replaced_by_webexhist"] == NOBODY


def test_an_agents_file_that_is_a_pipe_is_not_waited_for(agent, configuration):
    (agent.folder / "conf").mkdir()
    os.mkfifo(agent.folder / "conf" / "monagent.cfg")
    agent.cfg.parent.mkdir()
    os.mkfifo(agent.program)
    assert "kills a plugin after 30 s" in agent.install("--config", configuration)
