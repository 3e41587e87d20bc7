"""From the end of one month to the end of the next: what was bought, assigned and released."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from webexhist.review.redistribution import NOTHING_MOVED, Moved
from webexhist.snapshot import License
from webexhist.store.rows.movements import LicenseMovements
from webexhist.units import is_unlimited, sum_known


class Standing(StrEnum):
    """Whether a license was listed at both ends, in the words of the page."""

    KEPT = ""
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Movement:
    """How a number of units moved: opening + more - less + redistributed = closing."""

    opening: int | None
    """None where no poll knew it: nothing is known of what came and went then either."""
    more: int | None
    less: int | None
    closing: int | None
    redistributed: int = 0
    """Purchased units that came from other sites of the subscription; negative: that went there."""


@dataclass(frozen=True, slots=True)
class BridgeLine:
    """One license from opening to closing. What is new opens at 0, what is gone closes at 0."""

    license: License
    standing: Standing
    former_name: str | None
    """Its name at the opening, where it bears another one now."""
    replaced: tuple[License, ...]
    """Those whose place it took within the month, under a new id."""
    purchased: Movement
    """Bought and reduced."""
    assigned: Movement
    """Assigned and released: all changes from poll to poll, so that both may be more than the month's change."""

    @property
    def is_unknown(self) -> bool:
        """Whether it is not known from where to where it went."""
        return None in (self.purchased.opening, self.assigned.opening, self.purchased.closing, self.assigned.closing)


@dataclass(frozen=True, slots=True)
class Bridge:
    """The licenses that are judged, from the end of the month before to the end of the month.

    What they close with is what the page shows as purchased and assigned.
    """

    lines: tuple[BridgeLine, ...]

    @property
    def purchased(self) -> Movement:
        """The sum of all lines; a part that is unknown makes it unknown."""
        return total([line.purchased for line in self.lines])

    @property
    def assigned(self) -> Movement:
        """The sum of all lines; a part that is unknown makes it unknown."""
        return total([line.assigned for line in self.lines])

    @property
    def unknown(self) -> tuple[License, ...]:
        """The licenses of which no poll knew how many units they had at one of the ends."""
        return tuple(line.license for line in self.lines if line.is_unknown)

    @property
    def changed(self) -> tuple[BridgeLine, ...]:
        """The lines in which something changed, or is unknown."""
        return tuple(line for line in self.lines if has_changed(line))


def total(movements: list[Movement]) -> Movement:
    """The sums of several licenses; unknown where a part is."""
    return Movement(
        opening=sum_known(movement.opening for movement in movements),
        more=sum_known(movement.more for movement in movements),
        less=sum_known(movement.less for movement in movements),
        closing=sum_known(movement.closing for movement in movements),
        redistributed=sum(movement.redistributed for movement in movements),
    )


def has_changed(line: BridgeLine) -> bool:
    """Whether something changed in a line, or is unknown."""
    purchased = (line.purchased.more, line.purchased.less, line.purchased.redistributed)
    moved = any((*purchased, line.assigned.more, line.assigned.less))
    is_another = line.standing is not Standing.KEPT or line.former_name is not None or bool(line.replaced)
    return line.is_unknown or moved or is_another


def bridge_of(
    movements: Iterable[LicenseMovements],
    licenses: Mapping[str, License],
    former: Mapping[str, License],
    replaced: Mapping[str, tuple[License, ...]],
    redistributed: Mapping[str, Moved],
) -> Bridge:
    """What happened to the purchased licenses, whose names at either end are given by their ids at Webex."""
    lines: list[BridgeLine] = []
    for moved in movements:
        license_ = licenses.get(moved.license_id)
        if license_ is None or not is_purchased(moved, license_):
            continue
        lines.append(
            bridge_line(
                moved,
                license_,
                former.get(moved.license_id, license_).name,
                replaced.get(moved.license_id, ()),
                redistributed.get(moved.license_id, NOTHING_MOVED),
            )
        )
    return Bridge(tuple(lines))


def is_purchased(moved: LicenseMovements, license_: License) -> bool:
    """Whether a license listed at one of the ends is bought by the unit, as it was last listed."""
    last = moved.purchased_after if moved.is_listed else moved.purchased_before
    return license_.counted and (moved.was_listed or moved.is_listed) and not is_unlimited(last)


def bridge_line(
    moved: LicenseMovements, license_: License, former_name: str, replaced: tuple[License, ...], between: Moved
) -> BridgeLine:
    """The line of a license; `between` are units that moved between the sites of its subscription."""
    was, stays = moved.was_listed, moved.is_listed
    before = None if is_unlimited(moved.purchased_before) else moved.purchased_before
    # Of a lineage the sum is bridged, which holds nothing of what went from one of its licenses to another.
    came, went = min(between.came, moved.bought), min(between.went, moved.reduced)
    return BridgeLine(
        license=license_,
        standing=Standing.KEPT if was and stays else Standing.NEW if stays else Standing.GONE,
        former_name=former_name if former_name != license_.name else None,
        replaced=replaced,
        purchased=movement(
            before if was else 0,
            moved.bought - came,
            moved.reduced - went,
            moved.purchased_after if stays else 0,
            came - went,
        ),
        assigned=movement(
            moved.assigned_before if was else 0,
            moved.newly_assigned,
            moved.released,
            moved.assigned_after if stays else 0,
        ),
    )


def movement(opening: int | None, more: int, less: int, closing: int | None, redistributed: int = 0) -> Movement:
    """The movement with what came or went because the license itself did, which no change holds."""
    if opening is None or closing is None:
        return Movement(opening, None, None, closing)
    unexplained = closing - opening - more + less - redistributed
    return Movement(opening, more + max(unexplained, 0), less + max(-unexplained, 0), closing, redistributed)
