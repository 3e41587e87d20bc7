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

# Months are grouped by a number of their own: to sort a row for every poll by texts would take half as long again.
GAPS = f"""
WITH period AS MATERIALIZED (
  SELECT organization_id, first_number, last_number,
    row_number() OVER (ORDER BY organization_id, first_number) AS ordinal
  FROM {MONTHS} months
), spread AS MATERIALIZED (
  SELECT p.ordinal, {_SECONDS} AS seconds, count(*) AS joints
  FROM {_joints("period")}
  GROUP BY p.ordinal, {_SECONDS}
), usual AS MATERIALIZED (
  SELECT ordinal, max(seconds) AS longest, CASE WHEN max(joints_in_all) >= {FEWEST_INTERVALS} THEN CAST(sum(seconds
    * (CASE WHEN (joints_in_all + 1) / 2 BETWEEN up_to - joints + 1 AND up_to THEN 1 ELSE 0 END
    + CASE WHEN (joints_in_all + 2) / 2 BETWEEN up_to - joints + 1 AND up_to THEN 1 ELSE 0 END))
    AS DOUBLE PRECISION) / 2 END AS seconds
  FROM (
    SELECT ordinal, seconds, joints,
      CAST(sum(joints) OVER (PARTITION BY ordinal ORDER BY seconds) AS BIGINT) AS up_to,
      CAST(sum(joints) OVER (PARTITION BY ordinal) AS BIGINT) AS joints_in_all
    FROM spread
  ) ranked
  GROUP BY ordinal
), carried_on AS (
  SELECT organization_id, first_number, last_number, longest,
    max(seconds) OVER (PARTITION BY organization_id, known) AS usual_seconds
  FROM (
    SELECT p.organization_id, p.first_number, p.last_number, u.longest, u.seconds,
      count(u.seconds) OVER (PARTITION BY p.organization_id ORDER BY p.ordinal) AS known
    FROM period p JOIN usual u ON u.ordinal = p.ordinal
  ) months
), wide AS MATERIALIZED (
  SELECT * FROM carried_on WHERE longest > {SHORTEST_GAP} * usual_seconds
)
SELECT (SELECT o.name FROM organization o WHERE o.id = p.organization_id) AS org, moment({_BEFORE}) AS since,
  moment(s.taken_at) AS until, {_SECONDS} AS seconds, p.usual_seconds,
  CAST(round(CAST(({_SECONDS}) / p.usual_seconds AS NUMERIC)) AS INTEGER) - 1 AS missed,
  p.organization_id AS org_id
FROM {_joints("wide")} AND {_SECONDS} > {SHORTEST_GAP} * p.usual_seconds
"""
