"""Units that an administrator moved between the sites of one subscription: neither bought nor reduced."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from webexhist.snapshot import License
from webexhist.store.rows.movements import PurchasedChange


@dataclass(frozen=True, slots=True)
class Moved:
    """Units that came from rows of the same subscription, and that went to them."""

    came: int = 0
    went: int = 0


NOTHING_MOVED = Moved()


def redistributed(changes: Iterable[PurchasedChange], licenses: Mapping[str, License]) -> dict[str, Moved]:
    """What moved on the days of a month, by the license's id: on one day, within one subscription and code.

    As much as was added here and taken there; where it is not the same, the rest was bought or reduced.
    """
    groups: dict[tuple[date, str, str], list[PurchasedChange]] = {}
    for change in changes:
        license_ = licenses.get(change.license_id)
        if license_ is not None and license_.subscription_id:
            groups.setdefault((change.day, license_.subscription_id, license_.code), []).append(change)
    moved: dict[str, Moved] = {}
    for group in groups.values():
        gained = sum(change.units for change in group if change.units > 0)
        lost = -sum(change.units for change in group if change.units < 0)
        to_come = to_go = min(gained, lost)
        for change in group:
            before = moved.get(change.license_id, NOTHING_MOVED)
            if change.units > 0:
                part = min(change.units, to_come)
                to_come -= part
                moved[change.license_id] = Moved(before.came + part, before.went)
            else:
                part = min(-change.units, to_go)
                to_go -= part
                moved[change.license_id] = Moved(before.came, before.went + part)
    return {webex_id: each for webex_id, each in moved.items() if each != NOTHING_MOVED}
