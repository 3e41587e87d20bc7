"""The views, the public interface for SQL: name → query, the same text on SQLite and PostgreSQL.

Every value is found by a correlated lookup on the primary key of `reading`, a descent of one tree: joins of ranges
and windows over whole tables would leave the speed to the planner. CROSS JOIN makes SQLite begin with the
organization, so that a condition on snapshot or day reaches the keys that begin with it; the plus before a column
keeps SQLite from searching by that condition.

Analysts rely on names and columns: columns are only ever added. A changed view needs a new migration (an empty one
will do), so that existing databases are given it.
"""

# ruff: noqa: S608  (every part of a query stands in this file)

from collections.abc import Mapping
from types import MappingProxyType

from webexhist.store.sums import members, sums_by_period


def _readings(metric: str, reading: str = "r") -> str:
    """The readings of a metric of organization o: one range of the key."""
    return f"reading {reading} WHERE {reading}.organization_id = o.id AND {reading}.metric_id = {metric}.id"


def _value(metric: str, number: str, value: str = "r.value") -> str:
    """The value that holds at a snapshot, or what is made of it; NULL where it is unknown."""
    return f"(SELECT {value} FROM {_readings(metric)} AND r.number <= {number} ORDER BY r.number DESC LIMIT 1)"


def _known_value(metric: str, number: str, value: str = "r.value") -> str:
    """The last known value up to a snapshot, or what is made of it."""
    return (
        f"(SELECT {value} FROM {_readings(metric)} AND r.number <= {number}"
        " AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1)"
    )


def _change(metric: str) -> str:
    """The value at snapshot s minus the last known one before it.

    Most values are those of the snapshot before, and then need no second lookup.
    """
    before = _known_value(metric, "s.number - 1")
    return _value(metric, "s.number", f"r.value - CASE WHEN r.number < s.number THEN r.value ELSE {before} END")


def _known_at(metric: str, number: str, held_as: str = "") -> str:
    """When the last value up to that number that is known was counted.

    A reading that is unknown follows one that is known, or none: the metric was known in the snapshot before it.
    """
    known = (
        f"(SELECT CASE WHEN r.value IS NOT NULL THEN {number} WHEN r.number > {metric}.first_number"
        f" THEN r.number - 1 END FROM {_readings(metric)} AND r.number <= {number}"
        " ORDER BY r.number DESC LIMIT 1)"
    )
    asked = _asked(held_as or f"{metric}.id", "k.number")
    return (
        f"(SELECT coalesce((SELECT a.taken_at FROM snapshot a WHERE a.organization_id = o.id AND a.number = {asked}),"
        f" k.taken_at) FROM snapshot k WHERE k.organization_id = o.id AND k.number = {known})"
    )


_LIST_OF_LICENSES = (
    "(SELECT w.id FROM metric w WHERE w.organization_id = o.id AND w.name = 'license' AND w.license_id IS NULL)"
)


def _asked(metric_id: str, number: str) -> str:
    """The snapshot that counted the value which a later one, of that number, holds; NULL where that counted it."""
    return (
        f"(SELECT h.asked FROM held h WHERE h.organization_id = o.id AND h.metric_id = {metric_id}"
        f" AND h.number <= {number} ORDER BY h.number DESC LIMIT 1)"
    )


def _counted_at(metric_id: str) -> str:
    """When the value of snapshot s was counted."""
    return (
        "(SELECT k.taken_at FROM snapshot k WHERE k.organization_id = o.id"
        f" AND k.number = coalesce({_asked(metric_id, 's.number')}, s.number))"
    )


def _unless_held(metric_id: str, change: str) -> str:
    return f"CASE WHEN {_asked(metric_id, 's.number')} IS NULL THEN {change} END"


def _metric_of_license(field: str) -> str:
    return (
        f"JOIN metric {field} ON {field}.organization_id = o.id AND {field}.license_id = l.id"
        f" AND {field}.field = '{field}'"
    )


_LATEST = "(SELECT max(number) FROM snapshot WHERE organization_id = o.id)"
_LISTED_OR_UNKNOWN = "coalesce(r.value, 1)"
_LIMITED = "CASE WHEN r.value >= 0 THEN r.value END"
_BOUGHT = "CASE WHEN r.value > 0 THEN r.value END"


def _utilization(assigned: str, bought: str) -> str:
    percent = f"CAST(100 * {assigned} AS DOUBLE PRECISION) / {bought}"
    return f"CASE WHEN coalesce(l.counted_by_person, l.counted) = 1 THEN {percent} END"


_COUNTS_AT_SNAPSHOTS = """FROM organization o
CROSS JOIN snapshot s
JOIN metric m ON m.organization_id = o.id AND m.field IS NULL AND m.first_number <= +s.number
WHERE s.organization_id = o.id"""

_LICENSES_AT_SNAPSHOTS = f"""FROM organization o
CROSS JOIN snapshot s
JOIN license l ON l.organization_id = o.id
{_metric_of_license("listed")}
{_metric_of_license("purchased")}
{_metric_of_license("assigned")}
{_metric_of_license("assigned_to_users")}
{_metric_of_license("assigned_to_workspaces")}
WHERE s.organization_id = o.id AND {_value("listed", "s.number", _LISTED_OR_UNKNOWN)} = 1"""

_DESCRIBED_LICENSE = (
    "l.name AS license, l.webex_id AS license_id, l.subscription_id AS subscription, l.site_url AS site"
)

SNAPSHOTS = """
SELECT o.name AS org, s.number AS snapshot, s.taken_at, coalesce(s.source, 'poll') AS source, s.seconds, s.requests,
  s.version, o.id AS org_id
FROM organization o
CROSS JOIN snapshot s
WHERE s.organization_id = o.id
"""

LICENSES = f"""
SELECT o.name AS org, l.name AS license, l.webex_id AS license_id, l.code, l.subscription_id AS subscription,
  l.site_url AS site, coalesce(l.counted_by_person, l.counted) AS counted,
  coalesce((SELECT {_known_value("listed", _LATEST)} FROM metric listed WHERE listed.organization_id = o.id
    AND listed.license_id = l.id AND listed.field = 'listed'), 0) AS listed,
  CASE WHEN coalesce(l.counted_by_person, l.counted) = 1 THEN l.product END AS product,
  (SELECT f.webex_id FROM license f WHERE f.organization_id = o.id AND f.id = l.lineage_id) AS lineage,
  CAST(p.amount AS DOUBLE PRECISION) / 100 AS price, p.currency, o.id AS org_id
FROM organization o
CROSS JOIN license l
LEFT JOIN price p ON p.organization_id = l.organization_id AND p.license_id = l.id
WHERE l.organization_id = o.id
"""

COUNTS = f"""
SELECT o.name AS org, s.number AS snapshot, s.taken_at, m.name AS metric, {_value("m", "s.number")} AS value,
  o.id AS org_id, CASE WHEN {_value("m", "s.number")} IS NOT NULL THEN {_counted_at("m.id")} END AS as_of
{_COUNTS_AT_SNAPSHOTS}
"""

COUNT_DELTAS = f"""
SELECT o.name AS org, s.number AS snapshot, s.taken_at, {_known_at("m", "s.number - 1")} AS previous_at,
  m.name AS metric, {_value("m", "s.number")} AS value,
  {_unless_held("m.id", _change("m"))} AS change, o.id AS org_id,
  CASE WHEN {_value("m", "s.number")} IS NOT NULL THEN {_counted_at("m.id")} END AS as_of
{_COUNTS_AT_SNAPSHOTS}
"""

LATEST_COUNTS = f"""
SELECT o.name AS org, s.number AS snapshot, s.taken_at, m.name AS metric, {_known_value("m", "s.number")} AS value,
  {_known_at("m", "s.number")} AS as_of, o.id AS org_id
{_COUNTS_AT_SNAPSHOTS} AND s.number = {_LATEST}
"""

LICENSE_USAGE = f"""
SELECT o.name AS org, s.number AS snapshot, s.taken_at, {_DESCRIBED_LICENSE},
  {_value("purchased", "s.number")} AS purchased, {_value("assigned", "s.number")} AS assigned,
  {_value("assigned_to_users", "s.number")} AS assigned_to_users,
  {_value("assigned_to_workspaces", "s.number")} AS assigned_to_workspaces,
  {_value("purchased", "s.number", _LIMITED)} - {_value("assigned", "s.number")} AS available,
  {_utilization(_value("assigned", "s.number"), _value("purchased", "s.number", _BOUGHT))} AS utilization,
  o.id AS org_id,
  CASE WHEN {_value("assigned", "s.number")} IS NOT NULL THEN {_counted_at(_LIST_OF_LICENSES)} END AS as_of
{_LICENSES_AT_SNAPSHOTS}
"""

LICENSE_DELTAS = f"""
SELECT o.name AS org, s.number AS snapshot, s.taken_at,
  {_known_at("assigned", "s.number - 1", _LIST_OF_LICENSES)} AS previous_at,
  l.name AS license, l.webex_id AS license_id,
  {_value("purchased", "s.number")} AS purchased,
  {_unless_held(_LIST_OF_LICENSES, _change("purchased"))} AS purchased_change,
  {_value("assigned", "s.number")} AS assigned,
  {_unless_held(_LIST_OF_LICENSES, _change("assigned"))} AS assigned_change, o.id AS org_id,
  CASE WHEN {_value("assigned", "s.number")} IS NOT NULL THEN {_counted_at(_LIST_OF_LICENSES)} END AS as_of
{_LICENSES_AT_SNAPSHOTS}
"""

LATEST_LICENSES = f"""
SELECT o.name AS org, s.number AS snapshot, s.taken_at, {_DESCRIBED_LICENSE},
  {_known_value("purchased", "s.number")} AS purchased, {_known_value("assigned", "s.number")} AS assigned,
  {_known_value("assigned_to_users", "s.number")} AS assigned_to_users,
  {_known_value("assigned_to_workspaces", "s.number")} AS assigned_to_workspaces,
  {_known_value("purchased", "s.number", _LIMITED)} - {_known_value("assigned", "s.number")} AS available,
  {_utilization(_known_value("assigned", "s.number"), _known_value("purchased", "s.number", _BOUGHT))} AS utilization,
  {_known_at("assigned", "s.number", _LIST_OF_LICENSES)} AS as_of, o.id AS org_id
{_LICENSES_AT_SNAPSHOTS} AND s.number = {_LATEST}
"""

_DAYS = "day"
_MONTHS = """(
    SELECT organization_id, substr(day, 1, 7) AS month,
      min(first_number) AS first_number, max(last_number) AS last_number
    FROM day GROUP BY organization_id, substr(day, 1, 7)
  )"""


def _opens(metric: str) -> str:
    """The first snapshot of period p that can hold the metric."""
    return f"CASE WHEN {metric}.first_number > p.first_number THEN {metric}.first_number ELSE p.first_number END"


def _within(metric: str) -> str:
    """The readings r that hold in some snapshot of period p: the first of them may be older than the period."""
    return (
        f"FROM {_readings(metric)} AND r.number BETWEEN (SELECT c.number FROM {_readings(metric, 'c')}"
        f" AND c.number <= {_opens(metric)} ORDER BY c.number DESC LIMIT 1) AND p.last_number"
    )


def _held(metric: str) -> str:
    """In how many snapshots of period p reading r holds."""
    return (
        f"(coalesce((SELECT n.number FROM {_readings(metric, 'n')} AND n.number > r.number"
        f" AND n.number <= p.last_number ORDER BY n.number LIMIT 1), p.last_number + 1)"
        f" - CASE WHEN r.number < {_opens(metric)} THEN {_opens(metric)} ELSE r.number END)"
    )


def _first(metric: str) -> str:
    return f"(SELECT r.value {_within(metric)} AND r.value IS NOT NULL ORDER BY r.number LIMIT 1)"


def _last(metric: str, value: str = "r.value") -> str:
    return f"(SELECT {value} {_within(metric)} AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1)"


def _samples(metric: str) -> str:
    """In how many snapshots of period p the metric was known."""
    unknown = f"coalesce((SELECT sum{_held(metric)} {_within(metric)} AND r.value IS NULL), 0)"
    return f"p.last_number + 1 - {_opens(metric)} - {unknown}"


def _mean(metric: str) -> str:
    """The mean of the known values of all snapshots of period p."""
    held = _held(metric)
    unknown = f"coalesce(sum(CASE WHEN r.value IS NULL THEN {held} END), 0)"
    # Without a known value there is no sum to divide: NULL / 0 is NULL on both databases.
    return (
        f"(SELECT sum(CAST(r.value AS DOUBLE PRECISION) * {held})"
        f" / (p.last_number + 1 - {_opens(metric)} - {unknown}) {_within(metric)})"
    )


def _period_counts(period: str, periods: str) -> str:
    return f"""
SELECT o.name AS org, p.{period}, m.name AS metric, {_first("m")} AS first, {_last("m")} AS last,
  (SELECT min(r.value) {_within("m")}) AS min, (SELECT max(r.value) {_within("m")}) AS max,
  {_mean("m")} AS mean, {_samples("m")} AS samples, o.id AS org_id
FROM organization o
CROSS JOIN {periods} p
JOIN metric m ON m.organization_id = o.id AND m.field IS NULL AND m.first_number <= p.last_number
WHERE p.organization_id = o.id
"""


def _period_licenses(period: str, periods: str) -> str:
    return f"""
SELECT o.name AS org, p.{period}, {_DESCRIBED_LICENSE}, {_last("purchased")} AS purchased,
  {_first("assigned")} AS assigned_first, {_last("assigned")} AS assigned_last,
  (SELECT min(r.value) {_within("assigned")}) AS assigned_min,
  (SELECT max(r.value) {_within("assigned")}) AS assigned_max,
  {_mean("assigned")} AS assigned_mean, {_samples("assigned")} AS samples,
  {_utilization(_last("assigned"), _last("purchased", _BOUGHT))} AS utilization, o.id AS org_id
FROM organization o
CROSS JOIN {periods} p
JOIN license l ON l.organization_id = o.id
{_metric_of_license("listed")} AND listed.first_number <= p.last_number
{_metric_of_license("purchased")}
{_metric_of_license("assigned")}
WHERE p.organization_id = o.id
  AND EXISTS (SELECT 1 {_within("listed")} AND {_LISTED_OR_UNKNOWN} = 1)
"""


_PRODUCTS = members("l.product", "coalesce(l.counted_by_person, l.counted) = 1")


def _period_products(period: str, periods: str) -> str:
    return f"""
WITH member AS ({_PRODUCTS}
)
SELECT (SELECT o.name FROM organization o WHERE o.id = t.organization_id) AS org, t.{period}, t.grouping AS product,
  (SELECT l.name FROM license l WHERE l.organization_id = t.organization_id AND l.product = t.grouping
    AND coalesce(l.counted_by_person, l.counted) = 1 ORDER BY l.id DESC LIMIT 1) AS name,
  t.purchased, t.assigned_first, t.assigned_last, t.assigned_min, t.assigned_max, t.assigned_mean, t.samples,
  CASE WHEN t.purchased > 0 THEN CAST(100 * t.assigned_last AS DOUBLE PRECISION) / t.purchased END AS utilization,
  t.organization_id AS org_id
FROM ({sums_by_period(period, periods)}
) t
"""


DAILY_ACTIVITY = f"""
SELECT o.name AS org, p.day, m.name AS metric,
  t.value - coalesce({_known_value("m", "p.first_number - 1")}, 0) AS amount, 'polls' AS source, o.id AS org_id
FROM organization o
CROSS JOIN day p
JOIN metric m ON m.organization_id = o.id AND m.kind = 'counter' AND m.first_number <= p.last_number
JOIN reading t ON t.organization_id = o.id AND t.metric_id = m.id AND t.number = {_last("m", "r.number")}
WHERE p.organization_id = o.id
UNION ALL
SELECT o.name, p.day, m.name, p.amount, p.source, o.id
FROM past_day p
JOIN metric m ON m.organization_id = p.organization_id AND m.id = p.metric_id
JOIN organization o ON o.id = p.organization_id
"""

COLLECTION_LOG = f"""
SELECT org, snapshot, taken_at, collector, status, requests, seconds, error, last - snapshot + 1 AS polls,
  (SELECT k.taken_at FROM snapshot k WHERE k.organization_id = org_id AND k.number = last) AS last_taken_at, org_id
FROM (
  SELECT o.name AS org, s.number AS snapshot, s.taken_at, c.collector, c.status, c.requests, c.seconds, c.error,
    coalesce((SELECT min(n.number) - 1 FROM collection n WHERE n.organization_id = c.organization_id
      AND n.collector = c.collector AND n.number > c.number), {_LATEST}) AS last, o.id AS org_id
  FROM organization o
  CROSS JOIN collection c
  CROSS JOIN snapshot s
  WHERE c.organization_id = o.id AND s.organization_id = o.id AND s.number = c.number AND c.status IS NOT NULL
) stretches
"""

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "snapshots": SNAPSHOTS,
        "licenses": LICENSES,
        "counts": COUNTS,
        "count_deltas": COUNT_DELTAS,
        "license_usage": LICENSE_USAGE,
        "license_deltas": LICENSE_DELTAS,
        "daily_counts": _period_counts("day", _DAYS),
        "monthly_counts": _period_counts("month", _MONTHS),
        "daily_licenses": _period_licenses("day", _DAYS),
        "monthly_licenses": _period_licenses("month", _MONTHS),
        "daily_products": _period_products("day", _DAYS),
        "monthly_products": _period_products("month", _MONTHS),
        "daily_activity": DAILY_ACTIVITY,
        "latest_counts": LATEST_COUNTS,
        "latest_licenses": LATEST_LICENSES,
        "collection_log": COLLECTION_LOG,
    }
)
