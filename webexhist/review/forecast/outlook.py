"""What a history says of the time to come, as chances."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import count
from operator import attrgetter

from webexhist.months import days_later
from webexhist.review.forecast.mixture import STANDARD, Mixture, quantiles, share_above
from webexhist.review.forecast.parts import Normal
from webexhist.review.forecast.record import Record, record_of
from webexhist.review.forecast.repetition import Path
from webexhist.review.forecast.values import DailyPeak, NoOutlook
from webexhist.review.forecast.ways import mixture_of
from webexhist.review.forecast.weeks import Weeks, weeks_of

HORIZON = 1096
"""Days ahead beyond which no date is given: three years, the longest usual term."""
NOISY = 0.9
"""A limit is reached when the level comes within so many deviations of a day's noise."""
BELIEVED = 0.05
"""A way of less weight is not worth a word."""
EIGHT_OF_TEN = (0.1, 0.9)
"""The ends of a range that holds with eight in ten."""
HALVED_EVERY = 4
"""So many looks for a date halve what is left once."""
LEAST_CHANCE = 1e-6
"""Where dates are looked for, chances are distinguished down to this and up to 1 less this."""
ROUNDED = 0.01
"""Units squared: the variance of a day that has no noise."""


@dataclass(frozen=True)
class Outlook:
    """What may come. Days are days of the history's calendar, chances are 0 to 1."""

    limit: int | None
    """None: nothing that could be reached."""
    weeks: Weeks
    """What the history was."""
    mixture: Mixture
    """How it may go on."""
    peaks: Sequence[DailyPeak] = field(repr=False)
    notes: Sequence[date] = field(repr=False)
    _passed: dict[int, float] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `passed_within` returned so far, by days."""
    _normals: dict[date, list[Normal]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `normals` returned so far, by day."""

    def against(self, limit: int) -> "Outlook":
        """The same with another limit: what may come does not depend on it."""
        return replace(self, limit=limit)

    @property
    def days_known(self) -> int:
        """Days of the history of which anything is known."""
        return sum(peak.peak is not None for peak in self.peaks)

    @property
    def last_year(self) -> Path | None:
        """The way that follows last year, where it is believed at all."""
        year = self.mixture.year
        return year if year and year.weight >= BELIEVED else None

    @property
    def cycle(self) -> Path | None:
        """The way that repeats a cycle, where it is believed at all."""
        cycle = self.mixture.cycle
        return cycle if cycle and cycle.weight >= BELIEVED else None

    def chance_before(self, day: date) -> float:
        """The chance that all units of the limit are in use once by the end of a day; 1 where they are already."""
        return self.passed_within(self.ahead(day))

    def chance_on(self, day: date) -> float:
        """The chance that more units than the limit are in use on that very day.

        Never more than `chance_before` that day: who is above a limit has reached it.
        """
        if self.limit is None:
            return 0.0
        part = self.part(day)
        if part <= 0:
            return 0.0
        above = share_above(self.normals(day), (self.limit + 0.5) / part - self.weeks.now)
        return min(above, self.chance_before(day))

    def date_at(self, share: float) -> date | None:
        """The first day whose `chance_before` is at least `share`; None where that takes more than three years."""
        farthest = min(HORIZON, self.ahead(date.max))  # the calendar may end before
        if self.limit is None or self.passed_within(farthest) < share:
            return None
        # What other shares asked for says where this one's day is.
        low = max((days for days, chance in self._passed.items() if days >= 0 and chance < share), default=-1)
        high = min(days for days, chance in self._passed.items() if days >= 0 and chance >= share)
        looks = count(1)
        while high - low > 1:
            # Halves now and then: they come near in any case.
            is_halved = low <= 0 or next(looks) % HALVED_EVERY == 0
            center = halved(low, high) if is_halved else self.between(low, high, share)
            if self.passed_within(center) >= share:
                high = center
            else:
                low = center
        return days_later(self.weeks.today, high)

    def between(self, low: int, high: int, share: float) -> int:
        """The day between two others that has a chance of `share`, were chances normal over the ratio of days."""
        below, here, above = (
            STANDARD.inv_cdf(min(1 - LEAST_CHANCE, max(LEAST_CHANCE, chance)))
            for chance in (self._passed[low], share, self._passed[high])
        )
        center = low * (high / low) ** ((here - below) / (above - below)) if above > below else low
        # From the nearer one a little too far, so that both come near.
        center = math.floor(center) if center - low > high - center else math.ceil(center)
        return min(high - 1, max(low + 1, center))

    def units_on(self, day: date, share: float) -> float:
        """The units that are not exceeded on a day with a probability of `share`; for today and before, today's."""
        (units,) = self.units_by_share(day, (share,))
        return units

    def units_by_share(self, day: date, shares: Iterable[float]) -> list[float]:
        """The same with each of these probabilities."""
        part = self.part(day)
        return [max(0.0, part * (self.weeks.now + units)) for units in quantiles(self.normals(day), shares)]

    def suffice_until(self, day: date, share: float) -> int:
        """The fewest units that are not all in use by a day with a probability of `share`."""
        days, rest = self.ahead(day), 1 - share
        low = math.floor(max(self.weeks.now, self.weeks.latest))
        high, step = low + 1, 1
        while self.passed(days, high) > rest:
            low, step = high, 2 * step
            high += step
        while high - low > 1:
            center = (low + high) // 2
            if self.passed(days, center) > rest:
                low = center
            else:
                high = center
        return high

    @cached_property
    def record(self) -> Record | None:
        """How often the ranges of the last year held; None where too little is known. Costs a dozen outlooks."""

        def range_on(peaks: Sequence[DailyPeak], day: date) -> tuple[float, float] | None:
            foreseen = outlook(peaks, [note for note in self.notes if note <= peaks[-1].day], None)
            if isinstance(foreseen, NoOutlook):
                return None
            low, high = EIGHT_OF_TEN
            return foreseen.units_on(day, low), foreseen.units_on(day, high)

        return record_of(self.peaks, range_on)

    def ahead(self, day: date) -> int:
        """Days from the last one of the history."""
        return (day - self.weeks.today).days

    def passed(self, days: int, limit: int) -> float:
        """The chance to have been at a limit within so many days."""
        room = limit - self.weeks.now
        if room <= 0.5 or self.weeks.latest >= limit:
            return 1.0
        if days <= 0:
            return 0.0
        busiest = max(self.weeks.offsets) + NOISY * self.weeks.noise
        return self.mixture.passed(max(room / 4, room - busiest), days + self.weeks.silent_days)

    def passed_within(self, days: int) -> float:
        """The same for the limit of this outlook; dates of several shares ask for the same days."""
        if days not in self._passed:
            self._passed[days] = 0.0 if self.limit is None else self.passed(days, self.limit)
        return self._passed[days]

    def part(self, day: date) -> float:
        """What such a day of the week has of an ordinary one, as a share."""
        return 1 + self.weeks.offsets[day.weekday()] / self.weeks.now if self.weeks.now else 1.0

    def normals(self, day: date) -> list[Normal]:
        """The units of an ordinary day beyond today's; several shares ask for the same day."""
        if day not in self._normals:
            days = max(0, self.ahead(day)) + self.weeks.silent_days
            self._normals[day] = self.mixture.normals(days, self.weeks.noise**2 + ROUNDED)
        return self._normals[day]


def halved(low: int, high: int) -> int:
    """A day between two others. Most limits are near: far off days are halved by ratio."""
    return math.isqrt((low + 2) * high) if high > 4 * low + 12 else (low + high) // 2


def outlook(peaks: Sequence[DailyPeak], notes: Sequence[date], limit: int | None) -> Outlook | NoOutlook:
    """What daily peaks say of the time after the last of them, and of reaching `limit` units.

    Peaks are best given oldest first; of several of one day the last one stands. The newest may be unknown: its day
    is the one that looks ahead. `notes` are the days of steps that somebody noted. There is no outlook only where no
    day is known at all.
    """
    peaks = sorted(peaks, key=attrgetter("day"))
    weeks = weeks_of(peaks)
    if weeks is None:
        return NoOutlook("no day of its history is known")
    return Outlook(limit, weeks, mixture_of(weeks, notes), peaks, notes)
