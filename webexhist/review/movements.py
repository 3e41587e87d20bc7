"""Builds the bridge from one month's end to the next out of the changes of every license."""

# ruff: noqa: S608  (every part of the query stands in this file)

from typing import Any

from sqlalchemy import Connection, Row, text

from webexhist.review.bridge import Bridge, BridgeLine, Movement, Standing
from webexhist.review.known_licenses import known_licenses
from webexhist.review.numbers import NumberRange
from webexhist.snapshot import License
from webexhist.units import is_unlimited


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


def bridge(connection: Connection, organization: int, month: NumberRange) -> Bridge:
    """What happened to the purchased licenses within the snapshots of a month that is not the first."""
    after = known_licenses(connection, organization, month.last)
    before = known_licenses(connection, organization, month.first - 1)
    span = {"organization": organization, "first_number": month.first, "last_number": month.last}
    lines: list[BridgeLine] = []
    unknown: list[License] = []
    for row in connection.execute(text(MOVEMENTS), span):
        known = after.get(row.license_id)
        if known is None or not is_purchased(row, known.license):
            continue
        if None in ends(row):
            unknown.append(known.license)
            continue
        earlier = before.get(row.license_id)
        former_name = earlier.license.name if earlier else known.license.name
        lines.append(bridge_line(row, known.license, former_name))
    return Bridge(tuple(lines), tuple(unknown))


def is_purchased(row: Row[Any], license_: License) -> bool:
    """Whether a license listed at one of the ends is bought by the unit."""
    listed = bool(row.listed_before or row.listed_after)
    unlimited = (row.listed_before and is_unlimited(row.purchased_before)) or (
        row.listed_after and is_unlimited(row.purchased_after)
    )
    return license_.counted and listed and not unlimited


def ends(row: Row[Any]) -> tuple[int | None, ...]:
    """What was purchased and assigned at those ends at which the license was listed."""
    before = (row.purchased_before, row.assigned_before) if row.listed_before else ()
    after = (row.purchased_after, row.assigned_after) if row.listed_after else ()
    return (*before, *after)


def bridge_line(row: Row[Any], license_: License, former_name: str) -> BridgeLine:
    was, stays = bool(row.listed_before), bool(row.listed_after)
    return BridgeLine(
        license=license_,
        standing=Standing.KEPT if was and stays else Standing.NEW if stays else Standing.GONE,
        former_name=former_name if former_name != license_.name else None,
        purchased=movement(
            row.purchased_before if was else 0, row.bought, row.reduced, row.purchased_after if stays else 0
        ),
        assigned=movement(
            row.assigned_before if was else 0, row.newly_assigned, row.released, row.assigned_after if stays else 0
        ),
    )


def movement(opening: int, more: int, less: int, closing: int) -> Movement:
    """The movement with what came or went because the license itself did, which no change tells."""
    untold = closing - opening - int(more) + int(less)
    return Movement(opening, int(more) + max(untold, 0), int(less) + max(-untold, 0), closing)
