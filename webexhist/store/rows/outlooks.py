"""What was worked out of an organization's future, once a day, and whether it still rests on what is stored."""

from collections.abc import Mapping
from datetime import date
from zlib import crc32

from sqlalchemy import Connection

from webexhist.snapshot import LicenseOutlook, StoredOutlook
from webexhist.store.by_organization import by_organization, of_organizations
from webexhist.store.seals.sealing import CONCERNS_ALL

_OUTLOOKS = of_organizations("""
SELECT organization_id, day, basis FROM outlook WHERE organization_id IN :organizations
""")
_LICENSES = of_organizations("""
SELECT o.organization_id, l.webex_id, o.purchased, o.limit_units, o.runs_out_on
FROM license_outlook o JOIN license l ON l.organization_id = o.organization_id AND l.id = o.license_id
WHERE o.organization_id IN :organizations
""")
_CHECKSUMS = of_organizations("""
SELECT organization_id, table_name, checksum FROM table_checksum
WHERE (organization_id = 0 OR organization_id IN :organizations)
  AND table_name NOT IN ('sqlite_master', 'outlook', 'license_outlook', 'price', 'last_poller')
ORDER BY organization_id, table_name
""")
_PAST = of_organizations("""
SELECT s.organization_id, count(*) AS days, sum(s.readings_checksum) AS readings FROM sealed_day s
WHERE s.organization_id IN :organizations AND s.last_number < (
  SELECT d.first_number FROM day d WHERE d.organization_id = s.organization_id AND d.day = :day)
GROUP BY s.organization_id
""")


def stored_outlooks(connection: Connection, organization_ids: list[int]) -> dict[int, StoredOutlook]:
    """The outlooks of these organizations; one for which none was worked out yet has none."""
    of_these = {"organizations": organization_ids}
    days = {
        row.organization_id: (date.fromisoformat(row.day), row.basis)
        for row in connection.execute(_OUTLOOKS, of_these)
    }
    if not days:
        return {}
    bases = bases_of(connection, {organization_id: day for organization_id, (day, _) in days.items()})
    licenses = by_organization(connection.execute(_LICENSES, of_these))
    return {
        organization_id: StoredOutlook(
            day=day,
            is_of_now=basis == bases[organization_id],
            licenses={
                row.webex_id: LicenseOutlook(row.purchased, row.limit_units, _day_or_none(row.runs_out_on))
                for row in licenses.get(organization_id, [])
            },
        )
        for organization_id, (day, basis) in days.items()
    }


def bases_of(connection: Connection, days: Mapping[int, date]) -> dict[int, int]:
    """Checksums of what outlooks of these days rest on: what people told, which licenses there are, earlier days.

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
        told = [tuple(row) for row in (*of_all, *checksums.get(organization_id, []))]
        bases[organization_id] = crc32(repr((told, *past.get(organization_id, (0, 0)))).encode())
    return bases


def _day_or_none(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None
