"""`webexhist decisions`: what needs a decision, and what a person makes of it."""

from webexhist.cli.commands.decisions import listed, states

__all__ = ["listed", "states"]
