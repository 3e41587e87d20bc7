"""From the end of one month to the end of the next: what was bought, assigned and released."""

from dataclasses import dataclass
from enum import StrEnum

from webexhist.snapshot import License


class Standing(StrEnum):
    """Whether a license was listed at both ends, in the words of the page."""

    KEPT = ""
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Movement:
    """How a number of units moved: opening + more - less = closing."""

    opening: int
    more: int
    less: int
    closing: int


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """One license from opening to closing. What is new opens at 0, what is gone closes at 0."""

    license: License
    standing: Standing
    former_name: str | None
    """Its name at the opening, where it bears another one now."""
    purchased: Movement
    """Bought and reduced."""
    assigned: Movement
    """Assigned and released: all changes from poll to poll, so that both may be more than the month's change."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """The licenses with purchased units from the end of the month before to the end of the month."""

    lines: tuple[BridgeLine, ...]
    unknown: tuple[License, ...]
    """Left out, for no poll knew how many units they had at one of the ends."""

    @property
    def purchased(self) -> Movement:
        return total([line.purchased for line in self.lines])

    @property
    def assigned(self) -> Movement:
        return total([line.assigned for line in self.lines])

    @property
    def changed(self) -> tuple[BridgeLine, ...]:
        """The lines with anything to tell."""
        return tuple(line for line in self.lines if has_changed(line))


def total(movements: list[Movement]) -> Movement:
    return Movement(
        opening=sum(movement.opening for movement in movements),
        more=sum(movement.more for movement in movements),
        less=sum(movement.less for movement in movements),
        closing=sum(movement.closing for movement in movements),
    )


def has_changed(line: BridgeLine) -> bool:
    moved = any((line.purchased.more, line.purchased.less, line.assigned.more, line.assigned.less))
    return moved or line.standing is not Standing.KEPT or line.former_name is not None
