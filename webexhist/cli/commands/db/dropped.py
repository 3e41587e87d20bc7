"""`webexhist db trim|prune`: the newest snapshots or the oldest days, dropped."""

from typing import Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import ConfigOption, DatabaseOption, OrgOption
from webexhist.cli.commands.db.group import commands
from webexhist.cli.output import former_told, print_line
from webexhist.cli.settings import load_settings
from webexhist.cli.typed_times import first_and_last_second
from webexhist.quantities import quantity
from webexhist.remarks import remarked


@commands.command()
def trim(
    after: Annotated[str, typer.Option(metavar="TIME", help="Snapshots later than that are dropped.")],
    org: OrgOption = None,
    backed_up: Annotated[bool, typer.Option("--backed-up", help="You made a backup, as on PostgreSQL.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Drop the newest snapshots, as after polls with a wrong clock; a backup is made first. Times are UTC.

    What the dropped polls had counted of messages and other events stays counted.

    Example: webexhist db trim --after "2026-11-23 15:05"
    """
    from webexhist.store.mending.backup import backup_beside
    from webexhist.store.mending.trim import trim as drop_newest
    from webexhist.store.names.organizations import find_organization
    from webexhist.store.opening.database import opened
    from webexhist.store.opening.history import reading

    moment, settings = first_and_last_second(after)[1], load_settings({"database": database}, config)
    now = clock.now_at_webex(settings.state_dir)
    with opened(settings.database) as engine:
        with reading(engine) as history:
            organization = None if org is None else find_organization(history, org)
        backup = None if backed_up else backup_beside(engine, "trim", now)
        dropped = drop_newest(engine, moment, organization, backup, now)
    with former_told(backup):
        for trimmed in dropped:
            span = " to ".join(dict.fromkeys(f"{at:%Y-%m-%d %H:%M:%S}" for at in (trimmed.first_at, trimmed.last_at)))
            print_line(f"{trimmed.organization}: {quantity(trimmed.snapshots, 'snapshot')} dropped, {span} UTC.")
            for name, amount in trimmed.kept_counts.items():
                print_line(
                    f"  {name}: {amount:,} that they counted stay counted, with the last snapshot that is left"
                )


@commands.command()
def prune(
    before: Annotated[str, typer.Option(metavar="DAY", help="What was stored before that day is dropped.")],
    org: OrgOption = None,
    backed_up: Annotated[bool, typer.Option("--backed-up", help="You made a backup, as on PostgreSQL.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Drop the oldest days, and give their room back; a backup is made first.

    The last snapshot before that day stays: with what held then, and the totals of what was counted.

    Example: webexhist db prune --before 2024-01-01
    """
    from webexhist.store.mending.backup import backup_beside
    from webexhist.store.mending.prune import NothingOlderError, Pruned, free_room, has_room_to_give
    from webexhist.store.mending.prune import prune as drop_oldest
    from webexhist.store.names.organizations import find_organization
    from webexhist.store.opening.database import opened
    from webexhist.store.opening.history import reading

    day, settings = first_and_last_second(before)[0].date(), load_settings({"database": database}, config)
    now = clock.now_at_webex(settings.state_dir)
    with opened(settings.database) as engine:
        with reading(engine) as history:
            organization = None if org is None else find_organization(history, org)
        backup = None if backed_up else backup_beside(engine, "prune", now)
        dropped: tuple[Pruned, ...] = ()
        try:
            dropped = drop_oldest(engine, day, organization, backup, now)
        except NothingOlderError:
            if not has_room_to_give(engine):
                raise
            backup = None  # the same command was ended in its last step, and only that is left to do
        with former_told(backup):
            for pruned in dropped:
                print_line(
                    f"{pruned.organization}: {quantity(pruned.snapshots, 'snapshot')} and"
                    f" {quantity(pruned.readings, 'value')} dropped,"
                    f" {pruned.first_at:%Y-%m-%d %H:%M:%S} to before {pruned.base_at:%Y-%m-%d %H:%M:%S} UTC."
                )
        with remarked("what was to be dropped is dropped, only the file has its room still"):
            freed = free_room(engine)
        if freed is None:
            print_line("The server keeps the room for the polls to come; VACUUM FULL gives it back to the disk.")
        else:
            print_line(f"{freed / 1e6:,.1f} MB are free.")
