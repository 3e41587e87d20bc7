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
    """Adds licenses not seen before and what changed about the others.

    Returns the ids of all licenses within the organization by their ids at Webex.
    """
    stored = {row.webex_id: row for row in connection.execute(_STORED, {"organization_id": organization_id})}
    ids = {webex_id: int(row.id) for webex_id, row in stored.items()}
    next_id = max(ids.values(), default=0) + 1
    for seen in {usage.license.webex_id: usage.license for usage in usages}.values():
        description = _description(seen)
        if seen.webex_id not in ids:
            ids[seen.webex_id] = next_id
            key = {"organization_id": organization_id, "id": next_id, "webex_id": seen.webex_id}
            connection.execute(insert(license_).values(**key, **description))
            next_id += 1
        elif description == {name: getattr(stored[seen.webex_id], name) for name in _DESCRIPTION}:
            continue
        else:
            row = (license_.c.organization_id == organization_id) & (license_.c.id == ids[seen.webex_id])
            connection.execute(update(license_).where(row).values(**description))
        key = {"organization_id": organization_id, "license_id": ids[seen.webex_id], "number": number}
        connection.execute(insert(license_version).values(**key, **description))
    return ids


def _description(seen: License) -> dict[str, object]:
    return {name: getattr(seen, name) for name in _DESCRIPTION} | {"counted": int(seen.counted)}
