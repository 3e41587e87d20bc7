"""The data dictionary agrees with the views: their columns, and the kinds of their values."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from golden_databases import columns_of
from sqlalchemy import text

from webexhist.store.dictionary import DICTIONARY, Kind
from webexhist.store.views import VIEWS

KINDS = {
    Kind.TEXT: str,
    Kind.WHOLE: int,
    Kind.FRACTION: float | int | Decimal,
    Kind.TIME: str | datetime,
    Kind.DAY: str | date,
}


def test_every_view_and_column_has_an_entry_in_its_place(sqlite_engine):
    assert list(DICTIONARY) == list(VIEWS)
    entries = {name: [column.name for column in view.columns] for name, view in DICTIONARY.items()}
    assert entries == columns_of(sqlite_engine)


def test_every_column_says_something_and_numbers_have_a_unit():
    columns = [(name, column) for name, view in DICTIONARY.items() for column in view.columns]
    without = {column.name for _, column in columns if column.kind in (Kind.WHOLE, Kind.FRACTION) and not column.unit}
    assert without == {"snapshot", "org_id", "version"}
    assert [column for _, column in columns if len(column.meaning) < 5] == []


@pytest.mark.parametrize("view", DICTIONARY)
def test_values_are_of_the_kind_that_is_said(year, view):
    with year.connect() as connection:
        rows = connection.execute(text(f"SELECT * FROM {view} LIMIT 200")).all()
    for column, values in zip(DICTIONARY[view].columns, zip(*rows, strict=True), strict=False):
        wrong = {type(value) for value in values if value is not None and not isinstance(value, KINDS[column.kind])}
        assert not wrong, column.name


@pytest.mark.slow
def test_postgres_has_it_as_comments(postgres_engine, rows):
    query = (
        "SELECT a.attname, col_description(a.attrelid, a.attnum) FROM pg_attribute a"
        " WHERE a.attrelid = CAST('daily_products' AS regclass) AND a.attname IN ('product', 'assigned_max')"
        " ORDER BY 1"
    )
    assert rows(postgres_engine, query) == [
        ("assigned_max", "the most known units assigned at once (units)"),
        ("product", "what is judged together, as in `licenses`"),
    ]
    missing = (
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relkind = 'v'"
        " AND c.relnamespace = CAST('public' AS regnamespace)"
        " AND (col_description(c.oid, a.attnum) IS NULL OR obj_description(c.oid) IS NULL)"
    )
    assert rows(postgres_engine, missing) == []
