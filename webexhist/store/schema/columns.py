"""What the columns and keys of all tables are made of."""

from typing import Any

from sqlalchemy import REAL, BigInteger, Double, ForeignKeyConstraint, Integer, MetaData
from sqlalchemy.types import TypeEngine

metadata = MetaData()

WHOLE_NUMBER: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
FRACTION: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")
KEPT_BY_ROWID: dict[str, Any] = {"sqlite_strict": True}
KEPT_BY_KEY: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}


def reference(column: str, table: str, key: str) -> ForeignKeyConstraint:
    """Returns a reference to a row of the same organization."""
    return ForeignKeyConstraint(["organization_id", column], [f"{table}.organization_id", f"{table}.{key}"])
