"""Files and folders for the eyes of one user only, whatever the umask."""

import os
from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Makes the folder, and those above it that are missing, for its owner only; leaves existing ones as they are."""
    missing = [step for step in (folder, *folder.parents) if not step.exists()]
    for step in reversed(missing):
        step.mkdir(mode=0o700, exist_ok=True)


def private_opener(path: str, flags: int) -> int:
    """For `open`: a file that is made is its owner's only."""
    return os.open(path, flags, mode=0o600)
