"""A simulated service that limits rates by time that is handed in."""

from webexhist.simulator.faults.delays import Delays


class DelaysBy(Delays):
    """Limits a rate by the time that the poller goes by."""

    def __init__(self, time):
        super().__init__()
        self.time = time

    def now(self):
        return self.time.now()
