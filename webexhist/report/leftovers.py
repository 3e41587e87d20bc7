"""Clears away pages of an earlier report, so that no license that is gone seems to be part of this one."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

OURS = b'<meta name="generator" content="webexhist">'
INDEX = "index.html"
LICENSE_PAGE = "license-*.html"
ORGANIZATION_FOLDER = re.compile(r"(.+-)?[0-9a-f]{8}")


def remove_leftover_pages(folder: Path, written: Iterable[Path]) -> None:
    """Removes the pages of licenses and organizations that the index written now does not lead to.

    Only files that bear our mark in their head: anything else in the folder is somebody's own. Raises OSError.
    """
    current = set(written)
    if folder / INDEX not in current:
        return
    for file in pages_of_reports(folder):
        if file not in current and OURS in head(file):
            file.unlink()
    for place in organization_folders(folder):
        if not any(place.iterdir()):
            place.rmdir()


def pages_of_reports(folder: Path) -> Iterator[Path]:
    yield from folder.glob(LICENSE_PAGE)
    for place in organization_folders(folder):
        yield from place.glob("*.html")


def organization_folders(folder: Path) -> list[Path]:
    return [place for place in folder.iterdir() if place.is_dir() and ORGANIZATION_FOLDER.fullmatch(place.name)]


def head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(2000)
