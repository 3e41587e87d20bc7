"""Units of several licenses together: the sums of what was listed at each snapshot, by day or month.

Only a snapshot at which something changed can have another sum than the one before, so that only those are looked at.
A sum is unknown where a part is; one unlimited license makes it unlimited.
"""

# ruff: noqa: S608  (every part of a query stands in this file)

from webexhist.store.values_at_snapshots import is_counted, list_of_licenses

LIST_OF_LICENSES = list_of_licenses("m.organization_id")
MEMBERS = """
  SELECT l.organization_id, {grouping} AS grouping, l.id AS license_id, listed.id AS listed_id,
    listed.first_number AS listed_first, purchased.id AS purchased_id, assigned.id AS assigned_id
  FROM license l
  JOIN metric listed ON listed.organization_id = l.organization_id AND listed.license_id = l.id
    AND listed.field = 'listed'
  JOIN metric purchased ON purchased.organization_id = l.organization_id AND purchased.license_id = l.id
    AND purchased.field = 'purchased'
  JOIN metric assigned ON assigned.organization_id = l.organization_id AND assigned.license_id = l.id
    AND assigned.field = 'assigned'
  WHERE {condition}"""


def members(grouping: str, condition: str) -> str:
    """The licenses l of a condition, with what groups them."""
    return MEMBERS.format(grouping=grouping, condition=condition)


def _value(metric: str) -> str:
    return (
        "(SELECT r.value FROM reading r WHERE r.organization_id = m.organization_id"
        f" AND r.metric_id = m.{metric} AND r.number <= n.number ORDER BY r.number DESC LIMIT 1)"
    )


_PARTS = {
    "members": "CASE WHEN listed = 0 THEN 0 ELSE 1 END",
    "purchased_unknown": "CASE WHEN listed = 0 OR purchased IS NOT NULL THEN 0 ELSE 1 END",
    "purchased_unlimited": "CASE WHEN listed = 0 THEN 0 WHEN purchased < 0 THEN 1 ELSE 0 END",
    "purchased_known": "CASE WHEN listed = 0 THEN 0 ELSE coalesce(purchased, 0) END",
    "assigned_unknown": "CASE WHEN listed = 0 OR assigned IS NOT NULL THEN 0 ELSE 1 END",
    "assigned_known": "CASE WHEN listed = 0 THEN 0 ELSE coalesce(assigned, 0) END",
}
"""What a license adds to each of the figures that are summed."""
_SO_FAR = "OVER (PARTITION BY organization_id, grouping ORDER BY number)"


def sums_by_snapshot(period: str, periods: str) -> str:
    """The sums at each snapshot of the periods p, which follow each other, at which they may have changed.

    The members are those of `member`. Each change of a license changes the sums by what it adds more or less than
    before: a sum runs on from change to change and from period to period, so that a product costs what its licenses
    changed, and not that times how many they are. A period changes nothing where it begins.
    CROSS JOIN keeps SQLite from reading all values of the organization instead of those of its licenses; PostgreSQL
    would read them for each license, were three metrics named and none joined.
    Materialized: SQLite would look every value up wherever it is named.
    """
    before = "OVER (PARTITION BY organization_id, license_id ORDER BY number)"
    added = ",\n      ".join(f"{part} - lag({part}, 1, 0) {before} AS {name}" for name, part in _PARTS.items())
    nothing = ", ".join("0" for _ in _PARTS)
    run_on = ",\n      ".join(f"sum({name}) {_SO_FAR} AS {name}" for name in _PARTS)
    return f"""
  SELECT organization_id, {period}, grouping, number, last_number, max(members) AS members,
    max(CASE WHEN members = 0 OR purchased_unknown > 0 THEN NULL WHEN purchased_unlimited > 0 THEN -1
      ELSE purchased_known END) AS purchased,
    max(CASE WHEN members = 0 OR assigned_unknown > 0 THEN NULL ELSE assigned_known END) AS assigned
  FROM (
    SELECT organization_id, grouping, number, max({period}) {_SO_FAR} AS {period},
      max(last_number) {_SO_FAR} AS last_number,
      {run_on}
    FROM (
    WITH span AS (
      SELECT p.organization_id, min(p.first_number) AS first_number, max(p.last_number) AS last_number
      FROM {periods} p GROUP BY p.organization_id
    ), parts AS MATERIALIZED (
      SELECT n.organization_id, m.grouping, n.license_id, n.number,
        {_value("listed_id")} AS listed, {_value("purchased_id")} AS purchased, {_value("assigned_id")} AS assigned
      FROM (
        SELECT s.organization_id, g.license_id, s.first_number AS number
        FROM span s JOIN member g ON g.organization_id = s.organization_id AND g.listed_first <= s.first_number
        UNION
        SELECT s.organization_id, g.license_id, c.number
        FROM span s CROSS JOIN member g CROSS JOIN metric w CROSS JOIN reading c
        WHERE g.organization_id = s.organization_id AND w.organization_id = g.organization_id
          AND w.license_id = g.license_id AND w.field IN ('listed', 'purchased', 'assigned')
          AND c.organization_id = w.organization_id AND c.metric_id = w.id
          AND c.number BETWEEN s.first_number AND s.last_number AND c.number >= g.listed_first
      ) n
      JOIN member m ON m.organization_id = n.organization_id AND m.license_id = n.license_id
    )
    SELECT organization_id, NULL AS {period}, grouping, number, NULL AS last_number,
      {added}
    FROM parts
    UNION ALL
    SELECT p.organization_id, p.{period}, g.grouping, p.first_number, p.last_number, {nothing}
    FROM {periods} p JOIN (SELECT DISTINCT organization_id, grouping FROM member) g
      ON g.organization_id = p.organization_id
    ) added
  ) run_on
  GROUP BY organization_id, {period}, grouping, number, last_number"""


def sums_by_period(period: str, periods: str) -> str:
    """First, last, least, most and mean sum of each period; a period in which nothing was listed has no row."""
    within = f"OVER (PARTITION BY organization_id, {period}, grouping ORDER BY number)"
    whole = f"OVER (PARTITION BY organization_id, {period}, grouping)"
    return f"""
  SELECT organization_id, {period}, grouping, max(CASE WHEN number = purchased_until THEN purchased END) AS purchased,
    max(CASE WHEN number = assigned_from THEN assigned END) AS assigned_first,
    max(CASE WHEN number = assigned_until THEN assigned END) AS assigned_last,
    min(CASE WHEN counted THEN assigned END) AS assigned_min,
    max(CASE WHEN counted THEN assigned END) AS assigned_max,
    sum(CAST(assigned AS DOUBLE PRECISION) * held) / sum(CASE WHEN assigned IS NOT NULL THEN held END)
      AS assigned_mean,
    coalesce(sum(CASE WHEN assigned IS NOT NULL THEN held END), 0) AS samples
  FROM (
    SELECT m.organization_id, m.{period}, m.grouping, m.number, m.members, m.purchased, m.assigned, m.held,
      m.purchased_until, m.assigned_from, m.assigned_until,
      {is_counted(LIST_OF_LICENSES, "m.number", "m.number + m.held - 1", "m.organization_id")} AS counted
    FROM (
    SELECT organization_id, {period}, grouping, members, purchased, assigned, number,
      lead(number, 1, last_number + 1) {within} - number AS held,
      max(CASE WHEN purchased IS NOT NULL THEN number END) {whole} AS purchased_until,
      min(CASE WHEN assigned IS NOT NULL THEN number END) {whole} AS assigned_from,
      max(CASE WHEN assigned IS NOT NULL THEN number END) {whole} AS assigned_until
    FROM ({sums_by_snapshot(period, periods)}
    ) summed
    ) m
  ) moving
  GROUP BY organization_id, {period}, grouping
  HAVING max(members) > 0"""
