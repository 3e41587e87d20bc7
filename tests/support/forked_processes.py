"""Processes that are forked with everything imported, and killed at a call of a function, as kill -9 would."""

import subprocess
import sys
from pathlib import Path
from string import Template

import webexhist

_FORKING = Template("""
import os, signal, sys
from datetime import datetime
from webexhist.config import load_settings
$imports

calls = 0

def count(frame, event, argument):
    global calls
    calls += 1
    if calls == last_call:
        os.kill(os.getpid(), signal.SIGKILL)

for line in sys.stdin:
    moment, *words, last_call = line.split()
    last_call = int(last_call)
    child = os.fork()
    if child == 0:
        clock = lambda: datetime.fromisoformat(moment)
        settings = load_settings(dict(zip($keys, words)), environment=os.environ)
        sys.setprofile(count)
        done = $job
        sys.setprofile(None)
        print(done, calls, flush=True)
        os._exit(0)
    print(child, flush=True)
    sys.stdin.readline()
    os.waitpid(child, 0)
    print("ended", flush=True)
""")
"""For every line with a time, settings and a number it forks a process that does its job at that time.

The process kills itself at its so manieth call of a function, whatever the machine is busy with.
It is waited for, and its id kept from being used again, until the next line comes.
"""
NEVER = -1


class ForkedProcesses:
    """Starts processes fast: everything is imported already."""

    def __init__(self, clock, imports, job, keys=(), **settings):
        """`job` is an expression of `settings` and `clock`; values of the settings `keys` are given at each start."""
        self.clock = clock
        self.process = subprocess.Popen(
            [sys.executable, "-c", _FORKING.substitute(imports=imports, job=job, keys=keys)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={f"WEBEXHIST_{name.upper()}": str(value) for name, value in settings.items()}
            | {"PYTHONPATH": str(Path(webexhist.__file__).parents[1])},
        )

    def start(self, *words, last_call=NEVER):
        """Starts a process; its id."""
        self._say(" ".join((self.clock().isoformat(), *map(str, words), str(last_call))))
        return int(self.process.stdout.readline())

    def end(self):
        """Waits for the process; what it printed: what it did, and how many functions it called."""
        self._say("")
        return "".join(iter(self.process.stdout.readline, "ended\n")).strip()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def _say(self, line):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
