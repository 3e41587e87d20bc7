"""The products of an organization's licenses, as their codes, names and contracts make them."""

from sqlalchemy import Connection, text

from webexhist.products import product_of

JUDGED_BY_THEMSELVES = frozenset({"ea", "suite-ea"})
"""Kinds of contracts that are an account of their own."""

_LICENSES = text("""
SELECT l.organization_id, l.id, l.code, l.name, l.subscription_id, l.product, c.kind, c.apart,
  (SELECT n.name FROM license n WHERE n.organization_id = l.organization_id AND n.lineage_id = l.lineage_id
    ORDER BY n.id DESC LIMIT 1) AS latest_name
FROM license l LEFT JOIN contract c ON c.subscription = l.subscription_id
WHERE l.organization_id = :organization_id
""")
_RENEWED = text("UPDATE license SET product = :product WHERE organization_id = :organization_id AND id = :id")
_ORGANIZATIONS = text("SELECT id FROM organization ORDER BY id")


def renew_products(connection: Connection, organization_id: int) -> None:
    """Lets the rows of an organization's licenses follow what changed of them, of lineages or of contracts."""
    for row in connection.execute(_LICENSES, {"organization_id": organization_id}).all():
        apart = bool(row.apart) or row.kind in JUDGED_BY_THEMSELVES
        # Without a code the name is all there is, and every license of a lineage has that of the newest.
        name = row.name if row.code else row.latest_name
        product = product_of(row.code, name, row.subscription_id, apart=apart)
        if product != row.product:
            changed = {"organization_id": organization_id, "id": row.id, "product": product}
            connection.execute(_RENEWED, changed)


def renew_all_products(connection: Connection) -> None:
    """The same of every organization."""
    for organization_id in connection.scalars(_ORGANIZATIONS).all():
        renew_products(connection, organization_id)
