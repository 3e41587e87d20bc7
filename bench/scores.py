"""How what a method forecast compares with what came."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean

from forecasters import LOOKS, WITHIN, Foretold
from histories import FUTURE, Case

SHARES = (0.1, 0.5, 0.9)
BUCKETS = ((0.02, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01))


@dataclass(slots=True)
class Score:
    """What a method forecast for some cases, beside what came."""

    date_held: list[bool] = field(default_factory=list)
    """The range of 10–90 % held the day; a limit not reached in a year counts as day 366, and so do later dates."""
    named_held: list[bool] = field(default_factory=list)
    """The same where both ends of the range lie within the year: what a page shows as "8 of 10"."""
    date_score: list[float] = field(default_factory=list)
    """Days: twice the pinball loss of the three dates, their mean. For the middle one alone it is the days between it
    and what came; a wider range costs its width, a missed one ten times what it is missed by. Lower is better, and
    nothing but the true 10, 50 and 90 % is best."""
    off: list[float] = field(default_factory=list)
    """Days between the likely date and what came."""
    chances: list[tuple[float, bool]] = field(default_factory=list)
    """The chance of 90 days, and whether it came."""
    missed: list[bool] = field(default_factory=list)
    """Of those that ran out within 90 days: the likely date was later than these."""
    units_held: tuple[list[bool], ...] = field(default_factory=lambda: tuple([] for _ in LOOKS))

    def add(self, case: Case, named: Foretold) -> None:
        came = case.days_until_reached
        day = float(FUTURE + 1 if came is None else came)
        low, middle, high = (min(date, FUTURE + 1) for date in named.dates)
        self.date_held.append(low <= day <= high)
        if named.dates[2] <= FUTURE:
            self.named_held.append(low <= day <= high)
        losses = [
            max(share * (day - date), (share - 1) * (day - date))
            for share, date in zip(SHARES, (low, middle, high), strict=True)
        ]
        self.date_score.append(2 * fmean(losses))
        self.off.append(abs(day - middle))
        self.chances.append((named.chance, day <= WITHIN))
        if day <= WITHIN:
            self.missed.append(middle > WITHIN)
        for held, days, (least, most) in zip(self.units_held, LOOKS, named.units, strict=True):
            held.append(least - 0.5 <= case.future[days - 1] <= most + 0.5)

    def pooled(self, other: "Score") -> None:
        """Takes over what another one holds."""
        self.date_held += other.date_held
        self.named_held += other.named_held
        self.date_score += other.date_score
        self.off += other.off
        self.chances += other.chances
        self.missed += other.missed
        for mine, its in zip(self.units_held, other.units_held, strict=True):
            mine += its

    @property
    def auc(self) -> float:
        """How often a case that ran out within 90 days was given a higher chance than one that did not."""
        return area(self.chances)

    @property
    def buckets(self) -> list[tuple[int, float, float] | None]:
        """Of each of `BUCKETS`: cases, the mean chance forecast, the share that came."""
        found: list[tuple[int, float, float] | None] = []
        for low, high in BUCKETS:
            inside = [(chance, came) for chance, came in self.chances if low <= chance < high]
            chances = [chance for chance, _ in inside]
            found.append((len(inside), fmean(chances), fmean(came for _, came in inside)) if inside else None)
        return found


def area(chances: Sequence[tuple[float, bool]]) -> float:
    """The area under the curve of hits against false alarms; equal chances count half."""
    ordered = sorted(chances)
    positives = sum(came for _, came in ordered)
    negatives = len(ordered) - positives
    if not positives or not negatives:
        return float("nan")
    rank_sum, index = 0.0, 0
    while index < len(ordered):
        end = index
        while end < len(ordered) and ordered[end][0] == ordered[index][0]:
            end += 1
        rank = (index + end + 1) / 2
        rank_sum += rank * sum(came for _, came in ordered[index:end])
        index = end
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)
