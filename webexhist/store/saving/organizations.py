"""The rows of organizations that are polled, and what they are called from which snapshot on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from webexhist.snapshot import Organization
from webexhist.store.locked_organizations import StoredOrganization, known_organizations, organizations_locked
from webexhist.store.saving.placing import Placed
from webexhist.store.schema import organization, organization_version
from webexhist.store.seals.sealing import resealed
from webexhist.webex_ids import uuid_of

_NEW_ORGANIZATION = text("""
INSERT INTO organization (uuid, webex_id, name) VALUES (:uuid, :webex_id, :name) ON CONFLICT DO NOTHING
""")
_RENAMED_ORGANIZATION = text("UPDATE organization SET name = :name WHERE id = :id")
_NEW_NAME = text("INSERT INTO organization_version (organization_id, number, name) VALUES (:id, :number, :name)")


def own_organizations(connection: Connection, seen: Sequence[Organization]) -> list[StoredOrganization]:
    """The organizations' rows, locked: polls of one organization are saved one after the other.

    What is not there yet is made first, and the locks are taken in one order: two polls that save at once wait for
    each other, and never both.
    """
    uuids = [uuid_of(each.webex_id) for each in seen]
    known = known_organizations(connection, uuids)
    new = [
        {"uuid": uuid, "webex_id": each.webex_id, "name": each.name}
        for uuid, each in zip(uuids, seen, strict=True)
        if uuid not in known
    ]
    if new:
        with resealed(connection, None, organization):
            connection.execute(_NEW_ORGANIZATION, new)
    locked = organizations_locked(connection, uuids)
    return [locked[uuid] for uuid in uuids]


def keep_names(connection: Connection, placed: Sequence[Placed]) -> None:
    """Stores the name of each organization that has another name than before, from this snapshot on."""
    named: list[dict[str, Any]] = [
        {"id": each.organization_id, "number": each.number, "name": each.taken.organization.name}
        for each in placed
        if each.number == 1 or each.organization.name != each.taken.organization.name
    ]
    if named:
        with resealed(connection, [each["id"] for each in named], organization, organization_version):
            connection.execute(_RENAMED_ORGANIZATION, named)
            connection.execute(_NEW_NAME, named)
