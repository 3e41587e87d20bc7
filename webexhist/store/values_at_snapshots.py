"""Expressions of the views: the value of a metric at a snapshot, what became of it, and when it was counted.

Every value is found by a correlated lookup on the primary key of `reading`, a descent of one tree: joins of ranges
and windows over whole tables would leave the speed to the planner. In all of them o is the organization, and s the
snapshot of the row.
"""

from webexhist.paces import EARLY_SECONDS

# ruff: noqa: S608  (every part of a query stands in these modules)

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
    before = last_known(metric, "s.number - 1")
    return value_at(metric, "s.number", f"r.value - CASE WHEN r.number < s.number THEN r.value ELSE {before} END")


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
