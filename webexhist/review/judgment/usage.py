"""The frozen values of units over the period of a review: of one license, and of what is judged together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from webexhist.months import Month
from webexhist.not_judged import Reason
from webexhist.review.judgment.falls import Fall
from webexhist.review.judgment.judgment import Judgment
from webexhist.review.judgment.people import People
from webexhist.review.judgment.replacements import Replacement
from webexhist.snapshot import License
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import Note
from webexhist.store.entered.prices import Price
from webexhist.store.values import DailyUsage, MonthlyUsage
from webexhist.units import available, difference


@dataclass(frozen=True, slots=True)
class RunOfDays:
    """Days up to the last known one that have something in common."""

    since: date
    is_whole: bool
    """Whether no older day is known: it may have begun before."""

    @property
    def began_on(self) -> date | None:
        """The day of the event that began it; None where nobody saw it."""
        return None if self.is_whole else self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Units over the period of a review."""

    days: tuple[DailyUsage, ...]
    months: tuple[MonthlyUsage, ...]
    before: MonthlyUsage | None
    """The month before the period."""
    closing: MonthlyUsage
    """The month of the review."""
    opening: MonthlyUsage | None
    """The month before it."""
    is_new: bool
    """Whether it was first seen in the month of the review, later than the organization's first poll."""
    replacement: Replacement | None
    """Where it is about to be replaced, or to replace another: what is available is not known until that is done."""
    not_judged: Reason | None
    """Why nothing follows from its units; None where it is judged."""
    notes: tuple[Note, ...]
    """Those within the period of the review that concern it."""
    busiest: int | None
    """The most units assigned at once within the last four weeks of the review."""
    figures_of: date | None
    """The last day that knew the units, where later polls of the month did not; None where the last ones did."""
    thin_months: tuple[tuple[Month, int], ...]
    """The months of which less than half of the days are known, each with how many are."""

    @property
    def known_on(self) -> date | None:
        """The last day of the period on which a poll knew what is assigned; None where none did."""
        return next((day.day for day in reversed(self.days) if day.last is not None), None)

    @property
    def available(self) -> int | None:
        """Purchased units not assigned at the month's end; None while a replacement is in progress."""
        return None if self.replacement else self.closing.available

    @property
    def available_peak(self) -> int | None:
        """The same on the busiest day of four weeks, by which money goes: what nobody needed in them."""
        return None if self.replacement else available(self.closing.purchased, self.busiest)

    @property
    def has_busier_day(self) -> bool:
        """Whether there were fewer available on that day than at the month's end."""
        return self.not_judged is None and self.available_peak != self.available

    @property
    def change(self) -> int | None:
        """Units assigned at the month's end, less those at the end of the month before."""
        return None if self.opening is None else difference(self.closing.last, self.opening.last)

    @property
    def purchased_change(self) -> int | None:
        """Units bought (or reduced) since the end of the month before."""
        return None if self.opening is None else difference(self.closing.purchased, self.opening.purchased)

    @property
    def months_with_changes(self) -> tuple[tuple[MonthlyUsage, int | None], ...]:
        """Every month with the change of the units assigned since the end of the month before it."""
        known = (self.before, *self.months) if self.before else self.months
        last_of = {month.month: month.last for month in known}
        return tuple((month, difference(month.last, last_of.get(month.month.plus(-1)))) for month in self.months)

    def days_known(self, month: Month) -> int | None:
        """How many days of a thin month are known; None where it is none."""
        return dict(self.thin_months).get(month)

    @property
    def peak(self) -> int | None:
        """The most units ever assigned at once within the period."""
        return max((month.highest for month in self.months if month.highest is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseReview(Usage):
    """One license, by its id: a new name does not break its history."""

    license: License
    """As it was named at the month's end."""
    former: tuple[License, ...]
    """Those that it continues under a new id; their history is its own."""
    listed: bool
    """Whether the month's last known list of licenses holds it."""
    product: str | None
    """What it is judged with; None where its units are no seats."""
    contract: Contract | None
    """Of its subscription; None where none was entered."""
    price: Price | None
    """None where none is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductReview(Usage):
    """Licenses that are judged together. Their sums are known only where every part is."""

    product: str
    """What its licenses have in common: a type code or a name, and a subscription that is judged by itself."""
    name: str
    """As the fullest of its licenses is called."""
    first_id: str
    """The id of the first license of it that was ever seen: it stays, whatever continues it."""
    licenses: tuple[LicenseReview, ...]
    """Those that are listed, the most assigned first."""
    over: RunOfDays | None
    """The days up to the last one on which more than the limit was assigned; None where it is not."""
    purchase: RunOfDays | None
    """The days since when as many units are purchased as now; None where that is not known."""
    fall: Fall | None
    """Units less purchased than before, within a term; None where that is none."""
    judgment: Judgment | None
    """None where it is not judged."""
    people: People | None
    """Who hold licenses of its account, each counted once: of an agreement, where a sweep counted them lately."""
    people_at_most: int | None
    """The most that they may be. Of a suite whose people are not known: the assigned units of all its products."""

    seat_prices: Mapping[str, Price | None] = field(default_factory=dict)
    """What a seat of each license costs, by its id: nothing where another product of a bundle stands for it."""
    is_for_a_suite: bool = False
    """Whether it is judged for all products of its subscription."""

    @property
    def held(self) -> int | None:
        """What is held against the limit: people where they are known, else the units assigned."""
        return self.people.at_least if self.people else self.closing.last

    @property
    def is_of_several(self) -> bool:
        """Whether it has rows of its own to show."""
        return len(self.licenses) > 1

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The subscriptions that hold it, by id."""
        return tuple(sorted({each.license.subscription_id or "" for each in self.licenses} - {""}))
