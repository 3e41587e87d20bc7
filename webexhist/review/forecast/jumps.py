"""Steps in a history: what is too large for how it moves otherwise, or was noted as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from webexhist.review.forecast.weeks import Weeks

DEVIATIONS = 12 * 1.4826
"""A change beyond so many median absolute deviations of the weekly changes is a step ..."""
SHARE = 0.045
"""... if it is at least this share of the level ..."""
UNITS = 2.5
"""... and so many units: small teams move by ones."""
NEIGHBORS = 2
"""A step stands out from so many weeks before and after it, too."""
FEW = 50.0
"""n steps count as the pace to n^3 / (n^3 + this): one hardly, four to a half, nine nearly whole."""
SUDDEN = 0.6
"""A step is sudden: so large a share of what its two weeks moved came ..."""
SUDDEN_DAYS = 3
"""... within so many days. What comes day by day is a pace."""
NOTED = 0.5
"""A noted step says less of the time to come: somebody knew why it happened."""
BESIDE = 0.5
"""A note is about the week of its step: one beside it that moved by a smaller share of that keeps its pace."""
ONE_WAY = 1.5
"""Steps that went no way are added before it is said which way they go."""
USUAL = 0.2
"""Steps that are added to those seen ..."""
USUAL_WEEKS = 20.0
"""... and weeks that are added to those known, before a rate is worked out."""


@dataclass(frozen=True, slots=True)
class Moves:
    """The changes from week to week, steps and steady ones apart. Lists are oldest first and of one length."""

    paced: list[float]
    """Units each week that make the pace: steady changes, and steps as far as they recur."""
    widths: list[int]
    """Over how many weeks the change was spread: 1, or more in a gap."""
    step_rate: float
    """Steps a week that do not recur; 0 where there was none."""
    step_square: float
    """The mean of their squares."""
    step_mean: float
    """Their mean, units, as far as it is known which way they go."""


def moves_of(weeks: Weeks, notes: Sequence[date]) -> Moves:
    """Sorts the changes of a history."""
    rates = [change / width for change, width in weeks.changes]
    ordinary = median(rates) if rates else 0.0
    spread = median(abs(rate - ordinary) for rate in rates) if rates else 0.0
    least = max(DEVIATIONS * spread, SHARE * abs(weeks.levels[-1]), UNITS)
    noted = {(weeks.today - note).days // 7 for note in notes if note <= weeks.today}
    steps: list[float] = []
    counts: list[float] = []
    back = len(weeks.levels) - 1
    for index, (change, width) in enumerate(weeks.changes):
        back -= width
        step = change - ordinary * width
        is_noted = bool(noted) and any(week in noted for week in range(back, back + width + 1))
        is_noted = is_noted and abs(step) > max(spread, BESIDE * beside(rates, index))
        lone = abs(step) > least and abs(rates[index] - near_rate(rates, index)) * width > least
        lone = lone and is_sudden(weeks, back, back + width)
        steps.append(step if is_noted or lone else 0.0)
        counts.append((NOTED if is_noted else 1.0) if steps[-1] else 0.0)
    count = sum(step != 0 for step in steps)
    share = count**3 / (count**3 + FEW)
    paced, widths = [], []
    for (change, width), step in zip(weeks.changes, steps, strict=True):
        paced += [(change - step * (1 - share)) / width] * width
        widths += [width] * width
    seen = sum(counts) * (1 - share)
    total = sum(step * counted for step, counted in zip(steps, counts, strict=True)) * (1 - share)
    squares = sum(step * step * counted for step, counted in zip(steps, counts, strict=True)) * (1 - share)
    lately = weeks.now - weeks.levels[-1]
    if abs(lately) > least:
        # A step of the last days, which the week's median does not show yet.
        counted = NOTED if 0 in noted else 1.0
        seen, squares, total = seen + counted, squares + counted * lately * lately, total + counted * lately
    if not seen:
        return Moves(paced, widths, 0.0, 0.0, 0.0)
    return Moves(paced, widths, (seen + USUAL) / (len(paced) + USUAL_WEEKS), squares / seen, total / (seen + ONE_WAY))


def is_sudden(weeks: Weeks, newer: int, older: int) -> bool:
    """Whether most of what changed from one week to another, both counted back, came within `SUDDEN_DAYS`."""
    if not weeks.is_daily:
        return True
    end = len(weeks.days) + weeks.silent_days % 7 - 7 * newer
    days = weeks.days[max(0, end - 7 * (older - newer + 1)) : end]
    if len(days) <= SUDDEN_DAYS:
        return True
    moved = max(abs(later - earlier) for earlier, later in zip(days, days[SUDDEN_DAYS:], strict=False))
    return moved >= SUDDEN * (max(days) - min(days))


def beside(rates: Sequence[float], index: int) -> float:
    """The most that the weeks before and after a change moved."""
    return max(map(abs, [*rates[max(0, index - 1) : index], *rates[index + 1 : index + 2]]), default=0.0)


def near_rate(rates: Sequence[float], index: int) -> float:
    """The usual change of the weeks around one: what its neighbors do too is a pace that began, and no step."""
    return median(rates[max(0, index - NEIGHBORS) : index + NEIGHBORS + 1])
