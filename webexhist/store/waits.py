"""How long others are waited for: processes that write, and servers."""

from sqlalchemy import Engine

BUSY_SECONDS = 30
"""How long a statement waits for another process that is writing."""


def usual_patience() -> float:
    """Seconds that a command waits for another process."""
    return BUSY_SECONDS


def patience_of(engine: Engine) -> float:
    """Seconds that may be waited for others from now on."""
    return float(engine.get_execution_options().get("patience", usual_patience)())
