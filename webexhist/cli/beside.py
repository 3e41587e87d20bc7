"""Starts what must not keep a poll waiting: the outlook, in a process that outlives this one.

The Site24x7 agent waits for the end of its plugin and kills it after half a minute; nobody waits for this process.
"""

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from webexhist.config import Settings
from webexhist.own_process import of_module
from webexhist.state.last_run import OUTLOOK, last_run, note_run

AT_WORK = timedelta(minutes=10)
"""So long after a start, or after its end, no poll starts it again ..."""
AFTER_FAILURE = timedelta(hours=1)
"""... nor so long after it failed."""


def renew_outlook_unless_lately(
    settings: Settings, config: Path | None, now: datetime, *, seconds: float | None = None
) -> None:
    """Starts it unless that was done a short while ago, or failed within the hour."""
    last = last_run(settings.state_dir, OUTLOOK)
    if last and abs(now - last.ended_at) < (AFTER_FAILURE if last.problem else AT_WORK):
        return
    renew_outlook(settings, config, seconds=seconds)


def renew_outlook(settings: Settings, config: Path | None, *, seconds: float | None = None) -> None:
    """Starts it, and waits up to so many seconds for its end, or not at all.

    Where it cannot be started, a later poll tries again: nothing of it is worth failing for.
    """
    note_run(settings.state_dir, OUTLOOK, None)
    # By the environment: a database's URL may hold a password, and everybody sees a process's arguments.
    own = {"WEBEXHIST_DATABASE": settings.database, "WEBEXHIST_STATE_DIR": str(settings.state_dir)}
    if config:
        own["WEBEXHIST_CONFIG"] = str(config)
    with suppress(OSError, subprocess.TimeoutExpired):
        start(command(), os.environ | own, seconds)


def command() -> list[str]:
    """The outlook of this program, as a process of its own."""
    return of_module("webexhist", "outlook")


def start_process(words: Sequence[str], environment: Mapping[str, str], seconds: float | None) -> None:
    """Starts a process with nothing of this one's, so that nobody waits for it who waits for this one.

    With `seconds`, waits so long for its end. Raises OSError where it cannot be started, TimeoutExpired.
    """
    process = subprocess.Popen(  # noqa: S603  (nothing of it is anybody else's text)
        words,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        if seconds is not None:
            process.wait(seconds)
    finally:
        # It is the system's once this process ends, as it soon does; Popen warns of what it still takes for running.
        process.returncode = process.returncode or 0


start: Callable[[Sequence[str], Mapping[str, str], float | None], None] = start_process
"""What starts the process, in one place, so that tests can look at it instead."""
