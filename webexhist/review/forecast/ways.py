"""How a history may go on: all its ways, each with its weight."""

import math
from collections.abc import Sequence
from datetime import date, timedelta

from webexhist.review.forecast.counted import counted
from webexhist.review.forecast.cycles import cycle_of
from webexhist.review.forecast.diffusion import diffusion_of
from webexhist.review.forecast.folds import folded
from webexhist.review.forecast.jumps import moves_of
from webexhist.review.forecast.mixture import Mixture
from webexhist.review.forecast.paces import paces_of
from webexhist.review.forecast.repetition import Path, path
from webexhist.review.forecast.runs import FRESH_DAYS, rested, run_of
from webexhist.review.forecast.seasons import last_year
from webexhist.review.forecast.weeks import Weeks

EVENTS = 1.0
"""Weeks with a change that are added to those seen ..."""
EVENT_WEEKS = 1.5
"""... and weeks that are added to those known, before it is worked out how often anything changes."""
ROW = 1
"""n weeks in a row with a change are more than chance to (n - this) / (n + this)."""
SMALL_UNITS = 0.08
"""What any way that repeats itself goes astray: so many units a week, as a deviation, ..."""
SMALL_LEVEL = 0.01
"""... and so large a share of the level a year."""
UNDONE = 0.08
"""How far it is believed that a far move of the last day is taken back the day after."""
MOSTLY = 0.8
"""Cycles of a history of which more days than this share are known are looked for day by day."""
NEW = 98
"""Days, the last ones of a history, that may have a rhythm which those before did not have ..."""
NEW_FEWEST = 4.5
"""... if so many cycles are among them ..."""
ENOUGH = 0.5
"""... and that of the whole history is not believed so far."""
CYCLE_NOISE = 0.02
"""Units squared that no cycle is surer than: what whole numbers make of it."""


def mixture_of(weeks: Weeks, notes: Sequence[date]) -> Mixture:
    """All ways to go on. What repeats itself is believed first, then what the year says; paces share the rest."""
    moves = moves_of(weeks, notes)
    chance = diffusion_of(moves, weeks.now)
    small = SMALL_UNITS**2 + (SMALL_LEVEL * weeks.now) ** 2 / 52
    cycle = cycle_that_goes_on(weeks, small)
    year = last_year(weeks.days, chance.steady, weeks.noise**2, small)
    paces = paces_of(moves.paced, weeks, chance.steady)
    bend = paces.bend
    rest = 1.0
    last_day = weeks.today - timedelta(days=weeks.silent_days)
    undone = path(UNDONE, [weeks.undone], 0.0, 0.0, small) if weeks.undone and last_day not in notes else None
    if undone:
        rest -= undone.weight
    if cycle:
        cycle = cycle._replace(weight=rest * cycle.weight)
        rest -= cycle.weight
    if year:
        year = year._replace(weight=rest * year.weight)
        rest -= year.weight
    still = rest * (rested(weeks.days) if weeks.is_daily else 0.0)
    resting = path(still, [0.0], 0.0, 0.0, small) if still else None
    rest -= still
    if bend:
        bend = bend._replace(weight=rest * bend.weight)
        rest -= bend.weight
    return Mixture(
        paces=paces.straight,
        straight=rest,
        ways=tuple(way for way in (undone, cycle, year, resting, bend) if way),
        diffusion=chance.steady,
        events=event_rate(weeks),
        step_rate=chance.step_rate,
        step_square=chance.step_square,
        step_mean=chance.step_mean,
        counted=counted(weeks.levels, paces.lasting),
        cycle=cycle,
        year=year,
    )


def cycle_that_goes_on(weeks: Weeks, small: float) -> Path | None:
    """The cycle of a whole history, or one that began lately where that is believed more; None without any."""
    if len(weeks.known) > MOSTLY * len(weeks.days):
        floor = weeks.noise**2 + CYCLE_NOISE
        always = cycle_of(weeks.days, weeks.now, floor, small)
        if is_enough(always) or len(weeks.days) <= NEW:
            return always
        newly = cycle_of(weeks.days[-NEW:], weeks.now, floor, small, NEW_FEWEST)
    else:
        always = folded(weeks.known, weeks.now, CYCLE_NOISE, small)
        lately = {back: units for back, units in weeks.known.items() if back < NEW}
        if is_enough(always) or len(lately) == len(weeks.known):
            return always
        newly = folded(lately, weeks.now, CYCLE_NOISE, small, NEW_FEWEST)
    return newly if newly and (always is None or newly.weight > always.weight) else always


def is_enough(cycle: Path | None) -> bool:
    """Whether a cycle is believed so far that no newer one is looked for."""
    return cycle is not None and cycle.weight > ENOUGH


def event_rate(weeks: Weeks) -> float:
    """How often anything changes, a week: as in all weeks, or as in a row of weeks, or of days, that goes on."""
    changed = [change != 0 for change, _ in weeks.changes]
    share = (sum(changed) + EVENTS) / (len(changed) + EVENT_WEEKS)
    row = next((count for count, moved in enumerate(reversed(changed)) if not moved), len(changed))
    if weeks.is_daily and run_of(weeks.days).fresh:
        row = max(row, FRESH_DAYS)
    return -math.log1p(-min(0.95, max(share, (row - ROW) / (row + ROW))))
