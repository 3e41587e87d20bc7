"""Rows that refer to what is not there: what a database refuses, unless somebody told it not to mind."""

from typing import Any

from sqlalchemy import Connection, ForeignKeyConstraint, Select, and_, exists, literal, select, text

from webexhist.store import schema

_IN_A_FILE = text('SELECT DISTINCT "table" FROM pragma_foreign_key_check ORDER BY 1')


def tables_referring_to_nothing(connection: Connection) -> list[str]:
    """The tables with such rows, by name."""
    if connection.dialect.name == "sqlite":
        return list(connection.scalars(_IN_A_FILE))
    found = {
        table.name
        for table in schema.metadata.tables.values()
        for constraint in table.foreign_key_constraints
        if connection.scalar(_referring_to_nothing(constraint))
    }
    return sorted(found)


def _referring_to_nothing(constraint: ForeignKeyConstraint) -> Select[Any]:
    """Asks for one row whose columns are all known, and stand in no row that they may refer to."""
    kept = constraint.referred_table.alias("kept")
    pairs = [(element.parent, kept.c[element.column.name]) for element in constraint.elements]
    is_there = exists().where(and_(*(own == other for own, other in pairs)))
    return select(literal(1)).where(*(own.is_not(None) for own, _ in pairs), ~is_there).limit(1)
