"""Errors over damaged rows, explained as damage."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from webexhist.store.engine import place_of
from webexhist.store.errors import ODD_ROWS, DamagedDatabaseError


@contextmanager
def damage_explained(engine: Engine) -> Iterator[None]:
    """Raises `DamagedDatabaseError` instead of what rows that nobody stored lead to, wherever that is noticed.

    The checksums say whether it is the rows: an error over rows that are as they were stored is a mistake of ours.
    """
    try:
        yield
    except ODD_ROWS as error:
        from webexhist.store.seals.damage import first_damage  # a poll has no need of it while all goes well

        found = first_damage(engine)
        if found is None:
            raise
        raise DamagedDatabaseError(
            f"the database {place_of(engine)} is damaged ({found.in_words})", found.next_step
        ) from error
