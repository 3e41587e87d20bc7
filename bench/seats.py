"""What memory and time it takes to count how the seats of many people are used, as a process of its own.

    python bench/seats.py [--people 25000 --people 150000 …]

`webexhist seats collect` sweeps the list of people, with their departments, once for each number of them; the seconds
of the processor leave the service out.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from webexhist.simulator import LicensePlan, OrganizationPlan, SharedClock, SimulatedWebexProcess, World

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PEOPLE = (1_000, 25_000, 150_000)
LICENSES = 8


def main() -> None:
    parser = argparse.ArgumentParser(description="What it takes to count how the seats of many people are used.")
    parser.add_argument("--people", type=int, action="append", help="how many; may be given several times")
    numbers = parser.parse_args().people or PEOPLE
    print(f"{'people':>8} {'requests':>9} {'memory':>8} {'seconds':>8} {'of the processor':>17} {'rows':>5}")
    for people in numbers:
        print(row(people), flush=True)


def row(people: int) -> str:
    """Counts the seats of so many people once."""
    licenses = tuple(
        LicensePlan(f"License {number}", f"L{number}", people, people * (LICENSES - number) // LICENSES, 0, "Sub1")
        for number in range(LICENSES)
    )
    world = World(organizations=(OrganizationPlan(people=people, licenses=licenses),))
    command = [sys.executable, "-m", "webexhist", "seats", "collect"]
    with SimulatedWebexProcess(world, SharedClock(START)) as webex, tempfile.TemporaryDirectory() as folder:
        settings = {
            "WEBEXHIST_BASE_URL": webex.base_url,
            "WEBEXHIST_STATE_DIR": folder,
            "WEBEXHIST_ACCESS_TOKEN": webex.access_token,
            "WEBEXHIST_SEATS": "on",
            "WEBEXHIST_SEATS_BY": "department",
        }
        began = time.perf_counter()
        process = subprocess.Popen(command, env=os.environ | settings, cwd=folder, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        if status:
            raise SystemExit(f"the seats of {people} people were not counted")
        with closing(sqlite3.connect(Path(folder) / "webexhist.db")) as database:
            (stored,) = database.execute("SELECT count(*) FROM seat_count").fetchone()
        requests = webex.requests_by_path()["/v1/people"]
    memory, of_the_processor = used.ru_maxrss / 1024, used.ru_utime + used.ru_stime
    return f"{people:>8,} {requests:>9,} {memory:>5.0f} MB {seconds:>8.1f} {of_the_processor:>17.1f} {stored:>5}"


if __name__ == "__main__":
    main()
