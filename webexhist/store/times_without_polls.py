"""The view of gaps: where polls are missing, by the rule that the review goes by.

A poll is missing where the time between two is more than one and a half times the usual one: the median of the month
in which the later was taken, or of the last month before it that had two such times.
"""

# ruff: noqa: S608  (every part of a query stands in these modules)

from webexhist.store.values_in_periods import MONTHS

FEWEST_INTERVALS = 2
SHORTEST_GAP = 1.5

GAPS = f"""
WITH joint AS MATERIALIZED (
  SELECT p.organization_id, p.month, b.taken_at AS since, s.taken_at AS until, s.taken_at - b.taken_at AS seconds
  FROM {MONTHS} p
  CROSS JOIN snapshot s
  JOIN snapshot b ON b.organization_id = s.organization_id AND b.number = s.number - 1
  WHERE s.organization_id = p.organization_id AND s.number BETWEEN p.first_number AND p.last_number
), usual AS MATERIALIZED (
  SELECT organization_id, month, avg(seconds) AS seconds
  FROM (
    SELECT organization_id, month, seconds,
      row_number() OVER (PARTITION BY organization_id, month ORDER BY seconds) AS place,
      count(*) OVER (PARTITION BY organization_id, month) AS joints
    FROM joint
  ) ranked
  WHERE joints >= {FEWEST_INTERVALS} AND place IN ((joints + 1) / 2, (joints + 2) / 2)
  GROUP BY organization_id, month
), usual_in AS MATERIALIZED (
  SELECT p.organization_id, p.month,
    (SELECT u.seconds FROM usual u WHERE u.organization_id = p.organization_id AND u.month <= p.month
      ORDER BY u.month DESC LIMIT 1) AS seconds
  FROM {MONTHS} p
)
SELECT (SELECT o.name FROM organization o WHERE o.id = j.organization_id) AS org, moment(j.since) AS since,
  moment(j.until) AS until, j.seconds,
  CAST(u.seconds AS DOUBLE PRECISION) AS usual_seconds,
  CAST(round(CAST(j.seconds / u.seconds AS NUMERIC)) AS INTEGER) - 1 AS missed, j.organization_id AS org_id
FROM joint j
JOIN usual_in u ON u.organization_id = j.organization_id AND u.month = j.month
WHERE j.seconds > {SHORTEST_GAP} * u.seconds
"""
