"""Polls the organization of the story with the real client, as if thirteen months had passed."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from webexhist.config import load_settings
from webexhist.demo import story
from webexhist.demo.contracts import store_contracts, store_prices_and_notes
from webexhist.errors import WebexhistError
from webexhist.poll import poll_into
from webexhist.simulator import SharedClock, SimulatedWebexProcess
from webexhist.snapshot import StoredSnapshot
from webexhist.store.opening.database import open_database
from webexhist.webex.api.deadline import Deadline


class DemoError(WebexhistError):
    """The demo cannot start."""


def poll_story(folder: Path, months: int, now: datetime) -> Iterator[tuple[StoredSnapshot, ...]]:
    """Polls from `months` months before `now` until `now`, and yields what each poll stored.

    The database is webexhist.db in `folder`. Contracts are stored after the first poll, prices and notes
    after the last one.

    Raises:
        DemoError: the folder contains a database already, or cannot be made.
    """
    database = folder / "webexhist.db"
    if database.exists():
        raise DemoError(f"{database} is there already", "delete the folder, or choose another with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DemoError(f"cannot make the folder {folder} ({error.strerror})", "choose another with --out") from error
    times = story.poll_times(months, now)
    clock = SharedClock(times[0])
    with SimulatedWebexProcess(story.world(now), clock, story.faults(now)) as webex:
        options = {
            "base_url": webex.base_url,
            "access_token": webex.access_token,
            "database": str(database),
            "state_dir": str(folder),
            "workers": "2",  # without a network between them, more workers are not faster
        }
        settings = load_settings(options, environment={})
        engine = open_database(database)
        for at in times:
            clock.set(at)
            yield poll_into(engine, settings, clock, Deadline(settings.budget_seconds))
            if at == times[0]:
                store_contracts(engine, now, at)
        store_prices_and_notes(engine, now)
        engine.dispose()
