"""Finds an organization by what a person calls it."""

from sqlalchemy import text

from webexhist.errors import UsageError
from webexhist.store.opening.history import History
from webexhist.webex_ids import uuid_of

_NAMES = "SELECT id, uuid, webex_id, name FROM organization ORDER BY name, webex_id"


def find_organization(history: History, wanted: str) -> int:
    """The row of the one organization with this id at Webex, in any of its forms, or with this name.

    Raises UsageError where there is none, or where several bear the name.
    """
    rows = history.connection.execute(text(_NAMES)).all()
    found = [row for row in rows if uuid_of(row.webex_id) == uuid_of(wanted)]
    found = found or [row for row in rows if row.name.casefold() == wanted.casefold()]
    if len(found) == 1:
        return int(found[0].id)
    if not found:
        raise UsageError(f"there is no organization {wanted!r}", f"name one of {', '.join(row.name for row in rows)}")
    raise UsageError(f"{wanted!r} may be {' or '.join(row.webex_id for row in found)}", "give its id")
