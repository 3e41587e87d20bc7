"""Which licenses there are, and what they were called when."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, insert, text, update

from webexhist.snapshot import License, LicenseUsage
from webexhist.store.products import renew_products
from webexhist.store.schema import license_, license_version
from webexhist.store.seals.sealing import resealed

_DESCRIPTION = ("name", "code", "subscription_id", "site_url", "site_type", "counted")
_STORED = text("SELECT * FROM license WHERE organization_id = :organization_id")


def store_licenses(
    connection: Connection, organization_id: int, number: int, usages: Iterable[LicenseUsage]
) -> Mapping[str, int]:
    """Adds licenses not seen before and what changed about the others.

    Returns the ids of all licenses within the organization by their ids at Webex.
    """
    stored = {row.webex_id: row for row in connection.execute(_STORED, {"organization_id": organization_id})}
    ids = {webex_id: int(row.id) for webex_id, row in stored.items()}
    listed = {usage.license.webex_id: _description(usage.license) for usage in usages}
    changed = {
        webex_id: description
        for webex_id, description in listed.items()
        if webex_id not in stored
        or any(getattr(stored[webex_id], name) != description[name] for name in _DESCRIPTION)
    }
    if not changed:
        return ids
    next_id = max(ids.values(), default=0) + 1
    ids |= {webex_id: new_id for new_id, webex_id in enumerate((new for new in changed if new not in ids), next_id)}
    with resealed(connection, organization_id, license_, license_version):
        for webex_id, description in changed.items():
            key = {"organization_id": organization_id, "id": ids[webex_id]}
            if webex_id in stored:
                row = (license_.c.organization_id == organization_id) & (license_.c.id == ids[webex_id])
                connection.execute(update(license_).where(row).values(**description))
            else:
                connection.execute(
                    insert(license_).values(
                        **key, webex_id=webex_id, lineage_id=ids[webex_id], product="", **description
                    )
                )
            version = {"organization_id": organization_id, "license_id": ids[webex_id], "number": number}
            connection.execute(insert(license_version).values(**version, **description))
        renew_products(connection, organization_id)
    return ids


def _description(seen: License) -> dict[str, object]:
    return {name: getattr(seen, name) for name in _DESCRIPTION} | {"counted": int(seen.counted)}
