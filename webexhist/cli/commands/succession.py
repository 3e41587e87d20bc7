"""`webexhist succession`: licenses that continue others under new ids."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from webexhist.cli import clock
from webexhist.cli.app import LARGEST_NUMBER, TELL, ConfigOption, DatabaseOption, app
from webexhist.cli.authors import ByOption, author
from webexhist.cli.beside import renew_outlook
from webexhist.cli.changed_rows import warn_of_changed_tables
from webexhist.cli.output import JsonOption, print_json, print_line, print_table
from webexhist.cli.readable_help import Commands
from webexhist.cli.settings import load_settings
from webexhist.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from webexhist.config import Settings
    from webexhist.store.entered.successions import StoredSuccession
    from webexhist.successions import SuccessionState

commands = Commands(
    help="Say which license continues which, as after a renewal.\n\nExample: webexhist succession list",
    no_args_is_help=True,
)
app.add_typer(commands, name="succession", rich_help_panel=TELL)

NumberArgument = Annotated[
    int, typer.Argument(metavar="NUMBER", min=1, max=LARGEST_NUMBER, help="Its number in the list.")
]


@commands.command("list")
def list_(as_json: JsonOption = False, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """List what was joined by itself, what waits for a decision, and what was decided.

    Example: webexhist succession list
    """
    from webexhist.store.entered.successions import stored_successions
    from webexhist.store.names.licenses import stored_licenses
    from webexhist.store.opening.history import open_history

    with open_history(load_settings({"database": database}, config).database) as history:
        found = stored_successions(history, stored_licenses(history))
        several = len({each.former.organization for each in found}) > 1
        # Where a name is none, by damage, that is noticed here, and said of the database.
        rows = [
            {
                "number": each.succession.number,
                **({"organization": each.former.organization} if several else {}),
                "license": each.former.label,
                "of": each.former.subscription_id,
                "is continued by": each.successor.label,
                "under": each.successor.subscription_id,
                "seen": f"{each.succession.seen_at:%Y-%m-%d}",
                "state": each.succession.state.value,
                "why": each.succession.reason,
            }
            for each in found
        ]
        warn_of_changed_tables(history)
    if as_json:
        print_json([figures(each) for each in found])
        return
    print_table(rows, "No license was seen to continue another.")


@commands.command()
def confirm(
    number: NumberArgument, by: ByOption = None, config: ConfigOption = None, database: DatabaseOption = None
) -> None:
    """Join a succession that was proposed: the two licenses have one history from then on.

    Example: webexhist succession confirm 1
    """
    from webexhist.successions import SuccessionState

    decided(number, SuccessionState.JOINED, by, load_settings({"database": database}, config), config)


@commands.command()
def reject(
    number: NumberArgument, by: ByOption = None, config: ConfigOption = None, database: DatabaseOption = None
) -> None:
    """Say that a proposed succession is none.

    Example: webexhist succession reject 1
    """
    from webexhist.successions import SuccessionState

    decided(number, SuccessionState.REJECTED, by, load_settings({"database": database}, config), config)


@commands.command()
def unlink(
    number: NumberArgument, by: ByOption = None, config: ConfigOption = None, database: DatabaseOption = None
) -> None:
    """Undo a succession that was joined: each license has a history of its own again.

    Example: webexhist succession unlink 1
    """
    from webexhist.successions import SuccessionState

    decided(number, SuccessionState.REJECTED, by, load_settings({"database": database}, config), config)


@commands.command()
def link(
    former: Annotated[str, typer.Argument(metavar="FORMER", help="The license that is continued.")],
    successor: Annotated[str, typer.Argument(metavar="SUCCESSOR", help="The one that continues it.")],
    by: ByOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Join two licenses that nothing proposed.

    Example: webexhist succession link Sub1000001 Sub2000002
    """
    from webexhist.store.entered.successions import link as join
    from webexhist.store.names.licenses import find_license
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading

    settings = load_settings({"database": database}, config)
    engine = open_existing(settings.database)
    with reading(engine) as history:
        continued, continuing = find_license(history, former), find_license(history, successor)
    number = join(engine, continued, continuing, clock.now_at_webex(settings.state_dir), author(by))
    renew_outlook(settings, config)
    print_line(f"Succession {number}: {continued.label} is continued by {continuing.label}.")


def decided(
    number: int, state: "SuccessionState", by: str | None, settings: "Settings", config: "Path | None"
) -> None:
    """Decides a succession, and prints it."""
    from webexhist.store.entered.successions import decide
    from webexhist.store.opening.database import open_existing

    stored = numbered(settings.database, number)
    if stored.succession.state is state:
        raise UsageError(f"succession {number} is {state} already", "see webexhist succession list")
    decide(open_existing(settings.database), stored, state, clock.now_at_webex(settings.state_dir), author(by))
    renew_outlook(settings, config)
    print_line(f"Succession {number} is {state}: {stored.former.label}, continued by {stored.successor.label}.")


def numbered(location: str, number: int) -> "StoredSuccession":
    """The succession of that number. Raises UsageError where there is none, or one in each of two organizations."""
    from webexhist.store.entered.successions import stored_successions
    from webexhist.store.names.licenses import stored_licenses
    from webexhist.store.opening.history import open_history

    with open_history(location) as history:
        found = stored_successions(history, stored_licenses(history))
    matching = [each for each in found if each.succession.number == number]
    if len(matching) != 1:
        problem = "several successions have" if matching else "there is no succession"
        raise UsageError(f"{problem} {number}", "see webexhist succession list, or link the two licenses")
    return matching[0]


def figures(each: "StoredSuccession") -> dict[str, Any]:
    """What a program reads."""
    found = each.succession
    return {
        "number": found.number,
        "organization": each.former.organization,
        "license": each.former.name,
        "license_id": found.former_id,
        "subscription": each.former.subscription_id,
        "successor": each.successor.name,
        "successor_id": found.successor_id,
        "successor_subscription": each.successor.subscription_id,
        "state": found.state,
        "reason": found.reason,
        "seen_at": found.seen_at,
        "decided_at": found.decided_at,
        "decided_by": found.decided_by,
    }
