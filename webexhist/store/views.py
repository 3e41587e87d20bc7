"""The views, the public interface for SQL: name → query, the same text on SQLite and PostgreSQL.

The value that holds at a snapshot is the last reading at or before it, found by a correlated lookup on the primary
key; a join of ranges would leave the speed to the planner. Nothing here depends on how many snapshots there are.
Analysts rely on names and columns: columns are only ever added. A changed view needs a new migration (an empty one
will do), so that existing databases are given it.
"""

# ruff: noqa: S608  (every part of a query stands in this file)

from collections.abc import Mapping
from types import MappingProxyType


def _value_at(metric_id: str, number: str) -> str:
    """The value that holds at a snapshot; NULL where it is unknown."""
    return (
        f"(SELECT r.value FROM reading r WHERE r.metric_id = {metric_id} AND r.number <= {number}"
        " ORDER BY r.number DESC LIMIT 1)"
    )


def _known_value(metric_id: str, numbers: str) -> str:
    """The last known value among the readings whose number satisfies `numbers` ("<= 5")."""
    return (
        f"(SELECT r.value FROM reading r WHERE r.metric_id = {metric_id} AND r.number {numbers}"
        " AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1)"
    )


def _last_known_snapshot(metric_id: str, until: str) -> str:
    """The number of the last snapshot up to `until` in which the metric was known: where its last known run ends."""
    run_starts = (
        f"(SELECT max(k.number) FROM reading k WHERE k.metric_id = {metric_id} AND k.number <= {until}"
        " AND k.value IS NOT NULL)"
    )
    return (
        f"(SELECT coalesce((SELECT min(n.number) FROM reading n WHERE n.metric_id = {metric_id}"
        f" AND n.number > run.starts AND n.number <= {until}) - 1, {until})"
        f" FROM (SELECT {run_starts} AS starts) run WHERE run.starts IS NOT NULL)"
    )


_LICENSE_METRICS = """
JOIN metric listed ON listed.license_id = l.id AND listed.field = 'listed'
JOIN metric total ON total.license_id = l.id AND total.field = 'total'
JOIN metric consumed ON consumed.license_id = l.id AND consumed.field = 'consumed'"""

_LICENSE_SOURCES = """
JOIN metric by_users ON by_users.license_id = l.id AND by_users.field = 'by_users'
JOIN metric by_workspaces ON by_workspaces.license_id = l.id AND by_workspaces.field = 'by_workspaces'"""

_LATEST_SNAPSHOT = """snapshot s ON s.organization_id = o.id
  AND s.number = (SELECT max(last.number) FROM snapshot last WHERE last.organization_id = o.id)"""

_FREE = "CASE WHEN total >= 0 THEN total - consumed END"
_UTILIZATION = "CASE WHEN counted = 1 AND total > 0 THEN CAST(100 * {consumed} AS DOUBLE PRECISION) / total END"

COUNTS = f"""
SELECT o.name AS org, s.number AS snapshot, s.taken_at, m.name AS metric,
  {_value_at("m.id", "s.number")} AS value, o.id AS org_id
FROM organization o
JOIN snapshot s ON s.organization_id = o.id
JOIN metric m ON m.organization_id = o.id AND m.field IS NULL AND m.first_number <= s.number
"""

COUNT_DELTAS = f"""
SELECT org, snapshot, taken_at,
  (SELECT p.taken_at FROM snapshot p WHERE p.organization_id = org_id AND p.number = previous) AS previous_at,
  metric, value, value - known_before AS change, org_id
FROM (
  SELECT o.name AS org, s.number AS snapshot, s.taken_at, m.name AS metric,
    {_value_at("m.id", "s.number")} AS value,
    {_known_value("m.id", "< s.number")} AS known_before,
    {_last_known_snapshot("m.id", "s.number - 1")} AS previous,
    o.id AS org_id
  FROM organization o
  JOIN snapshot s ON s.organization_id = o.id
  JOIN metric m ON m.organization_id = o.id AND m.field IS NULL AND m.first_number <= s.number
) held
"""

LICENSE_USAGE = f"""
SELECT org, snapshot, taken_at, license, license_id, subscription, site, total, consumed, by_users, by_workspaces,
  {_FREE} AS free, {_UTILIZATION.format(consumed="consumed")} AS utilization, org_id
FROM (
  SELECT o.name AS org, s.number AS snapshot, s.taken_at, l.name AS license, l.webex_id AS license_id,
    l.subscription_id AS subscription, l.site_url AS site, l.counted,
    {_value_at("listed.id", "s.number")} AS listed,
    {_value_at("total.id", "s.number")} AS total,
    {_value_at("consumed.id", "s.number")} AS consumed,
    {_value_at("by_users.id", "s.number")} AS by_users,
    {_value_at("by_workspaces.id", "s.number")} AS by_workspaces,
    o.id AS org_id
  FROM organization o
  JOIN snapshot s ON s.organization_id = o.id
  JOIN license l ON l.organization_id = o.id
  {_LICENSE_METRICS} AND listed.first_number <= s.number
  {_LICENSE_SOURCES}
) held
WHERE coalesce(listed, 1) = 1
"""

LICENSE_DELTAS = f"""
SELECT org, snapshot, taken_at,
  (SELECT p.taken_at FROM snapshot p WHERE p.organization_id = org_id AND p.number = previous) AS previous_at,
  license, license_id, total, total - total_before AS total_change,
  consumed, consumed - consumed_before AS consumed_change, org_id
FROM (
  SELECT o.name AS org, s.number AS snapshot, s.taken_at, l.name AS license, l.webex_id AS license_id,
    {_value_at("listed.id", "s.number")} AS listed,
    {_value_at("total.id", "s.number")} AS total,
    {_known_value("total.id", "< s.number")} AS total_before,
    {_value_at("consumed.id", "s.number")} AS consumed,
    {_known_value("consumed.id", "< s.number")} AS consumed_before,
    {_last_known_snapshot("consumed.id", "s.number - 1")} AS previous,
    o.id AS org_id
  FROM organization o
  JOIN snapshot s ON s.organization_id = o.id
  JOIN license l ON l.organization_id = o.id
  {_LICENSE_METRICS} AND listed.first_number <= s.number
) held
WHERE coalesce(listed, 1) = 1
"""

_DAYS = "day"
_MONTHS = """(
    SELECT organization_id, substr(day, 1, 7) AS month,
      min(first_number) AS first_number, max(last_number) AS last_number
    FROM day GROUP BY organization_id, substr(day, 1, 7)
  )"""


def _figures(period: str, periods: str, metrics: str) -> str:
    """First, last, least, greatest and mean known value of each metric in each period.

    A span is a metric's part of a period: the snapshots `opens` … `closes`; the value with which it opens was read at
    `carried`. Each reading holds until the next one, so the mean weighs it by the snapshots it held for.
    """
    return f"""(
  SELECT metric_id, {period}, opens, closes,
    min(CASE WHEN value IS NOT NULL THEN number END) AS first_known,
    max(CASE WHEN value IS NOT NULL THEN number END) AS last_known,
    min(value) AS least, max(value) AS greatest,
    CAST(sum(value * held) AS DOUBLE PRECISION) / sum(CASE WHEN value IS NOT NULL THEN held END) AS mean,
    coalesce(sum(CASE WHEN value IS NOT NULL THEN held END), 0) AS samples
  FROM (
    SELECT span.metric_id, span.{period}, span.opens, span.closes, r.number, r.value,
      coalesce((SELECT min(n.number) FROM reading n WHERE n.metric_id = r.metric_id AND n.number > r.number
        AND n.number <= span.closes), span.closes + 1)
      - CASE WHEN r.number < span.opens THEN span.opens ELSE r.number END AS held
    FROM (
      SELECT opened.metric_id, opened.{period}, opened.opens, opened.closes,
        (SELECT max(c.number) FROM reading c WHERE c.metric_id = opened.metric_id AND c.number <= opened.opens)
        AS carried
      FROM (
        SELECT m.id AS metric_id, p.{period},
          CASE WHEN m.first_number > p.first_number THEN m.first_number ELSE p.first_number END AS opens,
          p.last_number AS closes
        FROM {periods} p
        JOIN metric m ON m.organization_id = p.organization_id AND m.first_number <= p.last_number AND {metrics}
      ) opened
    ) span
    JOIN reading r ON r.metric_id = span.metric_id AND r.number BETWEEN span.carried AND span.closes
  ) parts
  GROUP BY metric_id, {period}, opens, closes
)"""


def _period_counts(period: str, periods: str) -> str:
    return f"""
SELECT o.name AS org, f.{period}, m.name AS metric,
  (SELECT r.value FROM reading r WHERE r.metric_id = f.metric_id AND r.number = f.first_known) AS first,
  (SELECT r.value FROM reading r WHERE r.metric_id = f.metric_id AND r.number = f.last_known) AS last,
  f.least AS min, f.greatest AS max, f.mean, f.samples, o.id AS org_id
FROM {_figures(period, periods, "m.field IS NULL")} f
JOIN metric m ON m.id = f.metric_id
JOIN organization o ON o.id = m.organization_id
"""


def _period_licenses(period: str, periods: str) -> str:
    within = "BETWEEN (SELECT max(c.number) FROM reading c WHERE c.metric_id = {metric} AND c.number <= f.opens)"
    listed = within.format(metric="listed.id") + " AND f.closes"
    total = within.format(metric="total.id") + " AND f.closes"
    return f"""
SELECT org, {period}, license, license_id, subscription, site, total, consumed_first, consumed_last, consumed_min,
  consumed_max, consumed_mean, samples, {_UTILIZATION.format(consumed="consumed_last")} AS utilization, org_id
FROM (
  SELECT o.name AS org, f.{period}, l.name AS license, l.webex_id AS license_id, l.subscription_id AS subscription,
    l.site_url AS site, l.counted, {_known_value("total.id", total)} AS total,
    (SELECT r.value FROM reading r WHERE r.metric_id = f.metric_id AND r.number = f.first_known) AS consumed_first,
    (SELECT r.value FROM reading r WHERE r.metric_id = f.metric_id AND r.number = f.last_known) AS consumed_last,
    f.least AS consumed_min, f.greatest AS consumed_max, f.mean AS consumed_mean, f.samples, o.id AS org_id
  FROM {_figures(period, periods, "m.field = 'consumed'")} f
  JOIN metric consumed ON consumed.id = f.metric_id
  JOIN license l ON l.id = consumed.license_id
  JOIN metric total ON total.license_id = l.id AND total.field = 'total'
  JOIN metric listed ON listed.license_id = l.id AND listed.field = 'listed'
  JOIN organization o ON o.id = l.organization_id
  WHERE EXISTS (SELECT 1 FROM reading r WHERE r.metric_id = listed.id AND r.number {listed}
    AND coalesce(r.value, 1) = 1)
) held
"""


DAILY_ACTIVITY = f"""
SELECT org, day, metric, total - coalesce(total_before, 0) AS amount, 'polls' AS source, org_id
FROM (
  SELECT o.name AS org, d.day, m.name AS metric, o.id AS org_id,
    {
    _known_value(
        "m.id",
        '''BETWEEN (SELECT max(c.number) FROM reading c WHERE c.metric_id = m.id
      AND c.number <= CASE WHEN m.first_number > d.first_number THEN m.first_number ELSE d.first_number END)
      AND d.last_number''',
    )
} AS total,
    {_known_value("m.id", "< d.first_number")} AS total_before
  FROM organization o
  JOIN day d ON d.organization_id = o.id
  JOIN metric m ON m.organization_id = o.id AND m.kind = 'counter' AND m.first_number <= d.last_number
) counted
WHERE total IS NOT NULL
UNION ALL
SELECT o.name, p.day, m.name, p.amount, p.source, o.id
FROM past_day p
JOIN metric m ON m.id = p.metric_id
JOIN organization o ON o.id = m.organization_id
"""

LATEST_COUNTS = f"""
SELECT org, snapshot, taken_at, metric, value,
  (SELECT p.taken_at FROM snapshot p WHERE p.organization_id = org_id AND p.number = known) AS as_of, org_id
FROM (
  SELECT o.name AS org, s.number AS snapshot, s.taken_at, m.name AS metric,
    {_known_value("m.id", "<= s.number")} AS value,
    {_last_known_snapshot("m.id", "s.number")} AS known, o.id AS org_id
  FROM organization o
  JOIN {_LATEST_SNAPSHOT}
  JOIN metric m ON m.organization_id = o.id AND m.field IS NULL
) held
"""

LATEST_LICENSES = f"""
SELECT org, snapshot, taken_at, license, license_id, subscription, site, total, consumed, by_users, by_workspaces,
  {_FREE} AS free, {_UTILIZATION.format(consumed="consumed")} AS utilization,
  (SELECT p.taken_at FROM snapshot p WHERE p.organization_id = org_id AND p.number = known) AS as_of, org_id
FROM (
  SELECT o.name AS org, s.number AS snapshot, s.taken_at, l.name AS license, l.webex_id AS license_id,
    l.subscription_id AS subscription, l.site_url AS site, l.counted,
    {_value_at("listed.id", "s.number")} AS listed,
    {_known_value("total.id", "<= s.number")} AS total,
    {_known_value("consumed.id", "<= s.number")} AS consumed,
    {_known_value("by_users.id", "<= s.number")} AS by_users,
    {_known_value("by_workspaces.id", "<= s.number")} AS by_workspaces,
    {_last_known_snapshot("consumed.id", "s.number")} AS known, o.id AS org_id
  FROM organization o
  JOIN {_LATEST_SNAPSHOT}
  JOIN license l ON l.organization_id = o.id
  {_LICENSE_METRICS}
  {_LICENSE_SOURCES}
) held
WHERE coalesce(listed, 1) = 1
"""

COLLECTION_LOG = """
SELECT org, snapshot, taken_at, collector, status, requests, seconds, error,
  last - snapshot + 1 AS polls,
  (SELECT p.taken_at FROM snapshot p WHERE p.organization_id = org_id AND p.number = last) AS last_taken_at, org_id
FROM (
  SELECT o.name AS org, s.number AS snapshot, s.taken_at, c.collector, c.status, c.requests, c.seconds, c.error,
    coalesce(
      (SELECT min(n.number) FROM collection n WHERE n.organization_id = c.organization_id
        AND n.collector = c.collector AND n.number > c.number) - 1,
      (SELECT max(e.number) FROM snapshot e WHERE e.organization_id = c.organization_id)) AS last,
    o.id AS org_id
  FROM collection c
  JOIN snapshot s ON s.organization_id = c.organization_id AND s.number = c.number
  JOIN organization o ON o.id = c.organization_id
  WHERE c.status IS NOT NULL
) stretch
"""

VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "counts": COUNTS,
        "count_deltas": COUNT_DELTAS,
        "license_usage": LICENSE_USAGE,
        "license_deltas": LICENSE_DELTAS,
        "daily_counts": _period_counts("day", _DAYS),
        "monthly_counts": _period_counts("month", _MONTHS),
        "daily_licenses": _period_licenses("day", _DAYS),
        "monthly_licenses": _period_licenses("month", _MONTHS),
        "daily_activity": DAILY_ACTIVITY,
        "latest_counts": LATEST_COUNTS,
        "latest_licenses": LATEST_LICENSES,
        "collection_log": COLLECTION_LOG,
    }
)
"""Every view, in an order in which they can be made."""
