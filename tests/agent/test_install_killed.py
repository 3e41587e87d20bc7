"""An installation that is killed leaves the plugin of before or the new one, and another one finishes it."""

import errno
import os
import re
import shutil
from pathlib import Path

import pytest
from killed import killed_at_every_line, struck_at_line
from shortages import largest_file

from webexhist.agent import install as install_module
from webexhist.agent.install import PlannedFile, Plugin, install, remove
from webexhist.agent.monagent import AgentError
from webexhist.agent.plugin_cfg import cfg_text
from webexhist.agent.plugin_file import MARK
from webexhist.state import private_files


@pytest.mark.parametrize("every", [pytest.param(3, marks=pytest.mark.slow), 23])
def test_an_installation_killed_at_any_line_leaves_whole_files_of_before_or_of_now(tmp_path, every):
    (tmp_path / "agent" / "plugins").mkdir(parents=True)
    plugin = Plugin(tmp_path / "agent")
    files = (
        PlannedFile(plugin.cfg, cfg_text({}, {"webex": Path("/etc/webexhist.cfg")}), 0o644),
        PlannedFile(plugin.program, f"{MARK}\n" * 500, 0o755),
    )
    before = {plugin.cfg.name: "[foreign]\na = 1\n", plugin.program.name: "foreign"}
    seen = set()

    def lay_out() -> None:
        for old in (plugin.folder, plugin.set_aside):
            shutil.rmtree(old, ignore_errors=True)
        plugin.folder.mkdir()
        for name, text in before.items():
            (plugin.folder / name).write_text(text)

    lay_out()
    for _ in killed_at_every_line(lambda: install(plugin, files), [install_module, private_files], every):
        for file in files:
            found = file.path.read_text() if file.path.exists() else None
            assert found in (file.text, before[file.path.name], None)
            kept = plugin.set_aside / file.path.name
            assert found == before[file.path.name] or kept.read_text() == before[file.path.name], "it is not lost"
            seen.add((file.path.suffix, found == file.text))
        install(plugin, files)
        assert [file.path.read_text() for file in files] == [file.text for file in files]
        lay_out()
    assert seen >= {(".cfg", False), (".cfg", True), (".py", False)}


@pytest.mark.slow
@pytest.mark.parametrize("before", [{}, {".cfg": "[foreign]\na = 1\n", ".py": "foreign"}], ids=["nothing", "foreign"])
def test_a_removal_killed_at_any_line_is_finished_by_the_next(tmp_path, before):
    (tmp_path / "agent" / "plugins").mkdir(parents=True)
    plugin = Plugin(tmp_path / "agent")
    files = (
        PlannedFile(plugin.cfg, cfg_text({}, {"webex": Path("/etc/webexhist.cfg")}), 0o644),
        PlannedFile(plugin.program, MARK, 0o755),
    )

    def lay_out() -> None:
        shutil.rmtree(plugin.agent_dir)
        plugin.agent_dir.joinpath("plugins").mkdir(parents=True)
        plugin.folder.mkdir()
        for suffix, text in before.items():
            plugin.program.with_suffix(suffix).write_text(text)
        install(plugin, files)

    def left() -> dict[str, str]:
        found = {path.suffix: path.read_text() for path in plugin.folder.glob("*.*")}
        return found | {path.suffix: path.read_text() for path in plugin.set_aside.glob("*")}

    lay_out()
    for _ in killed_at_every_line(lambda: remove(plugin), [install_module], every=2):
        if plugin.is_installed:
            remove(plugin)
        assert left() == before
        lay_out()


@pytest.mark.parametrize("before", [{}, {"webex_licensing_monitoring.cfg": "[foreign]\na = 1\n"}])
def test_an_installation_for_which_there_is_no_room_changes_nothing(tmp_path, before):
    plugin = Plugin(tmp_path / "agent")
    (tmp_path / "agent" / "plugins").mkdir(parents=True)
    for name, content in before.items():
        plugin.folder.mkdir()
        (plugin.folder / name).write_text(content)
    files = (PlannedFile(plugin.cfg, "small", 0o644), PlannedFile(plugin.program, f"{MARK}\n" * 500, 0o755))
    program = re.escape(str(plugin.program))
    with largest_file(1_000), pytest.raises(AgentError, match=f"^cannot change {program} .File too large."):
        install(plugin, files)
    assert {path.name: path.read_text() for path in plugin.plugins.rglob("*.*")} == before
    assert plugin.folder.exists() == bool(before)
    assert not plugin.set_aside.exists()


def refused() -> None:
    raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def test_what_keeps_an_installation_or_a_removal_from_its_end_is_said_with_what_is_done_by_then(tmp_path):
    plugin = Plugin(tmp_path / "agent")
    (tmp_path / "agent" / "plugins").mkdir(parents=True)
    plugin.folder.mkdir()
    files = (
        PlannedFile(plugin.cfg, cfg_text({}, {"webex": Path("/etc/webexhist.cfg")}), 0o644),
        PlannedFile(plugin.program, MARK, 0o755),
    )
    for path in (plugin.cfg, plugin.program):
        path.write_text("[foreign]\na = 1\n")
    in_the_way = plugin.set_aside / plugin.program.name
    in_the_way.mkdir(parents=True)
    with pytest.raises(AgentError) as status:
        install(plugin, files)
    assert str(status.value) == (
        f"cannot change {plugin.program} (Is a directory); what was {plugin.cfg} is in {plugin.set_aside}; "
        f"{plugin.cfg} is written: run this as the agent's owner or as root"
    )
    in_the_way.rmdir()
    install(plugin, files)
    with pytest.raises(AgentError) as status:
        struck_at_line(lambda: remove(plugin), install_module.put_back, 1, refused)
    assert str(status.value) == (
        f"cannot change {plugin.cfg} (Read-only file system); {plugin.cfg} is deleted: "
        "name another place, or mount its file system to be written"
    )
    remove(plugin)
    assert {path.name: path.read_text() for path in plugin.folder.iterdir()} == dict.fromkeys(
        (plugin.cfg.name, plugin.program.name), "[foreign]\na = 1\n"
    )
