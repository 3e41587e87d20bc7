"""Parts of a mixture of normal distributions."""

from typing import NamedTuple


class Normal(NamedTuple):
    """One part of a mixture of normal distributions."""

    weight: float
    mean: float
    deviation: float
