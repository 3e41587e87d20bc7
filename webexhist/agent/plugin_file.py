"""The file that the Site24x7 agent runs: prints one JSON document and exits 0, whatever happens."""

import ast
import json
import re
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from string import Template

from webexhist.agent.failure import PLUGIN_VERSION, failure_document
from webexhist.agent.monagent import AgentError
from webexhist.state.trusted_files import UntrustedFileError, read_trusted
from webexhist.utf8 import utf8_text

NAME = "webex_licensing_monitoring"
"""Of the plugin's folder and files; the seed plugin's, so that its monitor goes on."""
MARK = "# Written by: webexhist plugin install."
TEMPLATE = Path(__file__).with_suffix(".template")


LARGEST_FILE = 1_000_000
"""Bytes; a hundred times what is installed, and more than any plugin's cfg holds."""
FIXED = re.compile(r"^([A-Z_]+) = (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginFile:
    """What is fixed in the installed file."""

    config: Path
    arguments: tuple[str, ...]
    """What webexhist is called with."""
    budget: float | None
    """Seconds that a poll may take; None where the configuration's own value fits."""
    seconds: float
    """How long to wait for webexhist; less than the agent waits for the plugin."""

    def text(self) -> str:
        """The file's content."""
        gone = AgentError(f"the interpreter {sys.executable} does not run webexhist", "install webexhist again")
        return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
            shell_python=shlex.quote(sys.executable),
            shell_failure=shlex.quote(json.dumps(failure_document(gone))),
            python=repr(sys.executable),
            config=repr(str(self.config)),
            arguments=repr(list(self.arguments)),
            budget=repr("" if self.budget is None else f"{self.budget:g}"),
            seconds=f"{self.seconds:g}",
            plugin_version=PLUGIN_VERSION,
        )


def is_written_by_webexhist(file: Path) -> bool:
    """Whether the file is there and was written by `plugin install`."""
    try:
        return MARK in plugin_text(file)
    except (FileNotFoundError, NotADirectoryError, UntrustedFileError, IsADirectoryError):
        return False


def plugin_text(file: Path) -> str:
    """What a file in the agent's folder holds, which its user may have put there to have another one read.

    Raises:
        OSError: it cannot be read, or something else lies in its place.
    """
    return utf8_text(read_trusted(file, LARGEST_FILE), errors="replace")


@dataclass(frozen=True, slots=True)
class InstalledProgram:
    """What an installed file says of itself."""

    python: Path
    """The interpreter that it calls."""
    arguments: tuple[str, ...]
    seconds: float
    """How long it waits for webexhist."""
    plugin_version: int


def installed_program(file: Path) -> InstalledProgram:
    """Reads an installed file.

    Raises:
        ValueError: it is not as this version of the program writes it.
    """
    fixed = dict(FIXED.findall(plugin_text(file)))
    try:
        return InstalledProgram(
            Path(ast.literal_eval(fixed["PYTHON"])),
            tuple(ast.literal_eval(fixed["ARGUMENTS"])),
            float(fixed["SECONDS"]),
            int(fixed["PLUGIN_VERSION"]),
        )
    except (KeyError, TypeError, ValueError, SyntaxError) as error:
        raise ValueError(f"{file} was changed") from error
