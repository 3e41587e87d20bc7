"""Running totals that are set aside: they rise too where lines before them bring in what was counted."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

_VOIDED_TOTALS = text("""
SELECT v.taken_at, v.metric_id, m.name FROM voided_reading v
JOIN metric m ON m.organization_id = v.organization_id AND m.id = v.metric_id AND m.kind = 'counter'
WHERE v.organization_id = :organization_id AND v.value IS NOT NULL AND v.taken_at > :first_at
""")
_SHIFTED_TOTAL = text("""
UPDATE voided_reading SET value = value + :shift
WHERE organization_id = :organization_id AND metric_id = :metric_id AND taken_at = :taken_at
""")


@dataclass(frozen=True, slots=True)
class VoidedTotals:
    """The running totals of one organization that are set aside, from a time on."""

    connection: Connection
    organization_id: int
    by_time: Mapping[int, list[tuple[int, str]]]
    """By the time of their snapshot (epoch seconds): the row in `metric` and the name of each counter."""

    @classmethod
    def read(cls, connection: Connection, organization_id: int, first_at: int) -> "VoidedTotals":
        """Reads those of snapshots later than `first_at` (epoch seconds)."""
        found: dict[int, list[tuple[int, str]]] = {}
        since = {"organization_id": organization_id, "first_at": first_at}
        for taken_at, metric_id, name in connection.execute(_VOIDED_TOTALS, since):
            found.setdefault(taken_at, []).append((metric_id, name))
        return cls(connection, organization_id, found)

    def shift(self, taken_at: int, shifts: Mapping[str, int]) -> None:
        """Adds to those of one snapshot by how much their counters, by name, have risen before it."""
        for metric_id, counter in self.by_time.get(taken_at, ()):
            if shift := shifts.get(counter):
                of_reading = {"organization_id": self.organization_id, "metric_id": metric_id, "taken_at": taken_at}
                self.connection.execute(_SHIFTED_TOTAL, of_reading | {"shift": shift})
