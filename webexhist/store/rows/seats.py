"""How seats were used: at the last sweep of all people, and at those of a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from webexhist.seat_counts import COLUMNS, LastSeats, LicenseSeats, SeatCounts
from webexhist.store.by_organization import by_organization, of_organizations
from webexhist.store.query import Query, Values
from webexhist.store.times import moment_of, seconds_of

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
                LicenseSeats(row.license_id, bool(row.counted), _counts_of(row))
                for row in of_organization
                if row.known
            ),
        )
        for organization_id, of_organization in rows.items()
    }


@dataclass(frozen=True, slots=True)
class SeatsAt:
    """How the seats of a product were used at one time, of all people, or those of one license of a group."""

    taken_at: datetime
    product: str
    license_id: str
    """At Webex; empty where it is of all licenses of the product."""
    group: str
    """Empty where it is of all."""
    counts: SeatCounts


@dataclass(frozen=True, slots=True)
class PeopleAt:
    """How many different people held licenses of a subscription, or of a product in it, at one time."""

    taken_at: datetime
    subscription: str
    product: str | None
    """None for all of the subscription."""
    licenses: int
    """Of how many licenses."""
    at_least: int
    """Those in the list of people, and outside it as few as can be: all, where it is not known how many those are."""
    at_most: int | None
    """None where it is not known how many are outside the list."""


_WITHIN = """WHERE a.org_id = :organization AND a.product IS NOT NULL AND a.active IS NOT NULL
  AND a.taken_epoch >= :since AND a.taken_epoch <= (
    SELECT s.taken_epoch FROM snapshots s WHERE s.org_id = :organization AND s.snapshot = :last_number)"""
_BY_DAY = f"""
SELECT a.taken_epoch, a.product, '' AS license_id, '' AS seat_group, {_OF_ALL_GROUPS}
FROM seat_activity a
{_WITHIN}
GROUP BY a.taken_epoch, a.product ORDER BY a.taken_epoch, a.product
"""  # noqa: S608  (every part of it stands in this room)
_BY_GROUP = f"""
SELECT a.taken_epoch, a.product, a.license_id, a.seat_group, {_OF_ALL_GROUPS}
FROM seat_activity a
{_WITHIN}
  AND a.taken_epoch = (SELECT max(n.taken_epoch) FROM seat_activity n WHERE n.org_id = :organization
    AND n.taken_epoch <= (
      SELECT s.taken_epoch FROM snapshots s WHERE s.org_id = :organization AND s.snapshot = :last_number))
GROUP BY a.taken_epoch, a.product, a.license_id, a.seat_group ORDER BY a.product, a.license_id, a.seat_group
"""  # noqa: S608  (every part of it stands in this room)


_PEOPLE = """
SELECT a.taken_epoch, a.subscription, a.product, a.licenses, a.people + coalesce(a.external_least, 0) AS at_least,
  a.people + a.external_most AS at_most
FROM seat_people a
WHERE a.org_id = :organization AND a.people IS NOT NULL AND a.taken_epoch >= :since AND a.taken_epoch <= (
    SELECT s.taken_epoch FROM snapshots s WHERE s.org_id = :organization AND s.snapshot = :last_number)
ORDER BY a.taken_epoch, a.subscription, a.product
"""


def people_with_seats(organization: int, since: datetime, last_number: int) -> Query[PeopleAt]:
    """How many different people held licenses at every sweep since a moment, up to a snapshot."""
    return Query("People with seats", _PEOPLE, _span(organization, since, last_number), _people_at)


def seats_by_day(organization: int, since: datetime, last_number: int) -> Query[SeatsAt]:
    """The use of each product's seats at every sweep since a moment, up to a snapshot."""
    return Query("Use of seats", _BY_DAY, _span(organization, since, last_number), _seats_at)


def seats_by_group(organization: int, since: datetime, last_number: int) -> Query[SeatsAt]:
    """The same of each license by groups of people, at the last of these sweeps."""
    return Query("Use of seats by groups", _BY_GROUP, _span(organization, since, last_number), _seats_at)


def _span(organization: int, since: datetime, last_number: int) -> Values:
    return {"organization": organization, "since": seconds_of(since), "last_number": last_number}


def _seats_at(row: Row[Any]) -> SeatsAt:
    return SeatsAt(moment_of(row.taken_epoch), row.product, row.license_id, row.seat_group, _counts_of(row))


def _people_at(row: Row[Any]) -> PeopleAt:
    return PeopleAt(
        moment_of(row.taken_epoch), row.subscription, row.product, row.licenses, row.at_least, row.at_most
    )


def _counts_of(row: Row[Any]) -> SeatCounts:
    return SeatCounts(*(getattr(row, name) for name in COLUMNS))
