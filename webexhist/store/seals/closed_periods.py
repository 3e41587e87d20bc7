"""Months and days of counts, and days of products, that are over: worked out once, and again where what they rest on
changes.

Whoever changes the past opens it before, so that the views work it out of the readings, and closes it afterwards:
that makes them quicker, and changes no figure. Polls close what has ended since.
"""

# ruff: noqa: S608  (every part of a query stands in these modules)

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import BindParameter, Connection, bindparam, text

from webexhist.store.by_organization import of_organizations
from webexhist.store.dialects import spelled_out
from webexhist.store.seals.sealing import WORKED_OUT
from webexhist.store.sums import COUNTED, members, sums_by_period
from webexhist.store.values_at_snapshots import readings
from webexhist.store.values_in_periods import DAYS, FIGURES_OF_COUNT, MONTHS, counts_in, months_of

ALL_DAYS = 1_000_000
DAYS_OF_A_POLL = 31
"""So many days of an organization a poll closes at most: more there are after what a poll cannot foresee."""
OFTEN = 24
"""A day of a count that changed more often is kept: years of it would be read again for a row a day."""

_NEWEST_DAY = "(SELECT max(n.day) FROM day n WHERE n.organization_id = :organization_id)"
_IS_ONE = "o.id = :organization_id"
_OF_ONE = "l.organization_id = :organization_id"


def _figures_of_counts(period: str, periods: str, which: str) -> str:
    return f"""
SELECT o.id AS organization_id, p.{period}, m.id AS metric_id, {FIGURES_OF_COUNT}
{counts_in(periods)} AND {which}"""


def _days_of_products(days: str, which: str) -> str:
    return f"""
member AS ({members("l.product", f"{which} AND {COUNTED}")}
), {sums_by_period("day", days)}
SELECT organization_id, day, grouping AS product, purchased, assigned_first, assigned_last, assigned_min,
  assigned_max, assigned_total, samples
FROM sums
"""


_MONTHS_OF_COUNTS = f"{_figures_of_counts('month', MONTHS, _IS_ONE)} AND p.month < month({_NEWEST_DAY})"
_DAYS_OF_COUNTS = f"{_figures_of_counts('day', DAYS, _IS_ONE)} AND p.day < {_NEWEST_DAY}"
_CHANGED_OFTEN = f"""(SELECT count(*) FROM {readings("m")}
    AND r.number > p.first_number AND r.number <= p.last_number) > {OFTEN}"""
_DAYS_KEPT = """(SELECT d.* FROM day d WHERE d.organization_id = :organization_id AND d.day <= (
            SELECT max(k.day) FROM product_day k WHERE k.organization_id = :organization_id))"""
_ARE_THESE = "o.id IN :organizations"
_ENDED_DAYS = """(
    SELECT d.* FROM ended e CROSS JOIN day d
    WHERE d.organization_id = e.organization_id AND d.day > e.kept AND d.day <= e.last
  )"""
"""The days that are to be kept of each organization."""


def _ended(kept: str, last: str) -> str:
    """The tables of a WITH that end in `ended`: after which day of organization n, and up to which, days are kept.

    They are worked out once, also by a planner that does not know yet how many rows a new table has.
    """
    return f"""WITH newest AS MATERIALIZED (
  SELECT o.id, (SELECT max(d.day) FROM day d WHERE d.organization_id = o.id) AS day
  FROM organization o WHERE {_ARE_THESE}
), ended AS MATERIALIZED (
  SELECT n.id AS organization_id, coalesce({kept}, day('-infinity')) AS kept, {last} AS last FROM newest n
)"""


def _last_day(condition: str, but: str = "0") -> str:
    """The last day of organization n of which a condition holds, but for so many."""
    days = f"day d WHERE d.organization_id = n.id AND {condition}"
    return f"(SELECT d.day FROM {days} ORDER BY d.day DESC LIMIT 1 OFFSET {but})"


def _last_kept(table: str, period: str = "day") -> str:
    return f"(SELECT max(k.{period}) FROM {table} k WHERE k.organization_id = n.id)"


_ENDED_IN_MONTHS = _ended(
    _last_day(f"month(d.day) <= {_last_kept('count_month', 'month')}"), _last_day("month(d.day) < month(n.day)")
)
_ENDED_OF_COUNTS = _ended(
    f"""(SELECT max(b.day) FROM (SELECT {_last_kept("count_day")} AS day
    UNION ALL SELECT {_last_day("d.day < n.day", ":last")}) b)""",
    _last_day("d.day < n.day"),
)
_ENDED_OF_PRODUCTS = _ended(
    _last_kept("product_day"),
    f"""(SELECT max(b.day) FROM (
    SELECT d.day FROM day d WHERE d.organization_id = n.id AND d.day < n.day
      AND d.day > coalesce({_last_kept("product_day")}, day('-infinity')) ORDER BY d.day LIMIT :most) b)""",
)
_CLOSED = (
    f"""
INSERT INTO count_month (organization_id, month, metric_id, first_value, last_value, least, greatest, mean, samples)
{_ENDED_IN_MONTHS}{_figures_of_counts("month", months_of(_ENDED_DAYS), _ARE_THESE)}
""",
    f"""
INSERT INTO count_day (organization_id, day, metric_id, first_value, last_value, least, greatest, mean, samples)
{_ENDED_OF_COUNTS}{_figures_of_counts("day", _ENDED_DAYS, _ARE_THESE)} AND {_CHANGED_OFTEN}
""",
    f"""
INSERT INTO product_day (organization_id, day, product, purchased, assigned_first, assigned_last, assigned_min,
  assigned_max, assigned_total, samples)
{_ENDED_OF_PRODUCTS}, {_days_of_products(_ENDED_DAYS, "l.organization_id IN :organizations")}
""",
)
_OPENED = (
    """
DELETE FROM count_month WHERE organization_id = :organization_id AND month >= (
  SELECT month(min(d.day)) FROM day d WHERE d.organization_id = :organization_id AND d.last_number >= :since)
""",
    *(
        f"""
DELETE FROM {table} WHERE organization_id = :organization_id AND day >= (
  SELECT min(d.day) FROM day d WHERE d.organization_id = :organization_id AND d.last_number >= :since)
"""
        for table in ("count_day", "product_day")
    ),
)
_NOTHING_KEPT = text("""
SELECT o.id FROM organization o
WHERE NOT EXISTS (SELECT 1 FROM product_day k WHERE k.organization_id = o.id) ORDER BY o.id
""")
_WORKED_OUT = {
    "count_month": f"""{_MONTHS_OF_COUNTS}
  AND p.month IN (SELECT c.month FROM count_month c WHERE c.organization_id = :organization_id)
""",
    "count_day": f"""{_DAYS_OF_COUNTS}
  AND EXISTS (SELECT 1 FROM count_day k WHERE k.organization_id = o.id AND k.day = p.day AND k.metric_id = m.id)
""",
    "product_day": f"WITH {_days_of_products(_DAYS_KEPT, _OF_ONE)}",
}
"""What the tables hold, out of the readings."""
_LAST_KEPT = """(
  SELECT DISTINCT n.day FROM {table} n WHERE n.organization_id = :organization_id ORDER BY n.day DESC LIMIT :most)"""
_LAST_DAYS_KEPT = f"""(SELECT d.* FROM day d WHERE d.organization_id = :organization_id
    AND d.day IN {_LAST_KEPT.format(table="product_day")})"""
_LAST_WORKED_OUT = {
    "count_day": f"{_WORKED_OUT['count_day']} AND p.day IN {_LAST_KEPT.format(table='count_day')}",
    "product_day": f"WITH {_days_of_products(_LAST_DAYS_KEPT, _OF_ONE)}",
}
"""What the tables of days hold of the last ones in them."""
_METRICS: BindParameter[str] = bindparam("metrics", expanding=True)
_PERIODS = {"count_month": "month", "count_day": "day"}


def close_periods(
    connection: Connection,
    organization_ids: Sequence[int],
    most_days: int = ALL_DAYS,
    last_days: int = ALL_DAYS,
) -> None:
    """Works out the months and days of organizations that are over, as far as that is not done.

    Of products so many days, from the first that is not kept; of counts so many, up to the last.
    """
    values = {"organizations": list(organization_ids), "most": most_days, "last": last_days}
    for statement in _CLOSED:
        named = {name: value for name, value in values.items() if f":{name}" in statement}
        connection.execute(of_organizations(spelled_out(connection, statement).text), named)


def close_ended_periods(connection: Connection, organization_ids: Sequence[int]) -> None:
    """The same of organizations of which a day has ended, and of no more days than a poll has time for."""
    if organization_ids:
        close_periods(connection, organization_ids, DAYS_OF_A_POLL, last_days=1)


def close_forgotten_days(connection: Connection) -> None:
    """The same of organizations whose products are others than before, so that no day of them is kept."""
    for organization_id in connection.scalars(_NOTHING_KEPT).all():
        close_periods(connection, [organization_id])


def open_periods(connection: Connection, organization_id: int, since: int) -> None:
    """Forgets the months and days of an organization from those of a snapshot on; it comes before what is changed."""
    for statement in _OPENED:
        connection.execute(spelled_out(connection, statement), {"organization_id": organization_id, "since": since})


def are_counts_changed(
    connection: Connection, organization_id: int, table: str, metrics: Sequence[str], first: str, last: str
) -> bool:
    """Whether what is kept of these counts, from a month or day to another, differs from what the readings give."""
    those = {"organization_id": organization_id, "metrics": metrics, "first": first, "last": last}
    condition = f"{_PERIODS[table]} BETWEEN :first AND :last AND m.name IN :metrics"
    kept = f"""
SELECT c.* FROM {table} c JOIN metric m ON m.organization_id = c.organization_id AND m.id = c.metric_id
WHERE c.organization_id = :organization_id AND c.{condition}
"""
    found = (
        connection.execute(spelled_out(connection, query).bindparams(_METRICS), those)
        for query in (kept, f"{_WORKED_OUT[table]} AND p.{condition}")
    )
    stored, now = ({tuple(row) for row in rows} for rows in found)
    return stored != now


def changed_periods(
    connection: Connection, organization_id: int, tables: Collection[str] = WORKED_OUT
) -> Iterator[str]:
    """Those of the tables that hold other figures than the readings give."""
    of_organization = {"organization_id": organization_id}
    for table in sorted(WORKED_OUT.intersection(tables)):
        query = _WORKED_OUT[table]
        kept = connection.execute(
            text(f"SELECT * FROM {table} WHERE organization_id = :organization_id"), of_organization
        )
        now = connection.execute(spelled_out(connection, query), of_organization)
        if {tuple(row) for row in kept} != {tuple(row) for row in now}:
            yield table


def changed_last_days(connection: Connection, organization_id: int, days: int) -> Iterator[str]:
    """The tables of days of which so many of the last hold other figures than the readings give."""
    last = {"organization_id": organization_id, "most": days}
    for table, query in _LAST_WORKED_OUT.items():
        of_table = f"SELECT * FROM {table} WHERE organization_id = :organization_id"
        kept = connection.execute(text(f"{of_table} AND day IN {_LAST_KEPT.format(table=table)}"), last)
        now = connection.execute(spelled_out(connection, query), last)
        if {tuple(row) for row in kept} != {tuple(row) for row in now}:
            yield table
