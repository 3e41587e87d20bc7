"""Finds the configuration that the plugin polls with, or takes it over from the seed plugin's cfg."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

from webexhist.agent.install import Plugin
from webexhist.agent.monagent import AgentError
from webexhist.agent.plugin_cfg import OF_THE_AGENT, Keys, cfg_sections, configurations_of, holds_settings, ini
from webexhist.agent.plugin_file import NAME
from webexhist.config import (
    Given,
    Settings,
    default_state_dir,
    load_settings,
    settings_of,
    unknown_keys,
    with_paths_from,
)
from webexhist.config_file import FILE_NAME, SECTION, find_config_file
from webexhist.errors import ConfigError, WebexhistError
from webexhist.setting_values import as_given
from webexhist.state.private_files import make_folder, write_new
from webexhist.user_folders import host_configuration, user_configuration


@dataclass(frozen=True, slots=True)
class Configuration:
    """What an instance of the plugin polls with."""

    instance: str
    """Its section in the plugin's cfg, by which the agent knows the monitor."""
    file: Path
    """Absolute; not there yet where it is to be taken over."""
    settings: Settings
    """As they are without any environment, which the agent does not promise."""
    taken_over: str | None = None
    """The text that `file` is to have, from the seed plugin's cfg; None where the file is there."""


def configurations_for(
    plugin: Plugin, asked_for: Path | None, environment: Mapping[str, str]
) -> tuple[Configuration, ...]:
    """The configuration asked for, else the one the plugin has, else the usual one; else those of the seed's cfg.

    Raises:
        AgentError: the seed's cfg has several instances, and one configuration is there for all of them.
        WebexhistError: there is none, or it cannot be read, or says what cannot be meant.
    """
    sections = cfg_sections(plugin.cfg)
    installed = next(iter(configurations_of(plugin.cfg)), None)
    found = find_config_file(asked_for or installed, environment)
    file = (found.path or usual_file()).absolute()
    if file.exists():
        settings = replace(load_settings({}, file, {}), passed_over=found.passed_over)
        return (Configuration(instance_for(file, plugin, sections), file, settings),)
    old = {instance: keys for instance, keys in sections.items() if holds_settings(keys)}
    if not old:
        raise found.missing(f"there is no configuration {file}", "write one, or name it with --config")
    if len(sections) == 1:
        return tuple(taken_over(plugin.cfg, instance, keys, file) for instance, keys in old.items())
    slugs = dict(zip(old, distinct_slugs(old), strict=True))
    return tuple(
        taken_over(plugin.cfg, instance, with_state_of_its_own(keys, slugs[instance]), beside(file, slugs[instance]))
        for instance, keys in old.items()
    )


def usual_file() -> Path:
    """The configuration of the host where root runs this, else that of the user."""
    folder = host_configuration() if os.geteuid() == 0 else user_configuration()
    return folder / FILE_NAME


def instance_for(file: Path, plugin: Plugin, sections: Mapping[str, Keys]) -> str:
    """The instance that polls with a configuration which is there.

    Raises:
        AgentError: there are several, of which only their owner knows which one it is for.
    """
    if len(sections) > 1 and file not in configurations_of(plugin.cfg):
        raise AgentError(
            f"{plugin.cfg} has several instances: {', '.join(sections)}; {file} is one configuration",
            "give with --config a file that is not there, and each instance gets one of its own beside it",
        )
    return next(iter(sections), NAME)


def taken_over(cfg: Path, instance: str, keys: Keys, file: Path) -> Configuration:
    """What an instance of the seed plugin polls with from now on; a file that is there already is not taken again.

    Raises:
        WebexhistError: the instance says what cannot be meant.
    """
    if file.exists():
        return Configuration(instance, file, load_settings({}, file, {}))
    given = {key: as_given(value) for key, value in keys.items() if key not in OF_THE_AGENT}
    texts = with_paths_from(cfg, {key: value for key, value in given.items() if value})
    unknown = tuple(unknown_keys(cfg, texts))
    try:
        settings = settings_of(Given(texts, {}, cfg, (), unknown))
    except WebexhistError as error:
        raise ConfigError(f"[{instance}] in {cfg}: {error.problem}", error.next_step) from error
    return Configuration(instance, file, replace(settings, file=file), ini({SECTION: texts}))


def with_state_of_its_own(keys: Keys, slug: str) -> Keys:
    """The keys with a folder below their state_dir: each instance has tokens, and a history, of its own."""
    above = as_given(keys.get("state_dir", "")) or str(default_state_dir())
    return {**keys, "state_dir": str(Path(above) / slug)}


def beside(file: Path, slug: str) -> Path:
    """The path of a file for one organization beside the file for all."""
    return file.with_name(f"{file.stem}-{slug}{file.suffix}")


def distinct_slugs(names: Mapping[str, object]) -> Iterator[str]:
    """A word for a file's name of each name of an instance, which may be any text."""
    given: set[str] = set()
    for name in names:
        word = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "instance"
        slug = next(slug for slug in chain([word], (f"{word}-{n}" for n in count(2))) if slug not in given)
        given.add(slug)
        yield slug


def take_over(plugin: Plugin, configuration: Configuration) -> None:
    """Copies the seed plugin's settings to where they are out of the agent's reach, readable for one user only.

    Raises:
        AgentError: they cannot be written.
    """
    file, text = configuration.file, configuration.taken_over
    assert text is not None
    try:
        make_folder(file.parent, 0o755)
        write_new(file, text.encode(), owned_as=plugin.plugins)
    except OSError as error:
        raise AgentError(f"cannot write {file} ({error.strerror})", "name another place with --config") from error
