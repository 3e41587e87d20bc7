"""Made-up histories of seat use of many kinds, and windows cut from real head counts, each with the year that came.

Every history is a fixed function of its kind, its seed and its number. The limit is drawn from what was known on the
day that looks ahead, never from what came: a limit that knew the future would spoil every figure on chances.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from kinds import KINDS, day_of

from webexhist.review.forecast import DailyPeak

FUTURE = 365
"""Days after the look that are known."""
YEAR = 390
"""Days of a history of thirteen months."""
HALF_YEAR = 182
YEARS_OF = tuple(
    kind
    for kind in KINDS
    if kind
    not in (
        "linear",
        "jumps",
        "churn",
        "weekdays",
        "weekly polls",
        "irregular polls",
        "cycles, few polls",
        "gaps",
        "outliers",
        "short history",
    )
)
"""Twenty kinds: one of each that is alike, and none that is only polled in another way."""


@dataclass(frozen=True, slots=True)
class Case:
    """A history up to a day, a limit, and what was in use on each of the days that came."""

    kind: str
    peaks: tuple[DailyPeak, ...]
    """Oldest first; the last one is the day that looks ahead."""
    notes: tuple[date, ...]
    limit: int
    future: tuple[int, ...]
    """Units in use 1, 2, ... days later."""

    @property
    def today(self) -> date:
        return self.peaks[-1].day

    @property
    def days_until_reached(self) -> int | None:
        """None where the limit was not reached within the future that is known."""
        return next((index for index, units in enumerate(self.future, 1) if units >= self.limit), None)


def made_up(seed: int, of_each: int) -> Iterator[Case]:
    """So many histories of each kind."""
    for kind in KINDS:
        for number in range(of_each):
            yield made_up_case(kind, Random(f"{seed} {kind} {number}"))


def made_up_years(seed: int, of_each: int) -> Iterator[Case]:
    """Thirteen months of twenty kinds, every day known; of academic years every other time two years."""
    for kind in YEARS_OF:
        for number in range(of_each):
            random = Random(f"years {seed} {kind} {number}")
            past = 2 * YEAR if kind == "academic years" and number % 2 else YEAR
            levels = [max(0, round(level)) for level in KINDS[kind](random, past + FUTURE)]
            notes = [day_of(day) for day in range(1, past) if kind == "jumps, noted" and is_step(levels, day)]
            peaks = tuple(DailyPeak(day_of(day), units) for day, units in enumerate(levels[:past]))
            yield Case(kind, peaks, tuple(notes), limit_by_share(random, levels[past - 1]), tuple(levels[past:]))


def made_up_case(kind: str, random: Random) -> Case:
    """One history: its levels, what polls saw of them, and a limit."""
    past = past_days(kind, random)
    levels = [max(0, round(level)) for level in KINDS[kind](random, past + FUTURE)]
    seen = [None if hidden else level for level, hidden in zip(levels, unseen(kind, random, past), strict=False)]
    if kind == "outliers":
        for _ in range(random.randint(1, 6)):
            seen[random.randrange(past - 1)] = round(levels[0] * random.choice((0, 0.2, 2, 4)))
    notes = [day_of(day) for day in range(1, past) if kind == "jumps, noted" and is_step(levels, day)]
    return Case(
        kind,
        tuple(DailyPeak(day_of(day), units) for day, units in enumerate(seen)),
        tuple(notes),
        limit_above(random, levels[:past]),
        tuple(levels[past:]),
    )


def past_days(kind: str, random: Random) -> int:
    if kind == "short history":
        return random.randint(3, 60)
    if kind == "academic years":
        return random.randint(380, 800)
    return random.choice((random.randint(60, 200), random.randint(200, 400), random.randint(360, 500)))


def unseen(kind: str, random: Random, past: int) -> list[bool]:
    """Which days no poll knew; the last day is known, save in gaps."""
    hidden = [False] * past
    if kind == "weekly polls":
        hidden = [(past - 1 - day) % 7 != 0 for day in range(past)]
    if kind == "cycles, few polls":
        every = random.choice((3, 7, 7, 14, None))
        share = random.uniform(0.4, 0.95)
        hidden = [
            (random.random() < share if every is None else (past - 1 - day) % every != 0) and day < past - 1
            for day in range(past)
        ]
    if kind == "irregular polls":
        share = random.uniform(0.6, 0.95)
        hidden = [random.random() < share and day < past - 1 for day in range(past)]
    if kind == "gaps":
        for _ in range(random.randint(1, 4)):
            start, length = random.randrange(past), random.randint(5, 60)
            hidden = [here or start <= day < start + length for day, here in enumerate(hidden)]
        last_seen = past - random.choice((1, 1, 1, 20))
        hidden = [here and day != last_seen for day, here in enumerate(hidden)]
    return hidden


def is_step(levels: Sequence[int], day: int) -> bool:
    return levels[day] - levels[day - 1] > 0.04 * levels[0]


def limit_above(random: Random, past: Sequence[int]) -> int:
    """Above the last day's level: by a share of it, by what past months brought, or by a few units."""
    now = past[-1]
    way = random.random()
    if way < 0.5:
        room = now * math.exp(random.uniform(math.log(0.01), math.log(0.4)))
    elif way < 0.85:
        back = random.randint(30, 200)
        change = now - past[max(0, len(past) - 1 - back)]
        room = abs(change) * random.uniform(0.1, 1.2)
    else:
        room = max(past[-60:]) - now + random.uniform(1, 0.05 * now + 2)
    return now + max(1, round(room))


def limit_by_share(random: Random, now: int) -> int:
    """From a hundredth to six tenths above the last day's level, every ratio as likely as another."""
    return now + max(1, round(now * math.exp(random.uniform(math.log(0.01), math.log(0.6)))))


def real_years(path: Path, seed: int) -> Iterator[Case]:
    """Thirteen months of each real head count, anew every half year."""
    for name, series in sorted(json.loads(path.read_text()).items()):
        values, first = series["values"], date.fromisoformat(series["first"])
        random = Random(f"years {seed} {name}")
        for end in range(YEAR + random.randrange(HALF_YEAR), len(values) - FUTURE, HALF_YEAR):
            past = values[end - YEAR : end]
            peaks = tuple(
                DailyPeak(first + timedelta(days=end - YEAR + day), units) for day, units in enumerate(past)
            )
            yield Case(name, peaks, (), limit_by_share(random, past[-1]), tuple(values[end : end + FUTURE]))


def real_windows(path: Path, seed: int, back: int = 400, every: int = 110) -> Iterator[Case]:
    """Windows of real head counts with a year that came, each with two limits."""
    for name, series in sorted(json.loads(path.read_text()).items()):
        values, first = series["values"], date.fromisoformat(series["first"])
        random = Random(f"{seed} {name}")
        for end in range(120 + random.randrange(every), len(values) - FUTURE, every):
            start = max(0, end - random.choice((back, back, 2 * back, 180)))
            past = values[start:end]
            if past[-1] < 3:
                continue
            peaks = tuple(DailyPeak(first + timedelta(days=start + day), units) for day, units in enumerate(past))
            for _ in range(2):
                yield Case(name, peaks, (), limit_above(random, past), tuple(values[end : end + FUTURE]))
