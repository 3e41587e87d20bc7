"""What the last days did one by one: many alike are no chance, whatever the months before were like."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

RUN_DAYS = 21
"""A run is what these last days did, one by one."""
FEWEST_DAYS = 5
"""Fewer changes from day to day are no run."""
FRESH_DAYS = 6
"""So many days in a row that each moved the same way, but for weekends without a move, are a run of their own ..."""
STEP = 4.0
"""... and none of them was so many times the mean of those after it."""
ROUNDING = 0.02
"""Units squared a day: what whole numbers make of a steady pace, at the least."""

REST_MOVES = 15
"""A rest is compared with those between so many last moves, however long ago they were ..."""
REST_TIMES = 3.0
"""... and is one if it is longer than so many times the longest of them."""
REST_DAYS = 10.0
"""n days without a move are believed to last to n / (n + this)."""


class Run(NamedTuple):
    """The pace of the last days."""

    pace: float
    """Units a week."""
    sure: float
    """How sure day after day makes it: 1 / its variance."""
    fresh: int
    """Its days, where it began within three weeks; else 0."""


NO_RUN = Run(0.0, 0.0, 0)
"""What says nothing."""


def run_of(days: Sequence[float]) -> Run:
    """The run of the last three weeks, from the levels of all days, oldest first.

    A run of fewer days that each moved the same way is looked at alone, and is the surer, the more days it has.
    """
    changes = [later - earlier for earlier, later in pairwise(days[-RUN_DAYS - 1 :])]
    count = len(changes)
    if count < FEWEST_DAYS:
        return NO_RUN
    alike = alike_lately(changes)
    is_fresh = alike < count and sum(change != 0 for change in changes[count - alike :]) >= FRESH_DAYS
    if is_fresh:
        changes, count = changes[-alike:], alike
    mean = sum(changes) / count
    variance = sum((change - mean) ** 2 for change in changes) / count + ROUNDING
    sure = 1 / (49 * variance)
    if is_fresh or count < RUN_DAYS // 2:
        sure *= (count / RUN_DAYS) ** 2
    return Run(7 * mean, sure, count if is_fresh else 0)


def rested(days: Sequence[float]) -> float:
    """How far it is believed that what moved before has come to rest, 0 to 1, from the levels of all days.

    By how much longer it rests than between its last moves; and a rest of a few days may be a holiday.
    """
    moves: list[int] = []
    for back, (newer, older) in enumerate(pairwise(reversed(days)), 1):
        if newer != older:
            moves.append(back)
            if len(moves) > REST_MOVES:
                break
    if len(moves) <= REST_MOVES:
        return 0.0
    still = moves[0] - 1
    longest = max(older - newer for newer, older in pairwise(moves)) - 1
    if still <= REST_TIMES * longest:
        return 0.0
    return (1 - REST_TIMES * longest / still) * still / (still + REST_DAYS)


def is_weekend(days: set[int]) -> bool:
    """Whether days, counted modulo 7, are one or two that follow each other."""
    return len(days) == 1 or (len(days) == 2 and max(days) - min(days) in (1, 6))


def alike_lately(changes: Sequence[float]) -> int:
    """How many last changes went the same way, none of them a step beside those that came after it."""
    moved, days, alike = 0.0, 0, 0
    weekend: set[int] = set()
    for count, change in enumerate(reversed(changes)):
        day = count % 7
        if not change and is_weekend(weekend | {day}):
            weekend.add(day)
            continue
        if change * (moved or change) <= 0 or (days and abs(change) > STEP * abs(moved) / days) or day in weekend:
            break
        moved, days, alike = moved + change, days + 1, count + 1
    return alike
