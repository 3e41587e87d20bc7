"""`webexhist db`: backs up, checks and mends the history itself."""

from webexhist.cli.commands.db import copies, corrections, dropped, state

__all__ = ["copies", "corrections", "dropped", "state"]
