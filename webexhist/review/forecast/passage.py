"""How likely something that wanders has already been as far as a given distance."""

import math
from math import erfc, exp

ROOT_HALF = math.sqrt(0.5)
ROOT_TWO_PI = math.sqrt(2 * math.pi)
LARGEST = 40.0
"""exp() of more is left to the tail's own formula: it would grow beyond what a float holds."""


def reached(distance: float, drift: float, spread: float) -> float:
    """The chance that a drifting Brownian motion has been at `distance` > 0 by now, 0 to 1.

    `drift` is how far it would have come without chance, `spread` the deviation of where it is, all in units. The
    reflection principle with drift: D. R. Cox, H. D. Miller, "The Theory of Stochastic Processes" (1965), 5.7.
    """
    if spread <= 0.0:
        return 1.0 if drift >= distance else 0.0
    there = 0.5 * erfc((distance - drift) / spread * ROOT_HALF)
    exponent = 2.0 * distance * drift / spread / spread
    if exponent < -LARGEST:
        return there
    if exponent < LARGEST:
        returned = 0.5 * exp(exponent) * erfc((distance + drift) / spread * ROOT_HALF)
    else:
        returned = tail_returned(distance, drift, spread)
    return min(1.0, there + returned)


def tail_returned(distance: float, drift: float, spread: float) -> float:
    """Those who were there and are below again, by the asymptote of the normal distribution's tail."""
    gap, score = (distance - drift) / spread, (distance + drift) / spread
    return exp(-0.5 * gap * gap) / (score * ROOT_TWO_PI) * (1 - 1 / (score * score + 3))
