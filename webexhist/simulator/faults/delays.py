"""The real time that latency, slow answers and rate limits use."""

import threading
import time


class Delays:
    """Measures time and waits. A subclass can do so without real time."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> float:
        """Returns seconds since some moment."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Returns after so many seconds, or as soon as the service stops."""
        self._stopped.wait(seconds)

    def stop(self) -> None:
        """Ends every wait, now and later."""
        self._stopped.set()
