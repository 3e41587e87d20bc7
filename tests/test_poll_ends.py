"""A poll keeps its budget to the end, and what was collected outlives a restart of the database's server."""

import itertools
import sqlite3
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from handed_time import SkippedTime
from polling import NOON, collection_of, value_of
from sqlalchemy import Engine, event, text

from webexhist.metrics import Metric
from webexhist.poll import poll_into
from webexhist.simulator import Hang, OrganizationPlan, Trouble, World
from webexhist.store.errors import BusyDatabaseError
from webexhist.store.opening.database import open_database
from webexhist.store.waits import patience_of
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import OutOfTime


def many(number):
    return World(organizations=tuple(OrganizationPlan(name=f"Customer {n:03}", people=3) for n in range(number)))


def with_the_budget_used_up(polled):
    """Lets the next poll use up its budget before it stores anything: one request hangs."""
    polled.server.faults.troubles.append(Trouble(Hang(3_600), path="/v1/roles", times=1))
    polled.time = SkippedTime(lambda: polled.server.requests.by_path()["/v1/roles"] - 1)


def test_a_lock_that_another_process_holds_is_waited_for_no_longer_than_the_budget(simulated):
    polled = simulated()
    polled.poll()
    polled.later(minutes=5)
    with closing(sqlite3.connect(polled.folder / "webexhist.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with_the_budget_used_up(polled)
        with pytest.raises(BusyDatabaseError, match="is locked by another process"):
            polled.poll()
        other.execute("ROLLBACK")
    assert polled.time.now() == 20
    polled.time = SkippedTime()
    assert polled.poll().number == 2


def test_a_transaction_waits_for_what_is_left_of_the_budget(simulated):
    time = SkippedTime()
    deadline = Deadline(60, time)
    engine = open_database(simulated().folder / "webexhist.db", deadline.left)
    for passed, left in ((0, 60_000), (45, 15_000), (45, 0)):
        time.passed += passed
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA busy_timeout")).scalar_one() == left
    assert patience_of(engine) == 0
    engine.dispose()


def test_on_a_server_a_transaction_waits_for_what_is_left_of_the_budget(postgres_location):
    time = SkippedTime()
    engine = open_database(postgres_location, Deadline(60, time).left)
    time.passed = 45
    with engine.connect() as connection:
        assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "15s"
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "15s"
    engine.dispose()


def test_a_lock_on_a_server_is_waited_for_no_longer_than_the_budget(simulated, postgres_location):
    polled = simulated()
    polled.poll(database=postgres_location)
    polled.later(minutes=5)
    with psycopg.connect(postgres_location.replace("+psycopg", "")) as other:
        other.execute("SELECT * FROM organization FOR UPDATE")
        with_the_budget_used_up(polled)
        with pytest.raises(BusyDatabaseError, match="kept others waiting too long"):
            polled.poll(database=postgres_location)
    assert polled.time.now() == 20
    polled.time = SkippedTime()
    assert polled.poll(database=postgres_location).number == 2


class ChargedTime(SkippedTime):
    """Every transaction that writes takes a second."""

    def charge(self, engine):
        event.listen(engine, "commit", lambda _: setattr(self, "passed", self.passed + 1))


def test_organizations_that_cannot_be_stored_in_time_are_named_and_come_first_the_next_time(simulated, monkeypatch):
    monkeypatch.setattr("webexhist.storing.AT_ONCE", 1)  # a hundred organizations would take long to poll
    polled = simulated(many(8))
    engine = open_database(polled.folder / "webexhist.db")
    stored = []
    for _poll in range(2):
        time = ChargedTime()
        deadline = Deadline(5, time)
        charged = engine.execution_options(patience=deadline.left)
        time.charge(charged)
        with pytest.raises(OutOfTime, match="3 of 8 organizations were not stored, budget_seconds is 5"):
            poll_into(charged, polled.settings(budget_seconds="5"), polled.clock, deadline)
        assert time.now() == 5
        with engine.connect() as connection:
            counts = "SELECT count(*), count(DISTINCT organization_id) FROM snapshot"
            stored.append(tuple(connection.execute(text(counts)).one()))
        polled.later(minutes=5)
    assert stored == [(5, 5), (10, 8)]
    engine.dispose()


@pytest.mark.slow
def test_time_to_save_many_organizations_is_set_aside_before_they_are_asked_about(simulated):
    polled = simulated(many(51))
    time = SkippedTime()
    deadline = Deadline(20, time)
    ends = []
    set_aside = deadline.set_aside
    deadline.set_aside = lambda seconds: (set_aside(seconds), ends.append(deadline.left()))[0]
    engine = open_database(polled.folder / "webexhist.db", deadline.left)
    assert len(poll_into(engine, polled.settings(), polled.clock, deadline)) == 51
    assert ends == [20, 19.5, 20]
    engine.dispose()


def location(server):
    return f"postgresql+psycopg://webexhist@/postgres?host={server.folder}"


def test_a_restart_of_the_server_while_webex_is_asked_loses_no_poll(simulated, postgres_of_its_own):
    polled = simulated()
    engine = open_database(location(postgres_of_its_own))
    settings = polled.settings(database=location(postgres_of_its_own))
    poll_into(engine, settings, polled.clock, Deadline(60))
    polled.server.scripted.post_message(NOON + timedelta(minutes=1))
    polled.later(minutes=5)
    looks = []

    def clock():
        """Restarts the server when Webex has answered for the first time."""
        if polled.server.requests.by_path()["/v1/organizations"] == 2 and not looks:
            looks.append(1)
            postgres_of_its_own.restart()
        return polled.clock()

    (snapshot,) = poll_into(engine, settings, clock, Deadline(60))
    assert looks
    assert (snapshot.number, value_of(snapshot, Metric.MESSAGES_CREATED)) == (2, 1)
    assert not [run for run in snapshot.collections if run.status.is_trouble]
    engine.dispose()


def test_a_connection_that_is_lost_while_a_snapshot_is_written_stores_it_once(simulated, postgres_of_its_own):
    polled = simulated()
    engine = open_database(location(postgres_of_its_own))
    settings = polled.settings(database=location(postgres_of_its_own))
    lost = []

    @event.listens_for(engine, "before_cursor_execute")
    def lose(connection, cursor, statement, *others):
        if statement.lstrip().startswith("INSERT INTO snapshot") and not lost:
            lost.append(statement)
            postgres_of_its_own.restart()

    for number in (1, 2):
        (snapshot,) = poll_into(engine, settings, polled.clock, Deadline(60))
        assert (len(lost), snapshot.number, collection_of(snapshot, "events").error) == (1, number, None)
        polled.later(minutes=5)
    engine.dispose()


def test_a_snapshot_that_was_stored_when_the_connection_was_lost_is_not_stored_again(simulated, postgres_location):
    polled = simulated()
    engine = open_database(postgres_location)
    settings = polled.settings(database=postgres_location)
    (snapshot,) = poll_into(engine, settings, polled.clock, Deadline(60))
    polled.later(minutes=5)
    commit, lost = engine.dialect.do_commit, []

    def commit_unanswered(connection):
        commit(connection)
        if not lost:
            lost.append(1)
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    engine.dialect.do_commit = commit_unanswered
    for number in (2, 3):
        (snapshot,) = poll_into(engine, settings, polled.clock, Deadline(60))
        assert (len(lost), snapshot.number, collection_of(snapshot, "events").error) == (1, number, None)
        polled.later(minutes=5)
    engine.dispose()


ENDED = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database()
"""


def test_a_connection_that_ends_before_any_statement_of_a_poll_costs_nothing_and_stores_nothing_twice(
    simulated, postgres_location
):
    """From opening the database to reading back: the statements differ from poll to poll, and each third is met."""
    polled = simulated()
    polled.poll(database=postgres_location)
    left = []

    @event.listens_for(Engine, "before_cursor_execute")
    def end_connection(connection, *others):
        left[:] = [count - 1 for count in left]
        if left == [0]:
            with psycopg.connect(postgres_location.replace("+psycopg", ""), autocommit=True) as other:
                other.execute(ENDED)

    number = 1
    try:
        for before in itertools.count(1, 3):
            number += 1
            polled.server.scripted.post_message(polled.clock() + timedelta(minutes=2))
            polled.later(minutes=5)
            left[:] = [before]
            snapshot = polled.poll(database=postgres_location)
            counted = value_of(snapshot, Metric.MESSAGES_CREATED)
            assert (snapshot.number, counted, collection_of(snapshot, "events").error) == (
                number,
                number - 1,
                None,
            ), before
            if left[0] > 0:
                break
    finally:
        event.remove(Engine, "before_cursor_execute", end_connection)
    assert before > 30
    with psycopg.connect(postgres_location.replace("+psycopg", "")) as database:
        assert database.execute("SELECT count(*) FROM snapshot").fetchone() == (number,)
