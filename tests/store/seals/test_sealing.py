"""What several processes write at the same instant is sealed once."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, event, text

from webexhist.snapshot import Organization
from webexhist.store.entered.notes import add_note
from webexhist.store.mending.corrections import Author, Subject, void
from webexhist.store.opening.database import open_database
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import find_damage

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
