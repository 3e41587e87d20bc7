"""`webexhist db upgrade|check|metadata`: whether the database is up to date and sound, and what it holds."""

from pathlib import Path
from typing import Annotated

import typer

from webexhist.cli.app import ConfigOption, DatabaseOption
from webexhist.cli.commands.db.group import commands
from webexhist.cli.output import JsonOption, former_told, print_json, print_line, print_table
from webexhist.cli.settings import load_settings

PartitionsOption = Annotated[
    int | None,
    typer.Option(
        metavar="NUMBER", help="Spread a new PostgreSQL database over so many, by hash of the organization."
    ),
]


@commands.command()
def upgrade(
    partitions: PartitionsOption = None, config: ConfigOption = None, database: DatabaseOption = None
) -> None:
    """Bring tables and views up to date, as the next poll would; polls and readers go on meanwhile.

    Where tables change, a SQLite file is copied beside itself first. An empty PostgreSQL database gets its tables.

    Example: webexhist db upgrade
    """
    from webexhist.store.location import shown_location
    from webexhist.store.opening.database import upgrade as bring_up_to_date

    location = load_settings({"database": database}, config).database
    done = bring_up_to_date(location, partitions)
    with former_told(done.backup):
        if done.revision_before is None:
            spread = f", each table of organizations in {partitions} partitions" if partitions else ""
            print_line(f"Its tables were made{spread}.")
        elif done.revision != done.revision_before:
            print_line(f"Its tables were those of revision {done.revision_before}, and are now of {done.revision}.")
        if done.changed_views:
            print_line(f"Views made or changed: {', '.join(done.changed_views)}.")
    print_line(f"{shown_location(location)} is up to date.")


@commands.command()
def metadata(config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Print what datasette shows beside the history: what every view and column means.

    Example: webexhist db metadata > metadata.json
    """
    from webexhist.export.datasette import datasette_metadata
    from webexhist.store.location import shown_location

    print_json(datasette_metadata(Path(shown_location(load_settings({"database": database}, config).database))))


@commands.command()
def check(as_json: JsonOption = False, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Verify every stored day and table; exit 1 where something is damaged, and say what to do.

    Example: webexhist db check
    """
    from webexhist.store.engine import place_of
    from webexhist.store.errors import DamagedDatabaseError
    from webexhist.store.opening.read_only import opened_to_read
    from webexhist.store.seals.damage import find_damage

    with opened_to_read(load_settings({"database": database}, config).database) as engine:
        found = find_damage(engine)
    rows = [
        {
            "organization": one.organization,
            "day": one.day,
            "table": one.table,
            "what": one.what,
            "to_do": one.next_step,
        }
        for one in found
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(rows, "Everything is as it was stored.")
    if found:
        raise DamagedDatabaseError(f"the database {place_of(engine)} is damaged", found[0].next_step)
