"""Whether the Site24x7 agent has the plugin, and runs it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from webexhist.agent.failure import PLUGIN_VERSION
from webexhist.agent.install import Plugin
from webexhist.agent.monagent import AgentError, time_limit
from webexhist.agent.plugin_cfg import configurations_of
from webexhist.agent.plugin_file import LARGEST_FILE, NAME, InstalledProgram, installed_program
from webexhist.config import Settings
from webexhist.state.clock_file import at_webex
from webexhist.state.last_run import DOCUMENT, last_run
from webexhist.state.trusted_files import read_trusted

AGAIN = "webexhist plugin install"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentStatus:
    """What the agent's folder holds; times in UTC, limits in seconds."""

    folder: Path
    state: str
    to_do: str = ""
    """What a person has to do; empty where there is nothing."""
    installed: bool = False
    plugin_version: int | None = None
    time_limit: float | None = None
    last_run_at: datetime | None = None
    """When a document was last printed from this configuration."""


def agent_status(agent_dir: Path, settings: Settings, now: datetime, max_age: timedelta) -> AgentStatus:
    """What is known of the agent in that folder; a run older than `max_age` is missing."""
    plugin = Plugin(agent_dir)
    try:
        if not plugin.is_installed:
            return AgentStatus(folder=agent_dir, state=f"the plugin is not installed; {AGAIN} does it")
        program = installed_program(plugin.program)
        configurations = configurations_of(plugin.cfg)
    except AgentError as error:
        return AgentStatus(folder=agent_dir, state=error.problem)
    except OSError as error:
        return AgentStatus(folder=agent_dir, state=f"cannot read {error.filename} ({error.strerror})")
    except ValueError as error:
        return AgentStatus(folder=agent_dir, state=str(error), to_do=AGAIN, installed=True)
    limit = time_limit(agent_dir)
    last = last_run(settings.state_dir, DOCUMENT)
    state, to_do = (
        outdated(program, limit) or ignored(agent_dir) or elsewhere(configurations, settings) or ("installed", "")
    )
    if state == "installed":
        if last is None or now - last.ended_at > max_age:
            state, to_do = "installed, but not run", "see that the agent runs, and its log"
        elif last.problem:
            state, to_do = f"Down: {last.problem}", last.next_step or "see the reason"
    return AgentStatus(
        folder=agent_dir,
        state=state,
        to_do=to_do,
        installed=True,
        plugin_version=program.plugin_version,
        time_limit=limit,
        last_run_at=at_webex(settings.state_dir, last.ended_at) if last else None,
    )


def outdated(program: InstalledProgram, limit: float) -> tuple[str, str] | None:
    """Why the installed program has to be written anew, and how."""
    if program.plugin_version != PLUGIN_VERSION:
        return f"plugin_version is {program.plugin_version}, this program's is {PLUGIN_VERSION}", AGAIN
    if not program.python.exists():
        return f"its interpreter {program.python} is gone", AGAIN
    if program.seconds > limit:
        return f"it waits {program.seconds:g} s, but the agent kills it after {limit:g} s", AGAIN
    return None


def ignored(agent_dir: Path) -> tuple[str, str] | None:
    """Says that the agent runs it no more: it leaves alone what failed twelve times."""
    try:
        listed = read_trusted(agent_dir / "temp" / "ignored_plugins.txt", LARGEST_FILE).decode(errors="replace")
    except OSError:
        return None
    if NAME not in listed:
        return None
    return "ignored by the agent, since it failed too often", "mend what webexhist poll says, then restart the agent"


def elsewhere(configurations: tuple[Path, ...], settings: Settings) -> tuple[str, str] | None:
    """Says that it polls with other configurations, of whose runs this one knows nothing."""
    own = settings.file.absolute() if settings.file else None
    if own in configurations:
        return None
    named = " and ".join(map(str, configurations)) or "none"
    return f"installed with another configuration: {named}", ""
