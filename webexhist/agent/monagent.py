"""What the Site24x7 Linux agent says about itself."""

from configparser import Error as IniError
from configparser import RawConfigParser
from pathlib import Path

from webexhist.errors import WebexhistError
from webexhist.state.trusted_files import read_trusted
from webexhist.utf8 import utf8_text

USUAL_FOLDER = Path("/opt/site24x7/monagent")
DEFAULT_SECONDS = 30.0
"""After which the agent kills a plugin where its settings say nothing else."""
LARGEST_SETTINGS = 1_000_000
"""Bytes."""
START_SECONDS = 5.0
"""What a plugin takes beyond the poll's budget: to start, to save and to print."""
PRINT_SECONDS = 2.0
"""What it takes to print that a poll did not end in time."""


class AgentError(WebexhistError):
    """The agent is not where it was looked for, or its plugin folder cannot be written."""


def plugins_folder(agent_dir: Path) -> Path:
    """Where the agent looks for plugins.

    Raises:
        AgentError: there is no agent.
    """
    folder = agent_dir / "plugins"
    if not folder.is_dir():
        raise AgentError(f"there is no Site24x7 agent in {agent_dir}", "install the agent, or give its --agent-dir")
    return folder


def settings_file(agent_dir: Path) -> Path:
    """Where the agent's own settings lie."""
    return agent_dir / "conf" / "monagent.cfg"


def time_limit(agent_dir: Path) -> float:
    """Seconds after which the agent kills a plugin (plugin_time_out in its [AGENT_INFO])."""
    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(utf8_text(read_trusted(settings_file(agent_dir), LARGEST_SETTINGS)))
        seconds = parser.getfloat("AGENT_INFO", "plugin_time_out")
    except (IniError, OSError, ValueError):
        return DEFAULT_SECONDS
    return seconds if 1 <= seconds <= 86_400 else DEFAULT_SECONDS


def budget_within(limit: float, wanted: float) -> float | None:
    """Seconds that a poll may take so that the agent does not kill it; None where the wanted ones fit."""
    longest = max(1.0, limit - START_SECONDS)
    return None if wanted <= longest else longest
