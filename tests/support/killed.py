"""Kills a piece of work at each of its lines, one after the other, as kill -9 would."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType, ModuleType
from typing import Any


def killed_at_every_line(work: Callable[[], object], modules: list[ModuleType], every: int = 1) -> Iterator[int]:
    """Yields after each kill; ends when the work was done without one. `every` leaves lines out."""
    files = {module.__file__ for module in modules}
    line = 1
    while _dies(work, files, line):
        yield line
        line += every


def _dies(work: Callable[[], object], files: set[str | None], line: int) -> bool:
    child = os.fork()
    if child == 0:
        left = line

        def trace(frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal left
            if frame.f_code.co_filename not in files:
                return None
            if event == "line":
                left -= 1
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

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
