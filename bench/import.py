"""How long an import takes, and how much memory: snapshots of 5 licenses and 10 counts each, by the command itself.

python bench/import.py 100000 500000
"""

import json
import os
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

GAUGES = (
    "people",
    "devices",
    "places",
    "rooms",
    "teams",
    "team_memberships",
    "organizations",
    "roles",
    "hybrid_clusters",
)
ACME = {"id": "11111111-2222-3333-4444-555555555555", "name": "Acme"}


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000]
    print("| snapshots | file | seconds | of the processor | memory | database |")
    print("|---|---|---|---|---|---|")
    for size in sizes:
        with TemporaryDirectory() as folder:
            print(row(size, Path(folder)), flush=True)


def row(size: int, folder: Path) -> str:
    """A row of the table: an import into an empty database."""
    file, database = folder / "history.jsonl", folder / "history.db"
    write(file, size)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    own = {"WEBEXHIST_DATABASE": str(database), "WEBEXHIST_STATE_DIR": str(folder / "state")}
    command = [sys.executable, "-m", "webexhist", "import", str(file)]
    subprocess.run(command, env=os.environ | own, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    megabytes = [f"{number / 1e6:,.0f} MB" for number in (file.stat().st_size, database.stat().st_size)]
    memory = f"{after.ru_maxrss / 1e3:,.0f} MB"
    return f"| {size:,} | {megabytes[0]} | {seconds:.1f} | {busy:.1f} | {memory} | {megabytes[1]} |"


def write(file: Path, size: int) -> None:
    """Every count and every license changes in one snapshot of five."""
    random, at = Random(1), datetime(2021, 1, 1, tzinfo=UTC)
    counts, assigned = dict.fromkeys(GAUGES, 400), [200] * 5
    with file.open("w") as lines:
        for number in range(size):
            for name in GAUGES:
                counts[name] += random.choice((0, 0, 0, 0, 1, 0, 0, 0, 0, -1))
            assigned = [units + random.choice((0, 0, 0, 0, 1, 0, 0, 0, 0, -1)) for units in assigned]
            snapshot = {
                "taken_at": f"{at + timedelta(minutes=5 * number):%Y-%m-%dT%H:%M:%SZ}",
                "organization": ACME,
                "counts": counts,
                "activity": {"messages_created": number % 50},
                "licenses": [license_of(place, units) for place, units in enumerate(assigned)],
            }
            lines.write(json.dumps(snapshot) + "\n")


def license_of(place: int, units: int) -> dict[str, object]:
    return {
        "id": f"license-{place}",
        "name": f"Webex {place}",
        "code": f"E{place}",
        "subscription": "Sub1",
        "site": "acme.webex.example",
        "purchased": 250,
        "assigned": units,
        "assigned_to_users": units,
        "assigned_to_workspaces": 0,
    }


if __name__ == "__main__":
    main()
