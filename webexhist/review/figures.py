"""The frozen values a monthly review is made of. Counts are units or pieces, times are UTC, `None` is unknown."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from webexhist.review.evidence import CollectorReview, MonthlyEvidence
from webexhist.review.months import Month, Period
from webexhist.snapshot import License, Metric


@dataclass(frozen=True, slots=True)
class DailyValue:
    """A count over one day with polls; all `None` where no poll of the day could tell it."""

    day: date
    last: int | None
    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class DailyUsage(DailyValue):
    """Units of a license in use over one day, and the units purchased at its end."""

    purchased: int | None
    """Negative means unlimited."""

    @property
    def free(self) -> int | None:
        """Purchased units not in use at the day's end, negative when over-used."""
        return free_units(self.purchased, self.last)


@dataclass(frozen=True, slots=True)
class MonthlyValue:
    """A count over one month with polls."""

    month: Month
    last: int | None
    """The last known value: the month's end, unless polls failed."""
    lowest: int | None
    highest: int | None
    mean: float | None
    """Every poll weighs the same."""


@dataclass(frozen=True, slots=True)
class MonthlyUsage(MonthlyValue):
    """Units of a license in use over one month."""

    purchased: int | None
    """The last known purchased units of the month; negative means unlimited."""
    utilization: float | None
    """Percent of the purchased units in use at the month's end; None where it would mean nothing."""

    @property
    def free(self) -> int | None:
        """Purchased units not in use at the month's end, negative when over-used."""
        return free_units(self.purchased, self.last)


class NotJudged(StrEnum):
    """Why a license has no utilization, in the words of the page."""

    GONE = "no longer listed"
    IMPLICIT = "free or hybrid service, comes with the organization"
    UNLIMITED = "unlimited"
    NOTHING_PURCHASED = "nothing purchased"
    UNKNOWN = "not known in this month"


@dataclass(frozen=True, slots=True)
class LicenseReview:
    """One license over the period of the review, by its id: a new name does not break its history."""

    license: License
    """As it was named at the month's end."""
    listed: bool
    """Whether the month's last known list of licenses holds it."""
    is_new: bool
    """Whether it was first seen in the month of the review, later than the organization's first poll."""
    days: tuple[DailyUsage, ...]
    months: tuple[MonthlyUsage, ...]
    before: MonthlyUsage | None
    """The month before the period."""
    closing: MonthlyUsage | None
    """The month of the review; None when the license was not listed in it."""
    opening: MonthlyUsage | None
    """The month before it."""

    @property
    def change(self) -> int | None:
        """Units in use at the month's end, less those at the end of the month before."""
        if self.closing is None or self.opening is None:
            return None
        return difference(self.closing.last, self.opening.last)

    @property
    def change_or_all_of_new(self) -> int | None:
        """The change; for a new license all units in use."""
        return self.closing.last if self.is_new and self.closing is not None else self.change

    @property
    def purchased_change(self) -> int | None:
        """Units bought (or given up) since the end of the month before."""
        if self.closing is None or self.opening is None:
            return None
        return difference(self.closing.purchased, self.opening.purchased)

    @property
    def months_with_changes(self) -> tuple[tuple[MonthlyUsage, int | None], ...]:
        """Every month with the change of the units in use since the end of the month before it."""
        known = (self.before, *self.months) if self.before else self.months
        last_of = {month.month: month.last for month in known}
        return tuple((month, difference(month.last, last_of.get(month.month.plus(-1)))) for month in self.months)

    @property
    def peak(self) -> int | None:
        """The most units ever in use at once within the period."""
        return max((month.highest for month in self.months if month.highest is not None), default=None)

    @property
    def not_judged(self) -> NotJudged | None:
        """Why there is no utilization to judge; None where there is one."""
        if not self.listed or self.closing is None:
            return NotJudged.GONE
        if not self.license.counted:
            return NotJudged.IMPLICIT
        if self.closing.utilization is not None:
            return None
        if self.closing.purchased is None or self.closing.last is None:
            return NotJudged.UNKNOWN
        return NotJudged.UNLIMITED if self.closing.purchased < 0 else NotJudged.NOTHING_PURCHASED


@dataclass(frozen=True, slots=True)
class CountReview:
    """A gauge of the organization (people, devices …) over the period of the review."""

    metric: Metric
    days: tuple[DailyValue, ...]
    months: tuple[MonthlyValue, ...]


@dataclass(frozen=True, slots=True)
class DailyAmount:
    """What was counted from the day after the last counted one up to and including `day`."""

    day: date
    days: int
    """1, or more where days without a count lie before: the amount is theirs too."""
    amount: int
    source: str
    """Who counted: "polls", "events" or "analytics"."""


@dataclass(frozen=True, slots=True)
class AmountReview:
    """Something that happens (messages sent) and how often it did over the period of the review."""

    metric: Metric
    days: tuple[DailyAmount, ...]

    def amount_of(self, month: Month) -> int | None:
        """What was counted in a month; None when nothing counted then."""
        amounts = [day.amount for day in self.days if Month.of(day.day) == month]
        return sum(amounts) if amounts else None


@dataclass(frozen=True, slots=True)
class OrganizationReview:
    """What is known of one organization at the end of a month."""

    webex_id: str
    name: str
    month: Month
    known_until: datetime
    """The last poll of the month."""
    is_complete: bool
    """False while the month still runs."""
    period: Period
    licenses: tuple[LicenseReview, ...]
    gauges: tuple[CountReview, ...]
    amounts: tuple[AmountReview, ...]
    polling: tuple[MonthlyEvidence, ...]
    polls_by_day: tuple[tuple[date, int], ...]
    collectors: tuple[CollectorReview, ...]

    @property
    def judged(self) -> tuple[LicenseReview, ...]:
        """The licenses with a utilization."""
        return tuple(license_ for license_ in self.licenses if license_.not_judged is None)

    @property
    def units_purchased(self) -> int:
        """Of the judged licenses, at the month's end."""
        return sum(license_.closing.purchased or 0 for license_ in self.judged if license_.closing)

    @property
    def units_in_use(self) -> int:
        """Of the judged licenses, at the month's end."""
        return sum(license_.closing.last or 0 for license_ in self.judged if license_.closing)

    @property
    def units_change(self) -> int | None:
        """Change of `units_in_use` since the end of the month before; a new license counts in full."""
        changes = [license_.change_or_all_of_new for license_ in self.judged]
        known = [change for change in changes if change is not None]
        return sum(known) if len(known) == len(changes) else None

    @property
    def evidence(self) -> MonthlyEvidence:
        """What the figures of the month rest on."""
        return self.polling[-1]


@dataclass(frozen=True, slots=True)
class MonthlyReview:
    """The review of one month."""

    month: Month
    organizations: tuple[OrganizationReview, ...]


def difference(later: int | None, earlier: int | None) -> int | None:
    """The change from one count to another; None where either is unknown."""
    return None if later is None or earlier is None else later - earlier


def free_units(purchased: int | None, in_use: int | None) -> int | None:
    """What is left of the purchased units; None where either is unknown or the purchase is unlimited."""
    return None if purchased is None or in_use is None or purchased < 0 else purchased - in_use
