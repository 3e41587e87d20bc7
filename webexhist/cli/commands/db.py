"""`webexhist db`: backs up, checks and mends the history itself."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import DATA, LARGEST_NUMBER, ConfigOption, DatabaseOption, app
from webexhist.cli.authors import ByOption, author
from webexhist.cli.beside import renew_outlook
from webexhist.cli.output import Cell, JsonOption, print_json, print_line, print_table
from webexhist.cli.settings import load_settings
from webexhist.cli.typed_times import first_and_last_second
from webexhist.errors import UsageError
from webexhist.metrics import Metric
from webexhist.user_folders import named_path

if TYPE_CHECKING:
    from webexhist.store.rows.corrections import Correction

commands = typer.Typer(help="Back up, check and mend the history.", no_args_is_help=True)
app.add_typer(commands, name="db", rich_help_panel=DATA)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]


@commands.command()
def upgrade(config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Bring tables and views up to date, as the next poll would; polls and readers go on meanwhile.

    Where tables change, a SQLite file is copied beside itself first.

    Example: webexhist db upgrade
    """
    from webexhist.store.location import shown_location
    from webexhist.store.opening.database import upgrade as bring_up_to_date

    location = load_settings({"database": database}, config).database
    done = bring_up_to_date(location)
    if done.revision != done.revision_before:
        print_line(f"Its tables were those of revision {done.revision_before}, and are now of {done.revision}.")
    if done.changed_views:
        print_line(f"Views made or changed: {', '.join(done.changed_views)}.")
    if done.backup:
        print_line(f"What it was before: {done.backup}")
    print_line(f"{shown_location(location)} is up to date.")


@commands.command()
def backup(file: FileArgument, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Copy the history into a new file while polls go on, and verify the copy.

    Example: webexhist db backup /backups/webexhist-2026-11-23.db
    """
    from webexhist.store.engine import engine_for
    from webexhist.store.mending.backup import back_up

    target = named_path(file).absolute()
    back_up(engine_for(load_settings({"database": database}, config).database), target)
    print_line(f"{target}: {target.stat().st_size / 1e6:,.1f} MB, verified.")


@commands.command()
def restore(file: FileArgument, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Put a backup in the place of the history, once it is verified; the history of before is kept beside it.

    Example: webexhist db restore /backups/webexhist-2026-11-23.db
    """
    from webexhist.store.engine import engine_for, place_of
    from webexhist.store.mending.backup import restore as bring_in

    engine = engine_for(load_settings({"database": database}, config).database)
    source = named_path(file).absolute()
    kept = bring_in(engine, source, clock.now())
    print_line(f"{place_of(engine)} is now {source}.")
    if kept:
        print_line(f"What it was before: {kept}")


@commands.command()
def copy(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="A path, or a PostgreSQL URL.", show_default=False)],
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Copy the history into another database, SQLite or PostgreSQL; again, and it carries over what changed since.

    The target is empty, or a copy that nobody else writes into. Polls go on meanwhile.

    Example: webexhist db copy postgresql+psycopg://webexhist@db.example.com/webexhist
    """
    from webexhist.store.engine import place_of
    from webexhist.store.mending.copying import copy as copy_history
    from webexhist.store.opening.database import open_database
    from webexhist.store.opening.read_only import opened_to_read

    with opened_to_read(load_settings({"database": database}, config).database) as source:
        engine = open_database(target)
        done = copy_history(source, engine)
        print_line(f"{place_of(engine)}: {done.rows:,} rows of {done.days:,} days and of what was told were copied.")
        engine.dispose()


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


@commands.command()
def trim(
    after: Annotated[str, typer.Option(metavar="TIME", help="Snapshots later than that are dropped.")],
    org: Annotated[
        str | None, typer.Option(metavar="ORG", help="Of that organization: a name or id (else all).")
    ] = None,
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

    moment, now = first_and_last_second(after)[1], clock.now()
    with opened(load_settings({"database": database}, config).database) as engine:
        with reading(engine) as history:
            organization = find_organization(history, org) if org else None
        backup = None if backed_up else backup_beside(engine, "trim", now)
        dropped = drop_newest(engine, moment, organization, backup, now)
    for trimmed in dropped:
        snapshots = "1 snapshot" if trimmed.snapshots == 1 else f"{trimmed.snapshots:,} snapshots"
        span = " to ".join(dict.fromkeys(f"{at:%Y-%m-%d %H:%M:%S}" for at in (trimmed.first_at, trimmed.last_at)))
        print_line(f"{trimmed.organization}: {snapshots} dropped, {span} UTC.")
        for name, amount in trimmed.kept_counts.items():
            print_line(f"  {name}: {amount:,} that they counted stay counted, with the last snapshot that is left")
    if backup:
        print_line(f"What it was before: {backup}")


@commands.command()
def prune(
    before: Annotated[str, typer.Option(metavar="DAY", help="What was stored before that day is dropped.")],
    org: Annotated[
        str | None, typer.Option(metavar="ORG", help="Of that organization: a name or id (else all).")
    ] = None,
    backed_up: Annotated[bool, typer.Option("--backed-up", help="You made a backup, as on PostgreSQL.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Drop the oldest days, and give their room back; a backup is made first.

    The last snapshot before that day stays: with what held then, and the totals of what was counted.

    Example: webexhist db prune --before 2024-01-01
    """
    from webexhist.store.mending.backup import backup_beside
    from webexhist.store.mending.prune import free_room
    from webexhist.store.mending.prune import prune as drop_oldest
    from webexhist.store.names.organizations import find_organization
    from webexhist.store.opening.database import opened
    from webexhist.store.opening.history import reading

    day, now = first_and_last_second(before)[0].date(), clock.now()
    with opened(load_settings({"database": database}, config).database) as engine:
        with reading(engine) as history:
            organization = find_organization(history, org) if org else None
        backup = None if backed_up else backup_beside(engine, "prune", now)
        dropped = drop_oldest(engine, day, organization, backup, now)
        for pruned in dropped:
            print_line(
                f"{pruned.organization}: {pruned.snapshots:,} snapshots and {pruned.readings:,} values dropped,"
                f" {pruned.first_at:%Y-%m-%d %H:%M:%S} to before {pruned.base_at:%Y-%m-%d %H:%M:%S} UTC."
            )
        if backup:
            print_line(f"What it was before: {backup}")
        freed = free_room(engine)
        if freed is None:
            print_line("The server keeps the room for the polls to come; VACUUM FULL gives it back to the disk.")
        else:
            print_line(f"{freed / 1e6:,.1f} MB are free.")


@commands.command()
def void(
    snapshot: Annotated[
        str | None, typer.Option(metavar="TIME", help="The snapshot of that time.", show_default=False)
    ] = None,
    license_: Annotated[
        str | None, typer.Option("--license", metavar="LICENSE", help="Its readings: a name, name and site, or id.")
    ] = None,
    count: Annotated[str | None, typer.Option(metavar="NAME", help="The readings of a count, like people.")] = None,
    from_: Annotated[str | None, typer.Option("--from", metavar="TIME", help="From then on.")] = None,
    to: Annotated[str | None, typer.Option(metavar="TIME", help="Until then, included.")] = None,
    org: Annotated[
        str | None, typer.Option(metavar="ORG", help="Of that organization: a name or id (else all).")
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Why. It is required.")] = None,
    by: ByOption = None,
    undo: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", min=1, max=LARGEST_NUMBER, help="Put the readings of a correction back."),
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List every correction ever made.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Set wrong readings aside: everything then says unknown in their place, until --undo puts them back.

    Without a license or a count all readings of the snapshots are set aside. Times are UTC.

    Example: webexhist db void --license "Webex Suite" --from "2026-11-23 15:05" --to "2026-11-23 15:05"
    --note "one poll said 4,990 of 600"
    """
    from webexhist.store.mending import corrections
    from webexhist.store.names.licenses import find_license
    from webexhist.store.names.organizations import find_organization
    from webexhist.store.opening.database import opened
    from webexhist.store.opening.history import open_history, reading
    from webexhist.store.rows.corrections import corrections as stored_corrections

    settings = load_settings({"database": database}, config)
    location = settings.database
    if list_:
        with open_history(location) as history:
            print_corrections(stored_corrections(history), as_json)
        return
    said_by = corrections.Author(author(by), clock.now(), (note or "").strip())
    if undo is not None:
        with opened(location) as engine:
            corrections.undo(engine, undo, said_by)
        renew_outlook(settings, config)
        print_line(f"Correction {undo} is undone: its readings are back.")
        return
    span = asked_span(snapshot, from_, to)
    if license_ and count:
        raise UsageError("a license and a count are two corrections", "give --license or --count")
    if not said_by.note:
        raise UsageError("the correction has no reason", "write why in --note")
    metric = parsed_metric(count) if count else None
    with opened(location) as engine:
        with reading(engine) as history:
            subject = corrections.Subject(
                organization=find_organization(history, org) if org else None,
                license=find_license(history, license_) if license_ else None,
                metric=metric,
            )
        number = corrections.void(engine, subject, *span, said_by)
        with reading(engine) as history:
            found = stored_corrections(history)
    renew_outlook(settings, config)
    made = [correction for correction in found if correction.number == number]
    for correction in made:
        print_line(f"{in_words(correction)}. To put them back: webexhist db void --undo {number}")


def asked_span(snapshot: str | None, from_: str | None, to: str | None) -> tuple[datetime, datetime]:
    """The span of time that is asked for, in one of its two spellings."""
    if snapshot is not None and from_ is None and to is None:
        return first_and_last_second(snapshot)
    if snapshot is None and from_ is not None and to is not None:
        first, last = first_and_last_second(from_)[0], first_and_last_second(to)[1]
        if first > last:
            raise UsageError(f"{from_} is later than {to}", "give the earlier time to --from")
        return first, last
    raise UsageError("no time is given, or two", "give --snapshot TIME, or --from TIME and --to TIME")


def parsed_metric(name: str) -> Metric:
    """Raises UsageError for anything that is not counted."""
    try:
        return Metric(name)
    except ValueError as error:
        raise UsageError(f"there is no count {name!r}", f"choose one of {', '.join(Metric)}") from error


def in_words(correction: "Correction") -> str:
    """What was set aside."""
    readings = "1 reading" if correction.readings == 1 else f"{correction.readings:,} readings"
    of = correction.license or correction.metric
    span = dict.fromkeys(f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (correction.first_at, correction.last_at))
    what = f"{readings} of {of}" if of else readings.replace("reading", "snapshot")
    return f"Correction {correction.number}, {correction.organization}: {what}, {' to '.join(span)} UTC"


def print_corrections(found: "Sequence[Correction]", as_json: bool) -> None:
    if as_json:
        print_json([asdict(correction) for correction in found])
        return
    rows: list[dict[str, Cell]] = [
        {
            "correction": correction.number,
            "organization": correction.organization,
            "of": correction.license or correction.metric or "snapshots",
            "from": to_the_minute(correction.first_at),
            "to": to_the_minute(correction.last_at),
            "readings": correction.readings,
            "why": correction.note,
            "by": correction.made_by,
            "undone": f"{to_the_minute(correction.undone_at)} {correction.undone_by}" if correction.undone_at else "",
        }
        for correction in found
    ]
    print_table(rows, "No reading was ever set aside.")


def to_the_minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
