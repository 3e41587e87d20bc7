"""`webexhist poll`: one snapshot, and the Site24x7 plugin document on stdout."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from inspect import Parameter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import COLLECT, MAX_AGE_SECONDS, ConfigOption, MaxAgeOption, app, option, with_options
from webexhist.cli.beside import renew_outlook_unless_lately
from webexhist.cli.ends import BENEATH, explanation
from webexhist.cli.output import print_document, print_warning
from webexhist.cli.settings import load_settings
from webexhist.config import SETTINGS, Settings
from webexhist.errors import UsageError, WebexhistError
from webexhist.snapshot import TOKENS
from webexhist.state.last_run import DOCUMENT, OUTLOOK_SECONDS, POLL, note_run
from webexhist.stored_snapshot import StoredSnapshot

if TYPE_CHECKING:
    from webexhist.agent.document import Document

FIRST_SECONDS = 10.0
"""How long a first document waits for what is worked out beside it, if so much of the poll's time is left."""


def setting_options() -> Iterator[Parameter]:
    """An option for every setting."""
    for name, row in SETTINGS.items():
        spelled = typer.Option(with_hyphens(f"--{name}"), help=row.meaning, show_default=False)
        yield option(name, Annotated[str | None, spelled], default=None)


def with_hyphens(name: str) -> str:
    """The one spelling of an option; the agent spells options as its configuration does, with underscores."""
    return name.replace("_", "-")


@app.command(
    rich_help_panel=COLLECT,
    context_settings={"token_normalize_func": with_hyphens},
)
@with_options(setting_options())
def poll(
    config: ConfigOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print no document, for a timer.")] = False,
    stored: Annotated[
        bool, typer.Option("--stored", help="Print what the last poll stored; Webex is not asked.")
    ] = False,
    max_age: MaxAgeOption = MAX_AGE_SECONDS,
    only: Annotated[
        str | None, typer.Option("--only", metavar="COLLECTOR,…", help="Ask these alone; all other counts are held.")
    ] = None,
    **options: str | None,
) -> None:
    """Poll Webex once, store the snapshot, print the Site24x7 plugin document.

    Every setting is also a key of the configuration file and an environment variable WEBEXHIST_<KEY>.

    Example: webexhist poll --config webexhist.cfg
    """
    began = clock.passing_time.now()
    settings = load_settings(options, config)

    def left() -> float:
        return max(0.0, settings.budget_seconds - (clock.passing_time.now() - began))

    asked = collectors_named(only)
    with noted(settings, ([] if stored else [POLL]) + ([] if quiet else [DOCUMENT])):
        if stored:
            snapshots, outdated = last_stored(settings, max_age, left)
        else:
            snapshots, outdated = newly_polled(settings, asked), ()
    print_warnings(snapshots)
    if quiet:
        # When a service of systemd ends, all its processes do: this one, for which nobody waits, waits for that.
        renew_outlook_if_needed(settings, config, snapshots, seconds=OUTLOOK_SECONDS)
    elif not all(snapshot.outlook for snapshot in snapshots):
        print_document(document_of(with_first_outlook(settings, config, snapshots, left), outdated, settings))
    else:
        print_document(document_of(snapshots, outdated, settings))
        renew_outlook_if_needed(settings, config, snapshots, seconds=None)
    if stored:
        warn_of_changed_values(settings, left)


def warn_of_changed_values(settings: Settings, left: Callable[[], float]) -> None:
    """Warns where what was printed rests on rows that something else changed; the document does not wait for that."""
    from webexhist.cli.changed_rows import warn_of_changed_last_values
    from webexhist.store.errors import DamagedDatabaseError, DatabaseError
    from webexhist.store.opening.history import open_history

    try:
        with open_history(settings.database, left) as history:
            warn_of_changed_last_values(history)
    except DamagedDatabaseError as error:
        print_warning(str(error))
    except DatabaseError:
        pass  # it was read in time, and what was printed stands


def document_of(
    snapshots: tuple[StoredSnapshot, ...], outdated: tuple[StoredSnapshot, ...], settings: Settings
) -> "Document":
    """What the agent reads; of the `outdated` nothing is known."""
    from webexhist.agent.document import plugin_document
    from webexhist.stored import with_end_of_outlook, with_standing_seats

    known = with_end_of_outlook(settings, with_standing_seats(settings, snapshots))
    return plugin_document((*known, *outdated))


def with_first_outlook(
    settings: Settings, config: Path | None, snapshots: tuple[StoredSnapshot, ...], left: Callable[[], float]
) -> tuple[StoredSnapshot, ...]:
    """The snapshots with what is expected of them, if that is worked out in what is left of the poll's time.

    The agent takes a monitor's names from its first document: that one document waits for what is worked out beside
    all others.
    """
    from webexhist.store.errors import DatabaseError
    from webexhist.stored import read_again

    renew_outlook_if_needed(settings, config, snapshots, seconds=min(FIRST_SECONDS, left()))
    with suppress(DatabaseError):  # the snapshots are stored and known: what would be added is not worth failing for
        return read_again(settings, snapshots, left)
    return snapshots


def renew_outlook_if_needed(
    settings: Settings, config: Path | None, snapshots: tuple[StoredSnapshot, ...], seconds: float | None
) -> None:
    """Lets the outlook be worked out where it is not of today, and waits up to so many seconds for it."""
    if not all(snapshot.has_outlook_of_today for snapshot in snapshots):
        renew_outlook_unless_lately(settings, config, clock.now(), seconds=seconds)


@contextmanager
def noted(settings: Settings, runs: list[str]) -> Iterator[None]:
    """Lets `webexhist status` know how these runs end."""

    def note(failure: WebexhistError | None) -> None:
        for run in runs:
            note_run(settings.state_dir, run, failure)

    try:
        yield
    except WebexhistError as error:
        note(error)
        raise
    except BENEATH as error:
        note(explanation(error))
        raise
    note(None)


def collectors_named(text: str | None) -> frozenset[str]:
    """The collectors that are asked, by their names in the log of collections; none for all, which None stands for.

    Raises:
        UsageError: the text names none: a variable that is not set would have all asked.
    """
    names = frozenset(name.strip() for name in (text or "").split(",") if name.strip())
    if text is not None and not names:
        raise UsageError("--only names no collector", "leave it out to ask all")
    return names


def newly_polled(settings: Settings, only: frozenset[str]) -> tuple[StoredSnapshot, ...]:
    """Polls now; `only` names the collectors to ask, none of them for all."""
    from webexhist.poll import poll as poll_webex

    return poll_webex(settings, clock.now, clock.passing_time, only)


def last_stored(
    settings: Settings, max_age: int, left: Callable[[], float]
) -> tuple[tuple[StoredSnapshot, ...], tuple[StoredSnapshot, ...]]:
    """The last stored snapshots, if read in time: those not older than `max_age` seconds, and the outdated ones."""
    from webexhist.store.errors import DatabaseError
    from webexhist.stored import stored_snapshots, with_changed_tables

    last = stored_snapshots(settings, clock.now, timedelta(seconds=max_age), left)
    with suppress(DatabaseError):  # what is printed is known by now, and a table of other things may be unreadable
        return with_changed_tables(settings, last.fresh, left), last.outdated
    return last.fresh, last.outdated


def print_warnings(snapshots: tuple[StoredSnapshot, ...]) -> None:
    """What will keep later polls from counting, though this one did."""
    for snapshot in snapshots:
        for run in snapshot.collections:
            if run.collector == TOKENS:
                print_warning(run.error or "")
