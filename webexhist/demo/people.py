"""The people of the story: where they work, and who of them does not use what is assigned to him.

A department was closed, and its seats stayed. Some people left, and some of them may not log in any more. Among the
seats are those of contractors whose work is done, of devices that nobody owns, of people who hide their presence, who
never began, and who did not accept their invitation yet.
"""

from dataclasses import dataclass
from datetime import datetime

from webexhist.simulator.world.habits import DAY_MS, Habits, lately

DEPARTMENTS = ("Sales", "Service", "Engineering", "Sales", "Logistics", "Service", "Finance", "Sales")
"""Of most people, one after the other."""
CLOSED, CONTRACTORS, DEVICES = "Field Office North", "Contractors", "Shared devices"
CLOSED_DAYS, CONTRACT_DAYS = 130, 75
"""Days before the end of the story on which the office was closed, and the contractors' work was done."""


@dataclass(frozen=True)
class StoryPeople:
    """Gives the habits of a person by his number, at a time within the story."""

    ended_ms: int
    """The end of the story, in milliseconds since 1970."""

    @classmethod
    def until(cls, end: datetime) -> "StoryPeople":
        """Returns the people whose story ends at `end`."""
        return cls(round(end.timestamp() * 1000))

    def __call__(self, number: int, now_ms: int) -> Habits:
        """Returns the habits of a person."""
        if number % 16 == 5:
            return self._until(CLOSED, CLOSED_DAYS, number, now_ms)
        if number % 16 == 10:
            return self._until(CONTRACTORS, CONTRACT_DAYS, number, now_ms)
        if number % 48 == 12:
            return Habits(DEVICES, None, "unknown", None)
        department = "Board" if number < 3 else DEPARTMENTS[number % len(DEPARTMENTS)]
        title = "Manager" if number % 9 == 0 else "Specialist"
        if number % 40 == 19:
            return Habits(department, title, "pending", None, invite_pending=True)
        if number % 23 == 7:
            return Habits(department, title, None, None)
        if number % 32 == 9:
            return self._left(department, title, number, now_ms)
        return Habits(department, title, "active" if number % 3 == 0 else "inactive", lately(number, now_ms))

    def _until(self, department: str, days: int, number: int, now_ms: int) -> Habits:
        """Somebody who was active until so many days before the end."""
        last = min(lately(number, now_ms), self.ended_ms - days * DAY_MS)
        return Habits(department, None, "inactive", last)

    def _left(self, department: str, title: str, number: int, now_ms: int) -> Habits:
        """Somebody who left in the course of the story, one in two of whom may not log in since."""
        left_ms = self.ended_ms - (60 + number % 240) * DAY_MS
        has_left = left_ms < now_ms
        return Habits(
            department,
            title,
            "inactive",
            min(lately(number, now_ms), left_ms),
            login_enabled=not has_left or number % 64 == 9,
        )
