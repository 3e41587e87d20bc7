"""The rules for lists of licenses, as polls have them, applied to the snapshots of a history."""

from dataclasses import dataclass
from datetime import datetime

from webexhist.license_lists import (
    EMPTY,
    is_emptiness_believed,
    shrinkage,
    standing_fall,
    stands_without_list,
)
from webexhist.snapshot import Collection, FallenList, ListSize


@dataclass(slots=True)
class ListMemory:
    """What was told of the lists so far."""

    last: ListSize | None = None
    """The last known one."""
    entry: Collection | None = None
    """What the last snapshot told of its list."""
    began_at: datetime | None = None
    """The first of the snapshots in a row that told something of theirs."""
    before: ListSize | None = None
    """The last known list before that."""
    said_at: datetime | None = None
    """The first of those in a row that told the same."""

    @property
    def fallen(self) -> FallenList | None:
        return FallenList(self.began_at, self.before) if self.began_at and self.before else None

    def judge(self, at: datetime, told: ListSize | None) -> bool:
        """Goes on to a snapshot that was told this list, or none; returns whether it is known then."""
        if told is not None and told == self.last and self.entry is None:
            return True
        if told is None:
            stands = stands_without_list(self.entry, self.fallen, at)
            self.follow(at, None, self.entry if stands else None)
            return False
        is_believed = is_emptiness_believed(self.entry, self.said_at, at)
        if not told.rows and self.last and self.last.rows and not is_believed:
            self.follow(at, None, EMPTY)
            return False
        entry = next(shrinkage(told, self.last, standing_fall(self.fallen, at)), None)
        self.follow(at, told, entry)
        return True

    def follow(self, at: datetime, known: ListSize | None, entry: Collection | None) -> None:
        """Goes on to a snapshot with this list and this entry."""
        if entry is None:
            self.began_at = self.before = self.said_at = None
        else:
            if self.began_at is None:
                self.began_at, self.before = at, self.last
            if self.entry is None or self.entry.error != entry.error:
                self.said_at = at
        self.entry = entry
        self.last = known or self.last
