"""Puts the plugin into the agent's folder, and takes it out again."""

import contextlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from webexhist.agent.monagent import AgentError, plugins_folder
from webexhist.agent.plugin_cfg import cfg_sections, cfg_text, configurations_of
from webexhist.agent.plugin_file import LARGEST_FILE, NAME, PluginFile, is_written_by_webexhist
from webexhist.remarks import remarking
from webexhist.state.private_files import make_folder, nameless_draft_of
from webexhist.state.trusted_files import UntrustedFileError, opened_folder, opened_to_read

HALF_DONE = ".webexhist-installing-"
"""How a name begins that is without the plugin's stem: the agent takes every file with that stem for a plugin."""


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file as it is to be."""

    path: Path
    text: str
    mode: int

    @property
    def is_there(self) -> bool:
        """Whether it already is as it is to be."""
        try:
            with opened_to_read(self.path) as file:
                is_same = file.read(LARGEST_FILE).decode(errors="replace") == self.text
                return is_same and os.fstat(file.fileno()).st_mode & 0o777 == self.mode
        except (FileNotFoundError, UntrustedFileError):
            return False


@dataclass(frozen=True, slots=True)
class Plugin:
    """The plugin's place in an agent's folder."""

    agent_dir: Path

    @property
    def plugins(self) -> Path:
        """Raises AgentError where there is no agent."""
        return plugins_folder(self.agent_dir)

    @property
    def folder(self) -> Path:
        """The folder of the plugin, in which the agent looks for the program and the cfg of the same name."""
        return self.plugins / NAME

    @property
    def program(self) -> Path:
        return self.folder / f"{NAME}.py"

    @property
    def cfg(self) -> Path:
        return self.folder / f"{NAME}.cfg"

    @property
    def set_aside(self) -> Path:
        """Where the files go that another plugin of this name left, until `remove` puts them back."""
        return self.agent_dir / "replaced_by_webexhist"

    @property
    def is_installed(self) -> bool:
        """Whether the program is one that webexhist wrote; another one of that name is left alone."""
        return is_written_by_webexhist(self.program)


def planned_files(plugin: Plugin, file: PluginFile, instances: Mapping[str, Path]) -> tuple[PlannedFile, ...]:
    """What the plugin consists of, the cfg first: the agent runs the program as soon as it is there.

    `instances` has the configuration that each polls with. A cfg that leads to the first of them stays as it is: the
    agent rewrites it, and people add instances to it.
    """
    program = PlannedFile(plugin.program, file.text(), 0o755)
    if file.config in configurations_of(plugin.cfg):
        return (program,)
    return (PlannedFile(plugin.cfg, cfg_text(cfg_sections(plugin.cfg), instances), 0o644), program)


@dataclass(slots=True)
class Change:
    """A change of the agent's folder while it is made."""

    of: Path
    """What is being changed: errors of the system name a draft, a descriptor, or a name within an open folder."""
    remark: Callable[[str], None]
    """Says what is done by now, should the rest fail."""


@contextlib.contextmanager
def changing(plugin: Plugin) -> Iterator[Change]:
    """Raises AgentError, with what is done by then, where something cannot be changed."""
    with remarking() as remark:
        change = Change(plugin.folder, remark)
        try:
            yield change
        except OSError as error:
            raise AgentError(
                f"cannot change {change.of} ({error.strerror})",
                "run this as the agent's owner or as root",
            ) from error


def install(plugin: Plugin, files: tuple[PlannedFile, ...]) -> tuple[Path, ...]:
    """Writes what is not yet as planned; returns those files.

    Raises:
        AgentError: the folder cannot be written; where there is no room, nothing is changed.
    """
    was_there = plugin.folder.exists()
    try:
        with changing(plugin) as change:
            changed = tuple(file for file in files if not file.is_there)
            if changed:
                make_folder(plugin.folder, 0o755)
                put_in_place(plugin, changed, change)
    except AgentError:
        if not was_there:
            with contextlib.suppress(OSError):  # not empty, or never made
                plugin.folder.rmdir()
        raise
    return tuple(file.path for file in changed)


def put_in_place(plugin: Plugin, files: tuple[PlannedFile, ...], change: Change) -> None:
    """Writes all files before the first one takes its place, and remarks which have. Raises OSError."""
    with contextlib.ExitStack() as opened:
        drafts = []
        for file in files:
            change.of = file.path
            draft = opened.enter_context(nameless_draft_of(file.path, mode=file.mode, prefix=HALF_DONE))
            draft.file.write(file.text.encode())
            draft.file.flush()
            drafts.append(draft)
        for file, draft in zip(files, drafts, strict=True):
            change.of = file.path
            keep_foreign(plugin, file.path, change)
            draft.take_place()
            change.remark(f"{file.path} is written")


def remove(plugin: Plugin) -> None:
    """Undoes `install`: takes the plugin out, and puts back what it replaced.

    The program goes last: as long as it is there a removal that was ended can be run again.

    Raises:
        AgentError: it is not installed, or the folder cannot be written.
    """
    if not plugin.is_installed:
        raise AgentError(f"webexhist's plugin is not in {plugin.folder}", "check --agent-dir")
    with changing(plugin) as change:
        change.of = plugin.cfg
        if is_own_cfg(plugin):
            plugin.cfg.unlink()
            change.remark(f"{plugin.cfg} is deleted")
        shutil.rmtree(plugin.folder / "__pycache__", ignore_errors=True)
        put_back(plugin, change)
        change.of = plugin.program
        if plugin.is_installed:
            plugin.program.unlink()
        with contextlib.suppress(OSError):  # what somebody else keeps there stays
            plugin.folder.rmdir()


def is_own_cfg(plugin: Plugin) -> bool:
    """Whether the cfg leads to a configuration of webexhist; whatever cannot be read goes with the program."""
    try:
        return plugin.cfg.exists() and bool(configurations_of(plugin.cfg))
    except AgentError:
        return True


def keep_foreign(plugin: Plugin, path: Path, change: Change) -> None:
    """Sets a file aside that is not of webexhist's making, where only its owner can read it; remarks that."""
    is_own = configurations_of(path) if path == plugin.cfg else is_written_by_webexhist(path)
    with opened_folder(plugin.folder) as folder:
        if is_own or not is_regular_file(path.name, folder):
            return
        change.of = plugin.set_aside
        make_folder(plugin.set_aside, 0o700)
        with opened_folder(plugin.set_aside) as aside:
            change.of = path
            os.rename(path.name, path.name, src_dir_fd=folder, dst_dir_fd=aside)
            change.remark(f"what was {path} is in {plugin.set_aside}")


def put_back(plugin: Plugin, change: Change) -> None:
    """Brings back what `keep_foreign` set aside; remarks that."""
    with contextlib.suppress(FileNotFoundError), opened_folder(plugin.set_aside) as aside:
        with opened_folder(plugin.folder) as folder:
            for name in (plugin.cfg.name, plugin.program.name):
                change.of = plugin.folder / name
                if is_regular_file(name, aside):
                    os.rename(name, name, src_dir_fd=aside, dst_dir_fd=folder)
                    change.remark(f"{plugin.folder / name} is what it was before")
        with contextlib.suppress(OSError):  # what somebody else keeps there stays
            plugin.set_aside.rmdir()


def is_regular_file(name: str, folder: int) -> bool:
    """Whether a file of that name lies in the folder, and is no link or device."""
    try:
        return stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False
