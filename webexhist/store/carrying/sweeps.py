"""How seats were used, at the times of snapshots that travel: as it is stored, and while lines wait on the disk."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from webexhist.seat_counts import COLUMNS, AccountPeople, GroupSeats, SeatCounts, SeatSweep
from webexhist.store.times import moment_of

_SWEPT = text("SELECT taken_at, grouped_by FROM seat_sweep WHERE organization_id = :organization_id")
_COUNTS = text(f"""
SELECT license_id, seat_group, {", ".join(COLUMNS)} FROM seat_activity
WHERE org_id = :organization_id AND taken_epoch = :taken_at ORDER BY license_id, seat_group
""")  # noqa: S608  (the names of columns stand in the code)
_PEOPLE = text("""
SELECT subscription, product, licenses, people, external_least, external_most FROM seat_people
WHERE org_id = :organization_id AND taken_epoch = :taken_at ORDER BY subscription, product
""")


@dataclass(slots=True)
class StoredSweeps:
    """The sweeps of an organization, read one by one as their times come."""

    connection: Connection
    organization_id: int
    grouped_by: dict[int, str] | None = None
    """By their times; None before they were looked for."""

    def at(self, taken_at: int) -> SeatSweep | None:
        """The sweep of a snapshot without what is set aside; None where there is none, or all of it is."""
        key = {"organization_id": self.organization_id}
        if self.grouped_by is None:
            self.grouped_by = {row.taken_at: row.grouped_by for row in self.connection.execute(_SWEPT, key)}
        if taken_at not in self.grouped_by:
            return None
        of_time = key | {"taken_at": taken_at}
        counts = self.connection.execute(_COUNTS, of_time).all()
        people = self.connection.execute(_PEOPLE, of_time).all()
        known = [row for row in counts if row.active is not None]
        if counts and not known:
            return None
        return SeatSweep(
            moment_of(taken_at),
            self.grouped_by[taken_at],
            tuple(GroupSeats(row[0], row[1], SeatCounts(*row[2:])) for row in known),
            tuple(AccountPeople(*row) for row in people if row.people is not None),
        )


def is_same(brought: SeatSweep, stored: SeatSweep | None, license_ids: Container[str]) -> bool:
    """Whether a line says what is stored; of a license that no list ever held nothing is."""
    return stored is not None and (
        brought.grouped_by,
        {each for each in brought.seats if each.license_id in license_ids},
        set(brought.accounts),
    ) == (stored.grouped_by, set(stored.seats), set(stored.accounts))


def packed(sweep: SeatSweep) -> list[Any]:
    """What waits on the disk of a sweep."""
    return [
        sweep.grouped_by,
        [
            [each.license_id, each.group, *(getattr(each.counts, name) for name in COLUMNS)]
            for each in sorted(sweep.seats, key=lambda each: (each.license_id, each.group))
        ],
        [
            [each.subscription_id, each.product, each.licenses, each.people, each.external_least, each.external_most]
            for each in sorted(sweep.accounts, key=lambda each: (each.subscription_id, each.product or ""))
        ],
    ]


def unpacked(taken_at: datetime, waiting: list[Any]) -> SeatSweep:
    """The sweep again."""
    grouped_by, seats, accounts = waiting
    return SeatSweep(
        taken_at,
        grouped_by,
        tuple(GroupSeats(license_id, group, SeatCounts(*counts)) for license_id, group, *counts in seats),
        tuple(AccountPeople(*each) for each in accounts),
    )
