"""How long others are waited for: processes that write, and servers."""

from collections.abc import Callable

from sqlalchemy import Engine

BUSY_SECONDS = 30
"""How long a statement waits for another process that is writing."""
ANSWER_SECONDS = 8
"""How long a server may say nothing to who comes to it: of ten seconds, as monitors give a check, most of them."""
LEAST_SECONDS = 1.0
"""A statement that waits for nobody may take so long where nothing is left: what was collected is worth it."""
LATE_SECONDS = 3.0
"""So long all of them may take together; then each has to be answered at once."""


def usual_patience() -> float:
    """Seconds that a command waits for another process."""
    return BUSY_SECONDS


def patience_of(engine: Engine) -> float:
    """Seconds that may be waited for others from now on."""
    return float(engine.get_execution_options().get("patience", usual_patience)())


class Waits:
    """How long the statements of an engine may take, all of its connections together."""

    def __init__(self, seconds_left: Callable[[], float]) -> None:
        self.seconds_left = seconds_left
        self.late = 0.0
        """Seconds that were waited when nothing was left any more."""

    def longest(self) -> float:
        """Seconds that the next statement may take."""
        return max(self.seconds_left(), min(LEAST_SECONDS, LATE_SECONDS - self.late), 0.0)

    def nothing_came(self, seconds: float) -> None:
        """Counts that a statement was not answered for so long; a process that is starved finds its answer there."""
        if not self.seconds_left():
            self.late += seconds
