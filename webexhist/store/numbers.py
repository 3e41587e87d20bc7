"""Snapshots are numbered without gaps in time order, so that a span of time is a range of numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Snapshots of an organization from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def count(self) -> int:
        """How many they are."""
        return self.last - self.first + 1

    def overlaps(self, other: "NumberRange") -> bool:
        """Whether a snapshot is in both."""
        return self.first <= other.last and other.first <= self.last
