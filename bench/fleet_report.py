"""What the report of many customers costs: time, memory and room for 500 organizations of 40 licenses.

    python bench/fleet_report.py [ORGANIZATIONS] [DATABASE]

The history is thirteen months of daily polls: twenty products of two sites each, that grow, work on weekdays and are
bought in steps. A DATABASE that is named is filled once and kept. Each command is a process of its own; the memory is
the most that one process of it held, of the report the one that writes.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from uuid import UUID

ORGANIZATIONS = 500
PRODUCTS = 20
SITES = ("emea", "apac")
FIRST, DAYS = datetime(2025, 10, 1, 6, tzinfo=UTC), 396
MONTH, ON = "2026-10", "2026-10-31"
AT_ONCE = 25
"""So many organizations are brought in by one import."""


def lines_of(number: int) -> Iterator[str]:
    """The snapshots of one organization, oldest first."""
    chance = Random(number)
    organization = {"id": str(UUID(int=number + 1, version=4)), "name": f"Customer {number:03}"}
    rows = [(code, site) for code in range(PRODUCTS) for site in SITES]
    purchased = [chance.choice((50, 100, 250, 1000)) for _ in rows]
    assigned = [round(units * chance.uniform(0.6, 0.95)) for units in purchased]
    for day in range(DAYS):
        at = FIRST + timedelta(days=day)
        if at.weekday() < 5:
            for place in chance.sample(range(len(rows)), 6):
                assigned[place] = max(0, assigned[place] + chance.choice((-1, 0, 1, 1, 2)))
                if assigned[place] > purchased[place]:
                    purchased[place] += 25
        licenses = [
            {
                "id": f"{number}-{code}-{site}",
                "name": f"Webex Product {code}",
                "code": f"P{code}",
                "subscription": f"Sub{number:03}",
                "site": f"customer{number:03}-{site}.webex.com",
                "purchased": purchased[place],
                "assigned": assigned[place],
                "assigned_to_users": assigned[place],
                "assigned_to_workspaces": 0,
            }
            for place, (code, site) in enumerate(rows)
        ]
        counts = {"people": 1000 + day, "devices": 200, "rooms": 4000 + 2 * day}
        activity = {"messages_created": chance.randrange(400)}
        yield json.dumps(
            {
                "taken_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
                "organization": organization,
                "counts": counts,
                "activity": activity if day else {},
                "licenses": licenses,
            }
        )


def fill(database: Path, organizations: int) -> None:
    """Imports the histories, some at a time."""
    for first in range(0, organizations, AT_ONCE):
        file = database.with_suffix(".jsonl")
        with file.open("w") as lines:
            for number in range(first, min(first + AT_ONCE, organizations)):
                lines.writelines(f"{line}\n" for line in lines_of(number))
        run(database, "import", str(file))
        file.unlink()


def run(database: Path, *arguments: str) -> tuple[float, float, float]:
    """Seconds, seconds of processor time (of children too) and megabytes held by a command."""
    own = {"WEBEXHIST_DATABASE": str(database), "WEBEXHIST_STATE_DIR": str(database.parent / "state")}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "webexhist", *arguments], env=os.environ | own, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and "check" not in arguments:  # which says by its code what it found
        raise SystemExit(f"webexhist {' '.join(arguments)} ended with {process.returncode}")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(organizations: int, named: str | None) -> None:
    with TemporaryDirectory(prefix="webexhist-fleet-") as name:
        folder = Path(name)
        database = Path(named) if named else folder / "fleet.db"
        if not database.exists():
            fill(database, organizations)
        print(f"{organizations} organizations of {PRODUCTS * len(SITES)} licenses, thirteen months of daily polls\n")
        print(
            f"  {'command':<28} {'seconds':>8} {'processor':>9} {'of each':>8} {'MB held':>8} {'files':>6} {'MB':>7}"
        )
        of_all, of_one = folder / "all", folder / "one"
        print_row("report", database, organizations, of_all, "report", "--month", MONTH, "--out", str(of_all))
        one = ("--org", f"Customer {organizations // 2:03}")
        print_row("report --org", database, 1, of_one, "report", "--month", MONTH, "--out", str(of_one), *one)
        print_row("decisions", database, organizations, None, "decisions", "--on", ON)
        print_row("check --org", database, 1, None, "check", "--on", ON, *one)


def print_row(name: str, database: Path, organizations: int, out: Path | None, *command: str) -> None:
    """Runs a command about so many organizations, and prints what it cost and wrote."""
    seconds, processor, megabytes = run(database, *command)
    sizes = [file.stat().st_size for file in out.rglob("*") if file.is_file()] if out else []
    written = f"{len(sizes):>6,} {sum(sizes) / 1e6:>7.1f}" if sizes else ""
    each = processor / organizations
    print(f"  {name:<28} {seconds:>8.1f} {processor:>9.1f} {each:>8.3f} {megabytes:>8.0f} {written}", flush=True)


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else ORGANIZATIONS,
        sys.argv[2] if len(sys.argv) > 2 else None,
    )
