"""webexhist plugin: the installation into the Site24x7 agent's plugin folder."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.agent.monagent import (
    PRINT_SECONDS,
    START_SECONDS,
    USUAL_FOLDER,
    AgentError,
    budget_within,
    settings_file,
    time_limit,
)
from webexhist.cli import clock
from webexhist.cli.app import COLLECT, MAX_AGE_SECONDS, ConfigOption, MaxAgeOption, app
from webexhist.cli.output import print_file, print_line
from webexhist.cli.readable_help import Commands
from webexhist.cli.settings import print_unheeded
from webexhist.errors import WebexhistError

if TYPE_CHECKING:
    from webexhist.agent.install import Plugin
    from webexhist.agent.plugin_file import PluginFile
    from webexhist.agent.takeover import Configuration

commands = Commands(
    help="Install the plugin for the Site24x7 agent.\n\nExample: webexhist plugin install --config webexhist.cfg",
    no_args_is_help=True,
)
app.add_typer(commands, name="plugin", rich_help_panel=COLLECT)

AgentOption = Annotated[Path, typer.Option("--agent-dir", help="The agent's folder.")]
StoredOption = Annotated[bool, typer.Option("--stored", help="Print the last snapshot, which a timer polls.")]


@commands.command()
def install(
    agent_dir: AgentOption = USUAL_FOLDER,
    config: ConfigOption = None,
    stored: StoredOption = False,
    max_age: MaxAgeOption = MAX_AGE_SECONDS,
    print_only: Annotated[bool, typer.Option("--print", help="Show the files, write nothing.")] = False,
) -> None:
    """Install the plugin, so that the agent polls Webex every five minutes.

    Before the first installation it polls twice, for the agent takes the monitor's names from the first document; it
    is refused where a poll fails. A second installation changes nothing but what is out of date.

    Example: webexhist plugin install --config webexhist.cfg
    """
    from webexhist.agent import install as installation
    from webexhist.agent.takeover import configurations_for, take_over
    from webexhist.interpreters import require_lasting_interpreter

    plugin = installation.Plugin(agent_dir.absolute())
    configurations = configurations_for(plugin, config, os.environ)
    for configuration in configurations:
        print_unheeded(configuration.settings)
    file = plugin_file(configurations, agent_dir, ["--stored", "--max-age", str(max_age)] if stored else [])
    planned = installation.planned_files(plugin, file, {of.instance: of.file for of in configurations})
    if print_only:
        for planned_file in planned:
            print_line(f"# {planned_file.path}")
            print_file(planned_file.text)
        return
    for configuration in configurations:
        if configuration.taken_over:
            take_over(plugin, configuration)
            print_line(f"The settings of [{configuration.instance}] in {plugin.cfg} are now in {configuration.file}.")
    require_lasting_interpreter(plugin.plugins)
    for configuration in configurations:
        poll_first(configuration)
    changed = installation.install(plugin, planned)
    for path in changed:
        print_line(f"Written: {path}")
    if not changed:
        print_line("Nothing to change.")
    print_advice(plugin, configurations, file)


@commands.command()
def remove(agent_dir: AgentOption = USUAL_FOLDER) -> None:
    """Take the plugin out again, and put back what it replaced.

    Example: webexhist plugin remove
    """
    from webexhist.agent import install as installation

    installation.remove(installation.Plugin(agent_dir.absolute()))
    print_line("The plugin is removed. The configuration, the tokens and the database are where they were.")


def poll_first(configuration: "Configuration") -> None:
    """Polls until the first document can have every name, or says which configuration cannot."""
    from webexhist.first_polls import poll_for_all_names

    try:
        polls = poll_for_all_names(configuration.settings, clock.now)
    except WebexhistError as error:
        raise AgentError(f"a poll with {configuration.file} failed: {error.problem}", error.next_step) from error
    if polls:
        times = "once" if polls == 1 else "twice"
        print_line(f"Polled {times} with {configuration.file}: now the first document has every name.")


def plugin_file(configurations: Sequence["Configuration"], agent_dir: Path, options: list[str]) -> "PluginFile":
    """The installed program for the configurations, within the agent's time."""
    from webexhist.agent.plugin_file import PluginFile

    limit = time_limit(agent_dir)
    return PluginFile(
        config=configurations[0].file,
        arguments=("poll", *options),
        budget=budget_within(limit, longest_budget(configurations)),
        seconds=max(1.0, limit - PRINT_SECONDS),
    )


def longest_budget(configurations: Sequence["Configuration"]) -> float:
    """Seconds."""
    return max(configuration.settings.budget_seconds for configuration in configurations)


def print_advice(plugin: "Plugin", configurations: Sequence["Configuration"], file: "PluginFile") -> None:
    """What a person has to know, or to do, for the polls to succeed."""
    from webexhist.user_folders import owner_of

    if file.budget is not None:
        limit, wanted = time_limit(plugin.agent_dir), longest_budget(configurations)
        print_line(f"The agent kills a plugin after {limit:g} s, so polls end after {file.budget:g} s.")
        print_line(f"For the {wanted:g} s of the configuration write plugin_time_out = {wanted + START_SECONDS:g}")
        print_line(f"under [AGENT_INFO] in {settings_file(plugin.agent_dir)}, restart the agent, and install again.")
        print_line("A limit that is set for this monitor in the web client wins over it.")
    agent_user = owner_of(plugin.plugins)
    for configuration in configurations:
        config_user = owner_of(configuration.file)
        if agent_user == config_user:
            continue
        print_line(f"The agent's plugins belong to {agent_user}, {configuration.file} to {config_user}.")
        print_line(
            f"Where the agent runs as {agent_user}, that file must be readable for it, "
            "and state_dir there a folder of its own."
        )
