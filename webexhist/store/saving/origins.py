"""What snapshots come from: a row for each version of the program that polled an organization."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from webexhist import __version__
from webexhist.store.by_organization import of_organizations
from webexhist.store.schema import origin
from webexhist.store.seals.sealing import resealed

_STORED = of_organizations("""
SELECT organization_id, id, version, source FROM origin WHERE organization_id IN :organizations
""")
_NEW = text("INSERT INTO origin (organization_id, id, version) VALUES (:organization_id, :id, :version)")


def origins_of_polls(
    connection: Connection, organization_ids: Sequence[int], last: Mapping[int, Row[Any]]
) -> dict[int, int]:
    """The ids of the rows that say "a poll of this version", by organization; made where they are missing.

    `last` are the last snapshots: where one is of such a poll, nothing has to be looked up.
    """
    found = {
        id_: last[id_].origin_id
        for id_ in organization_ids
        if id_ in last and (last[id_].version, last[id_].source) == (__version__, None)
    }
    unknown = [id_ for id_ in organization_ids if id_ not in found]
    if not unknown:
        return found
    newest = dict.fromkeys(unknown, 0)
    for row in connection.execute(_STORED, {"organizations": unknown}):
        newest[row.organization_id] = max(newest[row.organization_id], row.id)
        if (row.version, row.source) == (__version__, None):
            found[row.organization_id] = row.id
    made = {id_: newest[id_] + 1 for id_ in unknown if id_ not in found}
    if made:
        with resealed(connection, list(made), origin):
            rows = [{"organization_id": owner, "id": id_, "version": __version__} for owner, id_ in made.items()]
            connection.execute(_NEW, rows)
    return found | made
