"""Which licenses there are, and what they were called when."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, insert, text, update

from webexhist.snapshot import License, LicenseUsage
from webexhist.store.schema import license_, license_version

_DESCRIPTION = ("name", "code", "subscription_id", "site_url", "site_type", "counted")
_STORED = text("SELECT * FROM license WHERE organization_id = :organization_id")


def store_licenses(
    connection: Connection, organization_id: int, number: int, usages: Iterable[LicenseUsage]
) -> Mapping[str, int]:
    """Adds licenses not seen before and what changed about the others; the row ids of all by their id at Webex."""
    stored = {row.webex_id: row for row in connection.execute(_STORED, {"organization_id": organization_id})}
    ids = {webex_id: int(row.id) for webex_id, row in stored.items()}
    for seen in {usage.license.webex_id: usage.license for usage in usages}.values():
        description = _description(seen)
        if seen.webex_id not in ids:
            new = insert(license_).values(organization_id=organization_id, webex_id=seen.webex_id, **description)
            ids[seen.webex_id] = connection.scalar(new.returning(license_.c.id))
        elif description == {name: getattr(stored[seen.webex_id], name) for name in _DESCRIPTION}:
            continue
        else:
            connection.execute(update(license_).where(license_.c.id == ids[seen.webex_id]).values(**description))
        connection.execute(
            insert(license_version).values(license_id=ids[seen.webex_id], number=number, **description)
        )
    return ids


def _description(seen: License) -> dict[str, object]:
    return {name: getattr(seen, name) for name in _DESCRIPTION} | {"counted": int(seen.counted)}
