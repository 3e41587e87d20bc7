"""Licenses that are being replaced: the old one and the new one are listed side by side, and people move over.

Until the old one is gone, what is purchased stands there twice, and nothing that follows from it is to be done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations

from webexhist.products import is_trial
from webexhist.snapshot import License
from webexhist.store.values import DailyUsage
from webexhist.texts import folded
from webexhist.units import is_unlimited

LOOKED_BACK = timedelta(days=92)
"""So long people may take to move; what drifted apart over years is no replacement."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """One license takes the place of another, which still stands beside it."""

    former: License
    successor: License
    ending: int
    """Purchased units of the former, which are expected to end."""
    together: int
    """Purchased units of both."""


def replacements(
    listed: Sequence[License], days: Mapping[str, Sequence[DailyUsage]], as_of: date
) -> dict[str, Replacement]:
    """The replacements in progress, by the ids of both licenses."""
    found: dict[str, Replacement] = {}
    products = {each.webex_id: (each.code or folded(each.name), folded(each.site_url or "")) for each in listed}
    for former, successor in permutations(listed, 2):
        if products[former.webex_id] != products[successor.webex_id]:
            continue
        if _may_follow(former, successor) and not {former.webex_id, successor.webex_id} & found.keys():
            seen = _side_by_side(former, successor, days, as_of)
            if seen:
                found |= {former.webex_id: seen, successor.webex_id: seen}
    return found


def _may_follow(former: License, successor: License) -> bool:
    """Nothing that was bought is followed by a trial."""
    return is_trial(former.subscription_id) or not is_trial(successor.subscription_id)


def _side_by_side(
    former: License, successor: License, days: Mapping[str, Sequence[DailyUsage]], as_of: date
) -> Replacement | None:
    """Finds, of two alike licenses, one that lost at least half of its people while the other gained some."""
    ours, theirs = (
        [day for day in days.get(license_.webex_id, ()) if day.last is not None and day.day >= as_of - LOOKED_BACK]
        for license_ in (former, successor)
    )
    if not ours or not theirs:
        return None
    begins = max(ours[0].day, theirs[0].day)
    before, taken_over = (next((day for day in rows if day.day >= begins), rows[-1]) for rows in (ours, theirs))
    now, then = ours[-1], theirs[-1]
    assert before.last is not None and now.last is not None, "only such days are looked at"
    assert taken_over.last is not None and then.last is not None, "only such days are looked at"
    if before.last == 0 or 2 * now.last > before.last or then.last <= taken_over.last:
        return None
    if now.purchased is None or then.purchased is None or is_unlimited(now.purchased) or is_unlimited(then.purchased):
        return None
    return Replacement(former, successor, now.purchased, now.purchased + then.purchased)
