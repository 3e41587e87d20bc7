"""Views that this program made and somebody has dropped since."""

from collections.abc import Collection

from sqlalchemy import Connection, text

_NOTED_ALONE = {
    "sqlite": text("""
SELECT name FROM public_view
WHERE lower(name) NOT IN (SELECT lower(name) FROM sqlite_master WHERE type = 'view') ORDER BY name
"""),
    "postgresql": text("""
SELECT name FROM public_view
WHERE name NOT IN (SELECT viewname FROM pg_views WHERE schemaname = ANY(current_schemas(false))) ORDER BY name
"""),
}


def gone_views(connection: Connection, names: Collection[str]) -> tuple[str, ...]:
    """Those of the names that are noted as made views, and have no view any more."""
    noted_alone = connection.scalars(_NOTED_ALONE[connection.dialect.name]).all()
    return tuple(name for name in noted_alone if name in names)
