"""DuckDB reads a data set by itself, and finds in it the months that the views have."""

import pytest
from customers import write_customers
from sqlalchemy import text

DATA_SET = "read_parquet('{folder}/*/*/*.parquet', hive_partitioning = true)"
OF_LICENSES = """
SELECT org_id, month, license_id, arg_max(purchased, snapshot), arg_min(assigned, snapshot),
  arg_max(assigned, snapshot), min(assigned), max(assigned), avg(assigned), count(assigned)
FROM {data_set} GROUP BY ALL HAVING count(assigned) > 0 ORDER BY ALL
"""
OF_COUNTS = """
SELECT org_id, month, metric, arg_min(value, snapshot), arg_max(value, snapshot), min(value), max(value), avg(value),
  count(value)
FROM {data_set} GROUP BY ALL ORDER BY ALL
"""
VIEWS = {
    "license_usage": (
        OF_LICENSES,
        "SELECT org_id, month, license_id, purchased, assigned_first, assigned_last, assigned_min, assigned_max,"
        " assigned_mean, samples FROM monthly_licenses WHERE samples > 0 ORDER BY org_id, month, license_id",
    ),
    "counts": (
        OF_COUNTS,
        "SELECT org_id, month, metric, first, last, min, max, mean, samples FROM monthly_counts"
        " ORDER BY org_id, month, metric",
    ),
}


def rounded(rows):
    return [tuple(round(cell, 9) if isinstance(cell, float) else cell for cell in row) for row in rows]


@pytest.mark.slow
def test_the_months_of_a_data_set_are_those_of_the_views(sqlite_engine, sqlite_location, webexhist, tmp_path):
    import duckdb

    write_customers(sqlite_engine)
    words = ("--format", "parquet", "--partition", "org,month")
    for view, (query, months) in VIEWS.items():
        folder = tmp_path / view
        assert webexhist("export", view, *words, "--out", folder, "--database", sqlite_location).code == 0
        found = duckdb.sql(query.format(data_set=DATA_SET.format(folder=folder))).fetchall()
        with sqlite_engine.connect() as connection:
            wanted = connection.execute(text(months)).all()
        assert len(found) > 60
        assert rounded(found) == rounded(wanted)
