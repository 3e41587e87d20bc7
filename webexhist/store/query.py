"""A statement with its values: the very thing that is executed, and that a page prints."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar

from sqlalchemy import BindParameter, Connection, Row, TextClause, bindparam, text
from sqlalchemy.engine.default import StrCompileDialect

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
Value = str | int | Sequence[str]
Values = Mapping[str, Value]

PRINTED = StrCompileDialect()
"""As statements are printed, whichever engine runs them."""


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
        lists = tuple(name for name, value in self.values.items() if _is_list(value))
        return tuple(map(self.typed, connection.execute(_bound(self.statement, lists), dict(self.values)).all()))

    @cached_property
    def printed(self) -> str:
        """The statement with its values filled in: it runs as it stands in sqlite3 and psql."""
        values: Iterable[BindParameter[Any]] = (
            bindparam(name, value, expanding=_is_list(value)) for name, value in self.values.items()
        )
        bound = text(self.statement.strip()).bindparams(*values)
        return f"{bound.compile(dialect=PRINTED, compile_kwargs={'literal_binds': True})};"


@lru_cache(maxsize=256)
def _bound(statement: str, lists: tuple[str, ...]) -> TextClause:
    """A statement that takes values; several go where those names are.

    Values go without a type: where a time or a day is compared, PostgreSQL reads a text as one.
    """
    return text(statement.strip()).bindparams(*(bindparam(name, expanding=True) for name in lists))


def _is_list(value: Value) -> bool:
    return not isinstance(value, str | int)


def grouped(pairs: Iterable[tuple[K, T]]) -> dict[K, tuple[T, ...]]:
    """The second of each pair, by the first."""
    groups: dict[K, list[T]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
