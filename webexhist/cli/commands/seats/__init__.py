"""`webexhist seats`: who does not use what is assigned to him, live; and what is counted of that."""

from webexhist.cli.commands.seats import counted, listed

__all__ = ["counted", "listed"]
