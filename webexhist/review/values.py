"""What was counted over days, and how two counts differ. `None` is unknown."""

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


def difference(later: int | None, earlier: int | None) -> int | None:
    """The change from one count to another; None where either is unknown."""
    return None if later is None or earlier is None else later - earlier
