"""Events so near to one another that no part of them can be counted by itself, and more than a poll can read.

What was read of them is worth nothing to the next poll, which would read the same again. They are passed over, and
what was read stands for all of them, as the least that there were.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from webexhist.metrics import Metric
from webexhist.snapshot import TimeSpan
from webexhist.webex.api.client import WebexClient
from webexhist.webex.collectors.event_lists import OrderedReading

CLEAR = timedelta(seconds=2)
"""How far a window keeps away from them, so that what it asks for beyond its ends does not meet them again."""
ALL_OF_A_POLL = 0.5
"""The share of the budget that a poll has to have spent on them: the next one could not spend much more."""
LEAST_PAGES = 4
"""So many pages have to have come: fewer show a server that is slow, not events that are many."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """What a poll spent its time on without coming to an end of it."""

    begins: datetime
    ends: datetime
    read: Counter[Metric]
    """How many events of each kind were read; empty where they cannot be distinguished from others."""

    def passed_over(self, opened_at: datetime, end: datetime) -> TimeSpan:
        """What is passed over of a window between these."""
        return TimeSpan(max(opened_at, self.begins - CLEAR), min(end, self.ends + CLEAR))

    def in_words(self, source: str, budget: float) -> str:
        """Says that they were passed over."""
        near = f"within {CLEAR.total_seconds():.0f} s"
        read = self.read.total()
        counted = f"{read:,} are counted, the others {near} are not" if read else f"those {near} are not counted"
        at = f"{self.begins:%Y-%m-%d %H:%M:%S} UTC"
        return f"more {source} lie at {at} than budget_seconds {budget:g} lets a poll read: {counted}"


def crowd_of(reading: OrderedReading) -> Crowd | None:
    """The events that wait at the end of what was read of a list; None where there are none."""
    times = [at for at, _ in reading.waiting]
    if not times:
        return None
    read: Counter[Metric] = Counter()
    for (_, metric), number in reading.waiting.items():
        read[metric] += number
    return Crowd(min(times), max(times), read)


def is_all_of_a_poll(client: WebexClient, began: float, pages: int) -> bool:
    """Whether so much time went by since then, with so many pages, that another poll would get no further."""
    spent = client.time.now() - began
    is_undisturbed = pages >= LEAST_PAGES and not client.was_asked_to_wait
    return is_undisturbed and spent >= ALL_OF_A_POLL * client.budget
