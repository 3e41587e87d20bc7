"""Polls the story's organization through the real client, as if thirteen months had passed."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from webexhist.config import load_settings
from webexhist.demo import story
from webexhist.demo.contracts import tell
from webexhist.errors import WebexhistError
from webexhist.poll import poll_into
from webexhist.simulator import SharedClock, SimulatedWebexProcess
from webexhist.snapshot import StoredSnapshot
from webexhist.store.database import open_database
from webexhist.webex.api.deadline import Deadline


class DemoError(WebexhistError):
    """The demo cannot begin."""


def poll_story(folder: Path, months: int, now: datetime) -> Iterator[tuple[StoredSnapshot, ...]]:
    """Yields what each poll stored in the folder's webexhist.db, the first poll so many months before `now`.

    After the last one the contracts, prices and notes of the story are stored.

    Raises:
        DemoError: the folder holds a database already, or cannot be made.
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
            "workers": "2",  # with no network in between, more only take turns
        }
        settings = load_settings(options, environment={})
        engine = open_database(database)
        for at in times:
            clock.set(at)
            yield poll_into(engine, settings, clock, Deadline(settings.budget_seconds))
        tell(engine, now.date())
        engine.dispose()
