"""How many polls it takes to count what happened during an outage of a day.

    python bench/backlog.py [--events 10000 --events 100000 …] [--latency 50] [--budget 10]

Polls are processes of their own. What fits into a budget are the pages that the best of them read, a thousand events
each; what the other collectors ask is asked beside it.
"""

import argparse
import math
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from webexhist.simulator import Faults, SharedClock, SimulatedWebexProcess, sized_world
from webexhist.store.times import moment_of_milliseconds

EVENTS = (10_000, 100_000, 1_000_000)
LATENCY = 50
BUDGET = 10
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAGE = 1000
MOST_POLLS = 60
_END = "SELECT counted_until FROM event_window WHERE source = 'events'"
_COUNTED = """
SELECT sum((SELECT r.value FROM reading r WHERE r.metric_id = m.id AND r.value IS NOT NULL
  ORDER BY r.number DESC LIMIT 1)) FROM metric m
WHERE m.name IN ('messages_created', 'messages_updated', 'messages_deleted',
  'memberships_created', 'memberships_updated', 'memberships_deleted')
"""


def main() -> None:
    arguments = parsed_arguments()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    show_backlogs(arguments.events or EVENTS, arguments.latency, arguments.budget)


def show_backlogs(sizes: Sequence[int] = EVENTS, latency: int = LATENCY, budget: int = BUDGET) -> None:
    """Prints a table: a row for each number of events, at so many milliseconds a page and with so many seconds."""
    print(f"{latency} ms a page")
    print(f"{'events':>10} {'budget':>8} {'polls':>6} {'of at most':>11} {'pages':>6} {'of at least':>12}")
    for events in sizes:
        counted, polls = count_backlog(events, latency, budget)
        fits = PAGE * max(polls)
        print(
            f"{counted:>10,} {budget:>6} s {len(polls):>6} {math.ceil(counted / fits) + 3:>11}"
            f" {sum(polls):>6} {math.ceil(counted / PAGE):>12}",
            flush=True,
        )


def count_backlog(events: int, latency: int, budget: int) -> tuple[int, list[int]]:
    """How many events of a day were counted, and how many pages each poll read of them."""
    clock = SharedClock(START)
    world = sized_world(
        START,
        people=50,
        rooms=4,
        teams=2,
        memberships_per_team=5,
        messages=4000,
        messages_a_day_from_now=events,
        devices=5,
        workspaces=5,
    )
    faults = Faults(latency_seconds=latency / 1000)
    with SimulatedWebexProcess(world, clock, faults) as webex, tempfile.TemporaryDirectory() as folder:
        poll(webex, Path(folder), 600)
        polls: list[int] = []
        while not polls or not is_done(Path(folder), clock()):
            clock.set(START + timedelta(days=1, minutes=5 * len(polls)))
            polls.append(poll(webex, Path(folder), budget))
            if len(polls) > MOST_POLLS:
                raise SystemExit(f"{events} events are not counted after {MOST_POLLS} polls")
        return counted_in(Path(folder)), polls


def poll(webex: SimulatedWebexProcess, folder: Path, budget: int) -> int:
    """One poll by the installed program; the pages of events that it read."""
    webex.requests_by_path()
    command = [sys.executable, "-m", "webexhist", "poll", "--quiet", f"--budget-seconds={budget}"]
    environment = os.environ | {
        "WEBEXHIST_STATE_DIR": str(folder),
        "WEBEXHIST_ACCESS_TOKEN": webex.access_token,
        "WEBEXHIST_BASE_URL": webex.base_url,
    }
    subprocess.run(command, env=environment, cwd=folder, check=True)
    return webex.requests_by_path()["/v1/events"]


def is_done(folder: Path, now: datetime) -> bool:
    """Whether whatever is settled by now is counted."""
    return now - moment_of_milliseconds(int(ask(folder, _END))) < timedelta(minutes=10)


def counted_in(folder: Path) -> int:
    return int(ask(folder, _COUNTED))


def ask(folder: Path, query: str) -> str:
    with closing(sqlite3.connect(folder / "webexhist.db")) as database:
        return str(database.execute(query).fetchone()[0])


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How many polls it takes to count a backlog.")
    parser.add_argument("--events", type=int, action="append", help="messages in a day; may be repeated")
    parser.add_argument("--latency", type=int, default=LATENCY, help="milliseconds an answer takes")
    parser.add_argument("--budget", type=int, default=BUDGET, help="budget_seconds of the polls")
    return parser.parse_args()


if __name__ == "__main__":
    main()
