"""The products of an organization's licenses, as their codes, names and contracts make them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

from webexhist.products import is_apart, product_of
from webexhist.store.by_organization import of_organizations

_LICENSES = of_organizations("""
SELECT l.organization_id, l.id, l.code, l.name, l.subscription_id, l.product, c.kind, c.apart,
  (SELECT n.name FROM license n WHERE n.organization_id = l.organization_id AND n.lineage_id = l.lineage_id
    ORDER BY n.id DESC LIMIT 1) AS latest_name
FROM license l LEFT JOIN contract c ON c.subscription = l.subscription_id
WHERE l.organization_id IN :organizations
""")
_RENEWED = text("UPDATE license SET product = :product WHERE organization_id = :organization_id AND id = :id")
_FORGOTTEN = text("DELETE FROM product_day WHERE organization_id = :organization_id")
_ORGANIZATIONS = text("SELECT id FROM organization ORDER BY id")


def renew_products(connection: Connection, organization_ids: Sequence[int]) -> None:
    """Stores anew what each license is judged with, after licenses, lineages or contracts have changed."""
    renewed: list[dict[str, object]] = []
    regrouped: set[int] = set()
    for row in connection.execute(_LICENSES, {"organizations": list(organization_ids)}).all():
        apart = is_apart(row.kind, row.apart)
        # Without a code the name is all there is, and every license of a lineage has that of the newest.
        name = row.name if row.code else row.latest_name
        product = product_of(row.code, name, row.subscription_id, apart=apart)
        if product != row.product:
            renewed.append({"organization_id": row.organization_id, "id": row.id, "product": product})
            if row.product:
                regrouped.add(row.organization_id)
    if renewed:
        connection.execute(_RENEWED, renewed)
    forget_product_days(connection, regrouped)


def forget_product_days(connection: Connection, organization_ids: Iterable[int]) -> None:
    """Lets views work the days of products out anew: other licenses belong to them than before."""
    for organization_id in organization_ids:
        connection.execute(_FORGOTTEN, {"organization_id": organization_id})


def renew_all_products(connection: Connection) -> None:
    """The same of every organization."""
    renew_products(connection, connection.scalars(_ORGANIZATIONS).all())
