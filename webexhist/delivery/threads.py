"""Threads beside a delivery, which is not to last for ever."""

import _thread
from collections.abc import Callable

from webexhist.delivery.errors import NotDeliveredError
from webexhist.shortages import MORE_THREADS


def start(function: Callable[[], object]) -> None:
    """Runs a function on a thread of its own. It is not waited for: without memory it may never begin.

    Raises NotDeliveredError where the system lets this user have no more threads.
    """
    try:
        _thread.start_new_thread(function, ())
    except RuntimeError as error:
        raise NotDeliveredError(f"no thread can be started ({error})", MORE_THREADS) from error
