"""The group that the commands of this folder belong to, and what they share."""

from typing import TYPE_CHECKING

from webexhist.cli import clock
from webexhist.cli.app import TELL, app
from webexhist.cli.authors import author
from webexhist.cli.beside import renew_outlook
from webexhist.cli.output import print_line
from webexhist.cli.readable_help import Commands

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from webexhist.config import Settings
    from webexhist.store.entered.changes import Change
    from webexhist.store.entered.entering import Entry
    from webexhist.store.names.licenses import StoredLicense
    from webexhist.store.opening.history import History

commands = Commands(
    help="Enter what a contract says and Webex does not.\n\n"
    "Example: webexhist contract set Sub1000001 --kind ea --starts 2026-03-15 --term 36",
    no_args_is_help=True,
)
app.add_typer(commands, name="contract", rich_help_panel=TELL)


def enter_and_print(
    entries_of: "Callable[[History], Sequence[Entry]]", by: str | None, settings: "Settings", config: "Path | None"
) -> None:
    """Stores what is entered, prints what has changed by it, and has worked out again what rests on it.

    `entries_of` finds in the history what a person named.
    """
    from webexhist.store.entered.changes import Signature
    from webexhist.store.entered.entering import enter
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading

    engine = open_existing(settings.database)
    with reading(engine) as history:
        entries = entries_of(history)
    print_changes(enter(engine, entries, Signature(clock.now_at_webex(settings.state_dir), author(by))))
    renew_outlook(settings, config)


def license_or_subscription(history: "History", wanted: str) -> "StoredLicense | str":
    """What a person names: a subscription by its id, else a license. Raises UsageError where it is neither."""
    from webexhist.store.entered.subscriptions import KnownSubscriptions
    from webexhist.store.names.licenses import find_license

    return KnownSubscriptions(history.connection).called(wanted) or find_license(history, wanted)


def print_changes(changes: "Iterable[Change]") -> None:
    """What was entered before, and what is now."""
    lines = [f"{change.of}: {change.fact} {change.before or '–'} → {change.after or '–'}" for change in changes]
    for line in lines or ["Nothing is changed: that was entered before."]:
        print_line(line)
