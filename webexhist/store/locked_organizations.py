"""The rows of organizations, each of which locks the numbers of what belongs to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, text

from webexhist.time_zones import TimeZone, zone_called
from webexhist.webex_ids import uuid_of

# A poll is a process of its own, and SQLAlchemy takes longer to put a statement together than SQLite to run it:
# what every poll executes is written out.
_ORGANIZATIONS = "SELECT id FROM organization ORDER BY id"
_CALLED = "SELECT id, uuid, name, timezone FROM organization WHERE uuid IN :uuids ORDER BY id"
_KNOWN = text("SELECT uuid FROM organization WHERE uuid IN :uuids").bindparams(bindparam("uuids", expanding=True))


@dataclass(frozen=True, slots=True)
class StoredOrganization:
    """An organization as the database knows it."""

    id: int
    name: str
    zone: TimeZone
    """By which its days are counted."""


def known_organizations(connection: Connection, uuids: Sequence[str]) -> frozenset[str]:
    """Which of these organizations have a row."""
    return frozenset(connection.scalars(_KNOWN, {"uuids": list(uuids)}))


def organizations_locked(connection: Connection, uuids: Sequence[str]) -> Mapping[str, StoredOrganization]:
    """The organizations with these UUIDs that are there.

    Whoever else asks for one waits until the transaction ends. Snapshots, licenses and metrics are numbered 1, 2, 3 …
    within their organization: on a server, those who add some must do so one after the other.
    """
    # SQLite has no row locks, and needs none: the transaction began with the lock on the whole file.
    lock = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"
    called = text(_CALLED + lock).bindparams(bindparam("uuids", expanding=True))
    rows = connection.execute(called, {"uuids": list(uuids)})
    return {row.uuid: StoredOrganization(row.id, row.name, zone_called(row.timezone)) for row in rows}


def locked_organization(connection: Connection, webex_id: str) -> StoredOrganization | None:
    """The organization with this id at Webex, in any of its forms, locked in the same way, or None."""
    uuid = uuid_of(webex_id)
    return organizations_locked(connection, [uuid]).get(uuid)


def locked_organizations(connection: Connection, organization_id: int | None) -> list[int]:
    """The rows of all organizations, or that of one, locked in the same way."""
    lock = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"
    ids = connection.scalars(text(f"{_ORGANIZATIONS}{lock}")).all()
    return [id_ for id_ in ids if organization_id in (None, id_)]
