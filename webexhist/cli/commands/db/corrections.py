"""`webexhist db void`: wrong readings, set aside and put back."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import LARGEST_NUMBER, ConfigOption, DatabaseOption, OrgOption
from webexhist.cli.authors import ByOption, author
from webexhist.cli.beside import renew_outlook
from webexhist.cli.changed_rows import warn_of_changed_tables
from webexhist.cli.commands.db.group import commands, to_the_minute
from webexhist.cli.output import Cell, JsonOption, print_json, print_line, print_table
from webexhist.cli.settings import load_settings
from webexhist.cli.typed_times import first_and_last_second
from webexhist.errors import UsageError
from webexhist.metrics import Kind, Metric
from webexhist.quantities import quantity

if TYPE_CHECKING:
    from webexhist.store.mending.corrections import Author
    from webexhist.store.rows.corrections import Correction


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
    org: OrgOption = None,
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
    from webexhist.store.entered.typed_texts import require_text
    from webexhist.store.mending import corrections
    from webexhist.store.opening.database import opened
    from webexhist.store.opening.history import open_history, reading
    from webexhist.store.rows.corrections import corrections as stored_corrections

    settings = load_settings({"database": database}, config)
    is_named = any(each is not None for each in (snapshot, license_, count, from_, to, org))
    if list_ + (undo is not None) + is_named > 1:
        raise UsageError("--list, --undo and what is to be set aside are things of their own", "ask for one of them")
    if list_:
        with open_history(settings.database) as history:
            print_corrections(stored_corrections(history), as_json)
            warn_of_changed_tables(history)
        return
    said_by = corrections.Author(author(by), clock.now_at_webex(settings.state_dir), (note or "").strip())
    if undo is not None:
        with opened(settings.database) as engine:
            corrections.undo(engine, undo, said_by)
            with reading(engine) as history:
                done = undone_in_words([each for each in stored_corrections(history) if each.number == undo])
    else:
        span = asked_span(snapshot, from_, to)
        metric = asked_metric(count, license_)
        require_text(said_by.note, "the correction has no reason", "write why in --note")
        made = set_aside(settings.database, span, said_by, org=org, license_=license_, metric=metric)
        done = [f"{in_words(each)}. To put them back: webexhist db void --undo {each.number}" for each in made]
    renew_outlook(settings, config)
    for line in done:
        print_line(line)


def set_aside(
    location: str,
    span: tuple[datetime, datetime],
    said_by: "Author",
    *,
    org: str | None,
    license_: str | None,
    metric: Metric | None,
) -> "list[Correction]":
    """Sets the readings of a span aside, and returns the correction as it is stored, one for each organization.

    Raises UsageError for a name of no organization or license, and where there are no such readings.
    """
    from webexhist.store.mending.corrections import Subject
    from webexhist.store.mending.corrections import void as void_readings
    from webexhist.store.names.licenses import find_license
    from webexhist.store.names.organizations import find_organization
    from webexhist.store.opening.database import opened
    from webexhist.store.opening.history import reading
    from webexhist.store.rows.corrections import corrections as stored_corrections

    with opened(location) as engine:
        with reading(engine) as history:
            organization = None if org is None else find_organization(history, org)
            found = find_license(history, license_, organization_id=organization) if license_ is not None else None
            subject = Subject(organization, found, metric)
        number = void_readings(engine, subject, *span, said_by)
        with reading(engine) as history:
            return [each for each in stored_corrections(history) if each.number == number]


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


def asked_metric(name: str | None, license_: str | None) -> Metric | None:
    """The count that is asked for. Raises UsageError for what is not counted, and beside a license."""
    if name is not None and license_ is not None:
        raise UsageError("a license and a count are two corrections", "give --license or --count")
    try:
        return None if name is None else Metric(name)
    except ValueError as error:
        raise UsageError(f"there is no count {name!r}", f"choose one of {', '.join(Metric)}") from error


def in_words(correction: "Correction") -> str:
    """What was set aside."""
    of = correction.license or correction.metric
    span = dict.fromkeys(f"{moment:%Y-%m-%d %H:%M:%S}" for moment in (correction.first_at, correction.last_at))
    one, several = (f"reading of {of}", f"readings of {of}") if of else ("snapshot", "snapshots")
    what = quantity(correction.readings, one, several)
    return f"Correction {correction.number}, {correction.organization}: {what}, {' to '.join(span)} UTC"


def undone_in_words(made: "Sequence[Correction]") -> list[str]:
    """That a correction was undone, and of which organizations readings had been dropped before."""
    dropped = [each for each in made if each.dropped]
    back = "its readings are back" if not dropped else "what is left of its readings is back"
    return [f"Correction {made[0].number} is undone: {back}.", *map(not_back_in_words, dropped)]


def not_back_in_words(correction: "Correction") -> str:
    """What was dropped of a correction before it was undone, and that totals go on without it."""
    from webexhist.store.rows.corrections import DROPPED_BY

    if correction.undone_by in DROPPED_BY:
        return f"Nothing is back of {correction.organization}: {correction.undone_by} had dropped its readings."
    metric = Metric(correction.metric) if correction.metric else None
    has_total = correction.license is None and (metric is None or metric.kind is Kind.COUNTER)
    uncounted = "; the totals go on without what was counted in them" if has_total else ""
    return (
        f"Not back are {correction.dropped:,} of {quantity(correction.readings, 'reading')}"
        f" of {correction.organization}: webexhist db prune or trim had dropped them{uncounted}."
    )


def print_corrections(found: "Sequence[Correction]", as_json: bool) -> None:
    """Prints corrections as a table, those that were undone included, or as JSON."""
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
