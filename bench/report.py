"""What a report costs: time, memory and size, for 60 licenses and five years of five-minute polls.

    python bench/report.py [YEARS]

Every report is written by a process of its own, as `webexhist report` is, the best of three; its memory is the most
it ever held. The history is that of bench/storage.py.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import storage

from webexhist.store.opening.database import open_database

YEARS = 5
LICENSES = 60
RUNS = 3
REPORTS = {
    "thirteen months": [],
    "thirteen months, one file": ["--single-file"],
    "sixty months": ["--months", "60"],
}


def write_history(file: Path, years: float) -> int:
    """Fills a database; the number of polls."""
    storage.LICENSES = LICENSES
    story = storage.Story()
    storage.save_polls(open_database(file), story, storage.POLLS_A_DAY)
    storage.write_polls(file, story, int(years * 365.25 * storage.POLLS_A_DAY) - story.polls)
    return story.polls


def run_report(database: Path, out: Path, options: list[str]) -> tuple[float, float, float]:
    """Seconds, seconds of processor time and megabytes that a report took."""
    command = [sys.executable, "-m", "webexhist", "report", "--database", str(database), "--out", str(out), *options]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main(years: float) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory(prefix="webexhist-report-") as name:
        folder = Path(name)
        polls = write_history(folder / "history.db", years)
        print(f"{polls:,} polls, {LICENSES} licenses\n")
        print(
            f"  {'report':<28} {'seconds':>8} {'processor':>9} {'MB held':>8} {'files':>6} {'kB in all':>10}"
            f" {'kB first page':>14}"
        )
        for index, (words, options) in enumerate(REPORTS.items()):
            out = folder / str(index)
            costs = [run_report(folder / "history.db", out, options) for _ in range(RUNS)]
            sizes = {file.name: file.stat().st_size / 1000 for file in out.iterdir()}
            first = sizes.get("index.html", max(sizes.values()))
            seconds, processor, megabytes = (min(cost[index] for cost in costs) for index in range(3))
            print(
                f"  {words:<28} {seconds:>8.2f} {processor:>9.2f} {megabytes:>8.0f} {len(sizes):>6}"
                f" {sum(sizes.values()):>10,.0f} {first:>14,.0f}"
            )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else YEARS)
