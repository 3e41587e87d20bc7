"""How fast a service could be asked, as one poll leaves it to the next."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownRate:
    """How fast an endpoint, or all of them together, could be asked."""

    begin: float
    """Requests a second that a poll begins with."""
    limit: float
    """The rate at which it asked to wait, the last time that it did."""
    wait: float
    """For how many seconds it asked then."""

    @property
    def is_possible(self) -> bool:
        """Whether they are numbers that a poll can go by."""
        return all(math.isfinite(number) and number > 0 for number in (self.begin, self.limit, self.wait))
