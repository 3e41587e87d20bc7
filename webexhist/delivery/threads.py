"""Threads beside a delivery, which is not to last for ever."""

from threading import Thread

from webexhist.delivery.errors import NotDeliveredError
from webexhist.shortages import MORE_THREADS


def start(thread: Thread) -> None:
    """Starts a thread. Raises NotDeliveredError where the system lets this user have no more of them."""
    try:
        thread.start()
    except RuntimeError as error:
        raise NotDeliveredError(f"no thread can be started ({error})", MORE_THREADS) from error
