"""The row of an organization, which locks the numbers of what belongs to it."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from webexhist.time_zones import TimeZone, zone_called
from webexhist.webex_ids import uuid_of

# A poll is a process of its own, and SQLAlchemy takes longer to put a statement together than SQLite to run it:
# what every poll executes is written out.
_ORGANIZATIONS = "SELECT id FROM organization ORDER BY id"
_ORGANIZATION = "SELECT id, name, timezone FROM organization WHERE uuid = :uuid"


@dataclass(frozen=True, slots=True)
class StoredOrganization:
    """An organization as the database knows it."""

    id: int
    name: str
    zone: TimeZone
    """By which its days are counted."""


def locked_organization(connection: Connection, webex_id: str) -> StoredOrganization | None:
    """The organization with this id at Webex, in any of its forms, or None.

    Whoever else asks for it waits until the transaction ends. Snapshots, licenses and metrics are numbered 1, 2, 3 …
    within their organization: on a server, those who add some must do so one after the other.
    """
    # SQLite has no row locks, and needs none: the transaction began with the lock on the whole file.
    lock = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"
    row = connection.execute(text(_ORGANIZATION + lock), {"uuid": uuid_of(webex_id)}).one_or_none()
    return None if row is None else StoredOrganization(row.id, row.name, zone_called(row.timezone))


def locked_organizations(connection: Connection, organization_id: int | None) -> list[int]:
    """The rows of all organizations, or that of one, locked in the same way."""
    lock = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"
    ids = connection.scalars(text(f"{_ORGANIZATIONS}{lock}")).all()
    return [id_ for id_ in ids if organization_id in (None, id_)]
