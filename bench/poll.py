"""What a poll costs: requests, seconds and processor time, beside a plain re-count and the floor that pages set.

    python bench/poll.py [--people 250 --people 2500 …] [--latency 0 --latency 50 …]

Polls are processes of their own, start included. The re-count does what the replaced plugin does: every list in turn,
every message of every room. The floor is the longest chain of pages that must follow one another, times the latency.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests

from webexhist.simulator import Faults, SharedClock, SimulatedWebexProcess, World, sized_world
from webexhist.webex.api.paging import next_address

PEOPLE = (250, 2_500, 25_000)
LATENCIES = (0, 50, 200)
LONGEST_RECOUNT = 6_000
"""Requests times milliseconds beyond which a re-count is not waited for but reckoned from the one without latency."""
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


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


def main() -> None:
    arguments = parsed_arguments()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}; a poll is a process of its own, start included")
    print(ROW.format(*HEAD))
    for people in arguments.people or PEOPLE:
        recounted: Cost | None = None
        for latency in arguments.latency or LATENCIES:
            first, steady, recount, floor = measure(people, latency, recounted)
            recounted = recounted or recount
            print(row(people, latency, first, steady, recount, floor), flush=True)


HEAD = ("people", "latency", "first poll", "steady poll", "cpu", "floor", "1.5×+0.6", "re-count", "fewer", "faster")
ROW = "{:>7} {:>8} {:>17} {:>17} {:>7} {:>8} {:>9} {:>18} {:>7} {:>7}"


def row(people: int, latency: int, first: Cost, steady: Cost, recount: Cost, floor: float) -> str:
    return ROW.format(
        f"{people:,}",
        f"{latency} ms",
        f"{first.count} req {first.seconds:.2f} s",
        f"{steady.count} req {steady.seconds:.2f} s",
        f"{steady.processor_seconds:.2f} s",
        f"{floor:.2f} s",
        f"{1.5 * floor + 0.6:.2f} s",
        f"{recount.count} req {'≈' if recount.reckoned else ''}{recount.seconds:.0f} s",
        f"{recount.count / steady.count:.0f} ×",
        f"{recount.seconds / steady.seconds:.0f} ×",
    )


def measure(people: int, latency: int, recounted: Cost | None) -> tuple[Cost, Cost, Cost, float]:
    """A first poll, a steady one five minutes later, a re-count, and the floor of the steady poll in seconds."""
    clock = SharedClock(START)
    faults = Faults(latency_seconds=latency / 1000)
    with SimulatedWebexProcess(sized(people), clock, faults) as webex, tempfile.TemporaryDirectory() as folder:
        first = poll(webex, Path(folder))
        clock.set(START + timedelta(minutes=5))
        time.sleep(1)  # two polls within one second of the poller's clock would be one too many
        steady = poll(webex, Path(folder))
        if recounted and recounted.count * latency > LONGEST_RECOUNT * 50:
            seconds = recounted.seconds + recounted.count * latency / 1000
            recount = Cost(recounted.requests, seconds, reckoned=True)
        else:
            recount = count_again(webex)
    return first, steady, recount, longest_chain(steady.requests) * latency / 1000


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


def poll(webex: SimulatedWebexProcess, folder: Path) -> Cost:
    """One poll by the installed program."""
    webex.requests_by_path()
    command = [sys.executable, "-m", "webexhist", "poll", "--budget-seconds=600", f"--base-url={webex.base_url}"]
    environment = os.environ | {"WEBEXHIST_STATE_DIR": str(folder), "WEBEXHIST_ACCESS_TOKEN": webex.access_token}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(command, env=environment, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(webex.requests_by_path(), seconds, processor)


def longest_chain(paths: Counter[str]) -> int:
    """Requests of the steady poll that had to follow one another: the organizations, then the longest list."""
    lists = {
        path: pages for path, pages in paths.items() if path not in ("/v1/organizations", "/v1/team/memberships")
    }
    lists["/v1/teams"] += 1 + (150 - 1) // 1000  # then the memberships of a team, all teams at once
    return paths["/v1/organizations"] + max(lists.values())


def count_again(webex: SimulatedWebexProcess) -> Cost:
    """Every list serially, every message of every room, over one connection."""
    webex.requests_by_path()
    began = time.perf_counter()
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {webex.access_token}"
        (organization,) = whole_list(session, f"{webex.base_url}/v1/organizations")
        of_it = f"orgId={organization['id']}"
        for path in ("licenses", "hybrid/clusters", "hybrid/connectors"):
            list(whole_list(session, f"{webex.base_url}/v1/{path}?{of_it}"))
        for path in ("people", "devices", "workspaces"):
            list(whole_list(session, f"{webex.base_url}/v1/{path}?{of_it}&max=100"))
        list(whole_list(session, f"{webex.base_url}/v1/roles"))
        list(whole_list(session, f"{webex.base_url}/v1/resourceGroup/memberships?max=100"))
        for team in whole_list(session, f"{webex.base_url}/v1/teams?max=100"):
            list(whole_list(session, f"{webex.base_url}/v1/team/memberships?teamId={team['id']}&max=100"))
        for room in whole_list(session, f"{webex.base_url}/v1/rooms?max=100"):
            for _message in whole_list(session, f"{webex.base_url}/v1/messages?roomId={room['id']}&max=200"):
                pass
    return Cost(webex.requests_by_path(), time.perf_counter() - began)


def whole_list(session: requests.Session, url: str) -> Iterator[dict[str, str]]:
    """Every item of a list, page after page."""
    following: str | None = url
    while following:
        answer = session.get(following, timeout=60)
        answer.raise_for_status()
        yield from answer.json()["items"]
        following = next_address(answer.headers.get("Link", ""), following)


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What a poll costs, beside a plain re-count.")
    parser.add_argument("--people", type=int, action="append", help="size of the organization; may be repeated")
    parser.add_argument("--latency", type=int, action="append", help="milliseconds an answer takes; may be repeated")
    return parser.parse_args()


if __name__ == "__main__":
    main()
