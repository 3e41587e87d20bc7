"""`webexhist seats collect|exclude|delete`: counts how seats are used, leaves people out, and deletes the counts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import ConfigOption, DatabaseOption, OrgOption
from webexhist.cli.asking import require_yes
from webexhist.cli.commands.seats.listed import commands
from webexhist.cli.output import print_line
from webexhist.cli.settings import load_settings
from webexhist.errors import UsageError, WebexhistError
from webexhist.quantities import quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webexhist.config import Settings
    from webexhist.stored_snapshot import StoredSnapshot

BUDGET_SECONDS = 3000.0
"""Most of an hour: 150,000 people are 300 pages."""
COLLECTORS = frozenset({"licenses", "seats"})


class UncountedError(WebexhistError):
    """The seats of an organization could not be counted."""


@commands.command()
def collect(
    context: typer.Context,
    budget_seconds: Annotated[
        float, typer.Option(min=1, max=86_400, help="Seconds that it may take [3000].", show_default=False)
    ] = BUDGET_SECONDS,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Count how seats are used, if that was not done today, with a time of its own; only counts are stored.

    Example: webexhist seats collect --budget-seconds 600
    """
    from webexhist.poll import poll
    from webexhist.store.opening.history import open_history
    from webexhist.store.rows.last_polls import last_polls
    from webexhist.webex_ids import uuid_of

    settings = settings_of(context, config, database, budget_seconds=f"{budget_seconds:g}")
    if not settings.seats:
        raise UsageError("seats is off, so that nothing is counted of them", "set seats = on, or WEBEXHIST_SEATS=on")
    snapshots = poll(settings, clock.now, clock.passing_time, COLLECTORS)
    with open_history(settings.database) as history:
        counted = {uuid: last.swept_at for uuid, last in last_polls(history).items()}
    failed = []
    for snapshot in snapshots:
        at = counted.get(uuid_of(snapshot.organization.webex_id))
        if reason := why_not_counted(snapshot):
            failed.append(f"{snapshot.organization.name}: {reason}")
        elif at:
            print_line(f"{snapshot.organization.name}: how seats are used is counted, as of {at:%Y-%m-%d %H:%M} UTC.")
    if failed:
        raise UncountedError("; ".join(failed), next_step(snapshots))


def why_not_counted(snapshot: "StoredSnapshot") -> str:
    """Why the seats of an organization were not counted; empty where they were, now or earlier in the day."""
    runs = [run for run in snapshot.collections if run.collector == "seats" and run.status.is_trouble]
    return runs[0].error or str(runs[0].status) if runs else ""


def next_step(snapshots: "Sequence[StoredSnapshot]") -> str:
    """What to do where seats could not be counted."""
    from webexhist.snapshot import CollectionStatus
    from webexhist.webex.collectors.seats import SEATS

    fared = {each.status for snapshot in snapshots for each in snapshot.collections if each.collector == SEATS.name}
    return SEATS.permission.how_to_permit() if CollectionStatus.NOT_PERMITTED in fared else "see webexhist status"


@commands.command()
def exclude(
    context: typer.Context,
    pattern: Annotated[
        str | None,
        typer.Argument(metavar="[PATTERN]", help="An address, name or id, or department=Board; * is any text."),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Look at them again.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Leave people out wherever it is looked at how seats are used; without a pattern, say who is.

    A single person is kept as a keyed hash in state_dir; in counts his seats are among the hidden ones.

    Example: webexhist seats exclude "department=Works Council"
    """
    from webexhist.seat_exclusions import FIELDS, field_of
    from webexhist.state.exclusions_file import exclude as leave_out
    from webexhist.state.exclusions_file import exclusions, include_again

    settings = settings_of(context, config, database)
    if pattern is None and remove:
        raise UsageError("nobody is named", "name whom to look at again, as webexhist seats exclude lists them")
    if pattern is None:
        left_out = exclusions(settings)
        people = len(left_out.hashes)
        print_line(f"Left out: {quantity(people, 'person, whose name is', 'people, whose names are')} not kept.")
        for each in left_out.patterns:
            print_line(f"Left out: {each}")
        return
    if not pattern.strip():
        raise UsageError("the pattern is empty", "name an address, a name or an id, or department=NAME")
    if not remove and (field := field_of(pattern)) not in {None, *FIELDS}:
        raise UsageError(f"nobody is left out by {field}", f"write {' or '.join(f'{each}=NAME' for each in FIELDS)}")
    changed = include_again(settings, pattern) if remove else leave_out(settings, pattern)
    if not changed:
        print_line(
            "Nothing is changed: that was entered before."
            if not remove
            else "Nothing is changed: nobody is left out by that."
        )
        return
    print_line("They are looked at again." if remove else "Left out from now on; what was counted before stays.")


@commands.command()
def delete(
    context: typer.Context,
    org: OrgOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Delete all that was counted of how seats are used; the history of licenses stays. Backups keep what they have.

    Example: webexhist seats delete --yes
    """
    from webexhist.store.mending.deletion import delete_seats
    from webexhist.store.names.organizations import find_organization
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading

    settings = settings_of(context, config, database)
    engine = open_existing(settings.database)
    organization = None
    if org is not None:
        with reading(engine) as history:
            organization = find_organization(history, org)
    if not yes:
        require_yes("Delete all counts of how seats are used?")
    deleted = delete_seats(engine, organization)
    print_line(f"Deleted: the counts of {quantity(deleted, 'sweep')} of all people.")
    if settings.seats:
        print_line("The next poll of a day counts again: set seats = off to have none of it.")


def settings_of(context: typer.Context, config: Path | None, database: str | None, **options: str) -> "Settings":
    """The settings; the options may stand behind the command, or before it."""
    above_config, above_database = context.obj
    return load_settings({"database": database or above_database, **options}, config or above_config)
