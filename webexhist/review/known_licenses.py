"""Which licenses there were at some time, and what they were called then."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from webexhist.snapshot import License

LICENSES = """
SELECT license.webex_id, version.name, version.code, version.subscription_id, version.site_url, version.site_type,
       version.counted,
       (SELECT MIN(first_number) FROM metric
        WHERE metric.organization_id = license.organization_id AND metric.license_id = license.id) AS first_number
FROM license
JOIN license_version AS version
  ON version.organization_id = license.organization_id AND version.license_id = license.id
WHERE license.organization_id = :organization AND version.number <= :last_number
ORDER BY license.webex_id, version.number
"""


@dataclass(frozen=True, slots=True)
class KnownLicense:
    """A license as it was named at that time, and the number of the snapshot that first held it."""

    license: License
    first_number: int


def known_licenses(connection: Connection, organization: int, last_number: int) -> dict[str, KnownLicense]:
    """Every license listed up to a snapshot, as it was named then, by its id at Webex."""
    return {
        row.webex_id: KnownLicense(
            License(
                webex_id=row.webex_id,
                name=row.name,
                code=row.code,
                subscription_id=row.subscription_id,
                site_url=row.site_url,
                site_type=row.site_type,
                counted=bool(row.counted),
            ),
            row.first_number,
        )
        for row in connection.execute(text(LICENSES), {"organization": organization, "last_number": last_number})
    }
