"""The plugin's cfg: which configuration each instance of the monitor polls with."""

from configparser import Error as IniError
from configparser import RawConfigParser
from pathlib import Path

from webexhist.agent.monagent import AgentError
from webexhist.agent.plugin_file import LARGEST_FILE, NAME
from webexhist.setting_values import without_quotes
from webexhist.state.trusted_files import read_trusted

POINTER = "config"
"""The key that leads to webexhist's own configuration; secrets stay out of the agent's process list and log."""
SHARED = "global_configurations"
"""The agent's section for keys that all instances share."""
SECRETS = frozenset({"access_token", "refresh_token", "client_id", "client_secret"})


def cfg_sections(file: Path) -> dict[str, dict[str, str]]:
    """The instances in a plugin's cfg, read as the agent reads it; empty where there is no file.

    Raises:
        AgentError: it cannot be read.
    """
    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(read_trusted(file, LARGEST_FILE).decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise AgentError(f"cannot read {file} ({error.strerror})", "correct it, or move it away") from error
    except (ValueError, IniError) as error:
        raise AgentError(f"cannot read {file} (it is no INI file)", "correct it, or move it away") from error
    return {section: dict(parser.items(section)) for section in parser.sections() if section != SHARED}


def configurations_of(file: Path) -> tuple[Path, ...]:
    """Where the instances in the cfg lead to."""
    return tuple(Path(without_quotes(keys[POINTER])) for keys in cfg_sections(file).values() if keys.get(POINTER))


def holds_settings(file: Path) -> bool:
    """Whether the cfg holds tokens or secrets itself, as the seed plugin's does."""
    return any(SECRETS & keys.keys() for keys in cfg_sections(file).values())


def cfg_text(file: Path, config: Path) -> str:
    """A cfg that leads to the configuration, its instance named as in the file that it replaces.

    The agent knows a monitor by that name: under another one its history would begin anew.

    Raises:
        AgentError: there are several instances, of which only their owner knows what is to become of them.
    """
    sections = list(cfg_sections(file)) or [NAME]
    if len(sections) > 1:
        raise AgentError(
            f"{file} has several instances: {', '.join(sections)}",
            f"give each a configuration of its own, and lead to it with the only key {POINTER}",
        )
    return f"[{sections[0]}]\n{POINTER} = {config}\n"
