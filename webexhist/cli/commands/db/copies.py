"""`webexhist db backup|restore|copy`: the history somewhere else, and back."""

from pathlib import Path
from typing import Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import ConfigOption, DatabaseOption, OrgOption
from webexhist.cli.commands.db.group import commands
from webexhist.cli.output import former_told, print_line
from webexhist.cli.settings import load_settings
from webexhist.quantities import quantity
from webexhist.user_folders import named_path


@commands.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The copy, which must not be there yet.")],
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Copy the history into a new file while polls go on, and verify the copy.

    Example: webexhist db backup /backups/webexhist-2026-11-23.db
    """
    from webexhist.store.engine import engine_for
    from webexhist.store.mending.backup import back_up

    target = named_path(file).absolute()
    back_up(engine_for(load_settings({"database": database}, config).database), target)
    print_line(f"{target}: {target.stat().st_size / 1e6:,.1f} MB, verified.")


@commands.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What webexhist db backup wrote.")],
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Put a backup in the place of the history, once it is verified; the history of before is kept beside it.

    Example: webexhist db restore /backups/webexhist-2026-11-23.db
    """
    from webexhist.store.engine import engine_for, place_of
    from webexhist.store.mending.backup import restore as bring_in

    settings = load_settings({"database": database}, config)
    engine = engine_for(settings.database)
    source = named_path(file).absolute()
    kept = bring_in(engine, source, clock.now_at_webex(settings.state_dir))
    with former_told(kept):
        print_line(f"{place_of(engine)} is now {source}.")


@commands.command()
def copy(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="A path, or a PostgreSQL URL.", show_default=False)],
    org: OrgOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Copy the history into another database, SQLite or PostgreSQL; again, and it carries over what changed since.

    The target is empty, or a copy that nobody else writes into. Polls go on meanwhile. Of one organization come its
    rows, with what was entered for its subscriptions and of all.

    Example: webexhist db copy postgresql+psycopg://webexhist@db.example.com/webexhist
    """
    from webexhist.store.engine import place_of
    from webexhist.store.mending.copying import copy as copy_history
    from webexhist.store.names.organizations import find_organization
    from webexhist.store.opening.database import open_database
    from webexhist.store.opening.history import reading
    from webexhist.store.opening.read_only import opened_to_read

    with opened_to_read(load_settings({"database": database}, config).database) as source:
        with reading(source) as history:
            organization_id = None if org is None else find_organization(history, org)
        engine = open_database(target)
        done = copy_history(source, engine, organization_id)
        rows, days = quantity(done.rows, "row"), quantity(done.days, "day")
        print_line(f"{place_of(engine)}: {rows} of {days} and of entries were copied.")
        engine.dispose()
