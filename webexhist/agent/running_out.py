"""In how many days licenses run out, by the day that was worked out and stored: a poll works out nothing itself."""

from collections.abc import Sequence
from datetime import timedelta

from webexhist.snapshot import LicenseUsage, StoredOutlook, StoredSnapshot
from webexhist.units import is_unlimited

DAYS_TO_RUN_OUT = "Days To Run Out"
BEYOND_A_YEAR = 366
LASTS = timedelta(days=1)
"""What was worked out yesterday stands until that of today is there."""


def first_to_run_out(snapshots: Sequence[StoredSnapshot]) -> int | None:
    """The days until the first license runs out; unknown where it may be one of which they are not known."""
    days = [
        days_to_run_out(snapshot, usage)
        for snapshot in snapshots
        for change in snapshot.licenses or ()
        if may_run_out(usage := change.usage) and not is_not_judged(snapshot, usage)
    ]
    if 0 in days:
        return 0
    if not days or None in days or any(snapshot.licenses is None for snapshot in snapshots):
        return None
    return min(known for known in days if known is not None)


def may_run_out(usage: LicenseUsage) -> bool:
    """Whether it counts and has a limit, as far as is known; what was neither bought nor given out has none."""
    return usage.license.counted and not is_unlimited(usage.purchased) and (usage.purchased, usage.assigned) != (0, 0)


def is_not_judged(snapshot: StoredSnapshot, usage: LicenseUsage) -> bool:
    """Whether an outlook that rests on all that stands in the snapshot has no limit for this license by itself.

    Its units say nothing of a purchase, or it is judged with the license that continues it.
    """
    outlook = outlook_of(snapshot)
    if outlook is None or not outlook.is_of_now or not usage.purchased or usage.assigned is None:
        return False
    known = outlook.licenses.get(usage.license.webex_id)
    return known is None or (known.limit is None and known.purchased == usage.purchased)


def days_to_run_out(snapshot: StoredSnapshot, usage: LicenseUsage) -> int | None:
    """The days until all units of a license are likely to be in use, 0 if they are, 366 beyond a year."""
    if usage.purchased == 0 and usage.assigned:
        return 0
    outlook = outlook_of(snapshot)
    known = outlook.licenses.get(usage.license.webex_id) if outlook else None
    if known is None or known.limit is None or known.purchased != usage.purchased:
        return None
    if usage.assigned is not None and usage.assigned >= known.limit:
        return 0
    if known.runs_out_on is None:
        return BEYOND_A_YEAR
    return min(BEYOND_A_YEAR, max(0, (known.runs_out_on - snapshot.day).days))


def outlook_of(snapshot: StoredSnapshot) -> StoredOutlook | None:
    """The outlook of the snapshot's day or of the day before."""
    outlook = snapshot.outlook
    return outlook if outlook and timedelta() <= snapshot.day - outlook.day <= LASTS else None
