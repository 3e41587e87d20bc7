"""The SQL behind the figures, with every value filled in: it runs as printed in sqlite3 and psql."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text


@dataclass(frozen=True, slots=True)
class Query:
    """A statement that gives the figures of one block of a page."""

    title: str
    text: str


def printed(title: str, statement: str, values: Mapping[str, str | int]) -> Query:
    """The statement with literal values in place of its parameters."""
    bound = text(statement).bindparams(**values)
    return Query(title, str(bound.compile(compile_kwargs={"literal_binds": True})).strip() + ";")
