"""What was worked out of an organization's future, once a day, and whether it still rests on what is stored."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, Row

from webexhist.store import schema
from webexhist.store.by_organization import by_organization, of_organizations
from webexhist.store.seals.sealing import CONCERNS_ALL, differing, table_sums
from webexhist.stored_snapshot import ProductOutlook, StoredOutlook

NOT_RESTED_ON = ("outlook", "product_outlook", "product_outlook_license", "price", "last_poller", "digest")
"""The tables with a checksum for each organization on which no outlook rests."""
_OUTLOOKS = of_organizations("""
SELECT organization_id, day, basis, decisions FROM outlook WHERE organization_id IN :organizations
""")
_PRODUCTS = of_organizations("""
SELECT p.organization_id, p.number, p.product, p.purchased, p.limit_units, p.runs_out_on, l.webex_id
FROM product_outlook p
JOIN product_outlook_license m ON m.organization_id = p.organization_id AND m.number = p.number
JOIN license l ON l.organization_id = m.organization_id AND l.id = m.license_id
WHERE p.organization_id IN :organizations ORDER BY p.organization_id, p.number, l.id
""")
_OWN = (schema.outlook, schema.product_outlook, schema.product_outlook_license)
_SEALED = of_organizations(f"""
SELECT organization_id, table_name, checksum FROM table_checksum
WHERE organization_id IN :organizations AND table_name IN {tuple(table.name for table in _OWN)}
""")  # noqa: S608  (the names stand above)
_CHECKSUMS = of_organizations(f"""
SELECT organization_id, table_name, checksum FROM table_checksum
WHERE (organization_id = 0 OR organization_id IN :organizations)
  AND table_name NOT IN {("sqlite_master", *NOT_RESTED_ON)}
ORDER BY organization_id, table_name
""")  # noqa: S608  (the names stand above)
_PAST = of_organizations("""
SELECT s.organization_id, count(*) AS days, sum(s.readings_checksum) AS readings FROM sealed_day s
WHERE s.organization_id IN :organizations AND s.last_number < (
  SELECT d.first_number FROM day d WHERE d.organization_id = s.organization_id AND d.day = :day)
GROUP BY s.organization_id
""")


def stored_outlooks(connection: Connection, organization_ids: list[int]) -> dict[int, StoredOutlook]:
    """The outlooks of these organizations; one has none if none was worked out yet, or its rows were changed."""
    of_these = {"organizations": organization_ids}
    changed = _changed(connection, organization_ids)
    rows = connection.execute(_OUTLOOKS, of_these).all()
    stored = {row.organization_id: row for row in rows if row.organization_id not in changed}
    if not stored:
        return {}
    days = {organization_id: date.fromisoformat(row.day) for organization_id, row in stored.items()}
    bases = bases_of(connection, days)
    products = by_organization(connection.execute(_PRODUCTS, of_these))
    return {
        organization_id: StoredOutlook(
            day=days[organization_id],
            is_of_now=row.basis == bases[organization_id],
            decisions=row.decisions,
            products=tuple(
                _product(list(of_product))
                for _, of_product in groupby(products.get(organization_id, []), key=lambda each: each.number)
            ),
        )
        for organization_id, row in stored.items()
    }


def _changed(connection: Connection, organization_ids: list[int]) -> set[int]:
    """The organizations of which something else changed the rows of the outlook."""
    rows = connection.execute(_SEALED, {"organizations": organization_ids})
    sealed = {(organization_id, name): checksum for organization_id, name, checksum in rows}
    return {
        organization_id for organization_id, _ in differing(sealed, table_sums(connection, organization_ids, _OWN))
    }


def _product(rows: Sequence[Row[Any]]) -> ProductOutlook:
    """A product out of its rows, one a license."""
    first = rows[0]
    return ProductOutlook(
        product=first.product,
        license_ids=tuple(row.webex_id for row in rows),
        purchased=first.purchased,
        limit=first.limit_units,
        runs_out_on=_day_or_none(first.runs_out_on),
    )


def bases_of(connection: Connection, days: Mapping[int, date]) -> dict[int, int]:
    """Checksums of what outlooks of these days rest on: what people entered, which licenses there are, earlier days.

    They are made of the checksums that are kept anyway, so that whoever changes any of it need not know of outlooks.
    """
    checksums = by_organization(connection.execute(_CHECKSUMS, {"organizations": list(days)}))
    of_all = checksums.get(CONCERNS_ALL, [])
    past: dict[int, tuple[int, int]] = {}
    for day in set(days.values()):
        of_day = [organization_id for organization_id, own in days.items() if own == day]
        rows = connection.execute(_PAST, {"organizations": of_day, "day": day.isoformat()})
        past.update((row.organization_id, (row.days, int(row.readings))) for row in rows)
    bases: dict[int, int] = {}
    for organization_id in days:
        sums = [tuple(row) for row in (*of_all, *checksums.get(organization_id, []))]
        bases[organization_id] = crc32(repr((sums, *past.get(organization_id, (0, 0)))).encode())
    return bases


def _day_or_none(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None
