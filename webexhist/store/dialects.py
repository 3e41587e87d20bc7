"""One text of every view for both engines: where they differ it says a function, spelled out here.

- `moment(t)`: whole seconds since 1970, as tables keep them, as views show them: "2026-11-23 15:05:00" in UTC on
  SQLite, a `timestamptz` on PostgreSQL. Both are indexed: the index of `snapshot` by time is of this very expression.
- `day(t)`: the text of a day as views show it, on PostgreSQL a `date`. Tables whose days views show keep them so.
- `month(d)`: the month of a day as views show it, "2026-11": it is no day, and PostgreSQL has no type for it.
- `on_sqlite(…)`, `on_postgresql(…)`: what stands for one engine alone, where the other has or needs another way.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import Connection, TextClause, text

FUNCTIONS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        "moment": "datetime({}, 'unixepoch')",
        "day": "{}",
        "month": "substr({}, 1, 7)",
        "on_sqlite": "{}",
        "on_postgresql": "",
    },
    "postgresql": {
        "moment": "to_timestamp({})",
        "day": "CAST({} AS date)",
        "month": "to_char({}, 'YYYY-MM')",
        "on_sqlite": "",
        "on_postgresql": "{}",
    },
}
"""By the name of the engine."""
_CALL = re.compile(rf"\b({'|'.join(FUNCTIONS['sqlite'])})\(")


@lru_cache(maxsize=256)
def in_dialect(template: str, dialect: str) -> str:
    """The text as the engine of that name reads it."""
    while call := _CALL.search(template):
        end = _closing(template, call.end())
        spelled_out = FUNCTIONS[dialect][call[1]].format(template[call.end() : end])
        template = template[: call.start()] + spelled_out + template[end + 1 :]
    return template


def spelled_out(connection: Connection, template: str) -> TextClause:
    """A statement of our own that says such functions, as the connection's engine reads it."""
    return _statement(template, connection.dialect.name)


@lru_cache(maxsize=256)
def _statement(template: str, dialect: str) -> TextClause:
    """The same, made once: SQLAlchemy looks through the whole text for its parameters."""
    return text(in_dialect(template, dialect))


def _closing(template: str, position: int) -> int:
    """Where the parenthesis closes within which the position is."""
    depth = 1
    while True:
        depth += {"(": 1, ")": -1}.get(template[position], 0)
        if not depth:
            return position
        position += 1
