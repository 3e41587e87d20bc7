"""The row of an organization, which locks the numbers of what belongs to it."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

# A poll is a process of its own, and SQLAlchemy takes longer to put a statement together than SQLite to run it:
# what every poll executes is written out.
_ORGANIZATION = "SELECT id, name FROM organization WHERE webex_id = :webex_id"


@dataclass(frozen=True, slots=True)
class StoredOrganization:
    """An organization as the database knows it."""

    id: int
    name: str


def locked_organization(connection: Connection, webex_id: str) -> StoredOrganization | None:
    """The organization with this id at Webex, or None; whoever else asks for it waits until the transaction ends.

    Snapshots, licenses and metrics are numbered 1, 2, 3 … within their organization: on a server, those who add some
    must do so one after the other.
    """
    # SQLite has no row locks, and needs none: the transaction began with the lock on the whole file.
    lock = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"
    row = connection.execute(text(_ORGANIZATION + lock), {"webex_id": webex_id}).one_or_none()
    return None if row is None else StoredOrganization(row.id, row.name)
