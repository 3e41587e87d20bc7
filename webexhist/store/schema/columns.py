"""What the columns and keys of all tables are made of."""

from typing import Any

from sqlalchemy import REAL, BigInteger, Date, Double, ForeignKeyConstraint, Integer, MetaData, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from webexhist.store.dialects import FUNCTIONS

metadata = MetaData()

WHOLE_NUMBER: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
FRACTION: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")
MOMENT = WHOLE_NUMBER
"""Whole seconds since the beginning of 1970, in UTC."""
DAY: TypeEngine[Any] = Text().with_variant(Date(), "postgresql")
"""A day of the views: its text is "2026-11-23" wherever it is read or written (engine.py)."""
KEPT_BY_ROWID: dict[str, Any] = {"sqlite_strict": True}
KEPT_BY_KEY: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}


def reference(column: str, table: str, key: str) -> ForeignKeyConstraint:
    """Returns a reference to a row of the same organization."""
    return ForeignKeyConstraint(["organization_id", column], [f"{table}.organization_id", f"{table}.{key}"])


class ShownMoment(FunctionElement[Any]):
    """A moment as views show it."""

    inherit_cache = True


@compiles(ShownMoment)
def _show_moment(element: ShownMoment, compiler: SQLCompiler, **options: Any) -> str:
    return FUNCTIONS[compiler.dialect.name]["moment"].format(compiler.process(element.clauses, **options))
