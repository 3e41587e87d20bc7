"""What SQLite says of its own file."""

from collections.abc import Sequence

from sqlalchemy import Connection, text


def complaints(connection: Connection, check: str, most: int) -> Sequence[str]:
    """What `integrity_check` or `quick_check` finds, in so many complaints at most; nothing in a sound file.

    Of some damaged pages SQLite has no memory for more than one complaint, however much there is: it is asked for
    one then. Raises MemoryError where it finds nothing by that.
    """
    try:
        return _found(connection, check, most)
    except MemoryError:
        if found := _found(connection, check, 1):
            return found
        raise


def _found(connection: Connection, check: str, most: int) -> Sequence[str]:
    return [line for line in connection.scalars(text(f"PRAGMA {check}({most})")).all() if line != "ok"]
