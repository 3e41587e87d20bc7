"""Finds the Python for programs that the agent or a timer starts: one that stays, and that their user may run."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from webexhist.errors import WebexhistError
from webexhist.user_folders import owner_of

ADVICE = (
    "install webexhist into a virtual environment that stays and that this user may read, as docs/install.md says"
)


class InterpreterError(WebexhistError):
    """What is to be installed would be started with an interpreter that does not run it."""


def require_lasting_interpreter(place: Path) -> None:
    """Makes sure that this interpreter stays, and finds webexhist from any folder, for the owner of `place`.

    Raises:
        InterpreterError: it does not.
    """
    if cache := cache_of(Path(sys.executable)):
        raise InterpreterError(f"{sys.executable} lies in {cache}, which is emptied now and then", ADVICE)
    try:
        done = run_as_owner([sys.executable, "-I", "-c", "import webexhist"], place)
    except PermissionError:
        raise InterpreterError(f"{owner_of(place)} may not run {sys.executable}", ADVICE) from None
    if done.returncode != 0:
        raise InterpreterError(f"{sys.executable} finds webexhist only in this folder or for this user", ADVICE)


def cache_of(program: Path) -> Path | None:
    """The cache that a program lies in, such as those of tools that run a program without installing it."""
    return next((folder for folder in program.parents if folder.name in (".cache", "Caches")), None)


def run_as_owner(command: list[str], place: Path) -> "subprocess.CompletedProcess[bytes]":
    """Runs a command with an empty environment; as the owner of `place` where this is root.

    Raises:
        PermissionError: that user may not run it.
    """
    owner = place.stat()
    whose: dict[str, Any] = {}
    if os.geteuid() == 0:
        whose = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    return subprocess.run(command, cwd="/", env={}, capture_output=True, check=False, **whose)  # noqa: S603
