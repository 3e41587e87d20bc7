"""How long the questions of docs/sql.md take, on a history of years.

    python bench/questions.py DATABASE …

Each is a path or a URL of a history that is there already. The best of three.
"""

import re
import sys
import time
from pathlib import Path

from sqlalchemy import Connection, text

from webexhist.store.opening.history import open_history

PAGE = Path(__file__).parents[1] / "docs" / "sql.md"
QUESTION = re.compile(r"^\*\*(\d+)\.\*\* (.*?)\n+```sql\n(.*?)\n```", re.MULTILINE | re.DOTALL)
TIMES = 3


def main(locations: list[str]) -> None:
    """Prints a line a question, with the milliseconds on each database."""
    questions = QUESTION.findall(PAGE.read_text())
    took: list[list[float]] = [[] for _ in questions]
    for location in locations:
        with open_history(location) as history:
            for times, (_, _, query) in zip(took, questions, strict=True):
                times.append(min(milliseconds(history.connection, query) for _ in range(TIMES)))
    for times, (number, question, _) in zip(took, questions, strict=True):
        shown = "".join(f"{each:>10,.1f}" for each in times)
        print(f"{number:>2} {question[:70]:<70}{shown} ms")


def milliseconds(connection: Connection, query: str) -> float:
    """How long a query takes until its last row is there."""
    began = time.perf_counter()
    connection.execute(text(query)).all()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main(sys.argv[1:])
