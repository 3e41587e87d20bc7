"""Finds an organization by what a person calls it."""

from sqlalchemy import text

from webexhist.errors import UsageError
from webexhist.store.names.suggestions import did_you_mean
from webexhist.store.opening.history import History
from webexhist.store.organization_labels import organization_labels
from webexhist.texts import folded
from webexhist.webex_ids import uuid_of

MOST_NAMED = 10

_FORMER = "SELECT organization_id, name FROM organization_version"
_NAMES = "SELECT id, uuid, webex_id, name FROM organization ORDER BY name, id"


def find_organization(history: History, wanted: str) -> int:
    """The row of the one organization with this id at Webex, in any of its forms, or with this name.

    A former name is looked for where none bears it now.

    Raises UsageError where there is none, or where several bear the name.
    """
    rows = history.connection.execute(text(_NAMES)).all()
    labels = organization_labels(history.connection)
    found = [row for row in rows if uuid_of(row.webex_id) == uuid_of(wanted) or row.webex_id == wanted]
    found = found or [row for row in rows if folded(wanted) in (folded(row.name), folded(labels[row.id]))]
    if not found:
        former = history.connection.execute(text(_FORMER)).all()
        bearers = {row.organization_id for row in former if folded(row.name) == folded(wanted)}
        found = [row for row in rows if row.id in bearers]
    if len(found) == 1:
        return int(found[0].id)
    if found:
        raise UsageError(f"{wanted!r} may be {' or '.join(labels[row.id] for row in found)}", "name one of them")
    known = [labels[row.id] for row in rows]
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    named = f"name one of {', '.join(known[:MOST_NAMED])}{more}"
    raise UsageError(f"there is no organization {wanted!r}", did_you_mean(wanted, known, named))


def organization_called(history: History, wanted: str) -> str:
    """Its id at Webex. Raises as `find_organization` does."""
    return organization_ids(history)[find_organization(history, wanted)]


def organization_ids(history: History) -> dict[int, str]:
    """The ids at Webex, by the rows of the organizations."""
    return {row.id: row.webex_id for row in history.connection.execute(text(_NAMES))}
