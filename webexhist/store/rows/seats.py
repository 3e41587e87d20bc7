"""How seats were used at the last walk through all people."""

from collections.abc import Sequence

from sqlalchemy import Connection

from webexhist.seat_counts import COLUMNS, LastSeats, LicenseSeats, SeatCounts
from webexhist.store.by_organization import by_organization, of_organizations
from webexhist.store.times import moment_of

_OF_ALL_GROUPS = ", ".join(
    f"CASE WHEN count(a.{name}) = count(*) THEN CAST(sum(a.{name}) AS BIGINT) END AS {name}" for name in COLUMNS
)
_LAST = of_organizations(f"""
SELECT a.org_id AS organization_id, a.license_id, a.taken_epoch, a.product IS NOT NULL AS counted,
  count(a.active) = count(*) AS known, {_OF_ALL_GROUPS}
FROM seat_activity a
WHERE a.org_id IN :organizations
  AND a.taken_epoch = (SELECT max(w.taken_at) FROM seat_sweep w WHERE w.organization_id = a.org_id)
GROUP BY a.org_id, a.license_id, a.taken_epoch, a.product
ORDER BY a.org_id, a.license_id
""")  # noqa: S608  (the names of columns stand in the code)


def last_seats(connection: Connection, organization_ids: Sequence[int]) -> dict[int, LastSeats]:
    """The counts of every license, all groups together, by organization; what is set aside is left out."""
    rows = by_organization(connection.execute(_LAST, {"organizations": list(organization_ids)}))
    return {
        organization_id: LastSeats(
            moment_of(of_organization[0].taken_epoch),
            tuple(
                LicenseSeats(row.license_id, bool(row.counted), SeatCounts(*(getattr(row, name) for name in COLUMNS)))
                for row in of_organization
                if row.known
            ),
        )
        for organization_id, of_organization in rows.items()
    }
