"""What datasette shows beside a database: what every view and column means; the tables beneath are folded away."""

from pathlib import Path

from webexhist.store.dictionary import DICTIONARY, Column
from webexhist.store.schema import metadata

Metadata = dict[str, object]
TITLE = "webexhist: the history of Webex licensing"


def datasette_metadata(database: Path) -> Metadata:
    """Returns the metadata of datasette for a database file."""
    views: Metadata = {
        name: {"description": view.meaning, "columns": {column.name: _described(column) for column in view.columns}}
        for name, view in DICTIONARY.items()
    }
    tables: Metadata = {name: {"hidden": True} for name in (*metadata.tables, "alembic_version")}
    return {"title": TITLE, "databases": {database.stem: {"tables": views | tables}}}


def _described(column: Column) -> str:
    return f"{column.meaning} ({column.unit})" if column.unit else column.meaning
