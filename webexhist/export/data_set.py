"""A data set of Parquet files, one for each part: the form in which engines find columns in the names of folders.

    org_id=1/month=2026-10/license_usage.parquet

Each file takes its place once it is whole. What a data set holds of a part that has no rows any more is taken away.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from itertools import chain
from pathlib import Path
from typing import IO

from webexhist.errors import UsageError
from webexhist.export.view_files import write_parquet
from webexhist.store.rows.view_parts import Part, part_columns

_PLACE = re.compile(r"/org_id=(\d+)/month=(\d{4}-\d{2})/\w+\.parquet$")


def write_data_set(
    folder: Path,
    view: str,
    parts: Iterable[Part],
    is_asked: Callable[[int, str], bool],
    drafted: Callable[[Path], AbstractContextManager[IO[bytes]]],
) -> None:
    """Writes a file for each part that has rows, and takes away files of parts that were asked for and have none.

    `drafted` opens a file to be written, which takes its place at the end.

    Raises UsageError where the folder holds a data set of another view, OSError where it cannot be written,
    ModuleNotFoundError without pyarrow.
    """
    there = {file: place for file in folder.glob("*/*/*.parquet") if (place := _PLACE.search(str(file)))}
    if other := next((file for file in there if file.stem != view), None):
        raise UsageError(f"{folder} holds a data set of {other.stem}", "name a folder of its own for each view")
    written = set()
    for part in parts:
        first = next(part.rows, None)
        if first is not None:
            file = folder / f"org_id={part.organization_id}" / f"month={part.month}" / f"{view}.parquet"
            with drafted(file) as target:
                write_parquet(target, part_columns(view), chain([first], part.rows))
            written.add(file)
    for file, place in there.items():
        if file not in written and is_asked(int(place[1]), place[2]):
            file.unlink()
