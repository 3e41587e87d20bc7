"""What the list of people says of a person beside the name: where he works, and when he was last active."""

from collections.abc import Callable
from dataclasses import dataclass

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True)
class Habits:
    """What the list of people says of one person at one time."""

    department: str | None
    title: str | None
    status: str | None
    """The presence; None if it is hidden."""
    last_activity_ms: int | None
    """When he was last active; None if it does not say."""
    invite_pending: bool = False
    login_enabled: bool = True


HabitsOf = Callable[[int, int], Habits]
"""Gives the habits of a person by his number, at a time in milliseconds since 1970."""


def usual_habits(number: int, now_ms: int) -> Habits:
    """One in ten was not active for one to seven months; one in twenty did not accept the invitation yet."""
    is_pending, lacks_details = number % 20 == 19, number % 10 == 9
    return Habits(
        department=None if lacks_details else f"Department {number % 7:02d}",
        title=None if lacks_details else "Manager" if number % 7 == 0 else "Specialist",
        status="pending" if is_pending else ("active" if number % 3 == 0 else "inactive"),
        last_activity_ms=None if is_pending else _usual_activity(number, now_ms),
        invite_pending=is_pending,
        login_enabled=number % 50 != 18,
    )


def _usual_activity(number: int, now_ms: int) -> int:
    """Returns when a person was active: within three days; one in ten was not for one to seven months."""
    if number % 10 == 7:
        return hour_of(now_ms) - (30 + number % 180) * DAY_MS
    return lately(number, now_ms)


def lately(number: int, now_ms: int) -> int:
    """Returns a full hour within the three days before `now_ms`."""
    return hour_of(now_ms) - number * 37 % 72 * HOUR_MS


def hour_of(now_ms: int) -> int:
    """Returns when the hour of a time began; both are milliseconds since 1970."""
    return now_ms // HOUR_MS * HOUR_MS
