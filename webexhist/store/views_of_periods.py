"""Views of days and months: what is kept of periods that are over, and what is worked out."""

# ruff: noqa: S608  (every part of a query stands in these modules)

from webexhist.store.license_columns import DESCRIBED_LICENSE, metric_of_license, utilization
from webexhist.store.values_at_snapshots import BOUGHT, LISTED_OR_UNKNOWN, last_known, value_at
from webexhist.store.values_in_periods import (
    FIGURES_OF_COUNT,
    IS_COUNT,
    counts_in,
    extreme_in,
    first_in,
    in_one_pass,
    is_counted_in,
    last_in,
    mean_in,
    samples_in,
    within,
)

AS_IT_STANDS = "LIMIT 1 OFFSET 0"
"""Keeps PostgreSQL from making a join of an EXISTS, which reads every reading of a list that failed now and then."""


def _period_counts(period: str, periods: str) -> str:
    return f"""
SELECT o.name AS org, p.{period}, m.name AS metric, {FIGURES_OF_COUNT}, o.id AS org_id
{counts_in(periods)}
"""


def kept_and_other_counts(period: str, periods: str) -> str:
    """The rows that are kept of periods that are over, and those that are not, worked out."""
    return f"""
SELECT o.name AS org, c.{period}, m.name AS metric, c.first_value AS first, c.last_value AS last, c.least AS min,
  c.greatest AS max, c.mean, c.samples, o.id AS org_id
FROM organization o
CROSS JOIN count_{period} c
JOIN metric m ON m.organization_id = o.id AND m.id = c.metric_id AND {IS_COUNT}
WHERE c.organization_id = o.id
UNION ALL {_period_counts(period, periods)}  AND NOT EXISTS (
    SELECT 1 FROM count_{period} c WHERE c.organization_id = o.id AND c.{period} = p.{period} AND c.metric_id = m.id)
"""


def period_licenses(period: str, periods: str) -> str:
    """A row for each license and each of the periods in which it was listed, or may have been."""
    # Of a few readings, as a license has, PostgreSQL finds the first and last with the rest sooner than by look-ups.
    first = f"on_sqlite({first_in('assigned')}) on_postgresql(assigned_in.first_known)"
    last = f"on_sqlite({last_in('assigned')}) on_postgresql(assigned_in.last_known)"
    # Looked up once for both columns; as an aggregate, which has one row, not at all where neither is asked for.
    purchased = f"on_sqlite({last_in('purchased')}) on_postgresql(purchased_in.last_known)"
    bought = (
        f"on_sqlite({last_in('purchased', BOUGHT)}) on_postgresql(nullif(greatest(purchased_in.last_known, 0), 0))"
    )
    return f"""
SELECT o.name AS org, p.{period}, {DESCRIBED_LICENSE}, {purchased} AS purchased,
  {first} AS assigned_first, {last} AS assigned_last,
  {extreme_in("assigned", "min", "list.id")} AS assigned_min,
  {extreme_in("assigned", "max", "list.id")} AS assigned_max,
  {mean_in("assigned")} AS assigned_mean, {samples_in("assigned")} AS samples,
  {utilization(last, bought)} AS utilization, o.id AS org_id
FROM organization o
CROSS JOIN {periods} p
JOIN license l ON l.organization_id = o.id
{metric_of_license("listed")} AND listed.first_number <= p.last_number
{metric_of_license("purchased")}
{metric_of_license("assigned")}
JOIN metric list ON list.organization_id = o.id AND list.name = 'license' AND list.license_id IS NULL
{in_one_pass("assigned", "list.id")}
on_postgresql(LEFT JOIN LATERAL (
  SELECT max(u.units) AS last_known FROM (SELECT {last_in("purchased")} AS units OFFSET 0) u
) purchased_in ON TRUE)
WHERE p.organization_id = o.id
  AND ({value_at("listed", "p.last_number", LISTED_OR_UNKNOWN)} = 1
    OR EXISTS (SELECT 1 {within("listed")} AND {LISTED_OR_UNKNOWN} = 1 {AS_IT_STANDS}))
"""


def period_products(period: str, tables: str, table: str) -> str:
    """A row for each product and period of `table`, which is one of `tables`."""
    return f"""
WITH {tables}, named AS (
  SELECT o.name AS org, l.organization_id, l.product, l.name
  FROM (SELECT organization_id, max(license_id) AS license_id FROM member GROUP BY organization_id, grouping) newest
  JOIN license l ON l.organization_id = newest.organization_id AND l.id = newest.license_id
  JOIN organization o ON o.id = l.organization_id
)
SELECT n.org, t.{period}, t.product, n.name, t.purchased, t.assigned_first, t.assigned_last, t.assigned_min,
  t.assigned_max, t.assigned_total / t.samples AS assigned_mean, t.samples,
  CASE WHEN t.purchased > 0 THEN CAST(100 * t.assigned_last AS DOUBLE PRECISION) / t.purchased END AS utilization,
  t.organization_id AS org_id
FROM {table} t
LEFT JOIN named n ON n.organization_id = t.organization_id AND n.product = t.product
"""


_BEFORE = last_known("m", "p.first_number - 1")
_GAINED = last_in("m", f"CASE WHEN {is_counted_in('m', 'r', 'm.id')} THEN r.value - coalesce({_BEFORE}, 0) END")
"""By a look-up, and not by a join with the reading that it finds: PostgreSQL would try all readings for every day."""

DAILY_ACTIVITY = f"""
SELECT org, day, metric, amount, 'polls' AS source, org_id
FROM (
  SELECT o.name AS org, p.day, m.name AS metric, {_GAINED} AS amount, o.id AS org_id
  FROM organization o
  CROSS JOIN day p
  JOIN metric m ON m.organization_id = o.id AND m.kind = 'counter' AND {IS_COUNT} AND m.first_number <= p.last_number
  WHERE p.organization_id = o.id
) gained
WHERE amount IS NOT NULL
UNION ALL
SELECT o.name, p.day, m.name, p.amount, p.source, o.id
FROM past_day p
JOIN metric m ON m.organization_id = p.organization_id AND m.id = p.metric_id
JOIN organization o ON o.id = p.organization_id
"""
