"""`webexhist status`: whether everything works, and what to do where it does not."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.agent.monagent import USUAL_FOLDER
from webexhist.cli import clock
from webexhist.cli.app import MAX_AGE_SECONDS, OPERATE, ConfigOption, DatabaseOption, MaxAgeOption, app
from webexhist.cli.output import Cell, JsonOption, print_json, print_line, print_table
from webexhist.cli.settings import load_settings
from webexhist.quantities import quantity

if TYPE_CHECKING:
    from webexhist.status.collectors import CollectorStanding
    from webexhist.status.overall import Status


@app.command(rich_help_panel=OPERATE)
def status(
    as_json: JsonOption = False,
    agent_dir: Annotated[Path, typer.Option("--agent-dir", help="The Site24x7 agent's folder.")] = USUAL_FOLDER,
    max_age: MaxAgeOption = MAX_AGE_SECONDS,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Say whether tokens, polls, collectors, database and agent are well; exit 1 when something needs a person.

    Webex is not asked.

    Example: webexhist status --json
    """
    from webexhist.status.overall import gather_status

    settings = load_settings({"database": database}, config)
    found = gather_status(settings, agent_dir.absolute(), clock.now(), timedelta(seconds=max_age))
    if as_json:
        print_json({"needs_a_person": found.needs_a_person} | asdict(found))
    else:
        print_table(list(rows(found)), "")
        print_line("Something needs a person: see “to do”." if found.needs_a_person else "Nothing needs a person.")
    if found.needs_a_person:
        raise typer.Exit(1)


def rows(found: "Status") -> Iterator[dict[str, Cell]]:
    """A row for everything that was looked at: its state, when it last went well, and what to do."""
    tokens, polls, database, agent = found.tokens, found.polls, found.database, found.agent
    end = f" (end: {to_the_minute(tokens.lives_until)})" if tokens.lives_until else ""
    for unknown in found.settings:
        yield row("settings", unknown, "correct it")
    yield row("tokens", f"{tokens.state}{end}", tokens.to_do)
    yield row("polls", polls.state, polls.to_do, polls.last_at)
    several = len({standing.organization for standing in found.collectors}) > 1
    for standing in found.collectors:
        owner = f" ({standing.organization})" if several else ""
        yield row(f"{standing.collector}{owner}", in_words(standing), standing.to_do, standing.last_good_at)
    for silent in found.organizations:
        yield row(silent.organization, silent.state, silent.to_do, silent.last_polled_at)
    size = "" if database.bytes is None else f", {database.bytes / 1e6:,.1f} MB"
    snapshots = quantity(database.snapshots or 0, "snapshot")
    held = f"{database.state}{size}, {snapshots}" if database.snapshots else database.state
    yield row("database", held, database.to_do, database.last_snapshot_at)
    yield row("outlook", found.outlook.state, found.outlook.to_do, found.outlook.last_at)
    limit = f", killed after {agent.time_limit:g} s, or as the web client has it" if agent.time_limit else ""
    yield row("agent", f"{agent.state}{limit}", agent.to_do, agent.last_run_at)


def row(what: str, state: str, to_do: str, last: datetime | None = None) -> dict[str, Cell]:
    return {"": what, "state": state, "last (UTC)": last and to_the_minute(last), "to_do": to_do}


def in_words(standing: "CollectorStanding") -> str:
    """The state, with its reason, or with when it was last different."""
    if standing.state.is_notable:
        return f"{standing.state}: {standing.last_error}"
    if standing.last_error_at:
        return f"{standing.state}; failed until {to_the_minute(standing.last_error_at)}"
    return f"{standing.state}, as of {to_the_minute(standing.as_of)}" if standing.as_of else str(standing.state)


def to_the_minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
