"""`webexhist seats`: the people whose seats are not used, asked live, and what unassigning would give back."""

import csv
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webexhist.cli import clock
from webexhist.cli.app import REVIEW, ConfigOption, DatabaseOption, OrgOption, app
from webexhist.cli.license_labels import license_labels
from webexhist.cli.output import (
    CsvOption,
    JsonOption,
    as_number,
    print_csv,
    print_json,
    print_line,
    print_paragraph,
    print_table,
    print_warning,
    write_csv,
)
from webexhist.cli.readable_help import Commands
from webexhist.cli.settings import load_settings
from webexhist.errors import UsageError
from webexhist.quantities import quantity
from webexhist.texts import json_text

if TYPE_CHECKING:
    from webexhist.freed_seats import Freed, PricedSeat
    from webexhist.seating import Seating

commands = Commands(invoke_without_command=True)
app.add_typer(commands, name="seats", rich_help_panel=REVIEW)
NO_PRESENCE = (
    "Webex says of nobody when he was last active. It does so only to an administrator who lets others see his own"
    " status: switch that on in the Webex app of whoever logged in."
)
OWNERS_ALONE = 0o600
"""Rights of a file that names people."""


@commands.callback()
def seats(
    context: typer.Context,
    license_: Annotated[
        str | None, typer.Option("--license", metavar="LICENSE", help="A part of its name, its code or id [all].")
    ] = None,
    idle: Annotated[int, typer.Option(min=1, max=3650, metavar="DAYS", help="Not active for so long.")] = 90,
    by: Annotated[
        str | None,
        typer.Option(metavar="FIELD", help="Show department, location or title [seats_by].", show_default=False),
    ] = None,
    org: OrgOption = None,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write CSV there (JSON with --json), for this user's eyes.", show_default=False
        ),
    ] = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """List whose seats are not used, the dearest first, and what unassigning them would give back.

    Webex is asked now, for all people; nothing is kept. What it shows is presence, which is not billing use.

    Example: webexhist seats --license Calling --idle 90 --by department --csv
    """
    from webexhist.seating import Asked, list_idle_seats
    from webexhist.setting_values import parse_seats_by

    if context.invoked_subcommand:
        context.obj = (config, database)
        return
    settings = load_settings({"database": database}, config)
    try:
        field = parse_seats_by(by) if by else "department" if settings.seats_by == "none" else settings.seats_by
    except ValueError as error:
        raise UsageError(f"--by {error}", "name one of them") from error
    found = list_idle_seats(settings, clock.now, clock.passing_time, Asked(idle, field, license_, org))
    for warning in found.warnings:
        print_warning(warning)
    rows = [figures(each, field) for each in found.seats]
    if out:
        write_out(out, json_of(found, rows) if as_json else csv_of(rows))
        print_line(f"Written: {out}, {len(rows)} seats. It names people: delete it when it has served.")
    elif as_json:
        print_json(json_of(found, rows))
    elif as_csv:
        print_csv(rows)
    else:
        print_seats(found, field, idle)


def figures(each: "PricedSeat", field: str) -> dict[str, Any]:
    """What a program reads of one seat."""
    seat = each.seat
    return {
        "organization": each.organization,
        "organization_id": each.organization_id,
        "license": seat.license.name,
        "license_id": seat.license.webex_id,
        "subscription": seat.license.subscription_id,
        "site": seat.license.site_url,
        "person": seat.person,
        "address": seat.address,
        **({field: seat.group} if field != "none" else {}),
        "state": str(seat.state) if seat.idle_days is None else "idle",
        "idle_days": seat.idle_days,
        "last_active": seat.last_active,
        "money_a_year": as_number(each.money_a_year),
        "currency": each.currency,
    }


def json_of(found: "Seating", rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "seats": rows,
        "frees": [given_back(each) for each in found.freed],
        "hidden": found.hidden,
        "pending": found.pending,
    }


def given_back(each: "Freed") -> dict[str, Any]:
    """What a program reads of a product."""
    return {
        "organization": each.organization,
        "product": each.product,
        "name": each.name,
        "units": each.units,
        "people": each.people,
        "assigned": each.assigned,
        "limit": each.limit,
        "money_a_year": as_number(each.money_a_year),
        "currency": each.currency,
        "suffice_90_days": {"now": each.suffice_now, "then": each.suffice_then},
        "true_forward": each.measured_on
        and {"measured_on": each.measured_on, "over_now": each.over_now, "over_then": each.over_then},
        "renewal": each.renews_on
        and {"renews_on": each.renews_on, "suffice_now": each.term_now, "suffice_then": each.term_then},
    }


def csv_of(rows: list[dict[str, Any]]) -> bytes:
    written = StringIO(newline="")
    write_csv(csv.writer(written), rows)
    return written.getvalue().encode()


def write_out(out: Path, content: "bytes | dict[str, Any]") -> None:
    """Writes JSON or CSV into a file that its owner alone may read: it names people."""
    from webexhist.cli.named_files import drafted

    with drafted(out, mode=OWNERS_ALONE) as file:
        file.write(content if isinstance(content, bytes) else json_text(content).encode())


def print_seats(found: "Seating", field: str, idle: int) -> None:
    """Prints the idle seats as a table, what they would free, and how many people cannot be judged."""
    several = len({each.organization_id for each in found.seats}) > 1
    labels = license_labels(each.seat.license for each in found.seats)
    print_table(
        [row(each, labels, field, several=several) for each in found.seats],
        f"No seat is known to be unused for {idle} days.",
    )
    for each in found.freed:
        print_paragraph(in_words(each))
    beside = [
        f"{quantity(number, 'seat')} of people {what}"
        for number, what in (
            (found.hidden, "of whom it is not known"),
            (found.pending, "who did not accept their invitation yet"),
        )
        if number
    ]
    if beside:
        print_paragraph(f"Not listed: {' and '.join(beside)}.")
    for name in found.without_presence:
        print_paragraph(f"{name}: {NO_PRESENCE}")
    print_paragraph("Presence is not billing use: ask before you unassign.")


def row(each: "PricedSeat", labels: dict[str, str], field: str, *, several: bool) -> dict[str, Any]:
    """What a person reads; it fits 80 columns."""
    seat = each.seat
    return {
        **({"organization": each.organization} if several else {}),
        "license": labels[seat.license.webex_id],
        "person": seat.address or seat.person,
        **({field: seat.group} if field != "none" else {}),
        "idle": seat.why,
        "a year": None if each.money_a_year is None else f"{each.money_a_year:,} {each.currency}",
    }


def in_words(each: "Freed") -> str:
    """What it gives back to unassign the seats of a product."""
    from webexhist.review.judgment.words import odds, spoken, units

    money = "" if each.money_a_year is None else f", {each.money_a_year:,} {each.currency} a year"
    of_all = "" if each.assigned is None else f" of {each.assigned:,} assigned"
    of_account = quantity(each.people or 0, "person", "people")
    people = "" if each.people is None else f", which takes {of_account} off its account"
    parts = [
        f"{each.name}: frees {each.units:,}{of_all}{money}{people}; then {odds(each.suffice_then)} that"
        f" {units(each.limit)} suffice for 90 days ({odds(each.suffice_now)} as it is)"
    ]
    if each.measured_on and each.over_now is not None and each.over_then is not None:
        parts.append(
            f"{odds(each.over_then)} to be over on the measurement day, {spoken(each.measured_on)}"
            f" ({odds(each.over_now)} as it is)"
        )
    if each.renews_on and each.term_now is not None and each.term_then is not None:
        parts.append(
            f"{odds(each.term_then)} that what is purchased suffices for the term from {spoken(each.renews_on)}"
            f" ({odds(each.term_now)} as it is)"
        )
    return "; ".join(parts) + "."
