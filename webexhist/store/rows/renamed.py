"""Which licenses the last snapshots were the first to show under another name."""

from collections.abc import Mapping

from sqlalchemy import Connection

from webexhist.snapshot import License
from webexhist.store.by_organization import of_organizations
from webexhist.stored_snapshot import Renamed

_RENAMED = of_organizations("""
SELECT now.organization_id, now.license_id, now.name, former.name AS former_name
FROM license_version now
JOIN license_version former ON former.organization_id = now.organization_id AND former.license_id = now.license_id
  AND former.number = (SELECT max(p.number) FROM license_version p
    WHERE p.organization_id = now.organization_id AND p.license_id = now.license_id AND p.number < now.number)
WHERE now.organization_id IN :organizations AND now.name <> former.name
  AND now.number = (SELECT max(l.number) FROM snapshot l WHERE l.organization_id = now.organization_id)
ORDER BY now.organization_id, now.license_id
""")


def renamed_licenses(
    connection: Connection, licenses: Mapping[int, Mapping[int, License]]
) -> dict[int, tuple[Renamed, ...]]:
    """What the last snapshots were the first to show, by organization.

    `licenses` are those of the organizations that are asked about, by their ids within them.
    """
    found: dict[int, tuple[Renamed, ...]] = {}
    for row in connection.execute(_RENAMED, {"organizations": list(licenses)}):
        seen = Renamed(licenses[row.organization_id][row.license_id], row.former_name)
        found[row.organization_id] = (*found.get(row.organization_id, ()), seen)
    return found
