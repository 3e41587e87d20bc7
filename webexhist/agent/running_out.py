"""In how many days licenses run out, by the day that was worked out and stored: a poll works out nothing itself."""

from collections.abc import Sequence
from datetime import timedelta

from webexhist.snapshot import LicenseUsage, StoredSnapshot
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
        if may_run_out(usage := change.usage)
    ]
    if 0 in days:
        return 0
    if not days or None in days or any(snapshot.licenses is None for snapshot in snapshots):
        return None
    return min(known for known in days if known is not None)


def may_run_out(usage: LicenseUsage) -> bool:
    """Whether it counts and has a limit, as far as is known; what was neither bought nor given out has none."""
    return usage.license.counted and not is_unlimited(usage.purchased) and (usage.purchased, usage.assigned) != (0, 0)


def days_to_run_out(snapshot: StoredSnapshot, usage: LicenseUsage) -> int | None:
    """The days until all units of a license are likely to be in use, 0 if they are, 366 beyond a year."""
    if usage.purchased == 0 and usage.assigned:
        return 0
    today, outlook = snapshot.taken_at.date(), snapshot.outlook
    if outlook is None or not timedelta() <= today - outlook.day <= LASTS:
        return None
    known = outlook.licenses.get(usage.license.webex_id)
    if known is None or known.limit is None or known.purchased != usage.purchased:
        return None
    if usage.assigned is not None and usage.assigned >= known.limit:
        return 0
    if known.runs_out_on is None:
        return BEYOND_A_YEAR
    return min(BEYOND_A_YEAR, max(0, (known.runs_out_on - today).days))
