"""What a license manager decides by: forecast, allowance, renewal, cost and the decision on each license."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from webexhist.review.forecast import DailyPeak, Outlook, outlook, peaks_until
from webexhist.review.judgment.cost import Cost
from webexhist.review.judgment.decisions import Decision, DecisionKind, Grounds, decision
from webexhist.review.judgment.forecast import Forecast, forecast_of
from webexhist.review.judgment.not_judged import NotJudged
from webexhist.review.judgment.safe_to_drop import SafeToDrop, safe_to_drop
from webexhist.review.judgment.true_forward import (
    RULES,
    Allowance,
    TrueForward,
    allowance_of,
    anniversary_of,
    renewal_of,
    true_forward,
)
from webexhist.snapshot import License
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import Note
from webexhist.store.entered.prices import Price
from webexhist.store.values import DailyUsage, MonthlyUsage


@dataclass(frozen=True, slots=True)
class Judgment:
    """What follows from the history of one license."""

    contract: Contract | None
    """None where none was entered."""
    forecast: Forecast | None
    """None for a license that is not judged."""
    allowance: Allowance | None
    """None for a license that is not judged."""
    true_forward: TrueForward | None
    """None where no anniversary was told, or the license is not judged."""
    safe_to_drop: SafeToDrop | None
    """None where twelve months are not known, or the license is not judged."""
    cost: Cost | None
    """None where no price is set, or the license is not judged: never zero for that."""
    notes: tuple[Note, ...]
    """Notes about the license and about all licenses, within the period of the review."""
    decision: Decision

    @property
    def urgency(self) -> tuple[int, date, int]:
        """Sorts by the kind of decision; then the first to run out, the most unused units."""
        runs_out = self.forecast.likely if self.forecast else None
        unused = self.safe_to_drop.units if self.safe_to_drop else 0
        return (self.decision.kind.rank, runs_out or date.max, -unused)


@dataclass(frozen=True, slots=True)
class LicenseRemarks:
    """The contract, price and notes of a license, up to the last day of the review."""

    contract: Contract | None
    price: Price | None
    notes: tuple[Note, ...]

    @property
    def steps(self) -> list[date]:
        """The days that are noted as steps."""
        return [note.day for note in self.notes if note.step]


@dataclass(frozen=True, slots=True)
class LicenseHistory:
    """What is known of a license up to the last day of the review: two years at least, where there are."""

    license: License
    days: Sequence[DailyUsage]
    months: Sequence[MonthlyUsage]
    """The last one is the month of the review."""
    as_of: date
    """The last day of the review."""

    @property
    def closing(self) -> MonthlyUsage:
        """The month of the review."""
        return self.months[-1]


def judgment_of_judged(history: LicenseHistory, remarks: LicenseRemarks, shown_from: date) -> Judgment:
    """The judgment of a license whose purchased units and units assigned are known."""
    closing, as_of = history.closing, history.as_of
    assert closing.purchased is not None and closing.last is not None, "only such licenses are judged"
    peaks = peaks_until(((day.day, day.highest) for day in history.days), as_of)
    if all(peak.peak is None for peak in peaks):
        # Only polls of a clock that ran ahead: what the last of them knew is taken for today's.
        peaks = [DailyPeak(as_of, closing.last)]
    ahead = outlook(peaks, remarks.steps, closing.purchased)
    assert isinstance(ahead, Outlook), "a day is known"
    contract = remarks.contract
    renewal, anniversary = renewal_of(contract, as_of), anniversary_of(contract)
    allowance = allowance_of(history.license, contract, closing.purchased)
    grounds = Grounds(
        purchased=closing.purchased,
        assigned=closing.last,
        forecast=forecast_of(ahead, limit_of(contract, allowance, closing.purchased), renewal, as_of),
        allowance=allowance,
        true_forward=true_forward(anniversary, allowance, history.days, ahead, as_of) if anniversary else None,
        safe_to_drop=safe_to_drop(closing.purchased, history.months, ahead, renewal, as_of),
    )
    return Judgment(
        contract=contract,
        forecast=grounds.forecast,
        allowance=allowance,
        true_forward=grounds.true_forward,
        safe_to_drop=grounds.safe_to_drop,
        cost=cost_of(remarks.price, grounds) if remarks.price else None,
        notes=notes_since(remarks, shown_from),
        decision=decision(grounds),
    )


def limit_of(contract: Contract | None, allowance: Allowance, purchased: int) -> int:
    """The units that may be assigned; with those of the growth allowance only where an agreement was told."""
    return allowance.units if contract and contract.kind in RULES else purchased


def judgment_of_others(reason: NotJudged, remarks: LicenseRemarks, shown_from: date) -> Judgment:
    """The judgment of a license that is not judged."""
    return Judgment(
        contract=remarks.contract,
        forecast=None,
        allowance=None,
        true_forward=None,
        safe_to_drop=None,
        cost=None,
        notes=notes_since(remarks, shown_from),
        decision=Decision(DecisionKind.NOT_JUDGED, f"is not judged: {reason.value}"),
    )


def notes_since(remarks: LicenseRemarks, day: date) -> tuple[Note, ...]:
    return tuple(note for note in remarks.notes if note.day >= day)


def cost_of(price: Price, grounds: Grounds) -> Cost:
    drop = grounds.safe_to_drop
    return Cost(
        currency=price.currency,
        price=price.amount,
        purchased=price.amount * grounds.purchased,
        unused=price.amount * max(0, grounds.purchased - grounds.assigned),
        droppable=None if drop is None else price.amount * drop.units,
    )
