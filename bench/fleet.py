"""What a fleet costs: one token, hundreds of organizations. Saving and reading them set-wise, beside one by one.

    python bench/fleet.py [ORGANIZATIONS] [URL …]

Each database is filled with twelve hourly polls, which end a month, and then polled three times more: by the first
poll of the next, which closes what is over, by one call for all organizations, and by a call for each. A URL names a
database to write into, which holds no polls (webexhist db upgrade --partitions makes one in parts). In brackets the
processor time of this process and of a server on this machine: on a busy one it is the better figure.
"""

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, text

from webexhist.cli.main import NEW_VALUES
from webexhist.metrics import Kind, Metric
from webexhist.snapshot import (
    Collection,
    CollectionStatus,
    Count,
    EventWindow,
    License,
    LicenseUsage,
    Organization,
    Snapshot,
)
from webexhist.store.opening.database import open_database
from webexhist.store.opening.history import reading
from webexhist.store.rows.last_polls import last_polls
from webexhist.store.rows.latest import latest
from webexhist.store.saving.save import save, save_all

ORGANIZATIONS = 500
LICENSES = 10
BEGIN = datetime(2026, 11, 30, 12, tzinfo=UTC)
INTERVAL = timedelta(hours=1)
POLLS_BEFORE = 12
QUESTIONS = {
    "the newest snapshots": "SELECT org_id, max(snapshot) FROM snapshots GROUP BY org_id",
    "latest licenses of all": "SELECT * FROM latest_licenses",
    "latest licenses of one": "SELECT * FROM latest_licenses WHERE org_id = 7",
    "a month of all licenses": "SELECT * FROM monthly_licenses WHERE month = '2026-11'",
    "a month of all products": "SELECT * FROM monthly_products WHERE month = '2026-11'",
    "a month of one": "SELECT * FROM monthly_licenses WHERE month = '2026-11' AND org_id = 7",
}
COLLECTORS = ("admin audit", "devices", "events", "licenses", "people", "places", "roles", "rooms", "teams")


def main() -> None:
    gc.set_threshold(NEW_VALUES)  # as every command does
    organizations = int(sys.argv[1]) if len(sys.argv) > 1 else ORGANIZATIONS
    print(f"{organizations} organizations, {LICENSES} licenses each, after {POLLS_BEFORE} polls; seconds\n")
    print(f"{'':12} {'':24} {'together':>15} {'one by one':>15}")
    with tempfile.TemporaryDirectory() as folder:
        for location in (Path(folder) / "fleet.db", *sys.argv[2:]):
            engine = open_database(location)
            measure(engine, organizations)
            engine.dispose()


def measure(engine: Engine, organizations: int) -> None:
    for number in range(POLLS_BEFORE):
        save_all(engine, fleet(organizations, number))
    first, together, single = (fleet(organizations, POLLS_BEFORE + number) for number in range(3))
    names = [snapshot.organization.webex_id for snapshot in together]

    def last_of_all() -> None:
        with reading(engine) as history:
            last_polls(history)

    def read(wanted: Sequence[str]) -> None:
        with reading(engine) as history:
            assert len(latest(history, wanted)) == len(wanted)

    def ask(query: str) -> None:
        with reading(engine) as history:
            history.connection.execute(text(query)).all()

    print_row(engine, "reading the last polls", last_of_all, None)
    print_row(engine, "saving, a month is over", lambda: save_all(engine, first), None)
    print_row(
        engine, "saving", lambda: save_all(engine, together), lambda: [save(engine, snapshot) for snapshot in single]
    )
    print_row(engine, "reading back", lambda: read(names), lambda: [read([name]) for name in names])
    for question, query in QUESTIONS.items():
        print_row(engine, question, partial(ask, query), None)


def print_row(
    engine: Engine, what: str, together: Callable[[], object], one_by_one: Callable[[], object] | None
) -> None:
    figures = [seconds(engine, together), seconds(engine, one_by_one) if one_by_one else ""]
    print(f"{engine.dialect.name:12} {what:24} {' '.join(f'{figure:>15}' for figure in figures)}", flush=True)


def seconds(engine: Engine, work: Callable[[], object]) -> str:
    """How long it takes, and how much processor time."""
    began, processor = time.perf_counter(), time.process_time() + server_seconds(engine)
    work()
    took, worked = time.perf_counter() - began, time.process_time() + server_seconds(engine) - processor
    return f"{took:.2f} ({worked:.2f})"


def server_seconds(engine: Engine) -> float:
    """The processor time so far of the server's processes that this database's connections have."""
    if engine.dialect.name == "sqlite":
        return 0.0
    with engine.connect() as connection:
        pids = connection.scalars(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")).all()
    schedules = (Path(f"/proc/{pid}/schedstat") for pid in pids)
    return sum(int(schedule.read_text().split()[0]) / 1e9 for schedule in schedules if schedule.exists())


def fleet(organizations: int, number: int) -> list[Snapshot]:
    """The poll of that number, of every organization: a tenth of the licenses and a third of the counts changed."""
    return [snapshot(of, number) for of in range(organizations)]


def snapshot(of: int, number: int) -> Snapshot:
    taken_at = BEGIN + number * INTERVAL
    counts = [
        Count(metric, 3 if metric.kind is Kind.COUNTER else 500 + (number if position % 3 == 0 else 0))
        for position, metric in enumerate(Metric)
    ]
    usages = []
    for which in range(LICENSES):
        license_ = License(f"{of} license {which}", f"License {which}", "EE", f"Sub{of}", None, None, counted=True)
        assigned = 50 + (number if which == number % LICENSES else 0)
        usages.append(LicenseUsage(license_, 100, assigned, assigned, 0))
    return Snapshot(
        organization=Organization(f"organization {of}", f"Organization {of:03}"),
        taken_at=taken_at,
        seconds=2.5,
        requests=36,
        counts=tuple(counts),
        licenses=tuple(usages),
        collections=tuple(Collection(name, CollectionStatus.OK, 3, 0.5) for name in COLLECTORS),
        windows=(
            EventWindow("events", taken_at - INTERVAL, taken_at),
            EventWindow("audit", taken_at - INTERVAL, taken_at),
        ),
    )


if __name__ == "__main__":
    main()
