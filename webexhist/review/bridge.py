"""From the end of one month to the end of the next: what was bought, assigned and released."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from webexhist.products import is_trial
from webexhist.review.redistribution import NOTHING_MOVED, Moved
from webexhist.snapshot import License
from webexhist.store.rows.movements import LicenseMovements
from webexhist.units import is_unlimited


class Standing(StrEnum):
    """Whether a license was listed at both ends, in the words of the page."""

    KEPT = ""
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Movement:
    """How a number of units moved: opening + more - less + redistributed = closing."""

    opening: int
    more: int
    less: int
    closing: int
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
        redistributed=sum(movement.redistributed for movement in movements),
    )


def has_changed(line: BridgeLine) -> bool:
    purchased = (line.purchased.more, line.purchased.less, line.purchased.redistributed)
    moved = any((*purchased, line.assigned.more, line.assigned.less))
    return moved or line.standing is not Standing.KEPT or line.former_name is not None or bool(line.replaced)


def bridge_of(
    movements: Iterable[LicenseMovements],
    licenses: Mapping[str, License],
    former: Mapping[str, License],
    replaced: Mapping[str, tuple[License, ...]],
    redistributed: Mapping[str, Moved],
) -> Bridge:
    """What happened to the purchased licenses, whose names at either end are given by their ids at Webex."""
    lines: list[BridgeLine] = []
    unknown: list[License] = []
    for moved in movements:
        license_ = licenses.get(moved.license_id)
        if license_ is None or not is_purchased(moved, license_):
            continue
        if None in ends(moved):
            unknown.append(license_)
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
    return Bridge(tuple(lines), tuple(unknown))


def is_purchased(moved: LicenseMovements, license_: License) -> bool:
    """Whether a license listed at one of the ends is bought by the unit."""
    unlimited = (moved.was_listed and is_unlimited(moved.purchased_before)) or (
        moved.is_listed and is_unlimited(moved.purchased_after)
    )
    return license_.counted and (moved.was_listed or moved.is_listed) and not unlimited


def ends(moved: LicenseMovements) -> tuple[int | None, ...]:
    """What was purchased and assigned at those ends at which the license was listed."""
    before = (moved.purchased_before, moved.assigned_before) if moved.was_listed else ()
    after = (moved.purchased_after, moved.assigned_after) if moved.is_listed else ()
    return (*before, *after)


def bridge_line(
    moved: LicenseMovements, license_: License, former_name: str, replaced: tuple[License, ...], between: Moved
) -> BridgeLine:
    was, stays = moved.was_listed, moved.is_listed
    # Of a lineage the sum is bridged, which holds nothing of what went from one of its licenses to another.
    came, went = min(between.came, moved.bought), min(between.went, moved.reduced)
    purchased = movement(
        (moved.purchased_before or 0) if was else 0,
        moved.bought - came,
        moved.reduced - went,
        (moved.purchased_after or 0) if stays else 0,
        came - went,
    )
    return BridgeLine(
        license=license_,
        standing=Standing.KEPT if was and stays else Standing.NEW if stays else Standing.GONE,
        former_name=former_name if former_name != license_.name else None,
        replaced=replaced,
        # What is on trial was not bought, nor is less bought when it ends.
        purchased=Movement(0, 0, 0, 0) if is_trial(license_.subscription_id) else purchased,
        assigned=movement(
            (moved.assigned_before or 0) if was else 0,
            moved.newly_assigned,
            moved.released,
            (moved.assigned_after or 0) if stays else 0,
        ),
    )


def movement(opening: int, more: int, less: int, closing: int, redistributed: int = 0) -> Movement:
    """The movement with what came or went because the license itself did, which no change holds."""
    unexplained = closing - opening - more + less - redistributed
    return Movement(opening, more + max(unexplained, 0), less + max(-unexplained, 0), closing, redistributed)
