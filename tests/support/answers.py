"""Answers to queries as the documentation shows them; run as a program it writes those of docs/sql.md's questions."""

import re
import shutil
import tempfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection, text

FILE = Path(__file__).parents[2] / "docs" / "sql.md"
HEADING = "\n## Thirty questions of a license analyst\n"
EXAMPLE = re.compile(r"```sql\n(.*?)\n```\n\n```text\n(?:((?!```).*?)\n)?```", re.DOTALL)
"""A query, and the output beneath it; that is empty where it has still to be filled in."""


def answer(connection: Connection, query: str) -> str:
    """What `sqlite3 -column -header` prints of it, with NULL for what is unknown."""
    result = connection.execute(text(query))
    return in_columns(list(result.keys()), [tuple(row) for row in result])


def in_columns(header: list[str], rows: list[tuple[object, ...]]) -> str:
    table = [header, *([in_words(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(header))]
    table.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table
    )


def in_words(value: object) -> str:
    if isinstance(value, datetime):
        shown = value.astimezone(UTC) if value.tzinfo else value  # without one it is what clocks showed
        return f"{shown:%Y-%m-%d %H:%M:%S}"
    return (
        "NULL" if value is None else f"{float(value):g}" if isinstance(value, int | float | Decimal) else str(value)
    )


def write(connection: Connection) -> None:
    """Writes the outputs of the questions anew."""
    before, heading, questions = FILE.read_text().partition(HEADING)
    answered = EXAMPLE.sub(
        lambda example: f"```sql\n{example[1]}\n```\n\n```text\n{answer(connection, example[1])}\n```", questions
    )
    FILE.write_text(before + heading + answered)


def main() -> None:
    from customers import write_customers

    from webexhist.store.opening.database import open_database

    folder = tempfile.mkdtemp()
    engine = open_database(Path(folder) / "webexhist.db")
    write_customers(engine)
    with engine.connect() as connection:
        write(connection)
    engine.dispose()
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
