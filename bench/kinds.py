"""The kinds of made-up histories: what is truly in use on each day of a year and more, as a function of a Random."""

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

Levels = Callable[[Random, int], list[float]]
"""Units of so many days, oldest first."""
FIRST_DAY = date(2024, 1, 1)


def day_of(index: int) -> date:
    return FIRST_DAY + timedelta(days=index)


def steady(random: Random, days: int) -> list[float]:
    """A level that little happens to."""
    level, noise = random.uniform(20, 2000), random.uniform(0, 0.012)
    return wandering(random, days, level, 0, level * noise)


def linear(random: Random, days: int) -> list[float]:
    """A line with noise from day to day."""
    level, growth = random.uniform(50, 2000), random.uniform(0.05, 0.8)
    noise = random.uniform(0, 0.01)
    return [level * (1 + growth * day / 365 + random.gauss(0, noise)) for day in range(days)]


def joiners(random: Random, days: int) -> list[float]:
    """Joiners and leavers on working days, more of the ones."""
    level = random.uniform(50, 2000)
    return wandering(
        random, days, level, level * random.uniform(0.05, 0.6) / 365, level * random.uniform(0.0005, 0.003)
    )


def quiet_team(random: Random, days: int) -> list[float]:
    """A few people; somebody comes or goes every few weeks."""
    level, often, up = random.randint(3, 40), random.uniform(0.005, 0.06), random.uniform(0.4, 0.8)
    levels = []
    for _ in range(days):
        if random.random() < often:
            level = max(0, level + (1 if random.random() < up else -1))
        levels.append(float(level))
    return levels


def stairs(random: Random, days: int) -> list[float]:
    """The same number of seats every so many days."""
    level, every, size = random.uniform(50, 500), random.randint(5, 60), random.choice((1, 1, 2, 5))
    return [level + size * ((day + 3) // every) for day in range(days)]


def jumps(random: Random, days: int) -> list[float]:
    """Growth with a few big steps at any time."""
    levels = joiners(random, days)
    for _ in range(random.randint(1, 3)):
        start, size = random.randrange(days), levels[0] * random.uniform(0.05, 0.5)
        levels = [level + size * (day >= start) for day, level in enumerate(levels)]
    return levels


def batches(random: Random, days: int) -> list[float]:
    """A batch of seats on a fixed rhythm: every one, two or four weeks."""
    level, every, size = random.uniform(50, 500), random.choice((7, 14, 14, 28)), random.uniform(3, 30)
    return [level + size * (day // every) + random.gauss(0, 0.3) for day in range(days)]


def clean_ups(random: Random, days: int) -> list[float]:
    """Every month the same: rises, then a clean-up."""
    if random.random() < 0.5:
        return sawtooth(random, days, [(day_of(day).day - 1) / 31 for day in range(days)])
    return sawtooth(random, days, phases(random, days, random.randint(27, 32)))


def quarterly(random: Random, days: int) -> list[float]:
    """Every quarter the same."""
    if random.random() < 0.3:
        return sawtooth(
            random, days, [((day_of(day).month - 1) % 3 * 31 + day_of(day).day - 1) / 93 for day in range(days)]
        )
    return sawtooth(random, days, phases(random, days, random.randint(85, 95)))


def phases(random: Random, days: int, period: int) -> list[float]:
    """How far each day is through its cycle, 0 to 1."""
    start = random.randrange(period)
    return [(day + start) % period / period for day in range(days)]


def cycles(random: Random, days: int) -> list[float]:
    """Every month, or every quarter, the same."""
    return clean_ups(random, days) if random.random() < 0.7 else quarterly(random, days)


def sawtooth(random: Random, days: int, through: Sequence[float]) -> list[float]:
    level, height = random.uniform(40, 600), random.uniform(0.1, 0.6)
    trend, noise = random.choice((0, 0, 0.1, 0.25)), random.uniform(0, 0.01)
    return [level * (1 + height * through[day] + trend * day / 365 + random.gauss(0, noise)) for day in range(days)]


def academic(random: Random, days: int) -> list[float]:
    """Low in summer, rising in September, high in term; a little more every year."""
    low, high = random.uniform(100, 600), random.uniform(1.5, 3)
    growth, noise, start = random.uniform(0, 0.1), random.uniform(0, 0.005), random.randrange(365)
    levels = []
    for day in range(days):
        of_year = (day + start) % 365
        share = (
            min(1.0, max(0.0, (of_year - 243) / 30))
            if of_year > 181
            else min(1.0, max(0.0, 1 - (of_year - 160) / 21))
        )
        levels.append(low * (1 + (high - 1) * share) * (1 + growth * day / 365 + random.gauss(0, noise)))
    return levels


def seasonal(random: Random, days: int) -> list[float]:
    """A wave a year on a slow growth."""
    level, height, start = random.uniform(50, 1000), random.uniform(0.05, 0.25), random.uniform(0, 365)
    growth, noise = random.uniform(0, 0.2), random.uniform(0, 0.005)
    return [
        level
        * (1 + height * math.sin(2 * math.pi * (day + start) / 365) + growth * day / 365 + random.gauss(0, noise))
        for day in range(days)
    ]


def bursty(random: Random, days: int) -> list[float]:
    """Teams that come at any time, of any size."""
    level, often = random.uniform(50, 800), random.uniform(0.02, 0.1)
    size, leave = level * random.uniform(0.005, 0.03), random.uniform(0, 0.4)
    levels = []
    for _ in range(days):
        if random.random() < often:
            level += random.expovariate(1 / size) * (-1 if random.random() < leave else 1)
        levels.append(level)
    return levels


def accelerating(random: Random, days: int) -> list[float]:
    """Growth that quickens."""
    level, noise = random.uniform(40, 500), random.uniform(0, 0.006)
    if random.random() < 0.5:
        rate = random.uniform(0.3, 1.2)
        return [level * (math.exp(rate * day / 365) + random.gauss(0, noise)) for day in range(days)]
    bend = random.uniform(0.2, 1)
    return [level * (1 + bend * (day / 365) ** 2 + random.gauss(0, noise)) for day in range(days)]


def decelerating(random: Random, days: int) -> list[float]:
    """Growth that comes to rest."""
    level, height, over = random.uniform(40, 800), random.uniform(0.3, 1.5), random.uniform(80, 400)
    noise = random.uniform(0, 0.006)
    return [level * (1 + height * (1 - math.exp(-day / over)) + random.gauss(0, noise)) for day in range(days)]


def decline(random: Random, days: int) -> list[float]:
    """Shrinks; now and then it turns."""
    level, rate = random.uniform(100, 1000), -random.uniform(0.05, 0.4) / 365
    turn = random.randrange(days) if random.random() < 0.3 else days
    before = wandering(random, days, level, level * rate, level * 0.0015)
    after = wandering(random, days, 0, -level * rate, level * 0.0015)
    return [units if day < turn else before[turn] + after[day - turn] for day, units in enumerate(before)]


def level_shifts(random: Random, days: int) -> list[float]:
    """Departments come and go at any time."""
    level, often, size = random.uniform(50, 1000), random.uniform(0.003, 0.01), random.uniform(0.03, 0.15)
    noise = level * random.uniform(0, 0.004)
    levels = []
    for _ in range(days):
        if random.random() < often:
            level = max(5, level * (1 + random.gauss(0.2 * size, size)))
        levels.append(level + random.gauss(0, noise))
    return levels


def random_walk(random: Random, days: int) -> list[float]:
    """No pace at all, only chance."""
    level = random.uniform(50, 1000)
    return wandering(random, days, level, 0, level * random.uniform(0.001, 0.008))


def changing_pace(random: Random, days: int) -> list[float]:
    """A pace that wanders itself."""
    level = random.uniform(50, 1000)
    pace, change, fade = level * random.gauss(0.1, 0.2) / 365, level * random.uniform(0.02, 0.06) / 365, 0.99
    levels = []
    for _ in range(days):
        pace = pace * fade + random.gauss(0, change) + level * 0.001 / 365
        level = max(3, level + pace)
        levels.append(level)
    return levels


def churn(random: Random, days: int) -> list[float]:
    """Comes back to a level that it wanders around."""
    home, pull = random.uniform(50, 1000), 1 / random.uniform(10, 80)
    noise, growth = home * random.uniform(0.002, 0.01), random.choice((0, 0, 0.1, 0.3))
    off, levels = 0.0, []
    for day in range(days):
        off += -pull * off + random.gauss(0, noise)
        levels.append(home * (1 + growth * day / 365) + off)
    return levels


def weekdays(random: Random, days: int) -> list[float]:
    """Fewer on weekends."""
    share, levels = random.uniform(0.5, 0.95), joiners(random, days)
    return [level * (share if day % 7 >= 5 else 1) for day, level in enumerate(levels)]


def migration(random: Random, days: int) -> list[float]:
    """Moves over within some weeks, at any time, then goes on slowly."""
    low, gain = random.uniform(20, 300), random.uniform(0.5, 3)
    middle, width = random.uniform(0.2, 0.9) * days, random.uniform(5, 35)
    slow = wandering(random, days, 0, low * random.uniform(0, 0.3) / 365, low * 0.001)
    return [
        low * (1 + gain / (1 + math.exp(max(-60.0, min(60.0, (middle - day) / width))))) + slow[day]
        for day in range(days)
    ]


def hiring_freeze(random: Random, days: int) -> list[float]:
    """Growth that stops and starts again."""
    level = random.uniform(50, 1000)
    pace, growing = level * random.uniform(0.1, 0.7) / 365, True
    levels = []
    for _ in range(days):
        if random.random() < 1 / 150:
            growing = not growing
        level += random.gauss(pace if growing else 0, level * 0.0008)
        levels.append(level)
    return levels


def holiday_dips(random: Random, days: int) -> list[float]:
    """Dips for two or three weeks twice a year, and comes back."""
    levels, depth, start = joiners(random, days), random.uniform(0.03, 0.2), random.randrange(365)
    off = [0 <= (day + start) % 365 - 205 < 24 or (day + start) % 365 >= 352 for day in range(days)]
    return [level * (1 - depth * away) for level, away in zip(levels, off, strict=True)]


def wandering(random: Random, days: int, level: float, pace: float, noise: float) -> list[float]:
    """Every working day a few; weekends keep Friday's level."""
    levels = []
    for day in range(days):
        if day % 7 < 5:
            level += random.gauss(pace * 7 / 5, noise)
        levels.append(level)
    return levels


KINDS: dict[str, Levels] = {
    "steady": steady,
    "linear": linear,
    "joiners and leavers": joiners,
    "quiet team": quiet_team,
    "stairs": stairs,
    "jumps": jumps,
    "jumps, noted": jumps,
    "batches": batches,
    "monthly clean-ups": clean_ups,
    "quarterly cycles": quarterly,
    "academic years": academic,
    "seasonal": seasonal,
    "bursty": bursty,
    "accelerating": accelerating,
    "decelerating": decelerating,
    "decline": decline,
    "level shifts": level_shifts,
    "random walk": random_walk,
    "changing pace": changing_pace,
    "churn": churn,
    "weekdays": weekdays,
    "after a migration": migration,
    "hiring freeze": hiring_freeze,
    "holiday dips": holiday_dips,
    "weekly polls": joiners,
    "irregular polls": joiners,
    "cycles, few polls": cycles,
    "gaps": joiners,
    "outliers": joiners,
    "short history": joiners,
}
