"""One decision a license, in a fixed order of urgency, with its reason in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from webexhist.review.forecast.forecast import Forecast, NoForecast, Reason
from webexhist.review.judgment.safe_to_drop import SafeToDrop
from webexhist.review.judgment.true_forward import Allowance, TrueForward
from webexhist.store.values import MonthlyUsage

SOON = timedelta(days=90)
NEARLY_FULL = 90.0
"""Percent assigned from which a license is watched."""
LEAST_UNUSED = 0.05
"""The share of the purchased units that must be unneeded to be raised."""


class DecisionKind(StrEnum):
    """The decisions in the words of the page, the most urgent first."""

    OVER_ALLOWANCE = "over the allowance"
    RUNS_OUT = "runs out"
    UNUSED = "unused purchase"
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
    """What follows the license's name in a sentence: "runs out between 3 January and 20 February 2027"."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a judged license is judged by."""

    closing: MonthlyUsage
    purchased: int
    assigned: int
    forecast: Forecast | NoForecast
    allowance: Allowance
    true_forward: TrueForward | None
    safe_to_drop: SafeToDrop | None
    as_of: date
    """The last day of the review."""


def decision(grounds: Grounds) -> Decision:
    """The most urgent of what holds."""
    return min(decisions(grounds), key=lambda each: each.kind.rank)


def decisions(grounds: Grounds) -> Iterator[Decision]:
    """Everything that holds of a license."""
    yield Decision(DecisionKind.FINE, f"has {units(grounds.purchased - grounds.assigned)} available")
    yield from limits_passed(grounds)
    yield from dates_ahead(grounds)
    yield from judgments(grounds)
    yield from waste(grounds)


def limits_passed(grounds: Grounds) -> Iterator[Decision]:
    """What the units assigned have passed already."""
    figures = f"{grounds.assigned:,} of {grounds.purchased:,} purchased units are assigned"
    over = grounds.assigned - grounds.allowance.units
    if over > 0:
        reason = f"is over the allowance: {figures}, {over:,} more than {grounds.allowance.percent}% over allows"
        yield Decision(DecisionKind.OVER_ALLOWANCE, reason)
    elif grounds.assigned >= grounds.purchased:
        yield Decision(DecisionKind.RUNS_OUT, f"has run out: {figures}")
    elif grounds.forecast == NoForecast(Reason.ALREADY_REACHED):
        yield Decision(DecisionKind.RUNS_OUT, f"had run out for a part of its last day: {figures}")
    elif grounds.closing.utilization is not None and grounds.closing.utilization >= NEARLY_FULL:
        yield Decision(DecisionKind.WATCH, f"is nearly full: {figures}")


def dates_ahead(grounds: Grounds) -> Iterator[Decision]:
    """What the trend leads to."""
    ahead, soon = grounds.forecast, grounds.as_of + SOON
    if isinstance(ahead, Forecast) and ahead.likely is not None and ahead.likely <= soon:
        yield Decision(DecisionKind.RUNS_OUT, running_out(ahead))
    elif isinstance(ahead, Forecast) and ahead.earliest <= soon:
        yield Decision(DecisionKind.WATCH, f"may run out from {spoken(ahead.earliest)} on")


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
        yield Decision(DecisionKind.OVER_ALLOWANCE, reason)
    elif judgment.may_be_over:
        yield Decision(
            DecisionKind.WATCH, f"may be over the allowance on {spoken(judgment.measured_on)}, when it is judged"
        )


def waste(grounds: Grounds) -> Iterator[Decision]:
    """Units by which to reduce at the renewal, unless the trend says that they will be needed."""
    drop = grounds.safe_to_drop
    if drop is None or not drop.is_near_renewal or isinstance(grounds.forecast, Forecast):
        return
    if drop.renewal is not None and drop.units >= max(1, LEAST_UNUSED * grounds.purchased):
        reason = f"has {units(drop.units)} that nobody needed in twelve months; renewal on {spoken(drop.renewal)}"
        yield Decision(DecisionKind.UNUSED, reason)


def running_out(ahead: Forecast) -> str:
    """The range in words; a year is named once."""
    if ahead.latest is None:
        return f"runs out from {spoken(ahead.earliest)} on"
    if ahead.earliest == ahead.latest:
        return f"runs out on {spoken(ahead.latest)}"
    first = spoken(ahead.earliest) if ahead.earliest.year != ahead.latest.year else spoken_day(ahead.earliest)
    return f"runs out between {first} and {spoken(ahead.latest)}"


def units(count: int) -> str:
    """ "1 unit", "2,400 units"."""
    return "1 unit" if count == 1 else f"{count:,} units"


def spoken(day: date) -> str:
    """ "20 February 2027"."""
    return f"{spoken_day(day)} {day.year}"


def spoken_day(day: date) -> str:
    return f"{day.day} {day:%B}"
