"""The lineages of an organization's licenses, as its joined successions make them."""

from sqlalchemy import Connection, text

from webexhist.store.products import renew_products
from webexhist.successions import lineages_of

_JOINED = text("""
SELECT former_id, successor_id FROM succession WHERE organization_id = :organization_id AND state = 'joined'
""")
_LINEAGES = text("""
SELECT l.id, l.lineage_id FROM license l
LEFT JOIN metric m ON m.organization_id = l.organization_id AND m.license_id = l.id AND m.field = 'listed'
WHERE l.organization_id = :organization_id ORDER BY m.first_number, l.id
""")
"""In the order in which they were first listed: another than that of the ids where a history was imported."""
_RENEWED = text("UPDATE license SET lineage_id = :lineage WHERE organization_id = :organization_id AND id = :id")


def joined_successions(connection: Connection, organization_id: int) -> dict[int, int]:
    """The license that continues another, by that one's id."""
    rows = connection.execute(_JOINED, {"organization_id": organization_id})
    return {row.former_id: row.successor_id for row in rows}


def renew_lineages(connection: Connection, organization_id: int) -> None:
    """Stores anew the lineage of each license, after successions were stored or changed."""
    stored = {row.id: row.lineage_id for row in connection.execute(_LINEAGES, {"organization_id": organization_id})}
    for id_, lineage in lineages_of(stored, joined_successions(connection, organization_id)).items():
        if stored[id_] != lineage:
            connection.execute(_RENEWED, {"organization_id": organization_id, "id": id_, "lineage": lineage})
    renew_products(connection, [organization_id])
