"""The plugin's cfg: which configuration each instance of the monitor polls with."""

from collections.abc import Mapping
from configparser import Error as IniError
from configparser import RawConfigParser
from io import StringIO
from pathlib import Path

from webexhist.agent.monagent import AgentError
from webexhist.agent.plugin_file import LARGEST_FILE, NAME
from webexhist.config_file import ini_text, line_of
from webexhist.setting_values import as_given
from webexhist.state.trusted_files import read_trusted

POINTER = "config"
"""The key that leads to webexhist's own configuration; secrets stay out of the agent's process list and log."""
SHARED = "global_configurations"
"""The agent's section for keys that all instances share."""
SECRETS = frozenset({"access_token", "refresh_token", "client_id", "client_secret"})
OF_THE_AGENT = frozenset({"use_agent_python"})
"""Keys that say how the agent runs the plugin: they stay in its cfg."""
WESTERN = "cp1252"
"""The encoding of what is no UTF-8 and has no mark: Latin-1, with what Windows adds to it."""

Keys = Mapping[str, str]


def cfg_sections(file: Path) -> dict[str, dict[str, str]]:
    """The instances in a plugin's cfg with their keys, the shared ones too; empty where there is no file.

    Keys that are shared and belong to nobody are an instance of the plugin's own name.

    Raises:
        AgentError: it cannot be read.
    """
    parser = RawConfigParser(strict=False)
    try:
        parser.read_string(cfg_content(file))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise unreadable(file, str(error.strerror)) from error
    except UnicodeDecodeError as error:
        raise unreadable(file, "it is no text in UTF-8, in Latin-1, or in UTF-16 with its mark") from error
    except IniError as error:
        raise unreadable(file, f"line {line_of(error)}: it is no INI file") from error
    shared = dict(parser.items(SHARED) if parser.has_section(SHARED) else parser.defaults())
    own = {section: shared | dict(parser.items(section)) for section in parser.sections() if section != SHARED}
    return own or ({NAME: shared} if shared else {})


def cfg_content(file: Path) -> str:
    """The text of a cfg, whichever editor wrote it; raises UnicodeDecodeError for what is no text, or OSError."""
    content = read_trusted(file, LARGEST_FILE)
    try:
        text = ini_text(content)
    except UnicodeDecodeError:
        text = ini_text(content, WESTERN)
    if "\0" in text:
        raise UnicodeDecodeError("utf-8", content, 0, 1, "there is a NUL")
    return text


def unreadable(file: Path, reason: str) -> AgentError:
    """The error for a cfg that cannot be read; `reason` is in words."""
    return AgentError(f"cannot read {file} ({reason})", "correct it, or move it away")


def configurations_of(file: Path) -> tuple[Path, ...]:
    """Where the instances in the cfg lead to."""
    return tuple(Path(as_given(keys[POINTER])) for keys in cfg_sections(file).values() if keys.get(POINTER))


def holds_settings(keys: Keys) -> bool:
    """Whether an instance has tokens or secrets itself, as the seed plugin's have."""
    return bool(SECRETS & keys.keys())


def cfg_text(sections: Mapping[str, Keys], configurations: Mapping[str, Path]) -> str:
    """A cfg in which instances lead to configurations, and the others stay as they are.

    The agent knows a monitor by its instance: under another name its history would begin anew.
    """
    of_each = {name: pointing(keys, configurations.get(name)) for name, keys in sections.items()}
    return ini({name: pointing({}, path) for name, path in configurations.items()} | of_each)


def pointing(keys: Keys, configuration: Path | None) -> Keys:
    """The keys of an instance that leads to a configuration, which has its settings."""
    if configuration is None:
        return keys
    return {POINTER: str(configuration)} | {key: keys[key] for key in sorted(OF_THE_AGENT & keys.keys())}


def ini(sections: Mapping[str, Keys]) -> str:
    """The text of an INI file; a value of several lines stays one."""
    parser = RawConfigParser()
    for name, keys in sections.items():
        parser.add_section(name)
        for key, value in keys.items():
            parser.set(name, key, value)
    text = StringIO()
    parser.write(text)
    return text.getvalue().rstrip() + "\n"
