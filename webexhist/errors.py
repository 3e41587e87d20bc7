"""Errors that a person reads: what is wrong, why, and what to do next."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from webexhist.redact import with_shown_addresses
from webexhist.shortages import what_helps
from webexhist.texts import one_line


class WebexhistError(Exception):
    """The root of every error that a user reads; the command line prints it as one line and exits 1."""

    def __init__(self, problem: str, next_step: str = "") -> None:
        super().__init__(problem, next_step)
        self.problem = problem
        """What is wrong and why, without a closing period."""
        self.usual_next_step = next_step
        """What the reader can do about it where the system had no shortage; empty where nothing is to be done."""

    @property
    def next_step(self) -> str:
        """What the reader can do about it; against a shortage that is behind it no other place or right helps."""
        return what_helps(self, self.usual_next_step)

    def __str__(self) -> str:
        # What was typed in the wrong place is repeated, and may be an address with a password in it.
        said = "; ".join((self.problem, *remarks_on(self)))
        return one_line(with_shown_addresses(f"{said}: {self.next_step}" if self.next_step else said))


class UsageError(WebexhistError):
    """The command was called in a way that cannot be meant; the command line exits 2."""


class ConfigError(WebexhistError):
    """The configuration cannot be read or says something impossible."""


class Terminated(KeyboardInterrupt):
    """The process was asked to end by SIGTERM, where it is to say something first."""


class StoppedError(WebexhistError):
    """Somebody ended the command, by Ctrl-C or SIGTERM, when something was there or done that has to be said."""

    def __init__(self, number: signal.Signals) -> None:
        super().__init__("stopped")
        self.code = 128 + number
        """What the command line exits with, as shells have it."""


@contextmanager
def remarking() -> Iterator[Callable[[str], None]]:
    """Lets what ends the work within say, behind what is wrong, what is there or done by then all the same.

    That may be an error, or somebody: by Ctrl-C, or by SIGTERM, which is heard from the first remark on. Gives the
    function that makes a remark.

    Raises:
        StoppedError: somebody ended it, and something was remarked.
    """
    remarks: list[str] = []
    with ExitStack() as heard:

        def remark(text: str) -> None:
            if not remarks:
                heard.enter_context(heard_termination())
            remarks.append(text)

        try:
            yield remark
        except Exception as error:
            add_notes(error, remarks)
            raise
        except KeyboardInterrupt as interrupt:
            if not remarks:
                raise
            stopped = StoppedError(signal.SIGTERM if isinstance(interrupt, Terminated) else signal.SIGINT)
            add_notes(stopped, remarks)
            raise stopped from interrupt


@contextmanager
def remarked(text: str) -> Iterator[None]:
    """The same with a remark that is true from the beginning."""
    with remarking() as remark:
        remark(text)
        yield


@contextmanager
def heard_termination() -> Iterator[None]:
    """Lets SIGTERM, which would end the process without a word, be raised as `Terminated`."""
    is_main = threading.current_thread() is threading.main_thread()  # the only one that signals are for
    if not is_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def terminate(_number: int, _frame: FrameType | None) -> None:
    """For `signal.signal`. Raises Terminated."""
    raise Terminated


def add_notes(error: BaseException, remarks: Iterable[str]) -> None:
    """Puts remarks on an error, behind those that it has."""
    for remark in remarks:
        error.add_note(remark)


def remarks_on(error: BaseException) -> tuple[str, ...]:
    """What was remarked on an error, the first remark first."""
    return tuple(getattr(error, "__notes__", ()))
