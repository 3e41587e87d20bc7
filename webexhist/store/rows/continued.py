"""Which licenses a snapshot was the first to show as the continuation of others."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from webexhist.snapshot import License, LicenseChange, Succeeded
from webexhist.units import sum_known

_SUCCESSIONS = text("""
SELECT s.state, s.former_id, s.successor_id,
  (SELECT r.value FROM metric m JOIN reading r ON r.organization_id = m.organization_id AND r.metric_id = m.id
    WHERE m.organization_id = s.organization_id AND m.license_id = s.former_id AND m.field = 'purchased'
      AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) AS purchased,
  (SELECT r.value FROM metric m JOIN reading r ON r.organization_id = m.organization_id AND r.metric_id = m.id
    WHERE m.organization_id = s.organization_id AND m.license_id = s.former_id AND m.field = 'assigned'
      AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1) AS assigned
FROM succession s
WHERE s.organization_id = :organization_id AND s.seen_at = :taken_at AND s.state <> 'rejected' ORDER BY s.number
""")
"""What a snapshot was the first to show, with the last known units of the license that is continued."""
_NAMED = text("""
SELECT webex_id, name, code, subscription_id, site_url, site_type, coalesce(counted_by_person, counted) AS counted
FROM license WHERE organization_id = :organization_id AND id = :id
""")


@dataclass(frozen=True, slots=True)
class Continued:
    """A succession, and the last known units of the license that is continued."""

    seen: Succeeded
    purchased: int | None
    assigned: int | None


def continued_licenses(connection: Connection, organization_id: int, taken_at: str) -> list[Continued]:
    """What the snapshot of that time was the first to show."""

    def named(license_id: int) -> License:
        return _license(connection.execute(_NAMED, {"organization_id": organization_id, "id": license_id}).one())

    return [
        Continued(
            Succeeded(named(row.former_id), named(row.successor_id), row.state == "joined"),
            row.purchased,
            row.assigned,
        )
        for row in connection.execute(_SUCCESSIONS, {"organization_id": organization_id, "taken_at": taken_at})
    ]


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
            purchased_change=_difference(change.usage.purchased, [each.purchased for each in before]),
            assigned_change=_difference(change.usage.assigned, [each.assigned for each in before]),
            previous_at=previous_at,
        )

    return tuple(followed(change) for change in licenses)


def _difference(now: int | None, before: Iterable[int | None]) -> int | None:
    known = sum_known(before)
    return None if now is None or known is None else now - known


def _license(row: Row[Any]) -> License:
    return License(
        row.webex_id, row.name, row.code, row.subscription_id, row.site_url, row.site_type, bool(row.counted)
    )
