"""How well the forecast tells the date, beside a least-squares line on the same days: histories whose end is known.

Run: python bench/forecast.py. Every history is looked at every two weeks, as if its future were not known. Days whose
future holds a jump that nobody could know of are left out. Everything is a fixed function of a seed.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from statistics import fmean, median

from rich.console import Console
from rich.table import Table

from webexhist.demo import story
from webexhist.review.forecast.forecast import HORIZON, WINDOW, DailyPeak, Forecast, Reason, forecast
from webexhist.simulator.world.amounts import amount_at
from webexhist.simulator.world.plans import Units

FIRST_DAY = date(2025, 1, 1)
DAYS = 900
EVERY = 14
FIRST_LOOK = 60
SURE = 1.645


@dataclass(frozen=True)
class History:
    """What truly was in use each day, which of it was seen, and what is bought."""

    name: str
    truth: Sequence[int]
    limit: int
    unseen: frozenset[int] = frozenset()
    odd: dict[int, int] | None = None
    """Days on which something else was seen than was in use for long: a trial of a script, an import undone."""
    jumps: tuple[int, ...] = ()
    told: tuple[int, ...] = ()
    """Those of the jumps that were annotated."""

    def seen(self, until: int) -> list[DailyPeak]:
        odd = self.odd or {}
        return [
            DailyPeak(day_of(index), None if index in self.unseen else odd.get(index, self.truth[index]))
            for index in range(until + 1)
        ]

    def reached(self, after: int) -> int | None:
        """The first day after a day on which the limit was truly reached."""
        return next((index for index in range(after + 1, len(self.truth)) if self.truth[index] >= self.limit), None)

    def looks(self) -> Iterator[int]:
        """The days from which the future is asked for."""
        for day in range(FIRST_LOOK, len(self.truth) - 1, EVERY):
            reached = self.reached(day)
            end = len(self.truth) if reached is None else reached
            if self.truth[day] < self.limit and not any(day < jump <= end for jump in self.jumps):
                yield day


@dataclass(frozen=True)
class Answer:
    """A range of days ahead; an end of None is never."""

    earliest: int | None
    likely: int | None
    latest: int | None


NEVER = Answer(None, None, None)
REFUSALS = (Reason.TOO_FEW_DAYS, Reason.POOR_COVERAGE, Reason.STEP_CHANGE)


def ours(history: History, day: int) -> Answer | None:
    """None where no answer is given."""
    told = forecast(history.seen(day), [day_of(jump) for jump in history.told], history.limit)
    if not isinstance(told, Forecast):
        return None if told.reason in REFUSALS else NEVER
    today = day_of(day)
    ends = (told.earliest, told.likely, told.latest)
    return Answer(*(None if end is None else (end - today).days for end in ends))


def least_squares(history: History, day: int) -> Answer:
    """The line and the nine-of-ten range of its slope and level, on the same days."""
    first = day_of(day) - WINDOW
    known = [((peak.day - day_of(day)).days, peak.peak) for peak in history.seen(day) if peak.day > first]
    points = [(x, y) for x, y in known if y is not None]
    center, level = fmean(x for x, _ in points), fmean(y for _, y in points)
    width = sum((x - center) ** 2 for x, _ in points)
    slope = sum((x - center) * (y - level) for x, y in points) / width
    spread = math.sqrt(sum((y - level - slope * (x - center)) ** 2 for x, y in points) / (len(points) - 2))
    reach = SURE * spread / math.sqrt(width)
    now = level - slope * center
    return Answer(
        days_until(history.limit, now + SURE * spread, slope + reach),
        days_until(history.limit, now, slope),
        days_until(history.limit, now - SURE * spread, slope - reach),
    )


def days_until(limit: int, level: float, slope: float) -> int | None:
    if level >= limit:
        return 1
    days = math.ceil((limit - level) / slope) if slope > 0 else HORIZON + 1
    return days if days <= HORIZON else None


@dataclass
class Score:
    """How the answers for one history compare with what came."""

    held: int = 0
    """The range held the true date; where it never came: no latest day was told within what is known."""
    misses: list[int] = field(default_factory=list)
    """Days between the range and the true date; 0 where held."""
    off: list[int] = field(default_factory=list)
    """Days between the likely and the true date."""
    widths: list[int] = field(default_factory=list)
    """Days between the ends of the range; an open end counts as two years."""
    silent: int = 0
    """No date was told although one came within a year."""

    def add(self, answer: Answer, true: int, *, came: bool) -> None:
        earliest = HORIZON if answer.earliest is None else answer.earliest
        latest = HORIZON if answer.latest is None else answer.latest
        miss = max(0, true - latest, earliest - true if came else 0)
        if came and answer.likely is not None:
            self.off.append(abs(answer.likely - true))
        self.held += miss == 0
        self.misses.append(miss)
        self.widths.append(latest - earliest)
        self.silent += came and answer.earliest is None and true <= 365


def scores(history: History) -> tuple[Score, Score, int]:
    """Ours, that of least squares on those looks that ours answers, and how many it did not."""
    mine, plain, refused = Score(), Score(), 0
    for day in history.looks():
        reached = history.reached(day)
        true = min(HORIZON, (len(history.truth) - 1 if reached is None else reached) - day)
        answer = ours(history, day)
        if answer is None:
            refused += 1
            continue
        mine.add(answer, true, came=reached is not None)
        plain.add(least_squares(history, day), true, came=reached is not None)
    return mine, plain, refused


def day_of(index: int) -> date:
    return FIRST_DAY + timedelta(days=index)


def is_weekend(index: int) -> bool:
    return day_of(index).weekday() >= 5


def line(start: float, slope: float, noise: float, seed: int) -> list[int]:
    """A line with noise on working days; weekends keep Friday's level."""
    random, levels = Random(seed), []
    for index in range(DAYS):
        if not is_weekend(index) or not levels:
            levels.append(max(0, round(start + slope * index + random.gauss(0, noise))))
        else:
            levels.append(levels[-1])
    return levels


def walk(start: float, slope: float, noise: float, seed: int) -> list[int]:
    """Joiners and leavers: every working day a few, so that a day resembles the day before."""
    random, level, levels = Random(seed), start, []
    for index in range(DAYS):
        level += 0 if is_weekend(index) else random.gauss(slope * 7 / 5, noise)
        levels.append(max(0, round(level)))
    return levels


def jumped(levels: list[int], *jumps: tuple[int, int]) -> list[int]:
    return [level + sum(size for day, size in jumps if index >= day) for index, level in enumerate(levels)]


def seasonal(levels: list[int], weekend: int) -> list[int]:
    return [level - weekend if is_weekend(index) else level for index, level in enumerate(levels)]


def histories() -> Iterator[History]:
    """The synthetic ones, then those licenses of the demo's story that can run out."""
    gaps = frozenset(
        day for first, length in ((90, 12), (200, 25), (333, 3), (480, 9)) for day in range(first, first + length)
    )
    scattered = frozenset(day for day in range(DAYS) if Random(day).random() < 0.25)
    odd = dict.fromkeys(range(40, DAYS, 61), 420) | {day + 1: 415 for day in range(40, DAYS, 61)}
    low = dict.fromkeys(range(30, DAYS, 17), 12)
    yield History("growth", line(200, 0.25, 1.5, 1), 380)
    yield History("slow growth", line(400, 0.06, 2, 2), 440)
    yield History("joiners and leavers", walk(200, 0.25, 1.2, 3), 380)
    yield History("seasonal weeks", seasonal(line(200, 0.25, 1.5, 4), 35), 380)
    yield History(
        "growth that slows", [round(200 + 160 * (1 - math.exp(-index / 300))) for index in range(DAYS)], 330
    )
    yield History("growth that quickens", [round(200 + 0.0003 * index * index) for index in range(DAYS)], 380)
    yield History("flat", line(200, 0, 2, 5), 230)
    yield History("flat walk", walk(200, 0, 0.8, 11), 260)
    yield History("shrink", line(300, -0.1, 2, 6), 330)
    yield History("step up, annotated", jumped(line(200, 0.15, 1.5, 7), (250, 60)), 380, jumps=(250,), told=(250,))
    yield History("step up, not told", jumped(line(200, 0.15, 1.5, 8), (250, 60)), 380, jumps=(250,))
    yield History("steps down and up", jumped(line(250, 0.2, 1.5, 9), (180, -70), (420, 50)), 380, jumps=(180, 420))
    yield History("gaps", line(200, 0.25, 1.5, 10), 380, unseen=gaps | scattered)
    yield History("noise", line(200, 0.25, 12, 12), 380)
    yield History("outliers up", line(200, 0.25, 1.5, 13), 380, odd={d: min(v, 379) for d, v in odd.items()})
    yield History("outliers down", line(200, 0.25, 1.5, 14), 380, odd=low)
    yield from demo_histories()


def demo_histories() -> Iterator[History]:
    """Daily values of the demo's licenses at noon and in the evening."""
    end = datetime.combine(FIRST_DAY + timedelta(days=story.LENGTH_DAYS), time(12), UTC)
    first = story.LENGTH_DAYS
    breaks = (first - 190, first - 170, first - 150, first - 140)
    for plan in story.licenses(end):
        if isinstance(plan.total, Units) or plan.by_users is None or isinstance(plan.by_users, int | Units):
            continue
        if plan.listed_from is not None:
            continue
        moments = [datetime.combine(day_of(index), time(18), UTC) for index in range(first + 1)]
        used = [amount_at(plan.by_users, at) + amount_at(plan.by_workspaces or 0, at) for at in moments]
        limit = amount_at(plan.total, end)
        site = f" {plan.site_url}" if plan.site_url else ""
        yield History(f"demo: {plan.name}{site}", used, limit, jumps=breaks, told=(first - 190, first - 140))


def main() -> None:
    table = Table("history", "looks", "refused", *COLUMNS, *(f"{column} (ls)" for column in COLUMNS))
    for history in histories():
        mine, plain, refused = scores(history)
        if mine.misses:
            table.add_row(history.name, str(len(mine.misses)), str(refused), *cells(mine), *cells(plain))
    Console(width=170).print(table)


COLUMNS = ("held", "missed by", "off by", "width", "silent")


def cells(scored: Score) -> tuple[str, ...]:
    return (
        f"{100 * scored.held / len(scored.misses):.0f}%",
        f"{fmean(scored.misses):.1f} d",
        f"{median(scored.off):.0f} d" if scored.off else "–",
        f"{median(scored.widths):.0f} d",
        str(scored.silent),
    )


if __name__ == "__main__":
    main()
