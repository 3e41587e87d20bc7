"""Threads beside a delivery, which is not to last for ever."""

from threading import Thread

from webexhist.delivery.errors import NotDeliveredError


def start(thread: Thread) -> None:
    """Starts a thread. Raises NotDeliveredError where the system lets this user have no more of them."""
    try:
        thread.start()
    except RuntimeError as error:
        raise NotDeliveredError(
            f"no thread can be started ({error})", "let this user have more of them: ulimit -u, or TasksMax"
        ) from error
