"""What was worked out of an organization's future, once a day, and whether it still rests on what is stored."""

from datetime import date
from zlib import crc32

from sqlalchemy import Connection, text

from webexhist.snapshot import LicenseOutlook, StoredOutlook

_OUTLOOK = text("SELECT day, basis FROM outlook WHERE organization_id = :organization_id")
_LICENSES = text("""
SELECT l.webex_id, o.purchased, o.limit_units, o.runs_out_on
FROM license_outlook o JOIN license l ON l.organization_id = o.organization_id AND l.id = o.license_id
WHERE o.organization_id = :organization_id
""")
_CHECKSUMS = text("""
SELECT organization_id, table_name, checksum FROM table_checksum
WHERE organization_id IN (0, :organization_id)
  AND table_name NOT IN ('sqlite_master', 'outlook', 'license_outlook', 'price')
ORDER BY organization_id, table_name
""")
_PAST = text("""
SELECT count(*) AS days, sum(readings_checksum) AS readings FROM sealed_day
WHERE organization_id = :organization_id AND last_number < (
  SELECT d.first_number FROM day d WHERE d.organization_id = :organization_id AND d.day = :day)
""")


def stored_outlook(connection: Connection, organization_id: int) -> StoredOutlook | None:
    """The outlook of an organization; None where none was worked out yet."""
    of_organization = {"organization_id": organization_id}
    stored = connection.execute(_OUTLOOK, of_organization).one_or_none()
    if stored is None:
        return None
    day = date.fromisoformat(stored.day)
    return StoredOutlook(
        day=day,
        is_of_now=stored.basis == basis_of(connection, organization_id, day),
        licenses={
            row.webex_id: LicenseOutlook(row.purchased, row.limit_units, _day_or_none(row.runs_out_on))
            for row in connection.execute(_LICENSES, of_organization)
        },
    )


def basis_of(connection: Connection, organization_id: int, day: date) -> int:
    """A checksum of what an outlook of that day rests on: what people told, which licenses there are, earlier days.

    It is made of the checksums that are kept anyway, so that whoever changes any of it need not know of outlooks.
    """
    of_day = {"organization_id": organization_id, "day": day.isoformat()}
    checksums = [tuple(row) for row in connection.execute(_CHECKSUMS, of_day)]
    past = connection.execute(_PAST, of_day).one()
    return crc32(repr((checksums, past.days, int(past.readings or 0))).encode())


def _day_or_none(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None
