"""In how many days products run out, by the day that was worked out and stored: a poll works out nothing itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from webexhist.snapshot import LicenseUsage
from webexhist.stored_snapshot import ProductOutlook, StoredOutlook, StoredSnapshot
from webexhist.units import is_unlimited, purchased_together, sum_known

DAYS_TO_RUN_OUT = "Days To Run Out"
DECISIONS_OPEN = "Decisions Open"
BEYOND_A_YEAR = 366
LASTS = timedelta(days=1)
"""What was worked out yesterday stands until that of today is there."""


@dataclass(frozen=True, slots=True)
class Together:
    """Licenses of a snapshot that are judged together, and what was worked out of them."""

    usages: tuple[LicenseUsage, ...]
    outlook: ProductOutlook | None
    """None where nothing was."""

    @property
    def purchased(self) -> int | None:
        """Units; negative where one license is unlimited, None where one is unknown."""
        return purchased_together(usage.purchased for usage in self.usages)

    @property
    def assigned(self) -> int | None:
        """Units; None where those of one license are unknown."""
        return sum_known(usage.assigned for usage in self.usages)

    @property
    def may_run_out(self) -> bool:
        """Whether it has a limit, as far as is known; what was neither bought nor given out has none."""
        return not is_unlimited(self.purchased) and (self.purchased, self.assigned) != (0, 0)


def first_to_run_out(snapshots: Sequence[StoredSnapshot]) -> int | None:
    """The days until the first product runs out; unknown where it may be one of which they are not known."""
    days = [
        days_to_run_out(snapshot, together)
        for snapshot in snapshots
        for together in products_of(snapshot)
        if together.may_run_out and not is_not_judged(snapshot, together)
    ]
    if 0 in days:
        return 0
    if not days or None in days or any(snapshot.licenses is None for snapshot in snapshots):
        return None
    return min(known for known in days if known is not None)


def days_of_license(snapshot: StoredSnapshot, usage: LicenseUsage) -> int | None:
    """The days of a license that is a product by itself; one of several has none of its own."""
    together = next(each for each in products_of(snapshot) if usage in each.usages)
    return days_to_run_out(snapshot, together) if len(together.usages) == 1 else None


def products_of(snapshot: StoredSnapshot) -> Iterator[Together]:
    """The counted licenses by what they are judged with; those of which nothing was worked out each by itself."""
    outlook = outlook_of(snapshot)
    known = {webex_id: each for each in (outlook.products if outlook else ()) for webex_id in each.license_ids}
    groups: dict[str | tuple[str, ...], list[LicenseUsage]] = {}
    for change in snapshot.licenses or ():
        if change.usage.license.counted:
            webex_id = change.usage.license.webex_id
            groups.setdefault(known[webex_id].license_ids if webex_id in known else webex_id, []).append(change.usage)
    for usages in groups.values():
        yield Together(tuple(usages), known.get(usages[0].license.webex_id))


def is_not_judged(snapshot: StoredSnapshot, together: Together) -> bool:
    """Whether an outlook that rests on all that stands in the snapshot has no limit for these licenses.

    Their units say nothing of a purchase, or they are judged with what continues them.
    """
    outlook = outlook_of(snapshot)
    if outlook is None or not outlook.is_of_now or not together.purchased or together.assigned is None:
        return False
    known = together.outlook
    return known is None or (known.limit is None and known.purchased == together.purchased)


def days_to_run_out(snapshot: StoredSnapshot, together: Together) -> int | None:
    """The days until all units of a product are likely to be in use, 0 if they are, 366 beyond a year."""
    known = together.outlook
    is_seat = known is None or known.product is not None
    if together.purchased == 0 and together.assigned and is_seat:
        return 0
    if known is None or known.limit is None or known.purchased != together.purchased:
        return None
    if together.assigned is not None and together.assigned >= known.limit:
        return 0
    if known.runs_out_on is None:
        return BEYOND_A_YEAR
    return min(BEYOND_A_YEAR, max(0, (known.runs_out_on - snapshot.day).days))


def decisions_open(snapshots: Sequence[StoredSnapshot]) -> int | None:
    """How many decisions were open when that was last worked out; unknown where it was not, of one organization."""
    return sum_known(outlook.decisions if (outlook := outlook_of(snapshot)) else None for snapshot in snapshots)


def outlook_of(snapshot: StoredSnapshot) -> StoredOutlook | None:
    """The outlook of the snapshot's day or of the day before."""
    outlook = snapshot.outlook
    return outlook if outlook and timedelta() <= snapshot.day - outlook.day <= LASTS else None
