"""A metric's values over its snapshots, kept as the tables keep them: a row where a value begins to hold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Value = int | None
Row = tuple[int, Value]
"""The number of the snapshot from which on the value holds, and the value."""


@dataclass(frozen=True, slots=True)
class ReadingSpan:
    """The rows of a span of snapshots, with what holds right before and right after it."""

    first: int
    last: int
    before: tuple[Value] | None
    """The value of the snapshot before, in a tuple; None where the metric begins with the span."""
    rows: tuple[Row, ...]
    """Those within the span, as they are stored."""
    after: tuple[Value] | None
    """The value of the snapshot after; None where the span ends with the last one."""

    @classmethod
    def of(cls, rows: Sequence[Row], first: int, last: int, end: int) -> "ReadingSpan":
        """A span of a metric with these rows, whose last snapshot has the number `end`."""
        return cls(
            first,
            last,
            before=value_at(rows, first - 1),
            rows=tuple(row for row in rows if first <= row[0] <= last),
            after=value_at(rows, last + 1) if last < end else None,
        )

    @property
    def values(self) -> tuple[Row, ...]:
        """The rows that the span would have if it stood alone: the first one at its first snapshot."""
        begins = self.rows and self.rows[0][0] == self.first
        return self.rows if begins or self.before is None else ((self.first, *self.before), *self.rows)

    @property
    def stood_before(self) -> Value:
        """What held before it; where nothing is kept of that, the first value: a pruned history begins with it."""
        if self.before is not None:
            return self.before[0]
        return self.values[0][1] if self.values else None

    def replaced(self, values: Sequence[Row], after: Callable[[int], int] = int) -> tuple[Row, ...]:
        """The rows of the span, and of the snapshot after it, once these values stand in it.

        `after` changes the value that holds after the span, where it is known.
        """
        rows: list[Row] = []
        held = self.before
        for number, value in values:
            if held != (value,):
                rows.append((number, value))
                held = (value,)
        if self.after is not None:
            following = None if self.after[0] is None else after(self.after[0])
            if held != (following,):
                rows.append((self.last + 1, following))
        return tuple(rows)


def value_at(rows: Sequence[Row], number: int) -> tuple[Value] | None:
    """The value that holds at a snapshot, in a tuple; None before the first row."""
    return next(((value,) for begins, value in reversed(rows) if begins <= number), None)


def last_known(rows: Sequence[Row]) -> Value:
    """The last value of the rows that is known; None where none is."""
    return next((value for _, value in reversed(rows) if value is not None), None)
