"""Which licenses the last snapshots were the first to show as the continuation of others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from webexhist.snapshot import License
from webexhist.store.by_organization import of_organizations
from webexhist.stored_snapshot import LicenseChange, Succeeded
from webexhist.units import difference, sum_known

_SUCCESSIONS = of_organizations("""
SELECT s.organization_id, s.state, s.former_id, s.successor_id,
  (SELECT r.value FROM metric m JOIN reading r ON r.organization_id = m.organization_id AND r.metric_id = m.id
    WHERE m.organization_id = s.organization_id AND m.license_id = s.former_id AND m.field = 'purchased'
      AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) AS purchased,
  (SELECT r.value FROM metric m JOIN reading r ON r.organization_id = m.organization_id AND r.metric_id = m.id
    WHERE m.organization_id = s.organization_id AND m.license_id = s.former_id AND m.field = 'assigned'
      AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) AS assigned
FROM succession s
WHERE s.organization_id IN :organizations AND s.state <> 'rejected'
  AND s.seen_at = (SELECT l.taken_at FROM snapshot l WHERE l.organization_id = s.organization_id
    ORDER BY l.number DESC LIMIT 1)
ORDER BY s.organization_id, s.number
""")
"""What the last snapshots were the first to show, with the last known units of the license that is continued."""


@dataclass(frozen=True, slots=True)
class Continued:
    """A succession, and the last known units of the license that is continued."""

    seen: Succeeded
    purchased: int | None
    assigned: int | None


def continued_licenses(
    connection: Connection, licenses: Mapping[int, Mapping[int, License]]
) -> dict[int, list[Continued]]:
    """What the last snapshots were the first to show, by organization.

    `licenses` are those of the organizations that are asked about, by their ids within them.
    """
    continued: dict[int, list[Continued]] = {}
    for row in connection.execute(_SUCCESSIONS, {"organizations": list(licenses)}):
        named = licenses[row.organization_id]
        seen = Succeeded(named[row.former_id], named[row.successor_id], row.state == "joined")
        continued.setdefault(row.organization_id, []).append(Continued(seen, row.purchased, row.assigned))
    return continued


def since_former(
    licenses: Iterable[LicenseChange], joined: Iterable[Continued], previous_at: datetime | None
) -> tuple[LicenseChange, ...]:
    """The changes; those of a license that was not there before against the licenses that it continues."""
    formers: dict[str, list[Continued]] = {}
    for each in joined:
        formers.setdefault(each.seen.successor.webex_id, []).append(each)

    def followed(change: LicenseChange) -> LicenseChange:
        before = formers.get(change.usage.license.webex_id)
        if before is None or change.previous_at is not None:
            return change
        return replace(
            change,
            purchased_change=difference(change.usage.purchased, sum_known(each.purchased for each in before)),
            assigned_change=difference(change.usage.assigned, sum_known(each.assigned for each in before)),
            previous_at=previous_at,
        )

    return tuple(followed(change) for change in licenses)
