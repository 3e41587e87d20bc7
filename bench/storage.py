"""What a history of five-minute polls costs: room on disk, time to save a poll, time to answer the usual questions.

    python bench/storage.py [YEARS]

Most of the years are written straight into the tables, which is a hundred times as fast as saving poll by poll; a
part is written both ways first and compared row by row. What saving costs is measured on that history and on one
of a day by turns, so that both meet the same weather on this machine.
"""

import random
import statistics
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection, connect

from sqlalchemy import Engine, text

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
from webexhist.store.seals.days import rebuild_days
from webexhist.store.seals.sealing import seal
from webexhist.store.times import milliseconds_of, seconds_of, utc_day_of
from webexhist.time_zones import UTC_DAYS

YEARS = 5
LICENSES = 42
BEGIN = datetime(2022, 1, 1, tzinfo=UTC)
INTERVAL = timedelta(minutes=5)
POLLS_A_DAY = 288
TIMED_POLLS = 300
COUNTERS = tuple(metric for source in ("events", "audit") for metric in COUNTERS_OF_SOURCE[source])
GAUGES = tuple(metric for metric in Metric if metric not in COUNTERS and metric is not Metric.ROOM_MESSAGES_CREATED)
VALUES_A_POLL = len(COUNTERS) + len(GAUGES) + 4 * LICENSES

MADE_ANEW = "public_view"
"""The table that says when the database was made, and its checksum: both ways make one of their own."""

QUESTIONS = {
    "latest licenses": "SELECT * FROM latest_licenses",
    "latest counts": "SELECT * FROM latest_counts",
    "licenses of the last poll": "SELECT * FROM license_usage WHERE snapshot = {last}",
    "deltas of the last poll": "SELECT * FROM count_deltas WHERE snapshot = {last}",
    "license deltas of the last 12 polls": "SELECT * FROM license_deltas WHERE snapshot > {last} - 12",
    "one count over the last day": "SELECT * FROM counts WHERE metric = 'people' AND snapshot > {last} - 288",
    "month over month, all licenses": "SELECT * FROM monthly_licenses WHERE month IN ('{month}', '{month_before}')",
    "months of all licenses, all years": "SELECT * FROM monthly_licenses",
    "months of all counts, all years": "SELECT * FROM monthly_counts",
    "days of one license, all years": "SELECT * FROM daily_licenses WHERE license = 'Webex License 7'",
    "days of all licenses, thirteen months": "SELECT * FROM daily_licenses WHERE day > '{year_ago}'",
    "days of all counts, thirteen months": "SELECT * FROM daily_counts WHERE day > '{year_ago}'",
    "daily activity, thirteen months": "SELECT * FROM daily_activity WHERE day > '{year_ago}'",
    "mean of one count's polls, all years": "SELECT avg(value) FROM counts WHERE metric = 'people'",
    "mean of one license's polls, all years": "SELECT avg(assigned) FROM license_usage WHERE license LIKE '% 7'",
    "failures by collector": "SELECT collector, status, sum(polls) FROM collection_log GROUP BY 1, 2",
}


@dataclass
class Story:
    """An organization that works on weekdays, buys and assigns licenses, and whose people list fails now and then."""

    chance: random.Random = field(default_factory=lambda: random.Random(2026))
    polls: int = 0
    gauges: dict[Metric, int] = field(default_factory=lambda: dict.fromkeys(GAUGES, 1000))
    counted: dict[Metric, int] = field(default_factory=dict)
    running: dict[Metric, int] = field(default_factory=lambda: dict.fromkeys(COUNTERS, 0))
    purchased: list[int] = field(default_factory=lambda: [250] * LICENSES)
    assigned: list[int] = field(default_factory=lambda: [200] * LICENSES)
    people_known: bool = True

    @property
    def moment(self) -> datetime:
        """When the poll at hand was taken."""
        return BEGIN + (self.polls - 1) * INTERVAL

    def go_on(self) -> None:
        """Lets five minutes pass."""
        self.polls += 1
        at_work = self.moment.weekday() < 5 and 8 <= self.moment.hour < 18
        self.people_known = self.chance.random() > 0.002
        for metric in COUNTERS:
            self.counted[metric] = self.chance.randrange(40) if at_work else int(self.chance.random() < 0.1)
            self.running[metric] += self.counted[metric]
        if at_work:
            self._work()

    def _work(self) -> None:
        for metric in (Metric.ROOMS, Metric.TEAM_MEMBERSHIPS, Metric.DEVICES):
            self.gauges[metric] += self.chance.choice((-1, 0, 0, 0, 1))
        if self.chance.random() < 0.05:
            self.gauges[Metric.PEOPLE] += self.chance.choice((-1, 1, 1))
        if self.chance.random() < 0.5:
            self.assigned[self.chance.randrange(LICENSES)] += self.chance.choice((-1, 1))
        if self.chance.random() < 0.001:
            self.purchased[self.chance.randrange(LICENSES)] += 25

    def snapshot(self) -> Snapshot:
        """The poll at hand as a poller would hand it to `save`."""
        gauges: dict[Metric, int | None] = {**self.gauges}
        if not self.people_known:
            gauges[Metric.PEOPLE] = None
        return Snapshot(
            organization=Organization("Y2lzY29zcGFyazovL3VzL09SRy9hY21l", "Acme"),
            taken_at=self.moment,
            seconds=2.5,
            requests=36,
            counts=tuple(Count(metric, value) for metric, value in gauges.items())
            + tuple(Count(metric, value) for metric, value in self.counted.items()),
            licenses=tuple(
                LicenseUsage(_license(index), self.purchased[index], self.assigned[index], self.assigned[index], 0)
                for index in range(LICENSES)
            ),
            collections=(Collection("licenses", CollectionStatus.OK, 1, 0.25), self.people_run()),
            windows=tuple(EventWindow(source, self.moment - INTERVAL, self.moment) for source in ("events", "audit")),
        )

    def people_run(self) -> Collection:
        """How the collector of people fared."""
        if self.people_known:
            return Collection("people", CollectionStatus.OK, 3, 0.75)
        return Collection("people", CollectionStatus.FAILED, 3, 0.75, "HTTP 502")

    def readings(self) -> list[int | None]:
        """Every value as the tables keep it, in the order of `_metric_ids`."""
        gauges: list[int | None] = [*self.gauges.values()]
        if not self.people_known:
            gauges[GAUGES.index(Metric.PEOPLE)] = None
        return [*gauges, *self.running.values(), *self.purchased, *self.assigned, *self.assigned]


def _license(index: int) -> License:
    webex_id = f"Y2lzY29zcGFyazovL3VzL0xJQ0VOU0UvYWNtZTpFRV8{index:04d}"
    return License(webex_id, f"Webex License {index}", "EE", "Sub1234567", "acme.webex.com", None, counted=True)


def save_polls(engine: Engine, story: Story, polls: int) -> None:
    """Saves polls one by one."""
    for _ in range(polls):
        story.go_on()
        save(engine, story.snapshot())


def time_saving(histories: list[tuple[Engine, Story]], polls: int) -> list[float]:
    """Goes on with several histories by turns; the median milliseconds that saving a poll of each took."""
    took: list[list[float]] = [[] for _ in histories]
    for _ in range(polls):
        for (engine, story), times in zip(histories, took, strict=True):
            story.go_on()
            snapshot = story.snapshot()
            began = time.perf_counter()
            save(engine, snapshot)
            times.append(1000 * (time.perf_counter() - began))
    return [statistics.median(times) for times in took]


def write_polls(file: Path, story: Story, polls: int) -> None:
    """Goes on with a story that `save_polls` has begun, in the tables themselves."""
    with closing(connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        metric_ids = _metric_ids(database)
        for written in range(0, polls, 10 * POLLS_A_DAY):
            database.execute("BEGIN")
            _write_polls(database, story, metric_ids, min(10 * POLLS_A_DAY, polls - written))
            database.execute("COMMIT")
    with writing(open_database(file)) as connection:
        rebuild_days(connection, 1, UTC_DAYS)
        seal(connection)


def _metric_ids(database: Connection) -> list[int]:
    ids = dict(database.execute("SELECT name, id FROM metric WHERE field IS NULL"))
    of_licenses = {
        (field_name, name): metric_id
        for field_name, name, metric_id in database.execute(
            "SELECT m.field, l.name, m.id FROM metric m"
            " JOIN license l ON l.organization_id = m.organization_id AND l.id = m.license_id"
        )
    }
    fields = ("purchased", "assigned", "assigned_to_users")
    names = [_license(index).name for index in range(LICENSES)]
    return [ids[metric] for metric in (*GAUGES, *COUNTERS)] + [of_licenses[f, name] for f in fields for name in names]


def _write_polls(database: Connection, story: Story, metric_ids: list[int], polls: int) -> None:
    snapshots, readings, collections, days = [], [], [], {}
    held, run = story.readings(), story.people_run()
    for _ in range(polls):
        story.go_on()
        number, taken_at = story.polls, seconds_of(story.moment)
        snapshots.append((number, taken_at))
        days.setdefault(utc_day_of(taken_at), [number, number])[1] = number
        now = story.readings()
        readings += [
            (i, number, value) for i, value, before in zip(metric_ids, now, held, strict=True) if value != before
        ]
        held = now
        if story.people_run() != run:
            run = story.people_run()
            collections.append((number, run.status, run.error))
    database.executemany("INSERT INTO snapshot VALUES (1, ?, ?, 2500, 36, 1)", snapshots)
    database.executemany("INSERT INTO reading VALUES (1, ?, ?, ?)", readings)
    database.executemany("INSERT INTO collection VALUES (1, ?, 'people', ?, 3, 0.75, ?)", collections)
    database.executemany(
        "INSERT INTO sealed_day VALUES (1, ?, ?, ?, 0, 0, 0, 0)"
        " ON CONFLICT DO UPDATE SET last_number = excluded.last_number",
        [(day, *numbers) for day, numbers in days.items()],
    )
    database.execute("UPDATE event_window SET counted_until = ?", [milliseconds_of(story.moment)])


def compare_both_ways(folder: Path, polls: int) -> int:
    """Saves and writes the same polls; the number of rows compared. Raises where the tables differ."""
    saved, written = folder / "saved.db", folder / "written.db"
    save_polls(open_database(saved), Story(), polls)
    story = Story()
    save_polls(open_database(written), story, 1)
    write_polls(written, story, polls - 1)
    rows = 0
    with closing(connect(saved)) as left, closing(connect(written)) as right:
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> ?"
        for (table,) in left.execute(tables, [MADE_ANEW]):
            of_saved, of_written = (
                {row for row in database.execute(f"SELECT * FROM {table}") if MADE_ANEW not in row}
                for database in (left, right)
            )
            if of_saved != of_written:
                raise SystemExit(f"{table} differs: {sorted(of_saved ^ of_written, key=repr)[:5]}")
            rows += len(of_saved)
    return rows


def time_questions(engine: Engine, story: Story) -> None:
    """Prints how long each question takes to answer, the best of three."""
    bounds = {
        "last": story.polls,
        "month": f"{story.moment:%Y-%m}",
        "month_before": f"{story.moment.replace(day=1) - timedelta(days=1):%Y-%m}",
        "year_ago": f"{story.moment - timedelta(days=396):%Y-%m-%d}",
    }
    with engine.connect() as connection:
        for name, question in QUESTIONS.items():
            took = []
            for _ in range(3):
                began = time.perf_counter()
                rows = connection.execute(text(question.format(**bounds))).all()
                took.append(1000 * (time.perf_counter() - began))
            print(f"  {name:<42} {len(rows):>9,} rows {min(took):>9,.1f} ms")


def main(years: float) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory(prefix="webexhist-storage-") as name:
        folder = Path(name)
        rows = compare_both_ways(folder, 4 * POLLS_A_DAY)
        print(f"{rows:,} rows of four days saved and written straight: no difference")
        (young, young_story), (old, old_story) = (
            (open_database(folder / file), Story()) for file in ("young.db", "old.db")
        )
        save_polls(young, young_story, POLLS_A_DAY)
        save_polls(old, old_story, POLLS_A_DAY)
        began = time.perf_counter()
        write_polls(folder / "old.db", old_story, int(years * 365.25 * POLLS_A_DAY) - old_story.polls)
        print(f"{years:g} years of five-minute polls written in {time.perf_counter() - began:.0f} s\n")
        with closing(connect(folder / "old.db")) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what is in the log belongs to the size
        size = (folder / "old.db").stat().st_size
        values = old_story.polls * VALUES_A_POLL
        print(f"  {'polls':<42} {old_story.polls:>14,}")
        print(f"  {f'values, {VALUES_A_POLL} a poll':<42} {values:>14,}")
        print(f"  {'size':<42} {size / 1e6:>11,.1f} MB")
        print(f"  {'bytes a value':<42} {size / values:>14.2f}")
        fresh, aged = time_saving([(young, young_story), (old, old_story)], TIMED_POLLS)
        print(f"  {'saving a poll after one day, median':<42} {fresh:>11.2f} ms")
        print(f"  {f'saving a poll after {years:g} years, median':<42} {aged:>11.2f} ms")
        print(f"  {'ratio':<42} {aged / fresh:>14.2f}\n")
        time_questions(old, old_story)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else YEARS)
