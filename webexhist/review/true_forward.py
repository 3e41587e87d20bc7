"""The allowance of over-use, and the day on which it is judged.

Rules: Cisco's License Management Guide for Flex 3.0 Enterprise Agreements. An account is judged on the last day of
the eleventh month of its subscription year. It is over-consumed where more than the purchased units and the allowance
are in use; a True Forward is then due on the anniversary.
"""

from dataclasses import dataclass
from datetime import date

from webexhist.review.forecast import Level


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much over-use is tolerated."""

    percent: int
    units: int
    """Purchased units and allowance together: more than these are over-consumed."""
    is_own: bool
    """Whether the subscription's own percentage was told, not the rule's."""


@dataclass(frozen=True, slots=True)
class TrueForward:
    """The judgment a license is heading for."""

    anniversary: date
    """The first day of the next subscription year."""
    judged_on: date
    days_left: int
    """From the last day of the review to the day of judgment; negative after it."""
    in_use: int | None
    """At the day of judgment where it is past, else at the end of the review; None where unknown."""
    projected: Level | None
    """Units in use expected on the day of judgment; None once it is past, or where there is no trend."""
    allowance: Allowance

    @property
    def is_judged(self) -> bool:
        """Whether the day of judgment is past, the anniversary still to come."""
        return self.days_left < 0

    @property
    def over(self) -> int | None:
        """Units over the allowance on the day of judgment: as it was, or as is expected; 0 when within."""
        units = round(self.projected.middle) if self.projected else self.in_use
        return None if units is None else max(0, units - self.allowance.units)

    @property
    def may_be_over(self) -> bool:
        """Whether the high end of what is expected is over the allowance."""
        return bool(self.over) or (self.projected is not None and self.projected.high > self.allowance.units)
