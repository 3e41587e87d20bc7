"""How far a history wanders by chance, as a variance a week: as it did lately, and beyond that in episodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from webexhist.review.forecast.jumps import Moves

CHURN = 0.025
"""Share of the level that a year moves where nothing is known of it, as a deviation."""
PRIOR_WEEKS = 2.0
"""The weight of that, in weeks."""
UNITS = 0.15
"""Units a week, as a deviation, that anything moves: a history never says that nothing can happen."""
HALF = 7.0
"""Weeks after which a week counts half in what is said of lately."""
CHANCE = 0.6
"""The share of that which is chance: the rest are paces that change, which know their own uncertainty."""
LEAST = 0.006
"""Units squared a week that even the quietest history moves."""
EPISODES = 0.6
"""Episodes that a history whose unrest is over is said to have had ..."""
USUAL_WEEKS = 13.0
"""... within its weeks and so many more."""
MUCH = 0.6
"""Unrest beyond lately's is an episode if it is more than this share of it."""

UNSEEN = 0.12
"""Steps that nobody has seen yet are added to those seen ..."""
UNSEEN_SHARE = 0.3
"""... of so large a share of the level, as a deviation."""


@dataclass(frozen=True, slots=True)
class Diffusion:
    """What chance does to a history."""

    steady: float
    """Units squared a week."""
    step_rate: float
    """Steps and episodes a week; 0 where there are none."""
    step_square: float
    """Units squared of each."""
    step_mean: float
    """Units of each."""


def diffusion_of(moves: Moves, level: float) -> Diffusion:
    """What the history did, and that more may come than it ever saw."""
    seen = diffusion_seen(moves, level)
    rate = UNSEEN / (len(moves.paced) + USUAL_WEEKS)
    total = seen.step_rate + rate
    return Diffusion(
        seen.steady,
        total,
        (seen.step_rate * seen.step_square + rate * (UNSEEN_SHARE * level) ** 2) / total,
        seen.step_rate * seen.step_mean / total,
    )


def diffusion_seen(moves: Moves, level: float) -> Diffusion:
    """Lately's unrest, steps, and what the whole history was more restless than lately."""
    prior = (CHURN * abs(level)) ** 2 / 52 + UNITS**2
    changes = moves.paced
    count = sum(width == 1 for width in moves.widths)
    if not count:
        return Diffusion(prior, moves.step_rate, moves.step_square, moves.step_mean)
    fade = 0.5 ** (1 / HALF)
    whole = weighed_variance(changes, moves.widths, 1.0, prior)
    lately = weighed_variance(changes, moves.widths, fade, prior)
    steady, excess = CHANCE * lately + LEAST, whole - lately
    if excess <= MUCH * steady:
        return Diffusion(steady + max(0.0, excess) / 2, moves.step_rate, moves.step_square, moves.step_mean)
    rate = max(moves.step_rate, EPISODES / (len(changes) + USUAL_WEEKS))
    ours = moves.step_rate / rate
    return Diffusion(steady, rate, ours * moves.step_square + excess / rate, ours * moves.step_mean)


def weighed_variance(changes: Sequence[float], widths: Sequence[int], fade: float, prior: float) -> float:
    """The variance a week where each week counts `fade` of the next, with what is usual, and with how sums vary."""
    total = mean = 0.0
    weight = 1.0
    weights = []
    for change, width in zip(reversed(changes), reversed(widths), strict=True):
        weights.append(weight if width == 1 else 0.0)
        mean += weights[-1] * change
        total += weights[-1]
        weight *= fade
    if not total:
        return prior
    mean /= total
    squares = sum(weight * (change - mean) ** 2 for weight, change in zip(weights, reversed(changes), strict=True))
    ratio = ratio_of_sums(changes, mean, fade)
    return (squares * ratio + PRIOR_WEEKS * prior) / (total + PRIOR_WEEKS)


def ratio_of_sums(changes: Sequence[float], mean: float, fade: float, length: int = 4) -> float:
    """How much sums of four weeks vary beyond what four weeks independent of each other would."""
    count = len(changes)
    if count < 3 * length:
        return 1.0
    sums = list(accumulate((change - mean for change in changes), initial=0.0))
    long = short = 0.0
    weight = 1.0
    for index in range(count, length - 1, -1):
        long += weight * (sums[index] - sums[index - length]) ** 2
        short += weight * (sums[index] - sums[index - 1]) ** 2
        weight *= fade
    return min(4.0, max(0.25, long / length / short)) if short > 1e-12 else 1.0
