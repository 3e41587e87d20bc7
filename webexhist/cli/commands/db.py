"""`webexhist db`: backs up, checks and mends the history itself."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from webexhist.cli.app import ConfigOption, DatabaseOption, app
from webexhist.cli.tables import JsonOption, print_json, print_table
from webexhist.config import load_settings

commands = typer.Typer(help="Back up, check and mend the history.", no_args_is_help=True)
app.add_typer(commands, name="db")

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]


@commands.command()
def backup(file: FileArgument, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Copy the history into a new file while polls go on, and verify the copy.

    Example: webexhist db backup /backups/webexhist-2026-11-23.db
    """
    from webexhist.store.backup import back_up
    from webexhist.store.engine import engine_for

    target = file.expanduser().absolute()
    back_up(engine_for(load_settings({"database": database}, config).database), target)
    print(f"{target}: {target.stat().st_size / 1e6:,.1f} MB, verified.")


@commands.command()
def restore(file: FileArgument, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Put a backup in the place of the history, once it is verified; the history of before is kept beside it.

    Example: webexhist db restore /backups/webexhist-2026-11-23.db
    """
    from webexhist.store.backup import restore as bring_in
    from webexhist.store.engine import engine_for, place_of

    engine = engine_for(load_settings({"database": database}, config).database)
    source = file.expanduser().absolute()
    kept = bring_in(engine, source, datetime.now(UTC))
    print(f"{place_of(engine)} is now {source}.")
    if kept:
        print(f"What it was before: {kept}")


@commands.command()
def check(as_json: JsonOption = False, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Verify every stored day and table; exit 1 where something is damaged, and say what to do.

    Example: webexhist db check
    """
    from webexhist.store.damage import find_damage
    from webexhist.store.database import open_existing
    from webexhist.store.engine import place_of
    from webexhist.store.errors import DamagedDatabaseError

    engine = open_existing(load_settings({"database": database}, config).database)
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
