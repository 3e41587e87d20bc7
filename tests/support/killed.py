"""Strikes a piece of work at each of its lines, one after the other: kills it as kill -9 would, or another way."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any


def killed_at_every_line(work: Callable[[], object], modules: list[ModuleType], every: int = 1) -> Iterator[int]:
    """Yields after each kill; ends when the work was done without one. `every` leaves lines out."""
    files = {module.__file__ for module in modules}
    line = 1
    while _dies(work, files, line):
        yield line
        line += every


def struck_at_line(work: Callable[[], object], of: FunctionType, line: int, strike: Callable[[], None]) -> bool:
    """Does the work, and strikes before the nth line that runs of that function; false where so many do not run."""
    before = sys.gettrace()
    trace, left = _striking(lambda code: code is of.__code__, line, strike)
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return left() <= 0


def _dies(work: Callable[[], object], files: set[str | None], line: int) -> bool:
    child = os.fork()
    if child == 0:
        trace, _ = _striking(
            lambda code: code.co_filename in files, line, lambda: os.kill(os.getpid(), signal.SIGKILL)
        )
        try:
            sys.settrace(trace)
            work()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def _striking(
    is_meant: Callable[[CodeType], bool], line: int, strike: Callable[[], None]
) -> tuple[Any, Callable[[], int]]:
    """A trace function that strikes before that line of what is meant, and how many lines are left until then."""
    left = line

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal left
        if not is_meant(frame.f_code):
            return None
        if event == "line":
            left -= 1
            if not left:
                strike()
        return trace

    return trace, lambda: left
