"""How long the questions of docs/sql.md take, on a history of years.

    python bench/questions.py DATABASE …

Each is a path or a URL of a history that is there already (bench/customers.py makes one). The best of three; a
question that takes longer than a minute is given up.
"""

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from webexhist.store.errors import DatabaseError
from webexhist.store.opening.history import History, open_history
from webexhist.store.rows.any_query import QueryTimeError, answer

PAGE = Path(__file__).parents[1] / "docs" / "sql.md"
HEADINGS = re.compile(r"^(##+ .*|\*\*\d+\.\*\* .*)$", re.MULTILINE)
QUERY = re.compile(r"```sql\n((?:SELECT|WITH).*?)\n```", re.DOTALL)
TIMES = 3
LONGEST = 60
"""Seconds that a question may take."""
MOST_ROWS = 10_000_000
MORE = {
    "a month of dense values, every license": "SELECT count(assigned), sum(available) FROM license_usage"
    " WHERE taken_at >= '2026-10-01' AND taken_at < '2026-11-01'",
    "a month of dense values, every count": "SELECT count(value), sum(change) FROM count_deltas"
    " WHERE taken_at >= '2026-10-01' AND taken_at < '2026-11-01'",
    "every poll of five years, one count": "SELECT avg(value) FROM counts WHERE org_id = 1 AND metric = 'people'",
    "every poll of five years, one license": "SELECT avg(assigned) FROM license_usage"
    " WHERE org_id = 1 AND license = 'Webex License 7'",
    "all months of all licenses": "SELECT * FROM monthly_licenses",
    "all months of all counts": "SELECT * FROM monthly_counts",
    "all days of one license": "SELECT * FROM daily_licenses WHERE license = 'Webex License 7'",
    "thirteen months of days, all licenses": "SELECT * FROM daily_licenses WHERE day > '2025-10-24'",
    "thirteen months of days, all counts": "SELECT * FROM daily_counts WHERE day > '2025-10-24'",
    "all months of all products": "SELECT * FROM monthly_products",
    "changes of one license": "SELECT * FROM license_changes WHERE org_id = 1 AND license = 'Webex License 7'",
}
"""What the budgets are about, and is no example of the page."""


def questions() -> Iterator[tuple[str, str]]:
    """What is asked, with its query: of the views, the numbered ones, and those of the budgets."""
    heading = ""
    for part in HEADINGS.split(PAGE.read_text()):
        if HEADINGS.match(part):
            heading = part.lstrip("#* ").replace("**", "")
        for query in QUERY.findall(part):
            yield heading, query
    yield from MORE.items()


def milliseconds(history: History, query: str) -> float | None:
    """How long a query takes until its last row is there; None where it is given up."""
    best = None
    for _ in range(TIMES):
        began = time.perf_counter()
        try:
            answer(history, query, MOST_ROWS, LONGEST)
        except QueryTimeError:
            history.connection.rollback()
            return None
        took = 1000 * (time.perf_counter() - began)
        best = took if best is None else min(best, took)
        if took > 5000:
            break
    return best


def main(locations: list[str]) -> None:
    """Prints a line a question, with the milliseconds on each database."""
    for question, query in questions():
        shown = ""
        for location in locations:
            with open_history(location) as history:
                try:
                    took = milliseconds(history, query)
                except DatabaseError as error:
                    shown += f"{error.problem[:40]:>12}"
                    continue
            shown += f"{took:>12,.1f}" if took is not None else f"{f'> {LONGEST} s':>12}"
        print(f"{question[:72]:<72}{shown} ms", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
