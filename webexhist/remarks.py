"""Lets what ends a command say what is there or done by then: an error, Ctrl-C or SIGTERM."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from webexhist.errors import StoppedError


class Terminated(KeyboardInterrupt):
    """The process was asked to end by SIGTERM, where it is to say something first."""


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
