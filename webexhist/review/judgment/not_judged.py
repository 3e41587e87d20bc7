"""Why some licenses are not judged."""

from enum import StrEnum

from webexhist import units
from webexhist.snapshot import License
from webexhist.store.values import MonthlyUsage


class NotJudged(StrEnum):
    """Why a license has no utilization, in the words of the page."""

    GONE = "no longer listed"
    IMPLICIT = "free or hybrid service, comes with the organization"
    UNLIMITED = units.UNLIMITED
    NOTHING_PURCHASED = "nothing purchased"
    UNKNOWN = "not known in this month"


def why_not_judged(license_: License, closing: MonthlyUsage, *, listed: bool) -> NotJudged | None:
    """Why there is no utilization to judge at a month's end; None where there is one."""
    if not listed:
        return NotJudged.GONE
    if not license_.counted:
        return NotJudged.IMPLICIT
    if closing.utilization is not None:
        return None
    if closing.purchased is None or closing.last is None:
        return NotJudged.UNKNOWN
    return NotJudged.UNLIMITED if units.is_unlimited(closing.purchased) else NotJudged.NOTHING_PURCHASED
