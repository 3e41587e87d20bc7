"""Expressions of the views: the value of a metric at a snapshot, what became of it, and when it was counted.

Every value is found by a correlated lookup on the primary key of `reading`, a descent of one tree: joins of ranges
and windows over whole tables would leave the speed to the planner. In all of them o is the organization, and s the
snapshot of the row.

PostgreSQL begins a lookup in seven times the time that SQLite takes. Where a view asks at every snapshot, it reads
the values of a block of snapshots that follow each other at once instead, and finds each one's among them.
"""

from webexhist.paces import EARLY_SECONDS

# ruff: noqa: S608  (every part of a query stands in these modules)

_BLOCK = 64
"""Snapshots: of more it takes longer to find the value of a counter, of fewer there are more blocks to read."""
LISTED_OR_UNKNOWN = "coalesce(r.value, 1)"
"""1 where a license was listed, or may have been."""
LIMITED = "CASE WHEN r.value >= 0 THEN r.value END"
"""Units purchased, NULL where they are unlimited."""
BOUGHT = "CASE WHEN r.value > 0 THEN r.value END"
"""Units purchased, NULL where there are none to divide by."""


def list_of_licenses(organization: str) -> str:
    """The metric of an organization's whole list: licenses are asked for, and held, together."""
    return (
        f"(SELECT w.id FROM metric w WHERE w.organization_id = {organization}"
        " AND w.name = 'license' AND w.license_id IS NULL)"
    )


LIST_OF_LICENSES = list_of_licenses("o.id")


def readings(metric: str, reading: str = "r") -> str:
    """The readings of a metric of organization o: one range of the key."""
    return f"reading {reading} WHERE {reading}.organization_id = o.id AND {reading}.metric_id = {metric}.id"


def value_at(metric: str, number: str, value: str = "r.value") -> str:
    """The value that holds at a snapshot, or what is made of it; NULL where it is unknown."""
    return f"(SELECT {value} FROM {readings(metric)} AND r.number <= {number} ORDER BY r.number DESC LIMIT 1)"


BLOCK = f"on_postgresql(CROSS JOIN LATERAL (SELECT s.number / {_BLOCK} * {_BLOCK} AS first OFFSET 0) block)"
"""Joins the block of snapshot s. By the OFFSET it stays a value of its own: by it, and not by the number of the
snapshot, PostgreSQL keeps what it has read of a metric (a Memoize in its plans)."""


def in_block(metric: str) -> str:
    """Joins what a metric was in the block: the numbers from which on its values held, in order, and the values.

    A column that is not asked for joins nothing, for the join finds one row however few readings there are.
    """
    opening = (
        f"SELECT c.number FROM {readings(metric, 'c')} AND c.number <= block.first ORDER BY c.number DESC LIMIT 1"
    )
    return f"""on_postgresql(LEFT JOIN LATERAL (
  SELECT array_agg(b.number) AS numbers, array_agg(b.value) AS values
  FROM (SELECT r.number, r.value FROM {readings(metric)}
    AND r.number BETWEEN coalesce(({opening}), 0) AND block.first + {_BLOCK - 1} ORDER BY r.number) b
) {metric}_block ON TRUE)"""


def value_now(metric: str, value: str = "r.value") -> str:
    """`value_at` snapshot s, where `in_block` joins the metric; NULL, too, where `value` makes a number of NULL."""
    return f"on_sqlite({value_at(metric, 's.number', value)}) on_postgresql({_in_its_block(metric, value)})"


def _in_its_block(metric: str, value: str) -> str:
    """What is made of the reading r that holds at snapshot s."""
    reading = f"[width_bucket(s.number, {metric}_block.numbers)]"
    return value.replace("r.number", f"{metric}_block.numbers{reading}").replace(
        "r.value", f"{metric}_block.values{reading}"
    )


_LISTED_IN_BLOCK = f"listed_block.numbers[1] <= s.number AND {_in_its_block('listed', LISTED_OR_UNKNOWN)} = 1"
LISTED_IN_BLOCK = f"on_postgresql(CROSS JOIN LATERAL (SELECT 1 AS listed WHERE {_LISTED_IN_BLOCK} OFFSET 0) listing)"
"""Leaves the licenses that were in the list of snapshot s, or may have been, where `in_block` joins `listed`.

A join, and no condition beside it: with one on what it joins PostgreSQL would keep no block, and it would expect so
few licenses to be left that it would keep none of their other metrics either.
"""
IS_LISTED_NOW = f"on_sqlite({value_at('listed', 's.number', LISTED_OR_UNKNOWN)} = 1) on_postgresql(TRUE)"
"""What else there is to ask for it."""


def last_known(metric: str, number: str, value: str = "r.value") -> str:
    """The last known value up to a snapshot, or what is made of it."""
    return (
        f"(SELECT {value} FROM {readings(metric)} AND r.number <= {number}"
        " AND r.value IS NOT NULL ORDER BY r.number DESC LIMIT 1)"
    )


def change_at(metric: str) -> str:
    """The value at snapshot s minus the last known one before it.

    Most values are those of the snapshot before, and then need no second lookup.
    """
    known = last_known(metric, "s.number - 1")
    changed = "r.value - CASE WHEN r.number < s.number THEN r.value ELSE {before} END"
    looked_up = value_at(metric, "s.number", changed.format(before=known))
    before = f"coalesce({metric}_block.values[width_bucket(s.number, {metric}_block.numbers) - 1], {known})"
    found = _in_its_block(metric, changed).format(before=before)
    return f"on_sqlite({looked_up}) on_postgresql({found})"


def known_at(metric: str, number: str, held_as: str = "") -> str:
    """When the last value up to that number that is known was counted, as tables keep it.

    A reading that is unknown follows one that is known, or none: the metric was known in the snapshot before it.
    """
    known = (
        f"(SELECT CASE WHEN r.value IS NOT NULL THEN {number} WHEN r.number > {metric}.first_number"
        f" THEN r.number - 1 END FROM {readings(metric)} AND r.number <= {number}"
        " ORDER BY r.number DESC LIMIT 1)"
    )
    asked = snapshot_asked(held_as or f"{metric}.id", "k.number")
    return (
        f"(SELECT coalesce((SELECT a.taken_at FROM snapshot a WHERE a.organization_id = o.id AND a.number = {asked}),"
        f" k.taken_at) FROM snapshot k WHERE k.organization_id = o.id AND k.number = {known})"
    )


def snapshot_asked(metric_id: str, number: str, organization: str = "o.id") -> str:
    """The snapshot that counted the value which a later one, of that number, holds; NULL where that counted it.

    By a pace it is the first in the same slot, or the one of that row where it stands in its slot.
    """
    before_slot = (
        "(SELECT earlier.number FROM snapshot earlier WHERE earlier.organization_id = h.organization_id"
        f" AND earlier.number >= h.number AND earlier.number < {number} AND earlier.taken_at < (SELECT"
        f" (holds.taken_at + {EARLY_SECONDS}) / h.pace * h.pace - {EARLY_SECONDS} FROM snapshot holds"
        f" WHERE holds.organization_id = h.organization_id AND holds.number = {number})"
        " ORDER BY earlier.number DESC LIMIT 1)"
    )
    return (
        "(SELECT CASE WHEN h.pace IS NULL THEN h.asked"
        f" ELSE nullif(coalesce({before_slot} + 1, h.asked, h.number), {number}) END"
        f" FROM held h WHERE h.organization_id = {organization} AND h.metric_id = {metric_id}"
        f" AND h.number <= {number} ORDER BY h.number DESC LIMIT 1)"
    )


def counted_at(metric_id: str) -> str:
    """When the value of snapshot s was counted, as tables keep it."""
    return (
        "(SELECT k.taken_at FROM snapshot k WHERE k.organization_id = o.id"
        f" AND k.number = coalesce({snapshot_asked(metric_id, 's.number')}, s.number))"
    )


def is_counted(metric_id: str, first: str, last: str, organization: str = "o.id") -> str:
    """Whether a value was counted in one of these snapshots, not only held."""
    return f"coalesce({snapshot_asked(metric_id, last, organization)} >= {first}, TRUE)"


def unless_held(metric_id: str, change: str) -> str:
    """The change at snapshot s; NULL where that only holds a value."""
    return f"CASE WHEN {snapshot_asked(metric_id, 's.number')} IS NULL THEN {change} END"
