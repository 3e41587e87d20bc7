"""A statement with its values: the very thing that is executed, and that a page prints."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Row, TextClause, bindparam, text

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
Value = str | int | Sequence[str]
Values = Mapping[str, Value]


@dataclass(frozen=True)
class Query(Generic[T]):
    """Reads typed rows."""

    title: str
    """What the rows are, for people."""
    statement: str
    """With a name like `:organization` where a value goes."""
    values: Values
    """By those names. Several texts are for `IN`."""
    typed: Callable[[Row[Any]], T]
    """Makes a row of the database one of ours."""

    def rows(self, connection: Connection) -> tuple[T, ...]:
        """Executes the statement."""
        return tuple(self.typed(row) for row in connection.execute(self._bound))

    @cached_property
    def printed(self) -> str:
        """The statement with its values filled in: it runs as it stands in sqlite3 and psql."""
        return f"{self._bound.compile(compile_kwargs={'literal_binds': True})};"

    @property
    def _bound(self) -> TextClause:
        return text(self.statement.strip()).bindparams(
            *(
                bindparam(name, value, expanding=not isinstance(value, str | int))
                for name, value in self.values.items()
            )
        )


def grouped(pairs: Iterable[tuple[K, T]]) -> dict[K, tuple[T, ...]]:
    """The second of each pair, by the first."""
    groups: dict[K, list[T]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
