"""Polls in processes of their own that are killed, as kill -9 would, at a call of a function or from outside."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import webexhist

POLLER = """
import os, signal, sys
from datetime import datetime
from webexhist.config import load_settings
from webexhist.poll import poll
from webexhist.store.opening import migrate

calls = 0

def count(frame, event, argument):
    global calls
    calls += 1
    if calls == last_call:
        os.kill(os.getpid(), signal.SIGKILL)

for line in sys.stdin:
    moment, database, last_call = line.split()
    last_call = int(last_call)
    child = os.fork()
    if child == 0:
        settings = load_settings({"database": database}, environment=os.environ)
        sys.setprofile(count)
        (snapshot,) = poll(settings, lambda: datetime.fromisoformat(moment))
        sys.setprofile(None)
        print("stored", snapshot.number, calls, flush=True)
        os._exit(0)
    print(child, flush=True)
    sys.stdin.readline()
    os.waitpid(child, 0)
    print("ended", flush=True)
"""
"""For every line with a time, a file and a number it forks a process that polls; the next line waits for its end.

The process kills itself at its so manieth call of a function, whatever the machine is busy with.
"""
NEVER = -1
LONGEST_SECONDS = 60
"""What is waited for comes earlier, or never."""


class Poller:
    """Starts polls fast: everything is imported already."""

    def __init__(self, polled, chance, **settings):
        self.clock = polled.clock
        self.chance = chance
        environment = {
            "WEBEXHIST_ACCESS_TOKEN": polled.server.access_token,
            "WEBEXHIST_BASE_URL": polled.server.base_url,
            "WEBEXHIST_STATE_DIR": str(polled.folder),
            "PYTHONPATH": str(Path(webexhist.__file__).parents[1]),
        } | {f"WEBEXHIST_{name.upper()}": value for name, value in settings.items()}
        command = [sys.executable, "-c", POLLER]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
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
        self.tell(f"{self.clock().isoformat()} {database} {last_call}")
        child = int(self.process.stdout.readline())
        if seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        elif until is not None:
            latest = time.monotonic() + LONGEST_SECONDS
            while not until() and time.monotonic() < latest:
                time.sleep(0.0005)
            os.kill(child, signal.SIGKILL)
        self.tell("")
        return "".join(iter(self.process.stdout.readline, "ended\n"))

    def tell(self, line):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
