"""What a license manager decides by: forecast, allowance, renewal, cost and the verdict on each license."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from webexhist.review.forecast import Forecast, NoForecast
from webexhist.review.money import Cost
from webexhist.review.true_forward import Allowance, TrueForward
from webexhist.store.remarks import Note, Subscription


class VerdictKind(StrEnum):
    """The verdicts in the words of the page, the most urgent first."""

    OVER_ALLOWANCE = "over the allowance"
    RUNS_OUT = "runs out"
    UNUSED = "unused purchase"
    WATCH = "watch"
    FINE = "fine"
    NOT_JUDGED = "not judged"

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return list(VerdictKind).index(self)

    @property
    def needs_decision(self) -> bool:
        return self.rank < VerdictKind.FINE.rank


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be thought of a license, and why."""

    kind: VerdictKind
    reason: str
    """What follows the license's name in a sentence: "runs out between 3 January and 20 February 2027"."""


@dataclass(frozen=True, slots=True)
class SafeToDrop:
    """Purchased units that nobody needed for twelve months."""

    units: int
    """Purchased units less the peak; never below 0."""
    peak: int
    """The most units in use at once within twelve months."""
    renewal: date | None
    """The next anniversary; None where it was not told."""
    is_near_renewal: bool
    """Whether the anniversary is at most 90 days away."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What follows from the history of one license."""

    subscription: Subscription | None
    """None where nobody told of it."""
    forecast: Forecast | NoForecast
    allowance: Allowance | None
    """None for a license that is not judged."""
    true_forward: TrueForward | None
    """None where the anniversary was not told, or the license is not judged."""
    safe_to_drop: SafeToDrop | None
    """None where twelve months are not known, or the license is not judged."""
    cost: Cost | None
    """None where no price was told, or the license is not judged: never zero for that."""
    notes: tuple[Note, ...]
    """Notes about the license and about all licenses, within the period of the review."""
    verdict: Verdict
