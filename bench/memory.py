"""How much memory a poll of a large customer takes, as a process of its own.

    python bench/memory.py [--without-identity]

150,000 people, 20,000 devices, 5,000 teams, 30,000 rooms and 500 licenses; then a second poll of the same. Without
the identity service every list is read page by page.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from webexhist.simulator import (
    Faults,
    LicensePlan,
    OrganizationPlan,
    SharedClock,
    SimulatedWebexProcess,
    Trouble,
    World,
)
from webexhist.simulator.faults.switches import Status

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LICENSES = tuple(
    LicensePlan(f"License {number:03}", "MS", 1000, 700, 0, f"Sub{number % 20}") for number in range(500)
)
LARGE = World(
    organizations=(OrganizationPlan(people=150_000, devices=20_000, workspaces=10_000, licenses=LICENSES),),
    teams=5_000,
    memberships_per_team=10,
    rooms=30_000,
)
NO_IDENTITY = Trouble(Status(403), path="/identity/*")
WITHOUT_WORK = "import requests, sqlalchemy, typer"


def main() -> None:
    parser = argparse.ArgumentParser(description="How much memory a poll of a large customer takes.")
    parser.add_argument("--without-identity", action="store_true", help="read the list of people page by page")
    faults = Faults(troubles=[NO_IDENTITY] if parser.parse_args().without_identity else [])
    print(f"{'':32} {'memory':>9} {'seconds':>8}")
    print_row("its imports alone", [sys.executable, "-c", WITHOUT_WORK], {}, Path.cwd())
    clock = SharedClock(START)
    with SimulatedWebexProcess(LARGE, clock, faults) as webex, tempfile.TemporaryDirectory() as folder:
        own = {"WEBEXHIST_STATE_DIR": folder, "WEBEXHIST_ACCESS_TOKEN": webex.access_token}
        command = [sys.executable, "-m", "webexhist", "poll", "--quiet", "--budget-seconds=600"]
        for number in range(2):
            clock.set(START + number * timedelta(minutes=5))
            asked = [*command, f"--base-url={webex.base_url}"]
            print_row(f"poll {number + 1}", asked, own, Path(folder))
            print(f"{'':32} {sum(webex.requests_by_path().values()):>9,} requests")


def print_row(what: str, command: Sequence[str], settings: dict[str, str], folder: Path) -> None:
    began = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | settings, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{what} failed")
    print(f"{what:32} {megabytes(used):>6.0f} MB {time.perf_counter() - began:>8.1f}", flush=True)


def megabytes(used: resource.struct_rusage) -> float:
    """The most memory that the process had at once."""
    return used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
