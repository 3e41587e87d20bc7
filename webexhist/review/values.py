"""What was counted over days."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DailyAmount:
    """What was counted from the day after the last counted one up to and including `day`."""

    day: date
    days: int
    """1, or more where days without a count lie before: the amount is theirs too."""
    amount: int
    source: str
    """Who counted: "polls", "events" or "analytics"."""
    passed: float = 1.0
    """How much of the day had passed when it was last counted: the rest is the next amount's."""
