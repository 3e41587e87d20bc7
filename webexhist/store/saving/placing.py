"""The place of a snapshot in the history of its organization: its number, and a time that is later than the last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row

from webexhist.paces import slot_of
from webexhist.snapshot import ORDER, Collection, CollectionStatus, Snapshot
from webexhist.store.by_organization import of_organizations
from webexhist.store.dialects import spelled_out
from webexhist.store.errors import NoLaterMomentError, OvertakenError
from webexhist.store.locked_organizations import StoredOrganization
from webexhist.store.seals.days import day_in
from webexhist.store.times import LAST_SECOND, in_words, moment_of, seconds_of, utc_day_of

# A poll is a process of its own, and SQLAlchemy takes longer to put a statement together than SQLite to run it:
# what every poll executes is written out.
_LAST_SNAPSHOTS = of_organizations("""
SELECT s.organization_id, s.number, s.taken_at, s.milliseconds, s.requests, s.origin_id, g.version, g.source
FROM organization o
CROSS JOIN snapshot s
JOIN origin g ON g.organization_id = o.id AND g.id = s.origin_id
WHERE o.id IN :organizations AND s.organization_id = o.id
  AND s.number = (SELECT max(l.number) FROM snapshot l WHERE l.organization_id = o.id)
""")
_LAST_UNTIL = """
SELECT taken_at FROM snapshot WHERE organization_id = :organization_id AND moment(taken_at) <= moment(:taken_at)
ORDER BY moment(taken_at) DESC LIMIT 1
"""
AT_ONCE = timedelta(minutes=1)
"""Polls that begin so soon after each other are stored both: two timers, or two servers with clocks of their own."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A snapshot with its place in the history of its organization."""

    organization: StoredOrganization
    number: int
    taken_at: int
    """As it is stored: later than the last one's, whatever the clocks showed."""
    taken: Snapshot
    last_at: int | None = None
    """When the last one was taken; None of the first."""
    reports: tuple[Collection, ...] = ()
    """That this is not the snapshot's own time, where a person has to mend it."""
    is_at_once_with_last: bool = False
    """Whether the last snapshot is of a poll that began at the same time, or right after this one did."""

    @property
    def organization_id(self) -> int:
        return self.organization.id

    @property
    def begins_day(self) -> bool:
        """Whether it is the first of a day of its organization's, and not of all."""
        zone = self.organization.zone
        return self.last_at is not None and day_in(zone, self.taken_at) != day_in(zone, self.last_at)

    def begins_slot(self, pace: int) -> bool:
        """Whether it is the first in a slot of that pace, so that it asks for what has it."""
        return self.last_at is None or slot_of(self.taken_at, pace) != slot_of(self.last_at, pace)


def last_snapshots(connection: Connection, organization_ids: Sequence[int]) -> Mapping[int, Row[Any]]:
    """The rows of the last snapshots of these organizations."""
    rows = connection.execute(_LAST_SNAPSHOTS, {"organizations": list(organization_ids)})
    return {row.organization_id: row for row in rows}


def placed_after(
    connection: Connection, own: StoredOrganization, taken: Snapshot, last: Row[Any] | None
) -> Placed | OvertakenError | NoLaterMomentError:
    """The snapshot after the last one; the reason where it is left out, since a poll that began later is stored.

    A snapshot that would not be later than the last one follows it after a second; the reason where there is none.
    """
    taken_at = seconds_of(taken.taken_at)
    if last is not None and last.taken_at >= LAST_SECOND:
        return NoLaterMomentError(
            f"{taken.organization.name} has a snapshot of {in_words(LAST_SECOND)} UTC, and no moment is later",
            "drop it, which a wrong clock dated: webexhist db trim",
        )
    if last is None or taken_at > last.taken_at:
        return Placed(own, last.number + 1 if last else 1, taken_at, taken, last.taken_at if last else None)
    if timedelta(seconds=last.taken_at - taken_at) < AT_ONCE:
        is_poll = last.source is None
        return Placed(own, last.number + 1, last.taken_at + 1, taken, last.taken_at, is_at_once_with_last=is_poll)
    if moment_of(last.taken_at) - taken.ended_at <= AT_ONCE:
        return OvertakenError(
            f"a poll that began later than {in_words(taken_at)} UTC is stored already,"
            f" of {in_words(last.taken_at)} UTC"
        )
    by_now = {"organization_id": own.id, "taken_at": seconds_of(taken.ended_at)}
    last_right = connection.scalar(spelled_out(connection, _LAST_UNTIL), by_now) or taken_at
    reason = (
        f"a snapshot of {utc_day_of(last.taken_at)} is stored, in the future, and this one right after it;"
        f" see first that the clock is right, which shows {utc_day_of(taken_at)};"
        f" only if it is, drop them: webexhist db trim --after '{in_words(last_right)}'"
    )
    report = Collection(ORDER, CollectionStatus.NOTICE, requests=0, seconds=0.0, error=reason)
    return Placed(own, last.number + 1, last.taken_at + 1, taken, last.taken_at, (report,))
