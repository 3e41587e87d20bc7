"""Units of several licenses together: the sums of what was listed at each snapshot, by day or month.

Only a snapshot at which something changed can have another sum than the one before, so that only those are looked at.
A sum is unknown where a part is; one unlimited license makes it unlimited.
"""

# ruff: noqa: S608  (every part of a query stands in this file)

from webexhist.store.values_at_snapshots import is_counted, list_of_licenses

LIST_OF_LICENSES = list_of_licenses("m.organization_id")
MEMBERS = """
  SELECT l.organization_id, {grouping} AS grouping, l.id AS license_id FROM license l
  WHERE {condition}"""


def members(grouping: str, condition: str) -> str:
    """The licenses l of a condition, with what groups them."""
    return MEMBERS.format(grouping=grouping, condition=condition)


_ADDED = {
    "members": "CASE field WHEN 'listed' THEN units ELSE 0 END",
    "purchased": "CASE field WHEN 'purchased' THEN units ELSE 0 END",
    "purchased_known": "CASE field WHEN 'purchased' THEN known ELSE 0 END",
    "purchased_unlimited": "CASE field WHEN 'purchased' THEN unlimited ELSE 0 END",
    "assigned": "CASE field WHEN 'assigned' THEN units ELSE 0 END",
    "assigned_known": "CASE field WHEN 'assigned' THEN known ELSE 0 END",
}
"""What a change adds to each of the figures that are summed."""
_SO_FAR = "OVER (PARTITION BY organization_id, grouping ORDER BY number)"


def sums_by_snapshot(period: str, periods: str) -> str:
    """The tables of a WITH that end in `summed`, the sums at each snapshot at which they may have changed.

    Of the snapshots of the periods p, which follow each other, and of the licenses of `member`; `held` is for how
    many snapshots of its period a row holds. What is not listed has no known units, so that a sum is known where as
    many units are as licenses are listed.
    CROSS JOIN keeps SQLite from reading all values of the organization instead of those of its licenses; what is
    materialized keeps PostgreSQL from asking at each reading where its span begins. The tables stand one after the
    other and not in each other: SQLite reads no text that is nested so deeply.
    """
    return f"""{_changes_of_values(periods)}, {_running_sums(period, periods)}, summed AS (
  SELECT organization_id, {period}, grouping, number, following - number AS held, members,
    CASE WHEN members = 0 OR purchased_known < members THEN NULL WHEN purchased_unlimited > 0 THEN -1
      ELSE purchased END AS purchased,
    CASE WHEN members > 0 AND assigned_known = members THEN assigned END AS assigned
  FROM run_on
  WHERE following > number
)"""


def _changes_of_values(periods: str) -> str:
    """The tables that end in `changed`: by what each stored value is more or less than the one before."""
    return f"""span AS MATERIALIZED (
  SELECT p.organization_id, min(p.first_number) AS first_number, max(p.last_number) AS last_number
  FROM {periods} p GROUP BY p.organization_id
), part AS MATERIALIZED (
  SELECT g.organization_id, g.grouping, w.id AS metric_id, w.field, s.first_number, s.last_number,
    coalesce((SELECT b.number FROM reading b WHERE b.organization_id = w.organization_id AND b.metric_id = w.id
      AND b.number <= s.first_number ORDER BY b.number DESC LIMIT 1), 0) AS since
  FROM span s CROSS JOIN member g CROSS JOIN metric w
  WHERE g.organization_id = s.organization_id AND w.organization_id = g.organization_id
    AND w.license_id = g.license_id AND w.field IN ('listed', 'purchased', 'assigned')
), stored AS (
  SELECT c.organization_id, c.metric_id, p.grouping, p.field, p.last_number,
    CASE WHEN c.number < p.first_number THEN p.first_number ELSE c.number END AS number,
    CASE p.field WHEN 'listed' THEN coalesce(c.value, 1) ELSE c.value END AS value
  FROM part p CROSS JOIN reading c
  WHERE c.organization_id = p.organization_id AND c.metric_id = p.metric_id
    AND c.number BETWEEN p.since AND p.last_number
), followed AS (
  SELECT organization_id, grouping, field, number, last_number, value,
    lag(value) OVER (PARTITION BY organization_id, metric_id ORDER BY number) AS before
  FROM stored
), changed AS (
  SELECT organization_id, grouping, field, number, last_number, coalesce(value, 0) - coalesce(before, 0) AS units,
    CASE WHEN value IS NULL THEN 0 ELSE 1 END - CASE WHEN before IS NULL THEN 0 ELSE 1 END AS known,
    CASE WHEN value < 0 THEN 1 ELSE 0 END - CASE WHEN before < 0 THEN 1 ELSE 0 END AS unlimited
  FROM followed
)"""


def _running_sums(period: str, periods: str) -> str:
    """The tables that end in `run_on`: what was changed up to each snapshot, and until which snapshot that holds.

    A sum runs on from change to change and from period to period, so that a product costs what its licenses changed,
    and not that times how many they are. A period changes nothing where it begins.
    """
    sums = ",\n    ".join(f"sum({added}) AS {name}" for name, added in _ADDED.items())
    nothing = ", ".join("0" for _ in _ADDED)
    run_on = ",\n    ".join(f"CAST(sum({name}) {_SO_FAR} AS BIGINT) AS {name}" for name in _ADDED)
    return f"""added AS (
  SELECT organization_id, NULL AS {period}, grouping, number, last_number,
    {sums}
  FROM changed
  WHERE units <> 0 OR known <> 0
  GROUP BY organization_id, grouping, number, last_number
  UNION ALL
  SELECT p.organization_id, p.{period}, g.grouping, p.first_number, p.last_number, {nothing}
  FROM {periods} p JOIN (SELECT DISTINCT organization_id, grouping FROM member) g
    ON g.organization_id = p.organization_id
), run_on AS (
  SELECT organization_id, grouping, number, max({period}) {_SO_FAR} AS {period},
    lead(number, 1, last_number + 1) {_SO_FAR} AS following,
    {run_on}
  FROM added
)"""


def sums_by_period(period: str, periods: str) -> str:
    """The tables of a WITH that end in `sums`: first, last, least, most and total sum of each period.

    The total is that of all snapshots at which the sum was known, as many as are samples. A period in which nothing
    was listed has no row.
    """
    whole = f"OVER (PARTITION BY m.organization_id, m.{period}, m.grouping)"
    return f"""{sums_by_snapshot(period, periods)}, moving AS (
  SELECT m.*,
    max(CASE WHEN m.purchased IS NOT NULL THEN m.number END) {whole} AS purchased_until,
    min(CASE WHEN m.assigned IS NOT NULL THEN m.number END) {whole} AS assigned_from,
    max(CASE WHEN m.assigned IS NOT NULL THEN m.number END) {whole} AS assigned_until,
    {is_counted(LIST_OF_LICENSES, "m.number", "m.number + m.held - 1", "m.organization_id")} AS counted
  FROM summed m
), sums AS (
  SELECT organization_id, {period}, grouping, max(CASE WHEN number = purchased_until THEN purchased END) AS purchased,
    max(CASE WHEN number = assigned_from THEN assigned END) AS assigned_first,
    max(CASE WHEN number = assigned_until THEN assigned END) AS assigned_last,
    min(CASE WHEN counted THEN assigned END) AS assigned_min,
    max(CASE WHEN counted THEN assigned END) AS assigned_max,
    sum(CAST(assigned AS DOUBLE PRECISION) * held) AS assigned_total,
    CAST(coalesce(sum(CASE WHEN assigned IS NOT NULL THEN held END), 0) AS BIGINT) AS samples
  FROM moving
  GROUP BY organization_id, {period}, grouping
  HAVING max(members) > 0
)"""


COUNTED = "coalesce(l.counted_by_person, l.counted) <> 0"
"""Not "= 1", of which PostgreSQL expects that hardly a row is so, and reads all licenses again for each of them."""
_OPEN_DAYS = """(SELECT d.* FROM day d WHERE d.day > coalesce(
    (SELECT max(k.day) FROM product_day k WHERE k.organization_id = d.organization_id), day('-infinity')))"""
"""The days whose products are not kept. "-infinity" comes before the year 1 as a text of SQLite, too."""
DAYS_OF_PRODUCTS = f"""member AS ({members("l.product", COUNTED)}
), {sums_by_period("day", _OPEN_DAYS)}, products AS (
  SELECT organization_id, day, product, purchased, assigned_first, assigned_last, assigned_min, assigned_max,
    assigned_total, samples
  FROM product_day
  UNION ALL
  SELECT organization_id, day, grouping, purchased, assigned_first, assigned_last, assigned_min, assigned_max,
    assigned_total, samples
  FROM sums
)"""
"""The tables of a WITH that end in `products`: the figures of each product and day, kept or worked out."""

_OF_MONTH = "OVER (PARTITION BY organization_id, month(day), product)"
MONTHS_OF_PRODUCTS = f"""{DAYS_OF_PRODUCTS}, days AS (
  SELECT products.*, month(day) AS month,
    max(CASE WHEN purchased IS NOT NULL THEN day END) {_OF_MONTH} AS purchased_until,
    min(CASE WHEN assigned_first IS NOT NULL THEN day END) {_OF_MONTH} AS assigned_from,
    max(CASE WHEN assigned_last IS NOT NULL THEN day END) {_OF_MONTH} AS assigned_until
  FROM products
), months AS (
  SELECT organization_id, month, product, max(CASE WHEN day = purchased_until THEN purchased END) AS purchased,
    max(CASE WHEN day = assigned_from THEN assigned_first END) AS assigned_first,
    max(CASE WHEN day = assigned_until THEN assigned_last END) AS assigned_last,
    min(assigned_min) AS assigned_min, max(assigned_max) AS assigned_max,
    sum(assigned_total) AS assigned_total, CAST(sum(samples) AS BIGINT) AS samples
  FROM days
  GROUP BY organization_id, month, product
)"""
"""The same that end in `months`."""
