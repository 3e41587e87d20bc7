"""What a poll has counted of a window and not stored yet."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from webexhist.metrics import Metric
from webexhist.snapshot import TimeSpan
from webexhist.webex.collectors.windows import Counted, Unplaced


@dataclass
class InHand:
    """What is counted and not stored yet: it is stored with the poll's snapshot."""

    opened_at: datetime
    counted_until: datetime
    ahead: TimeSpan | None
    found_ahead: TimeSpan | None
    amounts: Counter[Metric] = field(default_factory=Counter)
    unplaced: Unplaced = field(default_factory=Unplaced)

    def add(self, counted: Counted) -> None:
        self.amounts += counted.amounts
        self.unplaced.add(counted.unplaced)

    def join_ahead(self) -> None:
        """Joins the window to what is counted beyond its end, where it has come so far."""
        if self.ahead and self.counted_until >= self.ahead.after:
            self.counted_until = max(self.counted_until, self.ahead.until)
            self.ahead = None
