"""What a question to the views costs SQLite, in instructions: as much as was asked for, however long the history."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from webexhist.metrics import Metric
from webexhist.snapshot import Collection, CollectionStatus, Count, License, LicenseUsage, Organization, Snapshot
from webexhist.store.opening.database import open_database
from webexhist.store.saving.save import save

SHORT, LONG = 550, 30_050
"""Snapshots; both histories end with half a day."""

QUESTIONS = [
    "SELECT * FROM latest_counts",
    "SELECT * FROM latest_licenses",
    "SELECT * FROM counts WHERE snapshot > {last} - 3",
    "SELECT * FROM counts WHERE org_id = 1 AND metric = 'people' AND snapshot > {last} - 3",
    "SELECT * FROM count_deltas WHERE snapshot > {last} - 3",
    "SELECT * FROM license_usage WHERE snapshot = {last}",
    "SELECT * FROM license_usage WHERE license = 'Webex Suite' AND snapshot > {last} - 3",
    "SELECT * FROM license_deltas WHERE snapshot > {last} - 3",
    "SELECT * FROM snapshots WHERE taken_at >= '{day}'",
    "SELECT * FROM counts WHERE taken_at >= '{day} 02:00:00' AND taken_at < '{day} 04:00:00'",
    "SELECT * FROM license_usage WHERE license = 'Webex Suite' AND taken_at >= '{day}'",
    "SELECT * FROM daily_counts WHERE day >= '{day}'",
    "SELECT * FROM daily_licenses WHERE day >= '{day}'",
    "SELECT * FROM daily_licenses WHERE license = 'Webex Suite' AND day >= '{day}'",
    "SELECT * FROM daily_activity WHERE day >= '{day}'",
    "SELECT * FROM collection_log",
]


@pytest.fixture(scope="module")
def histories(tmp_path_factory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("histories")
    return {snapshots: write_history(folder / f"{snapshots}.db", snapshots) for snapshots in (SHORT, LONG)}


def write_history(file: Path, snapshots: int) -> Path:
    """A hundred snapshots a day and a change in every tenth: too many to save them one by one."""
    suite = License("id-suite", "Webex Suite", "EE", None, None, None, counted=True)
    engine = open_database(file)
    first = Snapshot(
        organization=Organization("acme", "Acme"),
        taken_at=datetime(2022, 1, 1, tzinfo=UTC),
        seconds=1.0,
        requests=1,
        counts=(Count(Metric.PEOPLE, 0), Count(Metric.MESSAGES_CREATED, 0)),
        licenses=(LicenseUsage(suite, 250, 0, 0, 0),),
        collections=(Collection("people", CollectionStatus.OK, 1, 0.5),),
    )
    save(engine, first)
    engine.dispose()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(f"""
            WITH RECURSIVE later(number) AS (
              SELECT 2 UNION ALL SELECT number + 1 FROM later WHERE number < {snapshots}
            )
            INSERT INTO snapshot
            SELECT 1, number, strftime('%s', '2022-01-01') + 864 * number, 1000, 1, 1 FROM later;
            DELETE FROM day;
            INSERT INTO day
            SELECT 1, date(taken_at, 'unixepoch'), min(number), max(number), 0 FROM snapshot GROUP BY 2;
            INSERT INTO reading SELECT 1, m.id, s.number, s.number FROM metric m, snapshot s
            WHERE s.number % 10 = 0 AND coalesce(m.field, '') <> 'listed';
        """)
    return file


def instructions(file: Path, question: str) -> int:
    """The instructions of SQLite's machine that the answer takes, to the nearest ten."""
    tens = 0

    def count_ten() -> int:
        nonlocal tens
        tens += 1
        return 0

    with closing(sqlite3.connect(file)) as connection:
        last, day = connection.execute("SELECT max(last_number), max(day) FROM day").fetchone()
        connection.set_progress_handler(count_ten, 10)
        assert connection.execute(question.format(last=last, day=day)).fetchall()
    return 10 * tens


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_costs_what_was_asked_for_however_long_the_history(histories, question):
    assert instructions(histories[LONG], question) < 1.2 * instructions(histories[SHORT], question) + 100


@pytest.mark.parametrize("view", ["counts", "count_deltas", "daily_counts", "count_changes"])
def test_a_count_is_found_by_its_name_and_not_among_the_metrics_of_licenses(histories, view):
    """Else they are gone through once for every snapshot or day of the answer."""
    bound = "day > '2022-01-01'" if view == "daily_counts" else "snapshot > 1"
    question = f"EXPLAIN QUERY PLAN SELECT * FROM {view} WHERE org_id = 1 AND metric = 'people' AND {bound}"
    with closing(sqlite3.connect(histories[SHORT])) as connection:
        plan = [row[-1] for row in connection.execute(question)]
    assert "SEARCH m USING INDEX metric_of_organization (organization_id=? AND name=?)" in plan
