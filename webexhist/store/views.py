"""The views, the public interface for SQL: name → query, one text for SQLite and PostgreSQL (dialects.py).

How a value is found stands in modules beside this one: at a snapshot, in a period, as a sum of licenses, as it is
stored. CROSS JOIN makes SQLite begin with the organization, so that a condition on snapshot or day reaches the keys
that begin with it; the plus before a column keeps SQLite from searching by that condition.

Analysts rely on names and columns: columns are only ever added, and only at the end. With a changed view
`VIEWS_VERSION` rises, so that existing databases are given it.
"""

# ruff: noqa: S608  (every part of a query stands in these modules)

from collections.abc import Mapping
from types import MappingProxyType

from webexhist.store.seats_at_sweeps import SEAT_ACTIVITY, SEAT_PEOPLE
from webexhist.store.sums import DAYS_OF_PRODUCTS, MONTHS_OF_PRODUCTS
from webexhist.store.times_without_polls import GAPS
from webexhist.store.values_as_stored import COUNT_CHANGES, LICENSE_CHANGES
from webexhist.store.values_at_snapshots import (
    BOUGHT,
    LIMITED,
    LIST_OF_LICENSES,
    LISTED_OR_UNKNOWN,
    change_at,
    counted_at,
    known_at,
    last_known,
    unless_held,
    value_at,
)
from webexhist.store.values_in_periods import (
    DAYS,
    FIGURES_OF_COUNT,
    IS_COUNT,
    MONTHS,
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


def _metric_of_license(field: str) -> str:
    return (
        f"JOIN metric {field} ON {field}.organization_id = o.id AND {field}.license_id = l.id"
        f" AND {field}.field = '{field}'"
    )


_LATEST = "(SELECT max(number) FROM snapshot WHERE organization_id = o.id)"


def _utilization(assigned: str, bought: str) -> str:
    percent = f"CAST(100 * {assigned} AS DOUBLE PRECISION) / {bought}"
    return f"CASE WHEN coalesce(l.counted_by_person, l.counted) = 1 THEN {percent} END"


_TAKEN = "moment(s.taken_at) AS taken_at"
_EPOCH = "s.taken_at AS taken_epoch"

AS_IT_STANDS = "LIMIT 1 OFFSET 0"
"""Keeps PostgreSQL from making a join of an EXISTS, which reads every reading of a list that failed now and then."""
_COUNTS_AT_SNAPSHOTS = f"""FROM organization o
CROSS JOIN snapshot s
JOIN metric m ON m.organization_id = o.id AND {IS_COUNT} AND m.first_number <= +s.number
WHERE s.organization_id = o.id"""

_LICENSES_AT_SNAPSHOTS = f"""FROM organization o
CROSS JOIN snapshot s
JOIN license l ON l.organization_id = o.id
{_metric_of_license("listed")}
{_metric_of_license("purchased")}
{_metric_of_license("assigned")}
{_metric_of_license("assigned_to_users")}
{_metric_of_license("assigned_to_workspaces")}
WHERE s.organization_id = o.id AND {value_at("listed", "s.number", LISTED_OR_UNKNOWN)} = 1"""

_DESCRIBED_LICENSE = (
    "l.name AS license, l.webex_id AS license_id, l.subscription_id AS subscription, l.site_url AS site"
)

_MINOR_UNITS = "CASE p.decimals WHEN 0 THEN 1 WHEN 3 THEN 1000 WHEN 4 THEN 10000 ELSE 100 END"
_PRICES = """SELECT entered.number FROM price entered
    JOIN license priced ON priced.organization_id = entered.organization_id AND priced.id = entered.license_id
    WHERE entered.organization_id = o.id AND priced.lineage_id = l.lineage_id"""
_PRICE_THAT_HOLDS = f"""({_PRICES}
      AND day(coalesce(entered.since, '0001-01-01')) <= (SELECT max(d.day) FROM day d WHERE d.organization_id = o.id)
    ORDER BY coalesce(entered.since, '') DESC, priced.id DESC LIMIT 1)"""
"""The price of a license's lineage on the day of the last snapshot."""
_FIRST_PRICE = f"({_PRICES} ORDER BY entered.since, priced.id DESC LIMIT 1)"
"""What was entered first holds from the beginning."""

SNAPSHOTS = f"""
SELECT o.name AS org, s.number AS snapshot, {_TAKEN}, coalesce(g.source, 'poll') AS source,
  CAST(s.milliseconds AS DOUBLE PRECISION) / 1000 AS seconds, s.requests, g.version, o.id AS org_id, {_EPOCH}
FROM organization o
CROSS JOIN snapshot s
JOIN origin g ON g.organization_id = o.id AND g.id = s.origin_id
WHERE s.organization_id = o.id
"""

LICENSES = f"""
SELECT o.name AS org, l.name AS license, l.webex_id AS license_id, l.code, l.subscription_id AS subscription,
  l.site_url AS site, coalesce(l.counted_by_person, l.counted) AS counted,
  coalesce((SELECT {last_known("listed", _LATEST)} FROM metric listed WHERE listed.organization_id = o.id
    AND listed.license_id = l.id AND listed.field = 'listed'), 0) AS listed,
  CASE WHEN coalesce(l.counted_by_person, l.counted) = 1 THEN l.product END AS product,
  (SELECT f.webex_id FROM license f WHERE f.organization_id = o.id AND f.id = l.lineage_id) AS lineage,
  CAST(p.amount AS DOUBLE PRECISION) / {_MINOR_UNITS} AS price, p.currency, o.id AS org_id
FROM organization o
CROSS JOIN license l
LEFT JOIN price p ON p.number = coalesce({_PRICE_THAT_HOLDS}, {_FIRST_PRICE})
WHERE l.organization_id = o.id
"""

COUNTS = f"""
SELECT o.name AS org, s.number AS snapshot, {_TAKEN}, m.name AS metric, {value_at("m", "s.number")} AS value,
  o.id AS org_id, CASE WHEN {value_at("m", "s.number")} IS NOT NULL THEN moment({counted_at("m.id")}) END AS as_of,
  {_EPOCH}
{_COUNTS_AT_SNAPSHOTS}
"""

COUNT_DELTAS = f"""
SELECT o.name AS org, s.number AS snapshot, {_TAKEN}, moment({known_at("m", "s.number - 1")}) AS previous_at,
  m.name AS metric, {value_at("m", "s.number")} AS value,
  {unless_held("m.id", change_at("m"))} AS change, o.id AS org_id,
  CASE WHEN {value_at("m", "s.number")} IS NOT NULL THEN moment({counted_at("m.id")}) END AS as_of, {_EPOCH}
{_COUNTS_AT_SNAPSHOTS}
"""

LATEST_COUNTS = f"""
SELECT o.name AS org, s.number AS snapshot, {_TAKEN}, m.name AS metric, {last_known("m", "s.number")} AS value,
  moment({known_at("m", "s.number")}) AS as_of, o.id AS org_id, {_EPOCH}
{_COUNTS_AT_SNAPSHOTS} AND s.number = {_LATEST}
"""

LICENSE_USAGE = f"""
SELECT o.name AS org, s.number AS snapshot, {_TAKEN}, {_DESCRIBED_LICENSE},
  {value_at("purchased", "s.number")} AS purchased, {value_at("assigned", "s.number")} AS assigned,
  {value_at("assigned_to_users", "s.number")} AS assigned_to_users,
  {value_at("assigned_to_workspaces", "s.number")} AS assigned_to_workspaces,
  {value_at("purchased", "s.number", LIMITED)} - {value_at("assigned", "s.number")} AS available,
  {_utilization(value_at("assigned", "s.number"), value_at("purchased", "s.number", BOUGHT))} AS utilization,
  o.id AS org_id,
  CASE WHEN {value_at("assigned", "s.number")} IS NOT NULL THEN moment({counted_at(LIST_OF_LICENSES)}) END AS as_of,
  {_EPOCH}
{_LICENSES_AT_SNAPSHOTS}
"""

LICENSE_DELTAS = f"""
SELECT o.name AS org, s.number AS snapshot, {_TAKEN},
  moment({known_at("assigned", "s.number - 1", LIST_OF_LICENSES)}) AS previous_at,
  l.name AS license, l.webex_id AS license_id,
  {value_at("purchased", "s.number")} AS purchased,
  {unless_held(LIST_OF_LICENSES, change_at("purchased"))} AS purchased_change,
  {value_at("assigned", "s.number")} AS assigned,
  {unless_held(LIST_OF_LICENSES, change_at("assigned"))} AS assigned_change, o.id AS org_id,
  CASE WHEN {value_at("assigned", "s.number")} IS NOT NULL THEN moment({counted_at(LIST_OF_LICENSES)}) END AS as_of,
  {_EPOCH}
{_LICENSES_AT_SNAPSHOTS}
"""

LATEST_LICENSES = f"""
SELECT o.name AS org, s.number AS snapshot, {_TAKEN}, {_DESCRIBED_LICENSE},
  {last_known("purchased", "s.number")} AS purchased, {last_known("assigned", "s.number")} AS assigned,
  {last_known("assigned_to_users", "s.number")} AS assigned_to_users,
  {last_known("assigned_to_workspaces", "s.number")} AS assigned_to_workspaces,
  {last_known("purchased", "s.number", LIMITED)} - {last_known("assigned", "s.number")} AS available,
  {_utilization(last_known("assigned", "s.number"), last_known("purchased", "s.number", BOUGHT))} AS utilization,
  moment({known_at("assigned", "s.number", LIST_OF_LICENSES)}) AS as_of, o.id AS org_id, {_EPOCH}
{_LICENSES_AT_SNAPSHOTS} AND s.number = {_LATEST}
"""


def _period_counts(period: str, periods: str) -> str:
    return f"""
SELECT o.name AS org, p.{period}, m.name AS metric, {FIGURES_OF_COUNT}, o.id AS org_id
{counts_in(periods)}
"""


def _kept_and_other_counts(period: str, periods: str) -> str:
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


def _period_licenses(period: str, periods: str) -> str:
    # Of a few readings, as a license has, PostgreSQL finds the first and last with the rest sooner than by look-ups.
    first = f"on_sqlite({first_in('assigned')}) on_postgresql(assigned_in.first_known)"
    last = f"on_sqlite({last_in('assigned')}) on_postgresql(assigned_in.last_known)"
    return f"""
SELECT o.name AS org, p.{period}, {_DESCRIBED_LICENSE}, {last_in("purchased")} AS purchased,
  {first} AS assigned_first, {last} AS assigned_last,
  {extreme_in("assigned", "min", "list.id")} AS assigned_min,
  {extreme_in("assigned", "max", "list.id")} AS assigned_max,
  {mean_in("assigned")} AS assigned_mean, {samples_in("assigned")} AS samples,
  {_utilization(last, last_in("purchased", BOUGHT))} AS utilization, o.id AS org_id
FROM organization o
CROSS JOIN {periods} p
JOIN license l ON l.organization_id = o.id
{_metric_of_license("listed")} AND listed.first_number <= p.last_number
{_metric_of_license("purchased")}
{_metric_of_license("assigned")}
JOIN metric list ON list.organization_id = o.id AND list.name = 'license' AND list.license_id IS NULL
{in_one_pass("assigned", "list.id")}
WHERE p.organization_id = o.id
  AND ({value_at("listed", "p.last_number", LISTED_OR_UNKNOWN)} = 1
    OR EXISTS (SELECT 1 {within("listed")} AND {LISTED_OR_UNKNOWN} = 1 {AS_IT_STANDS}))
"""


def _period_products(period: str, tables: str, table: str) -> str:
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

COLLECTION_LOG = f"""
SELECT org, snapshot, moment(taken_epoch) AS taken_at, collector, status, requests, seconds, error,
  last - snapshot + 1 AS polls,
  (SELECT moment(k.taken_at) FROM snapshot k WHERE k.organization_id = org_id AND k.number = last) AS last_taken_at,
  org_id, taken_epoch
FROM (
  SELECT o.name AS org, s.number AS snapshot, {_EPOCH}, c.collector, c.status, c.requests, c.seconds, c.error,
    coalesce((SELECT min(n.number) - 1 FROM collection n WHERE n.organization_id = c.organization_id
      AND n.collector = c.collector AND n.number > c.number), {_LATEST}) AS last, o.id AS org_id
  FROM organization o
  CROSS JOIN collection c
  CROSS JOIN snapshot s
  WHERE c.organization_id = o.id AND s.organization_id = o.id AND s.number = c.number AND c.status IS NOT NULL
) spans
"""

SCHEMA_INFO = """
SELECT v.version, a.version_num AS revision, moment(v.since) AS since FROM public_view v CROSS JOIN alembic_version a
WHERE v.name = 'schema_info'
"""

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "snapshots": SNAPSHOTS,
        "licenses": LICENSES,
        "counts": COUNTS,
        "count_deltas": COUNT_DELTAS,
        "count_changes": COUNT_CHANGES,
        "license_usage": LICENSE_USAGE,
        "license_deltas": LICENSE_DELTAS,
        "license_changes": LICENSE_CHANGES,
        "daily_counts": _kept_and_other_counts("day", DAYS),
        "monthly_counts": _kept_and_other_counts("month", MONTHS),
        "daily_licenses": _period_licenses("day", DAYS),
        "monthly_licenses": _period_licenses("month", MONTHS),
        "daily_products": _period_products("day", DAYS_OF_PRODUCTS, "products"),
        "monthly_products": _period_products("month", MONTHS_OF_PRODUCTS, "months"),
        "daily_activity": DAILY_ACTIVITY,
        "latest_counts": LATEST_COUNTS,
        "latest_licenses": LATEST_LICENSES,
        "gaps": GAPS,
        "collection_log": COLLECTION_LOG,
        "seat_activity": SEAT_ACTIVITY,
        "seat_people": SEAT_PEOPLE,
        "schema_info": SCHEMA_INFO,
    }
)
