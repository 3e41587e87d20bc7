"""How fast a service could be asked, as one poll leaves it to the next."""

import math
from dataclasses import dataclass

HELD_AT_FIRST = 7200.0
"""Seconds for which a limit is believed in after a poll met it; twice as long with each further one ..."""
HELD_AT_MOST = 86_400.0
"""... and then it is forgotten: what is not limited any more is asked as fast as ever."""
DOUBLINGS = 10
"""So often at most; the numbers stay small."""


@dataclass(frozen=True, slots=True)
class KnownRate:
    """How fast an endpoint, or all of them together, could be asked."""

    begin: float
    """Requests that a poll may begin with in so many `seconds`, and never more of them in one second."""
    limit: float
    """The number at which it asked to wait, the last time that it did."""
    wait: float
    """For how many seconds it asked then."""
    seconds: float = 1.0
    """Over how long they are counted, at least 1."""
    calls: float = 0.0
    """How many requests were answered until it asked to wait, since the last wait was over ..."""
    within: float = 1.0
    """... and in how many seconds, at least 1: the fewest, where the number was the same several times."""
    raises: float = 0.0
    """How often more than the limit was shown to be answered since, one time after the other."""
    beyond: float = 0.0
    """How many requests were answered beyond it since."""
    polls: float = 1.0
    """How many polls were asked to wait since it is known."""
    refused_at: float = 0.0
    """When it last asked to wait, in seconds since 1970."""
    opens_at: float = 0.0
    """Until when it asked to wait, in seconds since 1970."""

    @property
    def is_possible(self) -> bool:
        """Whether they are numbers that a poll can go by."""
        above_zero = (self.begin, self.limit, self.wait)
        at_least_one = (self.seconds, self.within, self.polls)
        at_least_zero = (self.calls, self.raises, self.beyond, self.refused_at, self.opens_at)
        is_finite = all(map(math.isfinite, (*above_zero, *at_least_one, *at_least_zero)))
        return is_finite and min(above_zero) > 0 and min(at_least_one) >= 1 and min(at_least_zero) >= 0

    def is_held(self, moment: float) -> bool:
        """Whether it is believed in at that moment, in seconds since 1970; nor is what comes from the future."""
        held = min(HELD_AT_MOST, HELD_AT_FIRST * math.pow(2, min(DOUBLINGS, self.polls - 1)))
        return -HELD_AT_FIRST < moment - self.refused_at < held
