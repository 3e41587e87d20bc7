"""Takes from this process what a system has no more of."""

import _thread
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def limited(kind: int, value: int) -> Iterator[None]:
    """Lets this process have no more of a kind of resource."""
    soft, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (value, hard))
    try:
        yield
    finally:
        resource.setrlimit(kind, (soft, hard))


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Lets this process write no file beyond `size` bytes."""
    with limited(resource.RLIMIT_FSIZE, size):
        yield


@contextmanager
def open_files(more: int) -> Iterator[None]:
    """Lets this process have no more files open than it has, and so many."""
    highest = max(map(int, os.listdir("/proc/self/fd")))
    spare = [os.open("/dev/null", os.O_RDONLY)]
    while spare[-1] <= highest:  # no number below is free any more
        spare.append(os.open("/dev/null", os.O_RDONLY))
    try:
        with limited(resource.RLIMIT_NOFILE, spare[-1] + 1 + more):
            yield
    finally:
        for descriptor in spare:
            os.close(descriptor)


@contextmanager
def room_to_lose() -> Iterator[Callable[[], None]]:
    """Gives what takes from this process all room to write, from the moment on at which it is called."""
    with limited(resource.RLIMIT_FSIZE, resource.RLIM_INFINITY):
        yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def permit_threads(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Lets the program start so many more, as a system does that counts them."""
    start, left = _thread.start_new_thread, [number]

    def start_if_permitted(function: Callable[..., object], arguments: tuple[Any, ...]) -> int:
        if not left[0]:
            raise RuntimeError("can't start new thread")
        left[0] -= 1
        return start(function, arguments)

    monkeypatch.setattr(_thread, "start_new_thread", start_if_permitted)
