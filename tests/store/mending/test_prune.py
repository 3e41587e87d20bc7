"""The oldest days are dropped; what is kept says afterwards what it said before."""

from datetime import UTC, date, datetime, timedelta

import pytest
from histories import Poller, license_of
from sqlalchemy import Engine, text

from webexhist.errors import UsageError
from webexhist.metrics import Metric
from webexhist.store.errors import DamagedDatabaseError
from webexhist.store.mending.corrections import Author, Subject, undo, void
from webexhist.store.mending.prune import free_room, prune
from webexhist.store.mending.trim import trim
from webexhist.store.seals.damage import find_damage

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SUITE, GONE, LATER = license_of("Suite"), license_of("Gone"), license_of("Later")
CUT = date(2026, 11, 6)
KEPT_VIEWS = {
    "snapshots": "snapshot >= {first}",
    "counts": "snapshot >= {first}",
    "count_deltas": "snapshot >= {first}",
    "license_usage": "snapshot >= {first}",
    "license_deltas": "snapshot >= {first}",
    "daily_counts": "day >= '2026-11-06'",
    "daily_licenses": "day >= '2026-11-06'",
    "daily_products": "day >= '2026-11-06'",
    "daily_activity": "day >= '2026-11-06'",
    "latest_counts": "1 = 1",
    "latest_licenses": "1 = 1",
    "licenses": "license <> 'Gone'",
}


def polls(engine: Engine) -> None:
    """Two a day from 1 to 10 November; on the evening before the cut people and messages are unknown."""
    for half_day in range(20):
        when = datetime(2026, 11, 1, 6, tzinfo=UTC) + timedelta(hours=12 * half_day)
        licenses = {SUITE: (100 if half_day < 4 else 120, 80 + half_day // 3)}
        if half_day < 5:
            licenses[GONE] = (10, 5)
        if half_day > 12:
            licenses[LATER] = (20, 1)
        Poller(engine).poll(
            when,
            None if half_day == 11 else licenses,
            {Metric.PEOPLE: None if half_day == 9 else 7 + half_day, Metric.ROOMS: 4},
            messages=None if half_day == 9 else 10 + half_day,
            since=when - timedelta(hours=12),
        )


@pytest.fixture
def polled(engine):
    polls(engine)
    return engine


def contents(engine: Engine, first: int) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            view: sorted(
                (
                    tuple(row)
                    for row in connection.execute(text(f"SELECT * FROM {view} WHERE {kept.format(first=first)}"))
                ),
                key=repr,
            )
            for view, kept in KEPT_VIEWS.items()
        }


def test_what_is_kept_says_what_it_said_before(polled, rows):
    before = contents(polled, first=12)
    (done,) = prune(polled, CUT, None, None, NOW)
    assert (done.snapshots, f"{done.base_at:%m-%d %H}") == (9, "11-05 18")
    assert contents(polled, first=12) == before
    assert rows(polled, "SELECT min(snapshot), max(snapshot), count(*) FROM snapshots") == [(10, 20, 11)]
    assert find_damage(polled) == ()


def test_the_snapshot_before_stays_with_what_held_at_it(polled, rows):
    prune(polled, CUT, None, None, NOW)
    usage = "SELECT license, purchased, assigned FROM license_usage WHERE snapshot = 10"
    assert rows(polled, usage) == [("Suite", 120, 83)]
    assert rows(polled, "SELECT metric, value FROM counts WHERE snapshot = 10 ORDER BY 1") == [
        ("people", None),
        ("rooms", 4),
    ]
    assert rows(polled, "SELECT min(day) FROM daily_counts") == [("2026-11-05",)]


def test_totals_go_on_from_where_they_were(polled, rows):
    total = "SELECT value FROM latest_counts WHERE metric = 'messages_created'"
    before = rows(polled, total)
    assert before == [(sum(10 + half_day for half_day in range(20) if half_day != 9),)]
    prune(polled, CUT, None, None, NOW)
    assert rows(polled, total) == before
    first_day = "SELECT amount FROM daily_activity ORDER BY day LIMIT 1"
    assert rows(polled, first_day) == [(20 + 21,)]
    Poller(polled).poll("2026-11-11 06:00", {SUITE: (120, 90)}, {Metric.PEOPLE: 30}, messages=100)
    assert rows(polled, total) == [(before[0][0] + 100,)]
    assert find_damage(polled) == ()


def test_a_history_can_be_pruned_again_and_days_be_worked_out_anew(polled, rows):
    prune(polled, CUT, None, None, NOW)
    (again,) = prune(polled, date(2026, 11, 8), None, None, NOW)
    assert again.snapshots == 4
    assert rows(polled, "SELECT min(snapshot), count(*) FROM snapshots") == [(14, 7)]
    assert find_damage(polled) == ()


ACTIVITY = "SELECT CAST(day AS TEXT), amount FROM daily_activity ORDER BY day"
TOTALS = "SELECT snapshot, value FROM counts WHERE metric = 'messages_created' ORDER BY snapshot"
ANNA = Author("Anna", NOW, "wrong")


def noon(day: int) -> datetime:
    return datetime(2026, 11, day, 12, tzinfo=UTC)


def test_what_is_unknown_before_and_after_the_cut_stays_unknown(engine, rows):
    for day, messages in ((4, 1), (5, None), (6, None), (7, 4)):
        Poller(engine).poll(noon(day), None if day in (5, 6) else {SUITE: (100, 80)}, messages=messages)
    prune(engine, CUT, None, None, NOW)
    assert rows(engine, TOTALS) == [(3, None), (4, 5)]
    assert rows(engine, ACTIVITY) == [("2026-11-07", 4)]
    assert find_damage(engine) == ()


def test_what_was_set_aside_across_the_cut_is_put_back_and_can_be_trimmed(engine, rows):
    for day in (4, 5, 6, 7):
        Poller(engine).poll(noon(day), {SUITE: (100, 80)}, {Metric.PEOPLE: 7}, messages=day)
    number = void(engine, Subject(), noon(4), noon(6), ANNA)
    prune(engine, CUT, None, None, NOW)
    assert rows(engine, ACTIVITY) == [("2026-11-07", 7)]
    undo(engine, number, ANNA)
    assert rows(engine, "SELECT value FROM counts WHERE metric = 'people'") == [(7,), (7,), (7,)]
    assert rows(engine, "SELECT purchased, assigned FROM license_usage") == [(100, 80)] * 3
    assert rows(engine, TOTALS) == [(3, 4 + 5 + 6), (4, 4 + 5 + 6 + 7)]
    assert rows(engine, ACTIVITY) == [("2026-11-06", 6), ("2026-11-07", 7)]
    assert find_damage(engine) == ()
    trim(engine, noon(5), None, None, NOW)
    Poller(engine).poll(noon(8), {SUITE: (100, 80)}, messages=8)
    assert rows(engine, TOTALS) == [(3, 4 + 5 + 6 + 7 + 8)]
    assert rows(engine, ACTIVITY) == [("2026-11-08", 8)]
    assert find_damage(engine) == ()


def test_a_correction_across_the_cut_keeps_what_was_known_last(engine, rows):
    for day, messages in ((3, 1), (4, 2), (5, None), (6, None), (7, 4)):
        Poller(engine).poll(noon(day), {SUITE: (100, 80)}, messages=messages)
    number = void(engine, Subject(metric=Metric.MESSAGES_CREATED), noon(4), noon(7), ANNA)
    prune(engine, CUT, None, None, NOW)
    undo(engine, number, ANNA)
    assert rows(engine, TOTALS) == [(4, None), (5, 1 + 2 + 4)]
    assert rows(engine, ACTIVITY) == [("2026-11-07", 4)]
    assert find_damage(engine) == ()


def test_a_correction_whose_readings_are_all_dropped_can_no_longer_be_undone_and_says_so(engine, rows):
    for day in (3, 4, 5, 6, 7):
        Poller(engine).poll(noon(day), {SUITE: (100, 80)}, messages=day)
    number = void(engine, Subject(metric=Metric.MESSAGES_CREATED), noon(4), noon(4), ANNA)
    prune(engine, CUT, None, None, NOW)
    kept = [(4, 3 + 5 + 6), (5, 3 + 5 + 6 + 7)]
    assert rows(engine, TOTALS) == kept
    with pytest.raises(
        UsageError, match=r"1 can no longer be undone: webexhist db prune dropped its readings at .* UTC"
    ):
        undo(engine, number, ANNA)
    assert rows(engine, TOTALS) == kept
    assert find_damage(engine) == ()


def test_a_list_that_says_after_the_cut_what_it_said_last_is_no_change(engine, rows):
    for day in (4, 5, 6):
        Poller(engine).poll(noon(day), None if day == 5 else {SUITE: (100, 80)})
    prune(engine, CUT, None, None, NOW)
    listed = "SELECT license, snapshot, value FROM license_changes WHERE field = 'listed'"
    assert rows(engine, listed) == [("Suite", 2, 1)]
    assert find_damage(engine) == ()


LISTED = "SELECT license, purchased, assigned FROM license_usage WHERE snapshot = {} ORDER BY license"


@pytest.mark.parametrize("is_pruned_first", [False, True])
def test_what_vanished_long_before_stays_vanished_where_the_first_snapshot_is_set_aside(
    engine, rows, is_pruned_first
):
    for day in (3, 4, 5, 6, 7):
        Poller(engine).poll(noon(day), {SUITE: (100, 80)} | ({GONE: (10, 5)} if day == 3 else {}), {Metric.PEOPLE: 7})
    if is_pruned_first:
        prune(engine, CUT, None, None, NOW)
    number = void(engine, Subject(), noon(5), noon(5), ANNA)
    if not is_pruned_first:
        prune(engine, CUT, None, None, NOW)
    assert rows(engine, LISTED.format(3)) == [("Suite", None, None)]
    assert rows(engine, "SELECT license FROM latest_licenses") == [("Suite",)]
    undo(engine, number, ANNA)
    assert rows(engine, LISTED.format(3)) == [("Suite", 100, 80)]
    assert find_damage(engine) == ()


@pytest.mark.parametrize(("day", "line"), [("2026-11-01", "nothing was stored"), ("2026-12-01", "no snapshot left")])
def test_nothing_and_everything_are_refused(polled, rows, day, line):
    with pytest.raises(UsageError, match=line):
        prune(polled, date.fromisoformat(day), None, None, NOW)
    assert rows(polled, "SELECT count(*) FROM snapshots") == [(20,)]


def test_the_file_gets_smaller_by_what_is_said(sqlite_engine, sqlite_location):
    polls(sqlite_engine)
    with sqlite_engine.begin() as connection:
        connection.execute(text("CREATE TABLE filler AS SELECT randomblob(200000) AS bytes"))
        connection.execute(text("DROP TABLE filler"))
    prune(sqlite_engine, CUT, None, None, NOW)
    assert free_room(sqlite_engine) >= 196_000
    assert find_damage(sqlite_engine) == ()


@pytest.mark.parametrize(
    ("changing", "day"),
    [
        ("UPDATE reading SET value = 99 WHERE number = 5 AND value = 120", "2026-11-03"),  # it stands at the base
        ("UPDATE collection SET error = 'other' WHERE number = 1", "2026-11-01"),
    ],
)
def test_what_something_else_changed_is_not_taken_for_what_stood_there(polled, changing, day):
    with polled.begin() as connection:
        assert connection.execute(text(changing)).rowcount >= 1
    before, found = contents(polled, first=1), find_damage(polled)
    with pytest.raises(DamagedDatabaseError, match=f"^what is stored of {day} was changed by something else"):
        prune(polled, CUT, None, None, NOW)
    assert contents(polled, first=1) == before
    assert find_damage(polled) == found


def test_the_command_makes_a_backup_and_says_what_it_did(webexhist, sqlite_engine, sqlite_location):
    polls(sqlite_engine)
    done = webexhist("db", "prune", "--before", "2026-11-06", "--database", sqlite_location)
    assert done.code == 0, done.stderr
    dropped, backup, freed = done.stdout.splitlines()
    assert dropped.startswith("Acme Example: 9 snapshots and ")
    assert dropped.endswith("values dropped, 2026-11-01 06:00:00 to before 2026-11-05 18:00:00 UTC.")
    assert backup.startswith(f"What it was before: {sqlite_location}.before-prune-")
    assert freed.endswith("MB are free.")


def test_the_same_command_gives_the_room_back_that_one_which_was_ended_did_not(
    webexhist, sqlite_engine, sqlite_location
):
    polls(sqlite_engine)
    with sqlite_engine.begin() as connection:
        connection.execute(text("CREATE TABLE filler AS SELECT randomblob(200000) AS bytes"))
    prune(sqlite_engine, CUT, None, None, NOW)
    with sqlite_engine.begin() as connection:
        connection.execute(text("DROP TABLE filler"))
    words = ("db", "prune", "--before", CUT, "--database", sqlite_location)
    assert webexhist(*words).stdout == "0.2 MB are free.\n"
    again = webexhist(*words)
    assert (again.code, again.line) == (2, f"nothing was stored long enough before {CUT}: give a later day")


def test_what_was_dropped_is_not_imported_again(webexhist, sqlite_engine, sqlite_location, tmp_path):
    polls(sqlite_engine)
    file, late = tmp_path / "all.jsonl", tmp_path / "late.jsonl"
    webexhist("export", "snapshots", "--out", file, "--database", sqlite_location)
    webexhist("db", "prune", "--before", "2026-11-06", "--database", sqlite_location)
    refused = webexhist("import", file, "--database", sqlite_location)
    assert refused.code == 2
    assert "what was stored of Acme Example before 2026-11-06 06:00:00 UTC was dropped" in refused.line
    late.write_text("".join(line for line in file.open() if line > '{"taken_at": "2026-11-06'))
    assert webexhist("import", late, "--database", sqlite_location).code == 0
    assert find_damage(sqlite_engine) == ()
