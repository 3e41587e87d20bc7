"""`webexhist note`: notes that are drawn on the charts."""

from datetime import datetime
from typing import Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import LARGEST_NUMBER, TELL, ConfigOption, DatabaseOption, app
from webexhist.cli.beside import renew_outlook
from webexhist.cli.changed_rows import warn_of_changed_tables
from webexhist.cli.output import JsonOption, print_json, print_line, print_table
from webexhist.cli.readable_help import Commands
from webexhist.cli.settings import load_settings

commands = Commands(
    help="Make a note of a day: a purchase, a reorganization.\n\n"
    'Example: webexhist note add "50 units bought" --on 2026-03-02',
    no_args_is_help=True,
)
app.add_typer(commands, name="note", rich_help_panel=TELL)


@commands.command()
def add(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What it says.")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day [today].")
    ] = None,
    license_: Annotated[
        str | None, typer.Option("--license", metavar="LICENSE", help="Its name, name and site, or id [all].")
    ] = None,
    step: Annotated[bool, typer.Option("--step", help="The trend before that day says nothing about later.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Make a note of a day; it is drawn on the charts of that license, or of all.

    Example: webexhist note add "Seats of the closed branch are freed" --on 2026-05-29 --step
    """
    from webexhist.store.entered.notes import add_note, add_step
    from webexhist.store.entered.typed_texts import require_text
    from webexhist.store.names.licenses import find_license
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading
    from webexhist.store.rows.organizations import common_zone

    note_text = require_text(text, "the note is empty", "write what happened")
    settings = load_settings({"database": database}, config)
    engine = open_existing(settings.database)
    with reading(engine) as history:
        found = None if license_ is None else find_license(history, license_)
        zone = common_zone(history, found.organization_id if found else None)
        now = clock.now_at_webex(settings.state_dir)
        if not on:
            clock.warn_where_unlikely(now, history)
    store = add_step if step else add_note
    day = on.date() if on else zone.day_of(now)
    number = store(engine, day, note_text, found)
    if step:
        renew_outlook(settings, config)
    print_line(f"Note {number} on {day}{f', {found.label}' if found else ''}.")


@commands.command("list")
def list_(as_json: JsonOption = False, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """List the notes, oldest day first.

    Example: webexhist note list
    """
    from webexhist.store.entered.notes import notes
    from webexhist.store.names.licenses import distinct_labels, stored_licenses
    from webexhist.store.opening.history import open_history

    with open_history(load_settings({"database": database}, config).database) as history:
        licenses = stored_licenses(history)
        labels = dict(zip((license_.webex_id for license_ in licenses), distinct_labels(licenses), strict=True))
        rows = [
            {
                "note": note.id,
                "day": note.day,
                "text": note.text,
                "license": labels[note.license_id] if note.license_id else None,
                "step": note.step,
            }
            for note in notes(history)
        ]
        warn_of_changed_tables(history)
    if as_json:
        print_json(rows)
    else:
        print_table(rows, "There are no notes: webexhist note add.")


@commands.command()
def remove(
    number: Annotated[int, typer.Argument(metavar="NOTE", min=1, max=LARGEST_NUMBER, help="Its number in the list.")],
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Remove a note.

    Example: webexhist note remove 3
    """
    from webexhist.store.entered.notes import remove_note
    from webexhist.store.opening.database import open_existing

    settings = load_settings({"database": database}, config)
    remove_note(open_existing(settings.database), number)
    renew_outlook(settings, config)
    print_line(f"Note {number} is removed.")
