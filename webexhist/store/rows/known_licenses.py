"""Which licenses there were at some time, and what they were called then."""

from dataclasses import dataclass

from webexhist.snapshot import License
from webexhist.store.query import Query

LICENSES = """
SELECT license.webex_id, version.name, version.code, version.subscription_id, version.site_url, version.site_type,
       COALESCE(license.counted_by_person, version.counted) AS counted, license.counted_by_person,
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
    """Counted as a person said, where one did."""
    first_number: int
    counted_by_person: bool = False
    """Whether a person said whether it is counted."""


def known_licenses(organization: int, number: int) -> Query[KnownLicense]:
    """Every license listed up to a snapshot, under each name it bore until then, the last one last."""
    return Query(
        "Licenses",
        LICENSES,
        {"organization": organization, "last_number": number},
        lambda row: KnownLicense(
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
            row.counted_by_person is not None,
        ),
    )
