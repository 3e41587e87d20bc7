"""Marks what is about to be sent, so that nothing is sent twice, whatever happens afterwards."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select

from webexhist.store.schema import digest
from webexhist.store.seals.writing import changing
from webexhist.store.times import seconds_of


def mark_as_sent(engine: Engine, recipient: str, about: Collection[str], at: datetime) -> frozenset[str]:
    """Marks the months and decisions that a recipient is sent; returns those that were not marked before."""
    with changing(engine, digest) as connection:
        new = frozenset(about) - _marked(connection, recipient)
        rows = [{"recipient": recipient, "about": each, "marked_at": seconds_of(at)} for each in sorted(new)]
        if rows:
            connection.execute(insert(digest), rows)
        return new


def take_marks_back(engine: Engine, recipient: str, about: Collection[str]) -> None:
    """Forgets marks of what was not sent after all."""
    with changing(engine, digest) as connection:
        connection.execute(delete(digest).where(digest.c.recipient == recipient, digest.c.about.in_(about)))


def _marked(connection: Connection, recipient: str) -> frozenset[str]:
    return frozenset(connection.scalars(select(digest.c.about).where(digest.c.recipient == recipient)))
