"""Which database a history may be copied into: another one than its own, without polls that this one lacks."""

import secrets
from collections.abc import Iterator

from sqlalchemy import Connection, select, text

from webexhist.errors import UsageError
from webexhist.store import schema
from webexhist.store.engine import file_of
from webexhist.store.errors import ForeignDatabaseError
from webexhist.store.times import in_words

ROWS_AT_A_TIME = 5000


def require_another(reading: Connection, written: Connection, place: str) -> None:
    """Raises `UsageError` where the target is the source; `place` is how messages name the target."""
    if _same_file(reading, written) or _same_tables(reading, written):
        raise UsageError(
            f"{place} is the database that is read, and a history cannot be copied onto itself",
            "name another path or URL, or make a backup: webexhist db backup FILE",
        )


def _same_file(reading: Connection, written: Connection) -> bool:
    ours, theirs = file_of(reading.engine), file_of(written.engine)
    return ours is not None and theirs is not None and ours.samefile(theirs)


def _same_tables(reading: Connection, written: Connection) -> bool:
    """Whether both are connected to the same tables of a server, whatever address each of them went by.

    A lock of this kind stands in the way of others in the same database alone.
    """
    if {reading.dialect.name, written.dialect.name} != {"postgresql"}:
        return False
    lock = {"key": secrets.randbits(62)}
    reading.execute(text("SELECT pg_advisory_xact_lock(:key)"), lock)
    is_free = written.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), lock)
    tables = {each.scalar(text("SELECT CAST('snapshot' AS regclass)::oid")) for each in (reading, written)}
    return not is_free and len(tables) == 1


def require_same_history(reading: Connection, written: Connection, place: str) -> None:
    """Raises `ForeignDatabaseError` where the target holds polls or organizations that the source lacks."""
    organization = schema.organization
    known = set(reading.execute(select(organization.c.id, organization.c.uuid)))
    for row in written.execute(select(organization.c.id, organization.c.uuid)).all():
        own_since = _own_since(reading, written, row.id) if row in known else None
        if row in known and own_since is None:
            continue
        raise ForeignDatabaseError(
            f"the database {place} holds a history of its own"
            + (f", polls of {in_words(own_since)} UTC and later" if own_since else ""),
            "name an empty one, or a copy of this; what was dropped here, drop there too: webexhist db trim",
        )


def _own_since(reading: Connection, written: Connection, organization_id: int) -> int | None:
    """When the first snapshot was taken that the target has and the source has not; None where it has all.

    What the source has dropped from its beginning may be there still.
    """
    snapshot = schema.snapshot
    ours = select(snapshot.c.number, snapshot.c.taken_at).where(snapshot.c.organization_id == organization_id)
    newest = written.execute(ours.order_by(snapshot.c.number.desc()).limit(1)).first()
    if newest is None or reading.execute(ours.where(snapshot.c.number == newest.number)).first() == newest:
        return None
    # An import gives snapshots other numbers: their times are compared, as they come.
    in_order = select(snapshot.c.taken_at).where(snapshot.c.organization_id == organization_id)
    in_order = in_order.order_by(snapshot.c.number).execution_options(yield_per=ROWS_AT_A_TIME)
    times: Iterator[int] = iter(reading.scalars(in_order))
    first = known = next(times, None)
    own: int
    for own in written.scalars(in_order):
        while known is not None and known < own:
            known = next(times, None)
        if own != known and first is not None and own >= first:
            return own
    return None
