"""The columns of every view, as they were recorded for those who rely on them.

`python tests/support/view_columns.py` records them anew: with every release, and until the first one with every
change. From then on a column may only be added, at the end.
"""

import sys
import tempfile
from pathlib import Path

from sqlalchemy import Engine, text

from webexhist.store.opening.database import open_database
from webexhist.store.views import VIEWS

RECORD = Path(__file__).parents[1] / "store" / "view_columns.txt"
Columns = dict[str, list[str]]


def columns_of(engine: Engine) -> Columns:
    with engine.connect() as connection:
        return {view: list(connection.execute(text(f"SELECT * FROM {view} LIMIT 0")).keys()) for view in VIEWS}


def recorded_columns() -> Columns:
    lines = (line.split(": ") for line in RECORD.read_text().splitlines())
    return {view: columns.split(", ") for view, columns in lines}


def broken(recorded: Columns, real: Columns) -> list[str]:
    """The views that do not begin with what was recorded."""
    return [view for view, columns in recorded.items() if real.get(view, [])[: len(columns)] != columns]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        real = columns_of(open_database(Path(folder) / "webexhist.db"))
    RECORD.write_text("".join(f"{view}: {', '.join(columns)}\n" for view, columns in real.items()))
    sys.stdout.write(f"{RECORD}: {len(real)} views\n")
