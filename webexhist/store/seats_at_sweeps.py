"""How the views find the counts of seats, and of people who hold them, at each sweep of the list of people."""

# ruff: noqa: S608  (every part of a query stands in this file)

from webexhist.seat_counts import COLUMNS

_SEAT_COUNTS = ", ".join(f"CASE WHEN aside.number IS NULL THEN c.{name} END AS {name}" for name in COLUMNS)

_IS_ASIDE = """EXISTS (SELECT 1 FROM correction aside WHERE aside.organization_id = o.id AND aside.undone_at IS NULL
    AND aside.metric IS NULL AND c.taken_at BETWEEN aside.first_at AND aside.last_at
    AND (aside.license_id IS NULL OR EXISTS (SELECT 1 FROM license l WHERE l.organization_id = o.id
      AND l.id = aside.license_id AND l.subscription_id = c.subscription_id)))"""
_SEAT_PEOPLE = ", ".join(
    f"CASE WHEN NOT {_IS_ASIDE} THEN c.{name} END AS {name}"
    for name in ("licenses", "people", "external_least", "external_most")
)

SEAT_ACTIVITY = f"""
SELECT o.name AS org, moment(c.taken_at) AS taken_at, l.name AS license, l.webex_id AS license_id,
  CASE WHEN coalesce(l.counted_by_person, l.counted) = 1 THEN l.product END AS product, c.seat_group,
  {_SEAT_COUNTS}, o.id AS org_id, c.taken_at AS taken_epoch
FROM organization o
CROSS JOIN seat_count c
JOIN license l ON l.organization_id = o.id AND l.id = c.license_id
LEFT JOIN correction aside ON aside.organization_id = o.id AND aside.undone_at IS NULL AND aside.metric IS NULL
  AND coalesce(aside.license_id, c.license_id) = c.license_id
  AND c.taken_at BETWEEN aside.first_at AND aside.last_at
WHERE c.organization_id = o.id
"""
"""What is set aside is so by one correction: a second one of the same readings is refused."""

SEAT_PEOPLE = f"""
SELECT o.name AS org, moment(c.taken_at) AS taken_at, c.subscription_id AS subscription,
  NULLIF(c.product, '') AS product, {_SEAT_PEOPLE}, o.id AS org_id, c.taken_at AS taken_epoch
FROM organization o
CROSS JOIN account_people c
WHERE c.organization_id = o.id
"""
