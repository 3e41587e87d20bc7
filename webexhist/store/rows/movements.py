"""What was bought, reduced, assigned and released of every license from one snapshot to a later one."""

# ruff: noqa: S608  (every part of the query stands in this file)

from dataclasses import dataclass
from datetime import date

from webexhist.store.numbers import NumberRange
from webexhist.store.query import Query


def _known(field: str, limit: str) -> str:
    """The last known value of a field of the license up to a snapshot."""
    return (
        "(SELECT reading.value FROM metric"
        " JOIN reading ON reading.organization_id = metric.organization_id AND reading.metric_id = metric.id"
        " WHERE metric.organization_id = license.organization_id AND metric.license_id = license.id"
        f" AND metric.field = '{field}' AND reading.number {limit}"
        " AND reading.value IS NOT NULL ORDER BY reading.number DESC LIMIT 1)"
    )


def _sum(field: str, units: str) -> str:
    """The sum of those changes of a field that have one sign."""
    return (
        "COALESCE((SELECT SUM(ABS(units)) FROM change"
        f" WHERE change.license_id = license.id AND field = '{field}' AND {units}), 0)"
    )


_BEFORE, _AFTER = "< :first_number", "<= :last_number"

MOVEMENTS = f"""
WITH change AS (
  SELECT metric.license_id, metric.field, reading.value - (
    SELECT earlier.value FROM reading AS earlier
    WHERE earlier.organization_id = reading.organization_id AND earlier.metric_id = reading.metric_id
      AND earlier.number < reading.number AND earlier.value IS NOT NULL
    ORDER BY earlier.number DESC LIMIT 1) AS units
  FROM metric JOIN reading ON reading.organization_id = metric.organization_id AND reading.metric_id = metric.id
  WHERE metric.organization_id = :organization AND metric.field IN ('purchased', 'assigned')
    AND reading.number BETWEEN :first_number AND :last_number
)
SELECT license.name, license.webex_id AS license_id,
  {_known("listed", _BEFORE)} AS listed_before,
  {_known("listed", _AFTER)} AS listed_after,
  {_known("purchased", _BEFORE)} AS purchased_before,
  {_sum("purchased", "units > 0")} AS bought,
  {_sum("purchased", "units < 0")} AS reduced,
  {_known("purchased", _AFTER)} AS purchased_after,
  {_known("assigned", _BEFORE)} AS assigned_before,
  {_sum("assigned", "units > 0")} AS newly_assigned,
  {_sum("assigned", "units < 0")} AS released,
  {_known("assigned", _AFTER)} AS assigned_after
FROM license WHERE license.organization_id = :organization ORDER BY license.name, license.webex_id
"""


@dataclass(frozen=True, slots=True)
class LicenseMovements:
    """What happened to one license within a range of snapshots; `None` where no poll knew."""

    license_id: str
    """At Webex."""
    was_listed: bool
    """Before the first of the snapshots."""
    is_listed: bool
    """After the last of them."""
    purchased_before: int | None
    bought: int
    reduced: int
    purchased_after: int | None
    assigned_before: int | None
    newly_assigned: int
    released: int
    assigned_after: int | None


def license_movements(organization: int, numbers: NumberRange) -> Query[LicenseMovements]:
    """Every license that was ever listed, by name."""
    return Query(
        "Changes within the month",
        MOVEMENTS,
        {"organization": organization, "first_number": numbers.first, "last_number": numbers.last},
        lambda row: LicenseMovements(
            license_id=row.license_id,
            was_listed=bool(row.listed_before),
            is_listed=bool(row.listed_after),
            purchased_before=row.purchased_before,
            # PostgreSQL gives sums of whole numbers as decimals.
            bought=int(row.bought),
            reduced=int(row.reduced),
            purchased_after=row.purchased_after,
            assigned_before=row.assigned_before,
            newly_assigned=int(row.newly_assigned),
            released=int(row.released),
            assigned_after=row.assigned_after,
        ),
    )


PURCHASES = """
SELECT license_id, day, SUM(units) AS units FROM (
  SELECT license.webex_id AS license_id, day.day, reading.value - (
    SELECT earlier.value FROM reading AS earlier
    WHERE earlier.organization_id = reading.organization_id AND earlier.metric_id = reading.metric_id
      AND earlier.number < reading.number AND earlier.value IS NOT NULL
    ORDER BY earlier.number DESC LIMIT 1) AS units
  FROM metric
  CROSS JOIN license CROSS JOIN reading CROSS JOIN day
  WHERE license.organization_id = metric.organization_id AND license.id = metric.license_id
    AND reading.organization_id = metric.organization_id AND reading.metric_id = metric.id
    AND day.organization_id = reading.organization_id
    AND reading.number BETWEEN day.first_number AND day.last_number
    AND metric.organization_id = :organization AND metric.field = 'purchased'
    AND reading.number BETWEEN :first_number AND :last_number
) changes
WHERE units IS NOT NULL GROUP BY license_id, day HAVING SUM(units) <> 0 ORDER BY day, license_id
"""


@dataclass(frozen=True, slots=True)
class PurchasedChange:
    """By how many units the purchase of a license changed on a day."""

    license_id: str
    """At Webex."""
    day: date
    units: int


def purchased_changes(organization: int, numbers: NumberRange) -> Query[PurchasedChange]:
    """Every day and license with a change, oldest first."""
    return Query(
        "Purchases by day",
        PURCHASES,
        {"organization": organization, "first_number": numbers.first, "last_number": numbers.last},
        lambda row: PurchasedChange(row.license_id, date.fromisoformat(row.day), int(row.units)),
    )
