"""What the stored organizations are called: two of one name are distinguished wherever they are named."""

from sqlalchemy import Connection, text

from webexhist.organization_names import distinct_labels

_NAMES = text("SELECT id, webex_id, name FROM organization ORDER BY id")


def organization_labels(connection: Connection) -> dict[int, str]:
    """What each organization is called, by its row."""
    rows = connection.execute(_NAMES).all()
    labels = distinct_labels({row.webex_id: row.name for row in rows})
    return {row.id: labels[row.webex_id] for row in rows}


def labels_by_id(connection: Connection) -> dict[str, str]:
    """The same by its id at Webex."""
    return distinct_labels({row.webex_id: row.name for row in connection.execute(_NAMES)})
