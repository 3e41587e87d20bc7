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
    """What was reported of the lists so far."""

    last: ListSize | None = None
    """The last known one."""
    entry: Collection | None = None
    """How large the list of the last snapshot was."""
    began_at: datetime | None = None
    """The first of the snapshots in a row that reported something of theirs."""
    before: ListSize | None = None
    """The last known list before that."""
    said_at: datetime | None = None
    """The first of those in a row that reported the same."""

    @property
    def fallen(self) -> FallenList | None:
        """Since when something is reported of the lists, and the last one before; None where nothing is."""
        return FallenList(self.began_at, self.before) if self.began_at and self.before else None

    def judge(self, at: datetime, size: ListSize | None) -> bool:
        """Goes on to a snapshot with a list of this size, or with none; returns whether it is known then."""
        if size is not None and size == self.last and self.entry is None:
            return True
        if size is None:
            stands = stands_without_list(self.entry, self.fallen, at)
            self.follow(at, None, self.entry if stands else None)
            return False
        is_believed = is_emptiness_believed(self.entry, self.said_at, at)
        if not size.rows and self.last and self.last.rows and not is_believed:
            self.follow(at, None, EMPTY)
            return False
        entry = next(shrinkage(size, self.last, standing_fall(self.fallen, at)), None)
        self.follow(at, size, entry)
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
