"""The views, the public interface for SQL: name → query, one text for SQLite and PostgreSQL (dialects.py).

Views of days and months stand in views_of_periods.py. How a value is found stands in modules beside these: at a
snapshot, in a period, as a sum of licenses, as it is stored. CROSS JOIN makes SQLite begin with the organization, so
that a condition on snapshot or day reaches the keys that begin with it; the plus before a column keeps SQLite from
searching by that condition.

Analysts rely on names and columns: columns are only ever added, and only at the end. With a changed view
`VIEWS_VERSION` rises, so that existing databases are given it.
"""

# ruff: noqa: S608  (every part of a query stands in these modules)

from collections.abc import Mapping
from types import MappingProxyType

from webexhist.store.license_columns import DESCRIBED_LICENSE, metric_of_license, utilization
from webexhist.store.seats_at_sweeps import SEAT_ACTIVITY, SEAT_PEOPLE
from webexhist.store.sums import DAYS_OF_PRODUCTS, MONTHS_OF_PRODUCTS
from webexhist.store.times_without_polls import GAPS
from webexhist.store.values_as_stored import COUNT_CHANGES, LICENSE_CHANGES
from webexhist.store.values_at_snapshots import (
    BLOCK,
    BOUGHT,
    IS_LISTED_NOW,
    LIMITED,
    LIST_OF_LICENSES,
    LISTED_IN_BLOCK,
    LISTED_OR_UNKNOWN,
    change_at,
    counted_at,
    in_block,
    known_at,
    last_known,
    unless_held,
    value_at,
    value_now,
)
from webexhist.store.values_in_periods import DAYS, IS_COUNT, MONTHS
from webexhist.store.views_of_periods import DAILY_ACTIVITY, kept_and_other_counts, period_licenses, period_products

_LATEST = "(SELECT max(number) FROM snapshot WHERE organization_id = o.id)"
_TAKEN = "moment(s.taken_at) AS taken_at"
_EPOCH = "s.taken_at AS taken_epoch"

_COUNTS = f"""FROM organization o
CROSS JOIN snapshot s
JOIN metric m ON m.organization_id = o.id AND {IS_COUNT} AND m.first_number <= +s.number"""
_COUNTS_AT_SNAPSHOTS = f"""{_COUNTS}
{BLOCK}
{in_block("m")}
WHERE s.organization_id = o.id"""
_LATEST_COUNTS = f"""{_COUNTS}
WHERE s.organization_id = o.id AND s.number = {_LATEST}"""

_FIELDS = ("listed", "purchased", "assigned", "assigned_to_users", "assigned_to_workspaces")
_LICENSES = f"""FROM organization o
CROSS JOIN snapshot s
JOIN license l ON l.organization_id = o.id
{chr(10).join(map(metric_of_license, _FIELDS))}"""
_LICENSES_AT_SNAPSHOTS = f"""{_LICENSES}
{BLOCK}
{chr(10).join(map(in_block, _FIELDS))}
{LISTED_IN_BLOCK}
WHERE s.organization_id = o.id AND {IS_LISTED_NOW}"""
_LATEST_LICENSES = f"""{_LICENSES}
WHERE s.organization_id = o.id AND s.number = {_LATEST} AND {value_at("listed", "s.number", LISTED_OR_UNKNOWN)} = 1"""

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
SELECT o.name AS org, s.number AS snapshot, {_TAKEN}, m.name AS metric, {value_now("m")} AS value,
  o.id AS org_id, CASE WHEN {value_now("m")} IS NOT NULL THEN moment({counted_at("m.id")}) END AS as_of,
  {_EPOCH}
{_COUNTS_AT_SNAPSHOTS}
"""

COUNT_DELTAS = f"""
SELECT o.name AS org, s.number AS snapshot, {_TAKEN}, moment({known_at("m", "s.number - 1")}) AS previous_at,
  m.name AS metric, {value_now("m")} AS value,
  {unless_held("m.id", change_at("m"))} AS change, o.id AS org_id,
  CASE WHEN {value_now("m")} IS NOT NULL THEN moment({counted_at("m.id")}) END AS as_of, {_EPOCH}
{_COUNTS_AT_SNAPSHOTS}
"""

LATEST_COUNTS = f"""
SELECT o.name AS org, s.number AS snapshot, {_TAKEN}, m.name AS metric, {last_known("m", "s.number")} AS value,
  moment({known_at("m", "s.number")}) AS as_of, o.id AS org_id, {_EPOCH}
{_LATEST_COUNTS}
"""

LICENSE_USAGE = f"""
SELECT o.name AS org, s.number AS snapshot, {_TAKEN}, {DESCRIBED_LICENSE},
  {value_now("purchased")} AS purchased, {value_now("assigned")} AS assigned,
  {value_now("assigned_to_users")} AS assigned_to_users,
  {value_now("assigned_to_workspaces")} AS assigned_to_workspaces,
  {value_now("purchased", LIMITED)} - {value_now("assigned")} AS available,
  {utilization(value_now("assigned"), value_now("purchased", BOUGHT))} AS utilization,
  o.id AS org_id,
  CASE WHEN {value_now("assigned")} IS NOT NULL THEN moment({counted_at(LIST_OF_LICENSES)}) END AS as_of,
  {_EPOCH}
{_LICENSES_AT_SNAPSHOTS}
"""

LICENSE_DELTAS = f"""
SELECT o.name AS org, s.number AS snapshot, {_TAKEN},
  moment({known_at("assigned", "s.number - 1", LIST_OF_LICENSES)}) AS previous_at,
  l.name AS license, l.webex_id AS license_id,
  {value_now("purchased")} AS purchased,
  {unless_held(LIST_OF_LICENSES, change_at("purchased"))} AS purchased_change,
  {value_now("assigned")} AS assigned,
  {unless_held(LIST_OF_LICENSES, change_at("assigned"))} AS assigned_change, o.id AS org_id,
  CASE WHEN {value_now("assigned")} IS NOT NULL THEN moment({counted_at(LIST_OF_LICENSES)}) END AS as_of,
  {_EPOCH}
{_LICENSES_AT_SNAPSHOTS}
"""

LATEST_LICENSES = f"""
SELECT o.name AS org, s.number AS snapshot, {_TAKEN}, {DESCRIBED_LICENSE},
  {last_known("purchased", "s.number")} AS purchased, {last_known("assigned", "s.number")} AS assigned,
  {last_known("assigned_to_users", "s.number")} AS assigned_to_users,
  {last_known("assigned_to_workspaces", "s.number")} AS assigned_to_workspaces,
  {last_known("purchased", "s.number", LIMITED)} - {last_known("assigned", "s.number")} AS available,
  {utilization(last_known("assigned", "s.number"), last_known("purchased", "s.number", BOUGHT))} AS utilization,
  moment({known_at("assigned", "s.number", LIST_OF_LICENSES)}) AS as_of, o.id AS org_id, {_EPOCH}
{_LATEST_LICENSES}
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
        "daily_counts": kept_and_other_counts("day", DAYS),
        "monthly_counts": kept_and_other_counts("month", MONTHS),
        "daily_licenses": period_licenses("day", DAYS),
        "monthly_licenses": period_licenses("month", MONTHS),
        "daily_products": period_products("day", DAYS_OF_PRODUCTS, "products"),
        "monthly_products": period_products("month", MONTHS_OF_PRODUCTS, "months"),
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
