"""Polls in processes of their own that are killed at a call of a function or from outside."""

import os
import signal
import time

from forked_processes import NEVER, ForkedProcesses

LONGEST_SECONDS = 60
"""What is waited for comes earlier, or never."""


class Poller:
    """Polls in forked processes, and kills them."""

    def __init__(self, polled, chance, **settings):
        self.chance = chance
        self.processes = ForkedProcesses(
            polled.clock,
            # Opening a database is imported late: else each process would do so.
            "from webexhist.poll import poll\nfrom webexhist.store.opening import migrate",
            '(lambda snapshot: f"stored {snapshot.number}")(*poll(settings, clock))',
            keys=("database",),
            access_token=polled.server.access_token,
            base_url=polled.server.base_url,
            state_dir=polled.folder,
            **settings,
        )

    def calls_of_a_poll(self, database):
        """How many functions are called by a poll that nobody kills."""
        _, _, calls = self.poll(database, NEVER).split()
        return int(calls)

    def killed(self, database, calls):
        """Whether a poll said that it had stored its snapshot before it was killed.

        It is killed at one of its calls, or from outside after a while: in the middle of one.
        """
        if self.chance.random() < 0.5:
            return "stored" in self.poll(database, 1 + self.chance.randrange(calls))
        return "stored" in self.poll(database, NEVER, self.chance.uniform(0, 0.2))

    def poll(self, database, last_call, seconds=None, until=None):
        """What the poll printed; killed at its last call, after so many seconds, or as soon as something holds."""
        child = self.processes.start(database, last_call=last_call)
        if seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        elif until is not None:
            latest = time.monotonic() + LONGEST_SECONDS
            while not until() and time.monotonic() < latest:
                time.sleep(0.0005)
            os.kill(child, signal.SIGKILL)
        return self.processes.end()

    def stop(self):
        self.processes.stop()
