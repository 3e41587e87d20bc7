"""One text of every view for both engines: where they differ it says a function, spelled out here.

`epoch_of(t)` takes what a table keeps, UTC text.
"""

import re
from collections.abc import Mapping

FUNCTIONS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        "epoch_of": "CAST(strftime('%s', {}) AS INTEGER)",
    },
    "postgresql": {
        "epoch_of": "CAST(extract(epoch FROM CAST({} AS timestamp)) AS bigint)",
    },
}
"""By the name of the engine."""
_CALL = re.compile(rf"\b({'|'.join(FUNCTIONS['sqlite'])})\(")


def in_dialect(template: str, dialect: str) -> str:
    """The text as the engine of that name reads it."""
    while call := _CALL.search(template):
        end = _closing(template, call.end())
        spelled_out = FUNCTIONS[dialect][call[1]].format(template[call.end() : end])
        template = template[: call.start()] + spelled_out + template[end + 1 :]
    return template


def _closing(template: str, position: int) -> int:
    """Where the parenthesis closes within which the position is."""
    depth = 1
    while True:
        depth += {"(": 1, ")": -1}.get(template[position], 0)
        if not depth:
            return position
        position += 1
