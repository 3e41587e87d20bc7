"""One decision a license, in a fixed order of urgency, with its reason in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from webexhist.review.judgment.forecast import LIKELY, POSSIBLE, Forecast
from webexhist.review.judgment.safe_to_drop import SafeToDrop
from webexhist.review.judgment.true_forward import Allowance, TrueForward
from webexhist.review.judgment.words import odds, spoken, spoken_range, units

TRUE_FORWARD_SOON = 120
"""Days before the measurement day from which what is expected of it is raised."""
LEAST_UNUSED = 0.05
"""The share of the purchased units that must be unneeded to be raised."""


class DecisionKind(StrEnum):
    """The decisions in the words of the page, the most urgent first."""

    OVER_ALLOWANCE = "over"
    TRUE_FORWARD = "true forward"
    RUNS_OUT = "runs out"
    UNUSED = "unused purchase"
    SUCCESSION = "succession"
    WATCH = "watch"
    FINE = "fine"
    NOT_JUDGED = "not judged"

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return list(DecisionKind).index(self)

    @property
    def needs_decision(self) -> bool:
        return self.rank < DecisionKind.FINE.rank


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be thought of a license, and why."""

    kind: DecisionKind
    reason: str
    """What follows the license's name in a sentence: "has run out: 10 of 10 purchased units are assigned"."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a judged license is judged by."""

    purchased: int
    assigned: int
    forecast: Forecast
    allowance: Allowance
    true_forward: TrueForward | None
    safe_to_drop: SafeToDrop | None


def decision(grounds: Grounds) -> Decision:
    """The most urgent of what holds."""
    return min(decisions(grounds), key=lambda each: each.kind.rank)


def decisions(grounds: Grounds) -> Iterator[Decision]:
    """Everything that holds of a license."""
    yield Decision(DecisionKind.FINE, what_is_left(grounds))
    yield from limits_passed(grounds)
    yield from dates_ahead(grounds)
    yield from judgments(grounds)
    yield from waste(grounds)


def what_is_left(grounds: Grounds) -> str:
    """The units available, or what is left of the allowance where all of them are assigned."""
    available = grounds.purchased - grounds.assigned
    left = grounds.forecast.limit - grounds.assigned
    if available >= 0 or left <= 0:
        return f"has {units(available)} available"
    return f"has {units(left)} left of its allowance, and {units(-available)} assigned beyond the purchased ones"


def limits_passed(grounds: Grounds) -> Iterator[Decision]:
    """What the units assigned have passed already."""
    figures = f"{grounds.assigned:,} of {grounds.purchased:,} purchased units are assigned"
    over = grounds.assigned - grounds.allowance.units
    if over > 0:
        percent = grounds.allowance.percent
        more = f"{over:,} more than {percent}% over allows" if percent else f"{over:,} too many"
        reason = f"is over {'the allowance' if percent else 'what was purchased'}: {figures}, {more}"
        yield Decision(DecisionKind.OVER_ALLOWANCE, reason)
    elif grounds.assigned >= grounds.forecast.limit:
        reason = "has used up its allowance" if has_allowance(grounds) else "has run out"
        yield Decision(DecisionKind.RUNS_OUT, f"{reason}: {figures}")
    elif grounds.forecast.is_reached:
        yield Decision(DecisionKind.RUNS_OUT, f"had run out for a part of its last day: {figures}")


def dates_ahead(grounds: Grounds) -> Iterator[Decision]:
    """What may come within 90 days."""
    ahead = grounds.forecast
    if grounds.assigned >= ahead.limit or ahead.is_reached:
        return
    if ahead.chance >= LIKELY:
        yield Decision(DecisionKind.RUNS_OUT, running_out(ahead, grounds))
    elif ahead.chance >= POSSIBLE:
        yield Decision(DecisionKind.WATCH, f"may {run_out(grounds)}: {within_90_days(ahead)}")


def judgments(grounds: Grounds) -> Iterator[Decision]:
    """What the measurement day leads to, or led to."""
    judgment = grounds.true_forward
    if judgment is None:
        return
    if judgment.is_measured and judgment.over:
        reason = (
            f"was over the allowance by {units(judgment.over)} on {spoken(judgment.measured_on)}:"
            f" a True Forward is due on {spoken(judgment.anniversary)}"
        )
        yield Decision(DecisionKind.TRUE_FORWARD, reason)
    elif judgment.projected and judgment.days_left <= TRUE_FORWARD_SOON:
        day, chance = spoken(judgment.measured_on), odds(judgment.projected.chance)
        if judgment.is_likely and judgment.over:
            reason = f"is expected to be over the allowance by {units(judgment.over)} on {day}: {chance}"
            yield Decision(DecisionKind.TRUE_FORWARD, reason)
        elif judgment.may_be_over:
            yield Decision(DecisionKind.WATCH, f"may be over the allowance on {day}, when it is judged: {chance}")


def waste(grounds: Grounds) -> Iterator[Decision]:
    """Units by which to reduce at the renewal."""
    drop = grounds.safe_to_drop
    if drop is None or drop.renewal is None or not drop.is_near_renewal:
        return
    if drop.units >= max(1, LEAST_UNUSED * grounds.purchased):
        reason = (
            f"has {units(drop.units)} that nobody needed in twelve months, nor will until {spoken(drop.until)}"
            f" with 9 in 10; renewal on {spoken(drop.renewal)}"
        )
        yield Decision(DecisionKind.UNUSED, reason)


def has_allowance(grounds: Grounds) -> bool:
    """Whether more than the purchased units may be assigned."""
    return grounds.forecast.limit > grounds.purchased


def run_out(grounds: Grounds) -> str:
    """What happens at the limit, in words."""
    return "use up its allowance" if has_allowance(grounds) else "run out"


def running_out(ahead: Forecast, grounds: Grounds) -> str:
    """What is likely to come within 90 days, in words."""
    return f"is likely to {run_out(grounds)}, {units(max(1, ahead.short))} short in 90 days: {within_90_days(ahead)}"


def within_90_days(ahead: Forecast) -> str:
    """The chance, and the range of days that holds with eight of ten."""
    chance = f"{odds(ahead.chance)} within 90 days"
    if ahead.earliest is None:
        return chance
    return f"{chance}; 8 of 10: {spoken_range(ahead.earliest, ahead.latest)}"
