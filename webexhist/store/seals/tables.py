"""The tables that change rarely, held against their checksums."""

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select, text

from webexhist.store import schema
from webexhist.store.seals.indexes import indexed_otherwise
from webexhist.store.seals.sealing import (
    CONCERNS_ALL,
    DEFINITIONS,
    RARELY_CHANGED,
    definitions_sum,
    differing,
    table_sums,
)
from webexhist.webex_ids import uuid_of

_SEALED = select(schema.table_checksum)
_SEALED_OF = _SEALED.where(schema.table_checksum.c.organization_id.in_(bindparam("owners", expanding=True)))
_UUIDS = select(schema.organization.c.id, schema.organization.c.uuid)
_GONE = text("""
SELECT c.organization_id, 'organization' AS table_name FROM table_checksum c
WHERE c.table_name = 'organization' AND c.checksum <> 0
  AND NOT EXISTS (SELECT 1 FROM organization o WHERE o.id = c.organization_id)
UNION ALL
SELECT o.id, 'day' FROM organization o WHERE NOT EXISTS (SELECT 1 FROM day d WHERE d.organization_id = o.id)
  AND EXISTS (SELECT 1 FROM snapshot s WHERE s.organization_id = o.id)
""")
"""Organizations of which no review is made, because a row or all days of them are gone."""


def damaged_tables_of(connection: Connection, organization_id: int) -> tuple[str, ...]:
    """The tables of which the organization's rows, or those that concern all, were changed by something else."""
    return tuple(sorted({name for _, name in damaged_tables(connection, organization_id)}))


def damaged_tables_of_each(connection: Connection, webex_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The same of the organizations with these ids at Webex, by those that have any.

    An organization that is none of them may be one of them, of which the id was changed.
    """
    of_uuid = {uuid_of(webex_id): webex_id for webex_id in webex_ids}
    known = {row.id: of_uuid[row.uuid] for row in connection.execute(_UUIDS) if row.uuid in of_uuid}
    damaged: dict[str, set[str]] = {}
    for owner, name in damaged_tables(connection):
        concerns_all = owner == CONCERNS_ALL or name == schema.organization.name
        for webex_id in of_uuid.values() if concerns_all else [known[owner]] if owner in known else ():
            damaged.setdefault(webex_id, set()).add(name)
    return {webex_id: tuple(sorted(names)) for webex_id, names in damaged.items()}


def damaged_tables(connection: Connection, only: int | None = None) -> tuple[tuple[int, str], ...]:
    """The organizations and names of the tables that change rarely and were changed by something else.

    `only` names an organization: its own rows are looked at, those that concern all, and whether another one is gone.
    """
    wanted = None if only is None else (only, CONCERNS_ALL)
    checksums = connection.execute(_SEALED_OF, {"owners": wanted}) if wanted else connection.execute(_SEALED)
    sealed = {(organization_id, name): checksum for organization_id, name, checksum in checksums}
    stored = table_sums(connection, wanted, RARELY_CHANGED)
    if connection.dialect.name == "sqlite":
        stored[CONCERNS_ALL, DEFINITIONS] = definitions_sum(connection)
    damaged = differing(sealed, stored) | indexed_otherwise(connection, wanted, RARELY_CHANGED)
    if wanted:
        damaged |= {(row.organization_id, row.table_name) for row in connection.execute(_GONE)}
    return tuple(sorted(damaged, key=repr))
