"""Errors that a person reads: what is wrong, why, and what to do next."""

from signal import Signals

from webexhist.redact import with_shown_addresses
from webexhist.shortages import what_helps
from webexhist.texts import one_line


class WebexhistError(Exception):
    """The root of every error that a user reads; the command line prints it as one line and exits 1."""

    def __init__(self, problem: str, next_step: str = "") -> None:
        super().__init__(problem, next_step)
        # What was typed in the wrong place is repeated, and may be an address with a password in it.
        self.problem = with_shown_addresses(problem)
        """What is wrong and why, without a closing period."""
        self.usual_next_step = with_shown_addresses(next_step)
        """What the reader can do about it where the system had no shortage; empty where nothing is to be done."""

    @property
    def next_step(self) -> str:
        """What the reader can do about it; against a shortage that is behind it no other place or right helps."""
        return what_helps(self, self.usual_next_step)

    def __str__(self) -> str:
        said = "; ".join((self.problem, *remarks_on(self)))
        return one_line(with_shown_addresses(f"{said}: {self.next_step}" if self.next_step else said))


class UsageError(WebexhistError):
    """The command was called in a way that cannot be meant; the command line exits 2."""


class ConfigError(WebexhistError):
    """The configuration cannot be read or says something impossible."""


class StoppedError(WebexhistError):
    """Somebody ended the command, by Ctrl-C or SIGTERM, when something was there or done that has to be said."""

    def __init__(self, number: Signals) -> None:
        super().__init__("stopped")
        self.code = 128 + number
        """What the command line exits with, as shells have it."""


def remarks_on(error: BaseException) -> tuple[str, ...]:
    """What was remarked on an error, the first remark first."""
    return tuple(getattr(error, "__notes__", ()))
