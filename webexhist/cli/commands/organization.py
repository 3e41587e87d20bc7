"""`webexhist organization`: what the customers are called, how their days are counted, and whether they stay."""

from datetime import datetime
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webexhist.cli import clock
from webexhist.cli.app import TELL, ConfigOption, DatabaseOption, app
from webexhist.cli.asking import require_yes
from webexhist.cli.authors import ByOption, author
from webexhist.cli.beside import renew_outlook
from webexhist.cli.changed_rows import warn_of_changed_last_values
from webexhist.cli.output import CsvOption, JsonOption, former_told, print_csv, print_json, print_line, print_table
from webexhist.cli.readable_help import Commands
from webexhist.cli.settings import load_settings
from webexhist.quantities import quantity

if TYPE_CHECKING:
    from webexhist.config import Settings
    from webexhist.store.entered.changes import Signature
    from webexhist.store.rows.polled_spans import PolledSpan

commands = Commands(
    help="List, retire or delete organizations; count their days by a time zone.\n\n"
    "Example: webexhist organization list",
    no_args_is_help=True,
)
app.add_typer(commands, name="organization", rich_help_panel=TELL)

OrganizationArgument = Annotated[str, typer.Argument(metavar="ORG", help="Its name, a former name, or its id.")]


@commands.command("list")
def list_(
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """List the organizations: their names, time zones, polls, and which are retired or not polled any more.

    Example: webexhist organization list
    """
    from webexhist.reviewing import silent_now
    from webexhist.store.opening.history import open_history
    from webexhist.store.rows.polled_spans import polled_spans

    settings = load_settings({"database": database}, config)
    now = clock.now_at_webex(settings.state_dir)
    with open_history(settings.database) as history:
        silent = {each.webex_id for each in silent_now(history, now)}
        found = [figures(each, each.known.webex_id in silent, now) for each in polled_spans(history)]
        # Where a name is none, by damage, that is noticed here, and said of the database.
        lines = [each | {"former_names": "; ".join(each["former_names"])} for each in found]
        rows = [row(each) for each in found]
        warn_of_changed_last_values(history)
    if as_json:
        print_json(found)
    elif as_csv:
        print_csv(lines)
    else:
        print_table(rows, "No organization was polled yet: webexhist poll.")


def figures(span: "PolledSpan", is_silent: bool, now: datetime) -> dict[str, Any]:
    """What a program reads."""
    known = span.known
    standing = [each for each in known.retirements if each.holds_on(known.zone.day_of(now))]
    retired = standing[-1] if standing else None
    return {
        "organization": span.label,
        "organization_id": known.webex_id,
        "uuid": span.uuid,
        "former_names": list(dict.fromkeys(each.name for each in known.names if each.name != known.name)),
        "timezone": known.zone.name,
        "snapshots": span.snapshots,
        "first_polled_at": span.first_at,
        "last_polled_at": span.last_at,
        "state": "retired" if retired else "not polled" if is_silent else "polled",
        "retired_on": retired.retired_on if retired else None,
        "retired_by": retired.retired_by if retired else None,
    }


def row(found: dict[str, Any]) -> dict[str, Any]:
    """What a person reads."""
    state = f"retired on {found['retired_on']} by {found['retired_by']}" if found["retired_on"] else found["state"]
    return {
        "organization": found["organization"],
        "formerly": ", ".join(found["former_names"]),
        "time zone": found["timezone"],
        "snapshots": found["snapshots"],
        "last (UTC)": found["last_polled_at"] and f"{found['last_polled_at']:%Y-%m-%d %H:%M}",
        "state": "not polled any more" if state == "not polled" else state,
    }


@commands.command()
def timezone(
    organization: OrganizationArgument,
    zone: Annotated[str, typer.Argument(metavar="ZONE", help="A name of the IANA database, or UTC.")],
    by: ByOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Count the days and months of an organization by a time zone, from its first poll on.

    Example: webexhist organization timezone "Acme Example" Europe/Berlin
    """
    from webexhist.store.entered.organizations import enter_timezone
    from webexhist.store.names.time_zones import find_time_zone

    settings = load_settings({"database": database}, config)
    engine, label, found = named(settings.database, organization)
    rebuilt = enter_timezone(engine, found, find_time_zone(zone), signature(settings, by))
    renew_outlook(settings, config)
    print_line(f"{label}: time zone {rebuilt.before.name} → {rebuilt.after.name}")
    print_line(f"{quantity(rebuilt.days, 'day with polls is', 'days with polls are')} counted by it.")


@commands.command()
def retire(
    organization: OrganizationArgument,
    by: ByOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Take an organization out of what is judged and missed, from today on; earlier months keep it.

    Example: webexhist organization retire "Acme Example"
    """
    from webexhist.store.entered.organizations import retire as take_out

    settings = load_settings({"database": database}, config)
    engine, label, found = named(settings.database, organization)
    day = take_out(engine, found, signature_of_today(settings, by))
    print_line(f"{label}: polled → retired on {day}")
    print_line(f"To undo it: webexhist organization resume {quote(label)}")


@commands.command()
def resume(
    organization: OrganizationArgument,
    by: ByOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Judge a retired organization again, from today on.

    Example: webexhist organization resume "Acme Example"
    """
    from webexhist.store.entered.organizations import resume as take_in

    settings = load_settings({"database": database}, config)
    engine, label, found = named(settings.database, organization)
    day = take_in(engine, found, signature_of_today(settings, by))
    print_line(f"{label}: retired → polled, from {day} on")


@commands.command()
def delete(
    organization: OrganizationArgument,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    backed_up: Annotated[bool, typer.Option("--backed-up", help="You made a backup, as on PostgreSQL.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Delete an organization with its whole history; a backup is made first. What others have stays as it is.

    Example: webexhist organization delete "Acme Example"
    """
    from webexhist.store.mending.backup import backup_beside
    from webexhist.store.mending.deletion import delete_organization, rows_of_organization

    settings = load_settings({"database": database}, config)
    engine, label, found = named(settings.database, organization)
    backup: Path | None = (
        None if backed_up else backup_beside(engine, "delete", clock.now_at_webex(settings.state_dir))
    )
    if not yes:
        require_yes(f"Delete {label} with {quantity(rows_of_organization(engine, found), 'row')}?")
    deleted = delete_organization(engine, found, backup)
    with former_told(backup):
        print_line(f"{label}: {quantity(deleted, 'row is', 'rows are')} deleted.")
    print_line("A poll whose token sees it begins its history anew.")


def signature(settings: "Settings", by: str | None) -> "Signature":
    """Who says something, and that it is now."""
    from webexhist.store.entered.changes import Signature

    return Signature(clock.now_at_webex(settings.state_dir), author(by))


def signature_of_today(settings: "Settings", by: str | None) -> "Signature":
    """The same of what holds from today on; warns where that day is unlikely."""
    from webexhist.store.opening.history import open_history

    signed = signature(settings, by)
    with open_history(settings.database) as history:
        clock.warn_where_unlikely(signed.at, history)
    return signed


def named(location: str, wanted: str) -> tuple[Any, str, int]:
    """The engine of the database, and the label and the row of the organization that is named."""
    from webexhist.store.names.organizations import find_organization
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading
    from webexhist.store.organization_labels import organization_labels

    engine = open_existing(location)
    with reading(engine) as history:
        found = find_organization(history, wanted)
        return engine, organization_labels(history.connection)[found], found
