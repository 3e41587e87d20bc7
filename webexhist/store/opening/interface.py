"""Brings the views up to date: only those that changed are touched, and what others built on them stays.

On PostgreSQL a view is replaced in its place, so that grants on it and views of others that read it survive. On
SQLite it is dropped and made again in one transaction; triggers of others on it would go too, and are made again.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, inspect, select, text

from webexhist.store.dialects import in_dialect
from webexhist.store.dictionary import DICTIONARY
from webexhist.store.engine import place_of
from webexhist.store.errors import ForeignDatabaseError
from webexhist.store.gone_views import gone_views
from webexhist.store.schema import public_view
from webexhist.store.seals.sealing import resealed
from webexhist.store.times import seconds_of

_TRIGGERS = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = :view ORDER BY rowid")
_OUR_SCHEMA_FIRST = text("""
SELECT set_config('search_path', quote_ident(schemaname) || ', ' || current_setting('search_path'), true)
FROM pg_tables WHERE tablename = 'public_view' AND schemaname = ANY(current_schemas(false))
ORDER BY array_position(current_schemas(false), schemaname) LIMIT 1
""")
_INFO = "schema_info"
"""The view whose row keeps the version of them all."""


def stay_in_schema(connection: Connection) -> None:
    """Lets the rest of the transaction make tables and views where ours are.

    A server makes them in the first schema of the search path, and that is another one where somebody has made one
    of the role's name since.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_OUR_SCHEMA_FIRST)


def renew_views(connection: Connection, version: int, views: Mapping[str, str]) -> tuple[str, ...]:
    """Makes the views that are missing or have another text, and notes the version; returns their names.

    `views` are as `webexhist.store.views` has them, for both engines.
    Raises `ForeignDatabaseError` where a table or view of somebody else has the name of one of them.
    """
    queries = {name: in_dialect(template, connection.dialect.name) for name, template in views.items()}
    made = _made(connection)
    wanted = _digests(queries)
    gone = gone_views(connection, views)
    changed = [name for name, digest in wanted.items() if made.get(name) != digest or name in gone]
    _require_free(connection, [name for name in changed if name not in made or name in gone])
    _replace(connection, {name: queries[name] for name in changed})
    since = seconds_of(datetime.now(UTC))
    with resealed(connection, None, public_view):
        for name in {*changed, _INFO}:
            connection.execute(delete(public_view).where(public_view.c.name == name))
            row = {"name": name, "digest": wanted[name], "version": version, "since": since}
            connection.execute(insert(public_view).values(row))
    return tuple(changed)


def make_again(connection: Connection, views: Mapping[str, str]) -> tuple[str, ...]:
    """Makes those of the views that were made as they are here, and dropped by somebody; returns their names.

    Raises as `renew_views` does.
    """
    queries = {name: in_dialect(template, connection.dialect.name) for name, template in views.items()}
    made, gone = _made(connection), gone_views(connection, views)
    again = [name for name, digest in _digests(queries).items() if name in gone and made[name] == digest]
    _require_free(connection, again)
    _replace(connection, {name: queries[name] for name in again})
    return tuple(again)


def _made(connection: Connection) -> dict[str, str]:
    """The digest of each view that was made, by its name."""
    return {row.name: row.digest for row in connection.execute(select(public_view))}


def _digests(queries: Mapping[str, str]) -> dict[str, str]:
    return {name: hashlib.sha256(query.encode()).hexdigest() for name, query in queries.items()}


def _replace(connection: Connection, queries: Mapping[str, str]) -> None:
    replace = {"sqlite": _replace_on_sqlite, "postgresql": _replace_on_postgres}[connection.dialect.name]
    for name, query in queries.items():
        replace(connection, name, query)


def _require_free(connection: Connection, names: Sequence[str]) -> None:
    tables = inspect(connection)
    is_server = connection.dialect.name == "postgresql"
    schema = connection.scalar(text("SELECT current_schema()")) if is_server else None
    for name in names:
        if tables.has_table(name, schema):
            raise ForeignDatabaseError(
                f"the database {place_of(connection.engine)} holds a table or view {name} that is not webexhist's",
                "give it another name, then: webexhist db upgrade",
            )


def _replace_on_postgres(connection: Connection, name: str, query: str) -> None:
    connection.execute(text(f"CREATE OR REPLACE VIEW {name} AS {query}"))
    if view := DICTIONARY.get(name):
        connection.execute(text(f"COMMENT ON VIEW {name} IS {_literal(view.meaning)}"))
        for column in view.columns:
            meaning = f"{column.meaning} ({column.unit})" if column.unit else column.meaning
            connection.execute(text(f"COMMENT ON COLUMN {name}.{column.name} IS {_literal(meaning)}"))


def _literal(words: str) -> str:
    """The words in SQL, where no value can be handed over."""
    return "'" + words.replace("'", "''").replace(":", "\\:") + "'"


def _replace_on_sqlite(connection: Connection, name: str, query: str) -> None:
    triggers = connection.scalars(_TRIGGERS, {"view": name}).all()
    connection.execute(text(f"DROP VIEW IF EXISTS {name}"))
    connection.execute(text(f"CREATE VIEW {name} AS {query}"))
    for trigger in triggers:
        connection.exec_driver_sql(trigger)
