"""Expressions of the views: what a metric was over a period p, a day or a month, out of the changes within it."""

# ruff: noqa: S608  (every part of a query stands in these modules)

from webexhist.store.values_at_snapshots import is_counted, readings, value_at

DAYS = "day"
"""The table of days is one of periods already."""


def months_of(days: str) -> str:
    """The months that days make."""
    return f"""(
    SELECT organization_id, month(day) AS month,
      min(first_number) AS first_number, max(last_number) AS last_number
    FROM {days} of GROUP BY organization_id, month(day)
  )"""


MONTHS = months_of(DAYS)

IS_COUNT = "m.license_id IS NULL AND m.field IS NULL"
"""Of no license: so SQLite finds a count by its name, in an index of those alone."""


def opens(metric: str) -> str:
    """The first snapshot of period p that can hold the metric."""
    return f"CASE WHEN {metric}.first_number > p.first_number THEN {metric}.first_number ELSE p.first_number END"


def within(metric: str) -> str:
    """The readings r that hold in some snapshot of period p: the first of them may be older than the period."""
    return (
        f"FROM {readings(metric)} AND r.number BETWEEN (SELECT c.number FROM {readings(metric, 'c')}"
        f" AND c.number <= {opens(metric)} ORDER BY c.number DESC LIMIT 1) AND p.last_number"
    )


def begins(metric: str) -> str:
    """The first snapshot of period p in which reading r holds."""
    return f"CASE WHEN r.number < {opens(metric)} THEN {opens(metric)} ELSE r.number END"


def ends(metric: str, reading: str = "r") -> str:
    """The last snapshot of period p in which a reading holds."""
    return (
        f"coalesce((SELECT n.number FROM {readings(metric, 'n')} AND n.number > {reading}.number"
        f" AND n.number <= p.last_number ORDER BY n.number LIMIT 1) - 1, p.last_number)"
    )


def held_for(metric: str) -> str:
    """In how many snapshots of period p reading r holds."""
    return f"({ends(metric)} + 1 - {begins(metric)})"


def in_one_pass(metric: str, held_as: str) -> str:
    """A join of what PostgreSQL finds of a metric in period p by reading it once; SQLite joins nothing.

    To begin a subquery costs PostgreSQL as much as to read dozens of readings, and a row would take ten of them.
    SQLite begins one in a tenth of that time, and knows no LATERAL. By the OFFSET it asks once whether a value was
    counted, and not once for each figure.
    """
    return f"""on_postgresql(LEFT JOIN LATERAL (
  SELECT min(CASE WHEN v.counted THEN v.value END) AS least, max(CASE WHEN v.counted THEN v.value END) AS greatest,
    sum(CAST(v.value AS DOUBLE PRECISION) * v.held) / sum(v.known) AS mean, coalesce(sum(v.known), 0) AS samples,
    (min(ARRAY[v.number, v.value]) FILTER (WHERE v.value IS NOT NULL))[2] AS first_known,
    (max(ARRAY[v.number, v.value]) FILTER (WHERE v.value IS NOT NULL))[2] AS last_known
  FROM (
    SELECT w.value, w.number, w.following - w.since AS held,
      CASE WHEN w.value IS NOT NULL THEN w.following - w.since END AS known,
      w.number = w.since OR {is_counted(held_as, "w.since", "w.following - 1")} AS counted
    FROM (
      SELECT r.value, r.number, {begins(metric)} AS since,
        lead(r.number, 1, p.last_number + 1) OVER (ORDER BY r.number) AS following
      {within(metric)}
    ) w
    OFFSET 0
  ) v
) {metric}_in ON TRUE)"""


def extreme_in(metric: str, which: str, held_as: str) -> str:
    """The least ("min") or greatest ("max") of the values of period p that were counted in it, not only held."""
    looked_up = f"(SELECT {which}(r.value) {within(metric)} AND {is_counted_in(metric, 'r', held_as)})"
    return f"on_sqlite({looked_up}) on_postgresql({metric}_in.{ {'min': 'least', 'max': 'greatest'}[which] })"


def is_counted_in(metric: str, reading: str, held_as: str) -> str:
    """Whether the value of a reading was counted in period p: where it begins, it was."""
    held_from = is_counted(held_as, opens(metric), ends(metric, reading))
    return f"({reading}.number >= {opens(metric)} OR {held_from})"


def first_in(metric: str) -> str:
    """The first known value of period p; one look-up where the first snapshot knows it."""
    later = f"(SELECT r.value {within(metric)} AND r.value IS NOT NULL ORDER BY r.number LIMIT 1)"
    return f"coalesce({value_at(metric, opens(metric))}, {later})"


def last_in(metric: str, value: str = "r.value") -> str:
    """The last known value of period p, or what is made of it; one look-up where the last snapshot knows it."""
    earlier = f"(SELECT {value} {within(metric)} AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1)"
    return f"coalesce({value_at(metric, 'p.last_number', value)}, {earlier})"


def samples_in(metric: str) -> str:
    """In how many snapshots of period p the metric was known."""
    unknown = f"coalesce((SELECT sum{held_for(metric)} {within(metric)} AND r.value IS NULL), 0)"
    looked_up = f"p.last_number + 1 - {opens(metric)} - {unknown}"
    return f"on_sqlite({looked_up}) on_postgresql({metric}_in.samples)"


def mean_in(metric: str) -> str:
    """The mean of the known values of all snapshots of period p."""
    held = f"lead(r.number, 1, p.last_number + 1) OVER (ORDER BY r.number) - {begins(metric)}"
    # Without a known value there is no sum to divide: NULL / NULL is NULL on both databases.
    looked_up = (
        "(SELECT sum(CAST(v.value AS DOUBLE PRECISION) * v.held) / sum(CASE WHEN v.value IS NOT NULL THEN v.held END)"
        f" FROM (SELECT r.value, {held} AS held {within(metric)}) v)"
    )
    return f"on_sqlite({looked_up}) on_postgresql({metric}_in.mean)"


def counts_in(periods: str) -> str:
    """The counts m of organizations o in the periods p."""
    return f"""FROM organization o
CROSS JOIN {periods} p
JOIN metric m ON m.organization_id = o.id AND {IS_COUNT} AND m.first_number <= p.last_number
{in_one_pass("m", "m.id")}
WHERE p.organization_id = o.id"""


FIGURES_OF_COUNT = f"""{first_in("m")} AS first, {last_in("m")} AS last,
  {extreme_in("m", "min", "m.id")} AS min,
  {extreme_in("m", "max", "m.id")} AS max,
  {mean_in("m")} AS mean, {samples_in("m")} AS samples"""
