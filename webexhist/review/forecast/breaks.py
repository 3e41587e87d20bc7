"""Finds the last day on which a series jumped instead of going on as before."""

from collections.abc import Sequence
from statistics import fmean, median

WEEK = 7
"""So many known days before a day are compared with as many from it on: a week, so that weekdays weigh the same."""
UNUSUAL = 8.0
"""A jump is so many times as large as such changes usually are (median absolute deviation)."""
LEAST_SHARE = 0.04
"""A jump is at least this share of the level."""
LEAST_UNITS = 3.0


def last_break(days: Sequence[int], levels: Sequence[float]) -> int:
    """The index from which on the series goes on without a jump; 0 where there is none.

    A jump is a change of the weekly median that stands out of the usual changes and of what growth explains.
    """
    joints = range(WEEK, len(levels) - WEEK + 1)
    changes = [median(levels[joint : joint + WEEK]) - median(levels[joint - WEEK : joint]) for joint in joints]
    spans = [fmean(days[joint : joint + WEEK]) - fmean(days[joint - WEEK : joint]) for joint in joints]
    if not changes:
        return 0
    pace = median(change / span for change, span in zip(changes, spans, strict=True))
    jumps = [change - pace * span for change, span in zip(changes, spans, strict=True)]
    spread = median(abs(jump) for jump in jumps)
    least = max(LEAST_UNITS, LEAST_SHARE * median(levels), UNUSUAL * spread)
    return max((joint for joint, jump in zip(joints, jumps, strict=True) if abs(jump) > least), default=0)
