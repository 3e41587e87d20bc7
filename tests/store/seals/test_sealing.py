"""What is written is sealed once, also by several processes at the same instant."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, event, text

from webexhist.metrics import Metric
from webexhist.snapshot import Organization
from webexhist.store.entered.notes import add_note
from webexhist.store.errors import RESTORE
from webexhist.store.mending.corrections import Author, Subject, void
from webexhist.store.mending.trim import trim
from webexhist.store.opening.database import open_database
from webexhist.store.saving.parts import keep_part
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import Damage, find_damage

OTHER = Organization("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9nbG9iZXg", "Globex")
BEGUN, ENDED = datetime(2026, 11, 23, 15, tzinfo=UTC), datetime(2026, 11, 23, 16, tzinfo=UTC)
AUTHOR = Author("somebody", ENDED, "wrong")
ONE_WRITER = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def meanwhile(engine: Engine, statement: str, write: Callable[[Engine], object]) -> threading.Thread:
    """Lets another process write just before the engine executes the statement, as far as it is let to."""
    other = open_database(engine.url.render_as_string(hide_password=False))
    writer = threading.Thread(target=lambda: (write(other), other.dispose()))

    def begin(_connection, _cursor, sql, *_rest) -> None:
        if sql.lstrip().startswith(statement) and writer.ident is None:
            writer.start()
            while writer.is_alive() and not waits(engine):
                time.sleep(0.002)

    event.listen(engine, "before_cursor_execute", begin)
    return writer


def waits(engine: Engine) -> bool:
    """Whether some process waits for a lock."""
    with engine.connect() as connection:
        return bool(connection.scalar(text(ONE_WRITER)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statement", "write"),
    [
        (
            "INSERT INTO organization",
            lambda engine, taken, turn: save(
                engine, taken("2026-11-23 15:00", people=3, **({"organization": OTHER} if turn else {}))
            ),
        ),
        ("INSERT INTO note", lambda engine, taken, turn: add_note(engine, date(2026, 11, 23), f"note {turn}")),
        (
            "INSERT INTO correction",
            lambda engine, taken, turn: void(
                engine, Subject(None, None, ("people", "rooms")[turn]), BEGUN, ENDED, AUTHOR
            ),
        ),
    ],
    ids=["organizations", "notes", "corrections"],
)
def test_two_rows_of_one_instant_are_sealed_once(postgres_engine, taken, statement, write):
    if statement == "INSERT INTO correction":
        save(postgres_engine, taken("2026-11-23 15:00", people=3, rooms=4))
    writer = meanwhile(postgres_engine, statement, lambda other: write(other, taken, 1))
    write(postgres_engine, taken, 0)
    writer.join(60)
    assert not writer.is_alive()
    assert find_damage(postgres_engine) == ()


def test_what_polls_keep_of_events_and_hold_is_sealed_as_it_comes_and_goes(engine, taken, window, rows):
    first = replace(window("events", "2026-11-22 15:00", "2026-11-22 16:00"), unplaced={"event": date(2026, 11, 22)})
    save(engine, taken("2026-11-22 16:00", people=3, messages_created=1, windows=[first]))
    assert keep_part(
        engine, "acme", window("events", "2026-11-22 16:00", "2026-11-22 17:00"), {Metric.MESSAGES_CREATED: 2}
    )
    held = frozenset({"people"})
    save(engine, replace(taken("2026-11-22 17:00"), held=held))
    for table in ("unplaced_event", "event_part", "held"):
        assert len(rows(engine, f"SELECT * FROM {table}")) == 1, table
    assert find_damage(engine) == ()
    last = window("events", "2026-11-22 17:00", "2026-11-23 15:00")
    save(engine, taken("2026-11-23 15:00", people=4, messages_created=3, windows=[last]))
    for table, left in (("unplaced_event", 0), ("event_part", 0), ("held", 2)):
        assert len(rows(engine, f"SELECT * FROM {table}")) == left, table
    assert find_damage(engine) == ()
    trim(engine, datetime(2026, 11, 22, 17, tzinfo=UTC), None, None, ENDED)
    assert len(rows(engine, "SELECT * FROM held")) == 1
    assert find_damage(engine) == ()


def test_a_chain_that_something_else_deleted_stays_named_when_polls_open_it_anew(engine, taken, window):
    save(
        engine,
        taken("2026-11-23 15:00", people=3, windows=[window("events", "2026-11-23 14:00", "2026-11-23 15:00")]),
    )
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM event_window"))
    found = Damage("Acme", None, "event_window", "the table event_window was changed", RESTORE)
    assert find_damage(engine) == (found,)
    save(
        engine,
        taken("2026-11-23 15:05", people=3, windows=[window("events", "2026-11-23 15:00", "2026-11-23 15:05")]),
    )
    assert find_damage(engine) == (found,)
