"""The view of gaps: where polls are missing, by the rule that the review goes by.

A poll is missing where the time between two is more than one and a half times the usual one: the median of the month
in which the later was taken, or of the last month before it that had two such times.
"""

# ruff: noqa: S608  (every part of a query stands in these modules)

from webexhist.store.values_in_periods import MONTHS

FEWEST_INTERVALS = 2
SHORTEST_GAP = 1.5


def _joints(periods: str) -> str:
    """Two polls that follow each other, s and the one before it, in the month p of the later one.

    PostgreSQL reads the polls of each month once, in their order: a join would make a hash of all polls of all.
    """
    looked_up = f"""{periods} p
  CROSS JOIN snapshot s
  JOIN snapshot b ON b.organization_id = s.organization_id AND b.number = s.number - 1
  WHERE s.organization_id = p.organization_id AND s.number BETWEEN p.first_number AND p.last_number"""
    in_order = f"""{periods} p
  CROSS JOIN LATERAL (
    SELECT s.taken_at, lag(s.taken_at) OVER (ORDER BY s.number) AS before_at FROM snapshot s
    WHERE s.organization_id = p.organization_id AND s.number BETWEEN p.first_number - 1 AND p.last_number
  ) s
  WHERE s.before_at IS NOT NULL"""
    return f"on_sqlite({looked_up}) on_postgresql({in_order})"


_BEFORE = "on_sqlite(b.taken_at) on_postgresql(s.before_at)"
_SECONDS = f"s.taken_at - {_BEFORE}"

GAPS = f"""
WITH period AS MATERIALIZED (
  SELECT organization_id, month, first_number, last_number FROM {MONTHS} months
), spread AS MATERIALIZED (
  SELECT p.organization_id, p.month, {_SECONDS} AS seconds, count(*) AS joints
  FROM {_joints("period")}
  GROUP BY p.organization_id, p.month, {_SECONDS}
), usual AS MATERIALIZED (
  SELECT organization_id, month, CAST(sum(seconds
    * (CASE WHEN (joints_in_all + 1) / 2 BETWEEN up_to - joints + 1 AND up_to THEN 1 ELSE 0 END
    + CASE WHEN (joints_in_all + 2) / 2 BETWEEN up_to - joints + 1 AND up_to THEN 1 ELSE 0 END))
    AS DOUBLE PRECISION) / 2 AS seconds
  FROM (
    SELECT organization_id, month, seconds, joints,
      CAST(sum(joints) OVER (PARTITION BY organization_id, month ORDER BY seconds) AS BIGINT) AS up_to,
      CAST(sum(joints) OVER (PARTITION BY organization_id, month) AS BIGINT) AS joints_in_all
    FROM spread
  ) ranked
  WHERE joints_in_all >= {FEWEST_INTERVALS}
  GROUP BY organization_id, month
), usual_in AS MATERIALIZED (
  SELECT p.organization_id, p.month,
    (SELECT u.seconds FROM usual u WHERE u.organization_id = p.organization_id AND u.month <= p.month
      ORDER BY u.month DESC LIMIT 1) AS seconds
  FROM period p
), wide AS MATERIALIZED (
  SELECT p.organization_id, p.month, p.first_number, p.last_number, u.seconds AS usual_seconds
  FROM period p JOIN usual_in u ON u.organization_id = p.organization_id AND u.month = p.month
  WHERE EXISTS (SELECT 1 FROM spread w WHERE w.organization_id = p.organization_id AND w.month = p.month
    AND w.seconds > {SHORTEST_GAP} * u.seconds)
)
SELECT (SELECT o.name FROM organization o WHERE o.id = p.organization_id) AS org, moment({_BEFORE}) AS since,
  moment(s.taken_at) AS until, {_SECONDS} AS seconds, p.usual_seconds,
  CAST(round(CAST(({_SECONDS}) / p.usual_seconds AS NUMERIC)) AS INTEGER) - 1 AS missed,
  p.organization_id AS org_id
FROM {_joints("wide")} AND {_SECONDS} > {SHORTEST_GAP} * p.usual_seconds
"""
