"""What a poll costs: requests, seconds and processor time, beside a plain re-count and the floor that pages set.

    python bench/poll.py [--people 250 --people 2500 …] [--latency 0 --latency 50 …] [--every] [--list] [--no-recount]

Without sizes, latencies, `--every` and `--list` it prints a table of polls in which the identity service counts
people, one of polls that list them, one of polls that ask once an hour for what changes rarely, and how many polls a
backlog of events takes (backlog.py); a row as soon as it is measured, and the largest take minutes each. With any of
these it prints one table: `--list` has people listed, `--every` asks once an hour for what changes rarely.

Polls are processes of their own, start included, of a program that is compiled as pip leaves it. The re-count does
what the replaced plugin does: every list in turn, every message of every room. The floor is the longest chain of
pages that must follow one another once everything that can be asked at once is, times the latency. Beside them
stands the time of a process that imports the libraries, and of two that do nothing but fetch what the steady poll
asked for, in as many threads as make them fastest (bare.py). The re-count is the same for every table: of several,
the first has it.
"""

import argparse
import compileall
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backlog import show_backlogs
from recount import count_again, requests_of_a_recount

import webexhist
from webexhist.simulator import Faults, SharedClock, SimulatedWebexProcess, Trouble, World, sized_world
from webexhist.simulator.faults.switches import Status
from webexhist.simulator.http.request_log import LoggedRequest

PEOPLE = (250, 2_500, 25_000, 150_000)
LATENCIES = (0, 50, 200)
LONGEST_RECOUNT = 2_000
"""Requests beyond which a re-count is reckoned by what a request took in the largest that was made."""
STEADY_POLLS = 3
"""Steady polls, of which the fastest stands for all: other work of the machine makes none of them faster."""
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LIBRARIES = "import requests, sqlalchemy, typer"
EVERY = (
    "people:3600, devices:3600, places:3600, teams:3600, rooms:3600, roles:86400, hybrid clusters:3600, "
    "hybrid connectors:3600, resource group memberships:3600"
)


@dataclass(frozen=True)
class Cost:
    """What something took."""

    requests: Counter[str]
    seconds: float
    processor_seconds: float = 0.0
    reckoned: bool = False

    @property
    def count(self) -> int:
        return sum(self.requests.values())


BARE = Path(__file__).with_name("bare.py")
CLIENTS = ("requests", "http.client")
THREADS = (8, 128)
"""With how many connections the same pages are fetched bare: as many as a poll begins with, and as it grows to."""

HEAD = (
    *("people", "latency", "first poll", "steady poll", "cpu", "bare requests", "http.client"),
    *("floor", "1.2×+imports", "imports", "re-count"),
)
ROW = "{:>7} {:>7} {:>16} {:>16} {:>6} {:>14} {:>14} {:>6} {:>12} {:>14} {:>15}"


def main() -> None:
    arguments = parsed_arguments()
    compileall.compile_dir(Path(webexhist.__file__).parent, quiet=2)  # the libraries beside it are, too
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; a poll is a process of its own, start included")
    sizes, latencies = arguments.people or PEOPLE, arguments.latency or LATENCIES
    if arguments.people or arguments.latency or arguments.list or arguments.every:
        show_polls(sizes, latencies, arguments.list, arguments.every, not arguments.no_recount)
        return
    print("\nthe identity service counts people")
    show_polls(sizes, latencies, is_listed=False, is_paced=False, has_recount=not arguments.no_recount)
    print("\nwithout the identity service: people are listed")
    show_polls(sizes, latencies, is_listed=True, is_paced=False, has_recount=False)
    print(f"\nevery = {EVERY}")
    show_polls(sizes, latencies, is_listed=False, is_paced=True, has_recount=False)
    print("\nhow many polls a backlog of events takes")
    show_backlogs()


def show_polls(
    sizes: Sequence[int], latencies: Sequence[int], is_listed: bool, is_paced: bool, has_recount: bool
) -> None:
    """Prints a table: a row for each number of people and latency."""
    print(ROW.format(*HEAD))
    request_seconds = 0.0
    for people in sizes:
        for latency in latencies:
            with Webex(people, latency, is_listed) as webex:
                first, steady, imports = webex.polls(EVERY if is_paced else "")
                bare = {client: webex.fetched_bare(client) for client in CLIENTS}
                recount = recounted(webex, people, latency, request_seconds) if has_recount else None
            if recount and not recount.reckoned:
                request_seconds = max(0.0, recount.seconds / recount.count - latency / 1000)
            print(row(people, latency, first, steady, bare, imports, recount), flush=True)


def row(
    people: int,
    latency: int,
    first: Cost,
    steady: Cost,
    bare: dict[str, Cost],
    imports: Cost,
    recount: Cost | None,
) -> str:
    floor = longest_chain(steady.requests) * latency / 1000
    return ROW.format(
        f"{people:,}",
        f"{latency} ms",
        f"{first.count} req {first.seconds:.2f} s",
        f"{steady.count} req {steady.seconds:.2f} s",
        f"{steady.processor_seconds:.2f} s",
        *(in_short(bare[client]) for client in CLIENTS),
        f"{floor:.2f} s",
        f"{1.2 * floor + 1.8 * imports.seconds:.2f} s",
        in_short(imports),
        f"{recount.count} req {'≈' if recount.reckoned else ''}{recount.seconds:.0f} s" if recount else "–",
    )


def in_short(cost: Cost) -> str:
    """Its seconds, and those of the processor, which other work of the machine changes less."""
    return f"{cost.seconds:.2f}, cpu {cost.processor_seconds:.2f}"


class Webex:
    """A simulated organization, and the folder of the poller."""

    def __init__(self, people: int, latency: int, is_listed: bool) -> None:
        self.clock = SharedClock(START)
        self.asked: tuple[LoggedRequest, ...] = ()
        """What the last poll asked for."""
        troubles = [Trouble(Status(403), path="/identity/*")] if is_listed else []
        faults = Faults(latency_seconds=latency / 1000, troubles=troubles)
        self.running = ExitStack()
        self.service = self.running.enter_context(SimulatedWebexProcess(sized(people), self.clock, faults))
        self.folder = Path(self.running.enter_context(tempfile.TemporaryDirectory()))

    def __enter__(self) -> "Webex":
        return self

    def __exit__(self, *_: object) -> None:
        self.running.close()

    def polls(self, every: str) -> tuple[Cost, Cost, Cost]:
        """A first poll, the fastest of some steady ones five minutes apart, and the libraries' import beside them."""
        first, steady, imports = self.poll(every), [], []
        for number in range(1, STEADY_POLLS + 1):
            self.clock.set(START + timedelta(minutes=5 * number))
            steady.append(self.poll(every))
            imports.append(cost_of([sys.executable, "-c", LIBRARIES]))
        return first, min(steady, key=seconds_of), min(imports, key=seconds_of)

    def poll(self, every: str) -> Cost:
        """One poll by the installed program."""
        self.service.requests()
        address = f"--base-url={self.service.base_url}"
        words = [sys.executable, "-m", "webexhist", "poll", "--budget-seconds=600", address, f"--every={every}"]
        environment = {"WEBEXHIST_STATE_DIR": str(self.folder), "WEBEXHIST_ACCESS_TOKEN": self.service.access_token}
        cost = cost_of(words, environment, self.folder)
        self.asked = self.service.requests()
        requests = Counter(entry.path for entry in self.asked)
        return Cost(requests, cost.seconds, cost.processor_seconds)

    def fetched_bare(self, client: str) -> Cost:
        """What the last poll asked for, fetched with nothing around it."""
        addresses = "\n".join(f"{self.service.base_url}{entry.path}?{entry.query}" for entry in self.asked)
        environment = {"TOKEN": self.service.access_token}
        costs = [
            cost_of([sys.executable, str(BARE), client, str(threads)], environment, given=addresses)
            for threads in THREADS
            for _ in range(STEADY_POLLS)
        ]
        return min(costs, key=seconds_of)


def seconds_of(cost: Cost) -> float:
    return cost.seconds


def cost_of(
    words: list[str], environment: dict[str, str] | None = None, folder: Path | None = None, given: str = ""
) -> Cost:
    """What a process takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(
        words,
        env=os.environ | (environment or {}),
        cwd=folder,
        check=True,
        input=given,
        text=True,
        stdout=subprocess.DEVNULL,
    )
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(Counter(), seconds, processor)


def sized(people: int) -> World:
    """Rooms, teams, devices and messages in proportion: 2,500 people have 200 rooms with 100,000 messages."""
    return sized_world(
        START,
        people=people,
        rooms=people * 2 // 25,
        teams=max(2, people // 125),
        memberships_per_team=150,
        messages=people * 40,
        messages_a_day_from_now=people * 4,
        devices=people * 3 // 25,
        workspaces=people * 22 // 250,
    )


def longest_chain(paths: Counter[str]) -> int:
    """Requests of a poll that must follow one another: the pages of a list that are chained, or two of others."""
    at_once = ("/v1/organizations", "/v1/team/memberships", "/v1/devices", "/v1/workspaces")
    chains = [pages for path, pages in paths.items() if path not in at_once]
    chains += [
        min(paths[path], 2) for path in ("/v1/devices", "/v1/workspaces")
    ]  # the first shows that offsets lead on
    if paths["/v1/team/memberships"]:
        chains.append(paths["/v1/teams"] + 1)  # the memberships of a team, all teams at once
    return max([1, *chains])


def recounted(webex: Webex, people: int, latency: int, request_seconds: float) -> Cost:
    """The re-count, made or reckoned."""
    pages = requests_of_a_recount(people)
    if request_seconds and pages > LONGEST_RECOUNT:
        return Cost(Counter({"all": pages}), pages * (request_seconds + latency / 1000), reckoned=True)
    return Cost(*count_again(webex.service))


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What a poll costs, beside a plain re-count.")
    parser.add_argument("--people", type=int, action="append", help="size of the organization; may be repeated")
    parser.add_argument("--latency", type=int, action="append", help="milliseconds an answer takes; may be repeated")
    parser.add_argument("--every", action="store_true", help="ask what changes rarely once an hour")
    parser.add_argument("--list", action="store_true", help="refuse the identity service: people are listed")
    parser.add_argument("--no-recount", action="store_true", help="make no re-count beside")
    return parser.parse_args()


if __name__ == "__main__":
    main()
