"""How long a PostgreSQL server is waited for, whatever keeps it from answering."""

import gc
import os
import signal
import socket

import pytest
from echoing_database import message, parameter, password_of, ready
from raw_server import listening
from sqlalchemy import make_url, text

from webexhist.store import impatient as connections
from webexhist.store.engine import engine_for
from webexhist.store.errors import BusyDatabaseError, LostConnectionError, driver_errors_explained
from webexhist.store.opening.read_only import opened_to_read
from webexhist.store.server import number_of_hosts, unless_asked_for
from webexhist.store.waits import LATE_SECONDS
from webexhist.storing import open_in_time
from webexhist.webex.api.deadline import Deadline


def nothing_left():
    return 0.0


@pytest.fixture
def impatient(postgres_engine):
    engine = engine_for(postgres_engine.url.render_as_string(hide_password=False), nothing_left)
    yield engine
    engine.dispose()


def pid_of(connection):
    return connection.scalar(text("SELECT pg_backend_pid()"))


def test_where_nothing_is_left_no_lock_is_waited_for_and_a_statement_has_a_second(impatient):
    with impatient.connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "1ms"
        assert connection.scalar(text("SHOW statement_timeout")) == "1s"


@pytest.mark.slow
def test_what_all_statements_may_take_together_once_nothing_is_left_is_limited(impatient):
    with impatient.connect() as connection:
        waits = connection.connection.dbapi_connection.waits
        connection.execute(text("SELECT pg_sleep(0.3)"))
        assert 0 < waits.late < LATE_SECONDS
    waits.late = LATE_SECONDS
    with impatient.connect() as connection:  # what is answered at once still is
        assert connection.scalar(text("SELECT 1")) == 1
        with pytest.raises(BusyDatabaseError), driver_errors_explained("x"):
            connection.execute(text("SELECT pg_sleep(0.9)"))


@pytest.mark.slow
def test_a_server_that_is_frozen_is_not_waited_for(impatient):
    with driver_errors_explained("x"), impatient.connect() as connection:
        pid = pid_of(connection)
        os.kill(pid, signal.SIGSTOP)
        try:
            with (
                pytest.raises(BusyDatabaseError, match="did not answer in the time that was left"),
                driver_errors_explained("x"),
            ):
                connection.scalar(text("SELECT 1"))
        finally:
            os.kill(pid, signal.SIGCONT)
    with impatient.connect() as connection:  # by a connection of its own
        assert pid_of(connection) != pid


@pytest.mark.slow
def test_a_port_where_nobody_speaks_is_no_server(unused_port):
    with socket.create_server(("127.0.0.1", unused_port)):
        for seconds in ("?connect_timeout=2", ""):
            engine = engine_for(f"postgresql://u@127.0.0.1:{unused_port}/d{seconds}", nothing_left)
            with pytest.raises(LostConnectionError, match="timeout expired"), driver_errors_explained("x"):
                engine.connect()
        reader = opened_to_read(f"postgresql://u@127.0.0.1:{unused_port}/d?connect_timeout=2")
        with pytest.raises(LostConnectionError, match="timeout expired"), reader:
            pass


@pytest.mark.slow
def test_a_poll_does_not_come_to_a_silent_server_again_that_it_has_no_time_for(unused_port):
    with socket.create_server(("127.0.0.1", unused_port)) as listener:
        with pytest.raises(LostConnectionError):  # after two seconds, as the driver waits no shorter
            open_in_time(f"postgresql://u@127.0.0.1:{unused_port}/d", Deadline(3))
        listener.settimeout(1)
        listener.accept()
        with pytest.raises(TimeoutError):
            listener.accept()


def silent_once_let_in(connection):
    password_of(connection)
    connection.sendall(message(b"R", bytes(4)) + parameter("server_encoding", "UTF8") + ready())
    while connection.recv(65536):
        pass


@pytest.mark.slow
def test_a_reader_gives_up_a_server_that_answers_nobody_any_more(monkeypatch):
    monkeypatch.setattr(connections, "ANSWER_SECONDS", 0.2)
    with listening(silent_once_let_in) as port:  # the next one is not even let in
        engine = engine_for(f"postgresql://u:p@127.0.0.1:{port}/d?connect_timeout=2")
        with pytest.raises(LostConnectionError, match="does not answer any more"), driver_errors_explained("x"):
            engine.connect()
        gc.collect()  # the driver leaves it to that to end the connection that was not let in


@pytest.mark.slow
def test_a_reader_waits_for_a_statement_that_takes_long_on_a_server_that_lives(monkeypatch, postgres_engine):
    monkeypatch.setattr(connections, "ANSWER_SECONDS", 0.1)
    engine = engine_for(postgres_engine.url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1 FROM pg_sleep(0.5)")) == 1
        others = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'")
        assert connection.scalar(others) == 1
    engine.dispose()


def test_a_reader_that_has_no_time_waits_for_no_lock(postgres_engine):
    location = postgres_engine.url.render_as_string(hide_password=False)
    with postgres_engine.begin() as other, opened_to_read(location, nothing_left) as reader:
        other.execute(text("LOCK TABLE note IN ACCESS EXCLUSIVE MODE"))
        with reader.connect() as connection:
            assert connection.scalar(text("SHOW lock_timeout")) == "1ms"
            with pytest.raises(BusyDatabaseError), driver_errors_explained("x"):
                connection.execute(text("SELECT * FROM note"))


def test_a_host_that_vanished_is_found_within_a_minute_unless_asked_otherwise(monkeypatch):
    monkeypatch.delenv("PGCONNECT_TIMEOUT", raising=False)
    url = make_url("postgresql://u@server/d")
    probes = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    assert unless_asked_for(url) == {**probes, "connect_timeout": 8}
    assert unless_asked_for(make_url("postgresql://u@/d?host=one,two,three")) == {**probes, "connect_timeout": 2}
    asked = url.update_query_dict({"keepalives_count": "9", "connect_timeout": "100"})
    assert unless_asked_for(asked) == {"keepalives_idle": 30, "keepalives_interval": 10}
    monkeypatch.setenv("PGCONNECT_TIMEOUT", "5")
    assert unless_asked_for(url) == probes


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("postgresql://u@/d", 1),
        ("postgresql://u@one/d", 1),
        ("postgresql://u@/d?host=one,two,three", 3),
        ("postgresql://u@/d?host=one:5432&host=two:5433", 2),
    ],
)
def test_servers_of_which_one_is_enough_share_the_time(url, number):
    assert number_of_hosts(make_url(url)) == number
