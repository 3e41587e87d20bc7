"""Three customers of unequal history, to ask questions of: five years, two years and two months of five-minute polls.

    python bench/customers.py FILE [URL]

Their lists of licenses and of people fail now and then. They end on the days of which docs/sql.md speaks. URL is a
PostgreSQL database, which is filled with the same rows where it is empty. bench/questions.py asks both.
"""

import random
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection, connect

from sqlalchemy import Connection as ServerConnection
from sqlalchemy import text

from webexhist.metrics import COUNTERS_OF_SOURCE, Metric
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
from webexhist.store.engine import writing
from webexhist.store.opening.database import open_database
from webexhist.store.saving.save import save
from webexhist.store.schema import metadata, public_view
from webexhist.store.seals.days import rebuild_days
from webexhist.store.seals.sealing import seal
from webexhist.store.times import milliseconds_of, seconds_of, utc_day_of
from webexhist.time_zones import UTC_DAYS

END = datetime(2026, 11, 24, 12, tzinfo=UTC)
INTERVAL = timedelta(minutes=5)
POLLS_A_DAY = 288
COUNTERS = tuple(metric for source in ("events", "audit") for metric in COUNTERS_OF_SOURCE[source])
GAUGES = tuple(metric for metric in Metric if metric not in COUNTERS and metric is not Metric.ROOM_MESSAGES_CREATED)
UNITS = ("purchased", "assigned", "assigned_to_users", "assigned_to_workspaces")
PRODUCTS = ("Webex Suite", "Webex Calling - Professional", "Webex Meetings Suite", "Webex Contact Center - Premium")
COUNTED = ("snapshot", "reading")


@dataclass
class Customer:
    """An organization that works on weekdays, buys and assigns licenses, and whose lists fail now and then."""

    number: int
    name: str
    polls: int
    licenses: int

    @property
    def begin(self) -> datetime:
        return END - (self.polls - 1) * INTERVAL

    def first_snapshot(self) -> Snapshot:
        counts = [Count(metric, 1000 + self.number) for metric in GAUGES] + [Count(metric, 0) for metric in COUNTERS]
        return Snapshot(
            organization=Organization(f"customer-{self.number}", self.name),
            taken_at=self.begin,
            seconds=2.5,
            requests=36,
            counts=tuple(counts),
            licenses=tuple(LicenseUsage(self.license(index), 250, 200, 200, 0) for index in range(self.licenses)),
            collections=(
                Collection("licenses", CollectionStatus.OK, 1, 0.25),
                Collection("people", CollectionStatus.OK, 3, 0.75),
            ),
            windows=tuple(EventWindow(source, self.begin - INTERVAL, self.begin) for source in ("events", "audit")),
        )

    def license(self, index: int) -> License:
        name = PRODUCTS[index] if index < len(PRODUCTS) else f"Webex License {index}"
        site = f"{self.name.lower()}.webex.com"
        return License(f"{self.name}-{index:03}", name, f"L{index % 8}", "Sub100", site, None, counted=True)


CUSTOMERS = (
    Customer(1, "Acme", int(5 * 365.25) * POLLS_A_DAY, 42),
    Customer(2, "Globex", 2 * 365 * POLLS_A_DAY, 12),
    Customer(3, "Initech", 60 * POLLS_A_DAY, 4),
)


def make_history(file: Path) -> None:
    """Writes the rows straight into the tables, a hundred times as fast as saving poll by poll."""
    engine = open_database(file)
    for customer in CUSTOMERS:
        save(engine, customer.first_snapshot())
    engine.dispose()
    with closing(connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        for customer in CUSTOMERS:
            _write(database, customer)
        database.execute("COMMIT")
    with writing(engine) as connection:
        for customer in CUSTOMERS:
            rebuild_days(connection, customer.number, UTC_DAYS)
        seal(connection)
    engine.dispose()


def _write(database: Connection, customer: Customer) -> None:
    """Goes on from the customer's first poll to the last."""
    number = customer.number
    counts = dict(
        database.execute("SELECT name, id FROM metric WHERE organization_id = ? AND field IS NULL", [number])
    )
    of_list: dict[tuple[int | None, str], int] = {
        (license_id, field): id_
        for license_id, field, id_ in database.execute(
            "SELECT license_id, field, id FROM metric WHERE organization_id = ? AND field IS NOT NULL", [number]
        )
    }
    values = dict(
        database.execute("SELECT metric_id, value FROM reading WHERE organization_id = ? AND number = 1", [number])
    )
    listing, people = sorted(of_list.values()), [counts[Metric.PEOPLE]]
    chance, days = random.Random(number), {}
    for first in range(2, customer.polls + 1, 30 * POLLS_A_DAY):
        span = range(first, min(first + 30 * POLLS_A_DAY, customer.polls + 1))
        rows = list(_readings(chance, customer, span, counts, of_list, values, listing, people))
        taken = [(poll, seconds_of(customer.begin) + 300 * (poll - 1)) for poll in span]
        for poll, taken_at in taken:
            days.setdefault(utc_day_of(taken_at), [poll, poll])[1] = poll
        database.executemany(f"INSERT INTO snapshot VALUES ({number}, ?, ?, 2500, 36, 1)", taken)
        database.executemany(
            f"INSERT INTO reading VALUES ({number}, ?, ?, ?)", [row for row in rows if not isinstance(row[0], str)]
        )
        database.executemany(
            f"INSERT INTO collection VALUES ({number}, ?, ?, ?, 1, 0.25, ?)",
            [(poll, name, "failed" if error else "ok", error) for name, poll, error in rows if isinstance(name, str)],
        )
    database.executemany(
        f"INSERT INTO sealed_day VALUES ({number}, ?, ?, ?, 0, 0, 0, 0)"
        " ON CONFLICT DO UPDATE SET last_number = excluded.last_number",
        [(day, *numbers) for day, numbers in days.items()],
    )
    until = milliseconds_of(END)
    database.execute(f"UPDATE event_window SET counted_until = {until} WHERE organization_id = {number}")


def _readings(chance, customer, span, counts, of_list, values, listing, people) -> Iterator[tuple]:
    """The values that change, and (collector, number, error) where a collector fails or works again."""
    failing: dict[str, int] = {}
    for poll in span:
        moment = customer.begin + (poll - 1) * INTERVAL
        at_work = moment.weekday() < 5 and 8 <= moment.hour < 18
        now: dict[int, int | None] = {}
        for collector, metrics in (("licenses", listing), ("people", people)):
            if failing.get(collector) == poll or (poll == span[-1] and collector in failing):
                del failing[collector]
                yield (collector, poll, None)
                now |= {metric: values[metric] for metric in metrics}
            elif collector not in failing and poll < span[-1] and chance.random() < 0.001:
                failing[collector] = poll + chance.choice((1, 1, 2, 12))
                yield (collector, poll, "HTTP 502")
                now |= dict.fromkeys(metrics)
        for metric, step in _steps(chance, customer, counts, of_list, failing, at_work=at_work):
            if step:
                values[metric] += step
                now[metric] = values[metric]
        yield from ((metric, poll, value) for metric, value in now.items())


def _steps(chance, customer, counts, of_list, failing, *, at_work: bool) -> Iterator[tuple[int, int]]:
    """By how much which values change from one poll to the next."""
    for metric in COUNTERS:
        yield counts[metric], chance.randrange(40) if at_work else int(chance.random() < 0.1)
    if not at_work:
        return
    for metric in (Metric.ROOMS, Metric.TEAM_MEMBERSHIPS, Metric.DEVICES):
        yield counts[metric], chance.choice((-1, 0, 0, 0, 1))
    if chance.random() < 0.05 and "people" not in failing:
        yield counts[Metric.PEOPLE], chance.choice((-1, 1, 1))
    license_id = chance.randrange(customer.licenses) + 1
    if "licenses" not in failing and chance.random() < 0.5:
        step = chance.choice((-1, 1))
        yield of_list[license_id, "assigned"], step
        yield of_list[license_id, "assigned_to_users"], step
    if "licenses" not in failing and chance.random() < 0.001:
        yield of_list[license_id, "purchased"], 25


def fill(target: ServerConnection, file: Path) -> None:
    """The same rows on PostgreSQL, by its own means, which is twenty times as fast as `db copy`; as a superuser."""
    driver = target.connection.driver_connection
    with closing(connect(file)) as source, driver.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE table_checksum")
        for table in metadata.sorted_tables:
            if table is not public_view:
                columns = ", ".join(table.c.keys())
                with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as rows:
                    for row in source.execute(f"SELECT {columns} FROM {table.name}"):
                        rows.write_row(row)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def main(file: Path, url: str | None) -> None:
    """Makes what is missing, and prints how large it is."""
    if not file.exists():
        began = time.perf_counter()
        make_history(file)
        print(f"made in {time.perf_counter() - began:.0f} s")
    with closing(connect(file)) as database:
        polls, changes = (database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in COUNTED)
    print(f"{polls:,} snapshots, {changes:,} readings\nSQLite: {file.stat().st_size / 1e6:.1f} MB")
    if url:
        engine = open_database(url)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.scalar(text("SELECT count(*) FROM snapshot")):
                fill(connection, file)
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
        print(f"PostgreSQL: {(size or 0) / 1e6:.1f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
