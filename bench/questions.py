"""What the questions of docs/sql.md cost, on a history of years, beside the seconds that each may take.

    python bench/questions.py FILE URL

Both are the same history, which is there already (bench/customers.py makes one), on SQLite and on a PostgreSQL server
of this machine. The least of three, in seconds of the processor that the engine works: what else the machine does
makes that longer, too, but not by the time of others. A question that takes longer than a minute is given up.
"""

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from webexhist.store.opening.history import History, open_history
from webexhist.store.rows.any_query import QueryTimeError, answer

PAGE = Path(__file__).parents[1] / "docs" / "sql.md"
HEADINGS = re.compile(r"^(##+ .*|\*\*\d+\.\*\* .*)$", re.MULTILINE)
QUERY = re.compile(r"```sql\n((?:SELECT|WITH).*?)\n```", re.DOTALL)
TIMES = 3
LONG = 5.0
"""Seconds after which a question is asked no second time."""
LONGEST = 60
"""Seconds after which it is given up."""
DENSE = re.compile(r"\b(counts|count_deltas|license_usage|license_deltas)\b")
"""The views with a row for every poll."""
CHANGES = re.compile(r"\b(count_changes|license_changes)\b")
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


def budget(query: str) -> float:
    """The seconds that a question may take: what asks for values of every poll, or all changes, may take longer."""
    if DENSE.search(query):
        return 2.0
    return 0.7 if CHANGES.search(query) else 0.5


def seconds(history: History, query: str) -> float | None:
    """What a query costs until its last row is there; None where it is given up."""
    costs = []
    for _ in range(TIMES):
        before = processor(history)
        try:
            answer(history, query, MOST_ROWS, LONGEST)
        except QueryTimeError:
            history.connection.rollback()
            return None
        costs.append(processor(history) - before)
        if costs[-1] > LONG:
            break
    return min(costs)


def processor(history: History) -> float:
    """How long the engine has worked so far: SQLite in this process, PostgreSQL in one of its own."""
    if history.connection.dialect.name == "sqlite":
        return time.process_time()
    process = history.connection.scalar(text("SELECT pg_backend_pid()"))
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def main(locations: list[str]) -> None:
    """Prints a line a question, and which of them are over."""
    print(f"{'':<72}{'may take':>10}{'SQLite':>10}{'PostgreSQL':>12}")
    for question, query in questions():
        costs = []
        for location in locations:
            with open_history(location) as history:
                costs.append(seconds(history, query))
        most = budget(query)
        shown = "".join(f"{f'> {LONGEST}' if cost is None else f'{cost:.3f}':>11}" for cost in costs)
        over = ["over" if cost is None or cost > most else "" for cost in costs]
        marks = " ".join(f"{name} {mark}" for name, mark in zip(("SQLite", "PostgreSQL"), over, strict=False) if mark)
        print(f"{question[:72]:<72}{most:>10}{shown}  {marks}".rstrip(), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
