"""Keeps what was worked out of an organization's future, in place of what was worked out before."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine, delete, insert, text

from webexhist.store import schema
from webexhist.store.locked_organizations import locked_organization
from webexhist.store.rows.outlooks import bases_of
from webexhist.store.seals.sealing import seal_tables
from webexhist.store.seals.writing import writing_explained
from webexhist.stored_snapshot import ProductOutlook

_LICENSES = text("SELECT id, webex_id FROM license WHERE organization_id = :organization_id ORDER BY id")


def save_outlook(
    engine: Engine, webex_id: str, day: date, decisions: int, products: Sequence[ProductOutlook]
) -> None:
    """Stores the outlook of the organization with that id at Webex, and how many decisions are open in it."""
    with writing_explained(engine) as connection:
        stored = locked_organization(connection, webex_id)
        if stored is None:
            return  # dropped in the meantime, with all that it had
        of_organization = {"organization_id": stored.id}
        for table in (schema.product_outlook_license, schema.product_outlook, schema.outlook):
            connection.execute(delete(table).where(table.c.organization_id == stored.id))
        basis = bases_of(connection, {stored.id: day})[stored.id]
        connection.execute(
            insert(schema.outlook).values(**of_organization, day=day.isoformat(), basis=basis, decisions=decisions)
        )
        ids = {row.webex_id: row.id for row in connection.execute(_LICENSES, of_organization)}
        rows = [
            {
                **of_organization,
                "number": number,
                "product": known.product,
                "purchased": known.purchased,
                "limit_units": known.limit,
                "runs_out_on": known.runs_out_on.isoformat() if known.runs_out_on else None,
            }
            for number, known in enumerate(products, start=1)
        ]
        members = [
            {**of_organization, "license_id": ids[each], "number": number}
            for number, known in enumerate(products, start=1)
            for each in known.license_ids
            if each in ids
        ]
        if rows:
            connection.execute(insert(schema.product_outlook), rows)
        if members:
            connection.execute(insert(schema.product_outlook_license), members)
        seal_tables(connection, stored.id, schema.outlook, schema.product_outlook, schema.product_outlook_license)
