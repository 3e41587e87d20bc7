"""What distinguishes the polls with one state folder from those of others: something random, kept in it."""

import secrets
from pathlib import Path

from webexhist.state.private_files import make_private_folder, write_new
from webexhist.state.trusted_files import opened_to_read

NAME = "poller"
LENGTH = 16
"""Characters."""


def own_poller(state_dir: Path) -> str | None:
    """What stands for the polls with this folder; None where it cannot be kept."""
    file = state_dir / NAME
    try:
        return _read(file)
    except FileNotFoundError:
        pass
    except (OSError, ValueError):
        return None
    try:
        make_private_folder(state_dir)
        write_new(file, secrets.token_hex(LENGTH // 2).encode())
    except FileExistsError:  # another poll was faster
        pass
    except OSError:
        return None
    try:
        return _read(file)
    except (OSError, ValueError):
        return None


def _read(file: Path) -> str:
    with opened_to_read(file) as opened:
        text = str(opened.read(LENGTH + 1), "ascii")
    if len(text) != LENGTH or not text.isalnum():
        raise ValueError("it is no name that was made here")
    return text
