"""Polls the organization of the story with the real client, as if thirteen months had passed."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from webexhist.config import load_settings
from webexhist.demo import story
from webexhist.demo.contracts import store_contracts, store_prices_and_notes
from webexhist.errors import WebexhistError
from webexhist.files import content_of
from webexhist.poll import poll_into
from webexhist.simulator import Faults, SharedClock, SimulatedWebexProcess, World
from webexhist.simulator.like import Likeness, UnreadableProbe, likeness
from webexhist.store.opening.database import open_database
from webexhist.stored_snapshot import StoredSnapshot
from webexhist.webex.api.deadline import Deadline

LARGEST_LIKENESS = 10_000_000
"""Bytes of a probe's file; a hundred times what a probe writes."""


class DemoError(WebexhistError):
    """The demo cannot start."""


def poll_story(folder: Path, months: int, now: datetime) -> Iterator[tuple[StoredSnapshot, ...]]:
    """Polls from `months` months before `now` until `now`, and yields what each poll stored.

    The database is webexhist.db in `folder`. Contracts are stored after the first poll, prices and notes
    after the last one.

    Raises:
        DemoError: the folder contains a database already, or cannot be made.
    """
    times = story.poll_times(months, now)
    engine = made_database(folder)
    for at, stored in polls(engine, folder, times, story.world(now), story.faults(now)):
        yield stored
        if at == times[0]:
            store_contracts(engine, now, at)
    store_prices_and_notes(engine, now)
    engine.dispose()


def poll_likeness(
    folder: Path, months: int, now: datetime, likeness: Likeness
) -> Iterator[tuple[StoredSnapshot, ...]]:
    """Polls an organization that answers as a real one did, at the same times as the story.

    Raises:
        DemoError: as `poll_story`.
    """
    engine = made_database(folder)
    for _, stored in polls(engine, folder, story.poll_times(months, now), likeness.world(now), likeness.faults()):
        yield stored
    engine.dispose()


def likeness_in(file: Path) -> Likeness:
    """Returns what a probe's file says.

    Raises:
        DemoError: it cannot be read, or is none.
    """
    advice = "name a file that webexhist probe wrote"
    try:
        return likeness(json.loads(content_of(file, LARGEST_LIKENESS)))
    except OSError as error:
        raise DemoError(f"cannot read {file} ({error.strerror})", advice) from error
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, UnreadableProbe) else "it is no JSON"
        raise DemoError(f"cannot use {file}: {reason}", advice) from error


def made_database(folder: Path) -> Engine:
    """The engine of an empty database in the folder."""
    database = folder / "webexhist.db"
    if database.exists():
        raise DemoError(f"{database} is there already", "delete the folder, or choose another with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DemoError(f"cannot make the folder {folder} ({error.strerror})", "choose another with --out") from error
    return open_database(database)


def polls(
    engine: Engine, folder: Path, times: list[datetime], world: World, faults: Faults
) -> Iterator[tuple[datetime, tuple[StoredSnapshot, ...]]]:
    """Polls the world at each of the times; yields the time and what was stored."""
    clock = SharedClock(times[0])
    with SimulatedWebexProcess(world, clock, faults) as webex:
        options = {
            "base_url": webex.base_url,
            "access_token": webex.access_token,
            "database": str(folder / "webexhist.db"),
            "state_dir": str(folder),
            "workers": "1",  # without a network between them, more workers are not faster
        }
        before = load_settings(options, environment={})
        since = load_settings(options | {"seats": "on", "seats_by": "department"}, environment={})
        for at in times:
            clock.set(at)
            settings = since if times[-1] - at <= story.SEATS_COUNTED else before
            yield at, poll_into(engine, settings, clock, Deadline(settings.budget_seconds))
