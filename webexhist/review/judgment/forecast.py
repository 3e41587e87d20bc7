"""What the outlook says of one product's limit: the figures that a decision rests on."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from webexhist.months import days_later
from webexhist.review.forecast import EIGHT_OF_TEN, Outlook
from webexhist.review.judgment.words import odds, spoken_range

SOON = timedelta(days=90)
LIKELY = 0.5
"""The chance from which something is expected ..."""
POSSIBLE = 0.2
"""... and from which it is watched."""
DIGITS = 4
"""Of a chance: enough to print, and the same on every machine."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When all units of the limit will be assigned. A day is None where that may take more than three years."""

    as_of: date
    """The last day of the review."""
    limit: int
    """Units purchased; under an enterprise agreement the growth allowance's too."""
    is_reached: bool
    """Whether the last day known had all of them assigned, if only for a part of it."""
    chance: float
    """That all are assigned once within 90 days; 1 where they are already."""
    earliest: date | None
    """By this day with a chance of 10 %: eight of ten lie between it and `latest`."""
    likely: date | None
    """With 50 %."""
    latest: date | None
    """With 90 %."""
    short: int
    """Units missing in 90 days, in the middle of what may come; 0 where none are."""
    renewal: date | None
    """None where no term was entered."""
    chance_before_renewal: float | None
    """That all are assigned once before the renewal."""
    outlook: Outlook = field(compare=False, repr=False)
    """What all this was read from; no figure itself."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Units on a later day."""

    low: int
    """Eight of ten lie between this and `high`."""
    middle: int
    high: int
    chance: float
    """That they are above the limit."""


def forecast_of(outlook: Outlook, limit: int, renewal: date | None, as_of: date) -> Forecast:
    """The figures for a limit; `as_of` is the last day of the outlook's history."""
    ahead = outlook.against(limit)
    soon = days_later(as_of, SOON.days)
    # The days that were looked at say where the next date is: that of one share lies between those of two others.
    chance = rounded(ahead.chance_before(soon))
    likely = ahead.date_at(LIKELY)
    earliest, latest = (ahead.date_at(share) for share in EIGHT_OF_TEN)
    return Forecast(
        as_of=as_of,
        limit=limit,
        is_reached=ahead.weeks.latest >= limit,
        chance=chance,
        earliest=earliest,
        likely=likely,
        latest=latest,
        short=max(0, round(ahead.units_on(soon, 0.5)) - limit),
        renewal=renewal,
        chance_before_renewal=(None if renewal is None else rounded(ahead.chance_before(days_later(renewal, -1)))),
        outlook=ahead,
    )


def expected_on(outlook: Outlook, day: date, limit: int) -> Expected:
    """The units of a day, held against a limit."""
    low, high = (round(outlook.units_on(day, share)) for share in EIGHT_OF_TEN)
    return Expected(low, round(outlook.units_on(day, 0.5)), high, rounded(outlook.against(limit).chance_on(day)))


def within_90_days(ahead: Forecast) -> str:
    """The chance in words, and the range of days that holds with eight of ten."""
    chance = f"{odds(ahead.chance)} within {SOON.days} days"
    if ahead.earliest is None:
        return chance
    return f"{chance}; 8 of 10: {spoken_range(ahead.earliest, ahead.latest)}"


def rounded(chance: float) -> float:
    """A chance with as many digits as it is known by."""
    return round(chance, DIGITS)
