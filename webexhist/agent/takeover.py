"""Finds the configuration that the plugin polls with, or takes it over from the seed plugin's cfg."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from webexhist.agent.install import Plugin
from webexhist.agent.monagent import AgentError
from webexhist.agent.plugin_cfg import configurations_of, holds_settings
from webexhist.agent.plugin_file import LARGEST_FILE
from webexhist.config import Settings, load_settings
from webexhist.config_file import FILE_NAME, find_config_file
from webexhist.errors import ConfigError
from webexhist.state.private_files import make_folder, write_new
from webexhist.state.trusted_files import read_trusted
from webexhist.user_folders import host_configuration, user_configuration


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the plugin polls with."""

    file: Path
    """Absolute; not there yet where it is to be taken over."""
    settings: Settings
    """As they are without any environment, which the agent does not promise."""
    taken_from: Path | None = None
    """The seed plugin's cfg that is to become `file`."""


def configuration_for(plugin: Plugin, asked_for: Path | None, environment: Mapping[str, str]) -> Configuration:
    """The configuration asked for, else the one the plugin has, else the usual one, else the seed plugin's cfg.

    Raises:
        ConfigError: there is none, or it cannot be read.
    """
    installed = next(iter(configurations_of(plugin.cfg)), None)
    found = find_config_file(asked_for or installed, environment)
    file = found.path
    if file is not None and file.exists():
        settings = replace(load_settings({}, file, {}), passed_over=found.passed_over)
        return Configuration(file.absolute(), settings)
    target = (file or usual_file()).absolute()
    if holds_settings(plugin.cfg):
        return Configuration(target, load_settings({}, plugin.cfg, {}), plugin.cfg)
    raise ConfigError(f"there is no configuration {target}", "write one, or name it with --config")


def usual_file() -> Path:
    folder = host_configuration() if os.geteuid() == 0 else user_configuration()
    return folder / FILE_NAME


def take_over(configuration: Configuration) -> None:
    """Copies the seed plugin's settings to where they are out of the agent's reach, readable for one user only.

    Raises:
        AgentError: they cannot be written.
    """
    source = configuration.taken_from
    assert source is not None
    try:
        make_folder(configuration.file.parent, 0o755)
        write_new(configuration.file, read_trusted(source, LARGEST_FILE), owned_as=source.parent.parent)
    except OSError as error:
        raise AgentError(
            f"cannot write {configuration.file} ({error.strerror})", "name another place with --config"
        ) from error
