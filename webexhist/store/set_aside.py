"""What is set aside with a reading: its value in the snapshots after it that only held it, and counted nothing."""

# ruff: noqa: S608  (every part of a query stands in this room)

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, text

from webexhist.store.dialects import spelled_out
from webexhist.store.values_at_snapshots import snapshot_asked

_EVER_HELD = text("""
SELECT m.id, m.name FROM metric m WHERE m.organization_id = :organization_id AND EXISTS (
  SELECT 1 FROM held h WHERE h.organization_id = m.organization_id AND h.metric_id = m.id
    AND coalesce(h.asked, h.pace) IS NOT NULL)
""")
_COUNTED_AGAIN = text(f"""
SELECT s.number FROM metric m JOIN snapshot s ON s.organization_id = m.organization_id
WHERE m.organization_id = :organization_id AND m.id = :metric_id AND s.number > :last
  AND coalesce({snapshot_asked("m.id", "s.number", "m.organization_id")}, 0) NOT BETWEEN :first AND :last
ORDER BY s.number LIMIT 1
""")
_LAST_NUMBER = text("SELECT max(number) FROM snapshot WHERE organization_id = :organization_id")
_TAKEN_AT = text("SELECT taken_at FROM snapshot WHERE organization_id = :organization_id AND number = :number")
_SET_ASIDE = """
SELECT c.number AS correction, f.number AS first, l.number AS last, m.id, m.name FROM correction c
JOIN snapshot f ON f.organization_id = c.organization_id AND moment(f.taken_at) = moment(c.first_at)
JOIN snapshot l ON l.organization_id = c.organization_id AND moment(l.taken_at) = moment(c.last_at)
JOIN metric m ON m.organization_id = c.organization_id
WHERE c.organization_id = :organization_id AND c.undone_at IS NULL AND EXISTS (SELECT 1 FROM voided_reading v
  WHERE v.organization_id = c.organization_id AND v.metric_id = m.id AND v.correction = c.number)
ORDER BY c.number, m.id
"""


@dataclass(frozen=True, slots=True)
class HeldValues:
    """Up to which snapshot a reading's value reaches, in one organization."""

    connection: Connection
    organization_id: int
    ever_held: dict[str, int]
    """By the names of the counts, and of the list for all licenses: the metrics that `held` has rows of."""
    found: dict[tuple[int, int, int], int]

    @classmethod
    def read(cls, connection: Connection, organization_id: int) -> "HeldValues":
        """Reads what was ever held."""
        rows = connection.execute(_EVER_HELD, {"organization_id": organization_id})
        return cls(connection, organization_id, {row.name: row.id for row in rows}, {})

    def last(self, name: str, first: int, last: int) -> int:
        """The last snapshot that has its value from one of a span: that of the span, or of those that held it.

        Licenses are held together, under the name of their list.
        """
        metric_id = self.ever_held.get(name)
        if metric_id is None:
            return last
        span = (metric_id, first, last)
        if span not in self.found:
            of_span = {"organization_id": self.organization_id, "metric_id": metric_id, "first": first, "last": last}
            again: int | None = self.connection.scalar(_COUNTED_AGAIN, of_span)
            self.found[span] = again - 1 if again else self.connection.scalars(_LAST_NUMBER, of_span).one()
        return self.found[span]


class SetAside(NamedTuple):
    """Readings of one metric that a correction set aside, by the numbers of their snapshots."""

    correction: int
    metric_id: int
    first: int
    last: int
    """What held their values is among them."""


def set_aside(connection: Connection, organization_id: int) -> list[SetAside]:
    """What stands set aside of an organization, by the numbers of corrections."""
    rows = connection.execute(spelled_out(connection, _SET_ASIDE), {"organization_id": organization_id}).all()
    held = HeldValues.read(connection, organization_id) if rows else None
    return [
        SetAside(row.correction, row.id, row.first, held.last(row.name, row.first, row.last)) for row in rows if held
    ]


def times_set_aside(connection: Connection, organization_id: int) -> tuple[tuple[int, int, int], ...]:
    """Each correction that stands, with the first and the last second of what it set aside of any metric."""
    spans: dict[int, tuple[int, int]] = {}
    for each in set_aside(connection, organization_id):
        _, last = spans.get(each.correction, (each.first, each.last))
        spans[each.correction] = (each.first, max(last, each.last))
    return tuple(
        (number, taken_at(connection, organization_id, first), taken_at(connection, organization_id, last))
        for number, (first, last) in spans.items()
    )


def taken_at(connection: Connection, organization_id: int, number: int) -> int:
    """The second at which a snapshot was taken."""
    of_number = {"organization_id": organization_id, "number": number}
    return int(connection.scalars(_TAKEN_AT, of_number).one())
