"""Refuses to write anew what something else changed: it would be sealed as if it had been stored so."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from webexhist.store.errors import RESTORE, DamagedDatabaseError
from webexhist.store.seals.differences import ALL_PARTS, SealedPart, missing_sums
from webexhist.store.seals.sealing import SealedDay
from webexhist.store.seals.tables import damaged_tables


def require_undamaged_tables(connection: Connection) -> None:
    """Raises `DamagedDatabaseError` where a table that changes rarely was changed by something else."""
    if tables := damaged_tables(connection):
        raise _damaged(f"in the table {tables[0][1]}")


def require_undamaged_days(
    connection: Connection,
    organization_id: int,
    days: Sequence[SealedDay],
    parts: Iterable[SealedPart] = ALL_PARTS,
) -> None:
    """The same of what was stored on some days, one after the other."""
    if missing := missing_sums(connection, organization_id, days, parts):
        raise _damaged(f"of {min(missing)}")


def _damaged(where: str) -> DamagedDatabaseError:
    return DamagedDatabaseError(
        f"what is stored {where} was changed by something else, and would be written anew",
        f"see webexhist db check; {RESTORE}",
    )
