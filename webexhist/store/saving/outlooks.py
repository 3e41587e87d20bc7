"""Keeps what was worked out of an organization's future, in place of what was worked out before."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Engine, delete, insert, text

from webexhist.snapshot import LicenseOutlook
from webexhist.store import schema
from webexhist.store.engine import place_of, writing
from webexhist.store.errors import driver_errors_explained
from webexhist.store.locked_organizations import locked_organization
from webexhist.store.rows.outlooks import bases_of
from webexhist.store.seals.damage import damage_explained
from webexhist.store.seals.sealing import seal_tables

_LICENSES = text("SELECT id, webex_id FROM license WHERE organization_id = :organization_id ORDER BY id")


def save_outlook(engine: Engine, webex_id: str, day: date, licenses: Mapping[str, LicenseOutlook]) -> None:
    """Stores the outlook of the organization with that id at Webex; `licenses` are by their ids there."""
    with damage_explained(engine), driver_errors_explained(place_of(engine)), writing(engine) as connection:
        stored = locked_organization(connection, webex_id)
        if stored is None:
            return  # dropped in the meantime, with all that it had
        of_organization = {"organization_id": stored.id}
        for table in (schema.license_outlook, schema.outlook):
            connection.execute(delete(table).where(table.c.organization_id == stored.id))
        basis = bases_of(connection, {stored.id: day})[stored.id]
        connection.execute(insert(schema.outlook).values(**of_organization, day=day.isoformat(), basis=basis))
        rows = [
            {
                **of_organization,
                "license_id": row.id,
                "purchased": known.purchased,
                "limit_units": known.limit,
                "runs_out_on": known.runs_out_on.isoformat() if known.runs_out_on else None,
            }
            for row in connection.execute(_LICENSES, of_organization).all()
            if (known := licenses.get(row.webex_id))
        ]
        if rows:
            connection.execute(insert(schema.license_outlook), rows)
        seal_tables(connection, stored.id, schema.outlook, schema.license_outlook)
