"""What the views cost beside the same values written out: a dense table, DuckDB and Parquet, a month and a year.

    python bench/dense.py FILE [URL]

FILE and URL hold the history of bench/customers.py. The first organization's licenses are written out, a row for each
license and snapshot, and asked the same questions as the views. Milliseconds of the best of three. On both databases
the views answer from the values that changed; a year of dense values is asked of them on SQLite alone.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa
from pyarrow import csv, parquet
from sqlalchemy import make_url

TIMES = 3
COLUMNS = ("snapshot", "taken_epoch", "license", *(FIELDS := ("purchased", "assigned")))
TABLE = f"CREATE TABLE dense ({', '.join(f'{name} BIGINT' for name in COLUMNS)}, PRIMARY KEY (license, snapshot))"
SPANS = {"a month": 30, "a year": 365}
"""The last so many days of the history."""
QUESTIONS = {
    "sum of all": (
        "SELECT count(assigned), sum(assigned) FROM license_usage WHERE org_id = 1 AND snapshot > {after}",
        "SELECT count(assigned), sum(assigned) FROM {dense}",
    ),
    "mean of each": (
        "SELECT license_id, avg(assigned) FROM license_usage WHERE org_id = 1 AND snapshot > {after} GROUP BY 1",
        "SELECT license, avg(assigned) FROM {dense} GROUP BY 1",
    ),
    "one license": (
        "SELECT avg(assigned) FROM license_usage WHERE org_id = 1 AND license = 'Webex License 7'"
        " AND snapshot > {after}",
        "SELECT avg(assigned) FROM {dense} WHERE license = 8",
    ),
    "mean of each, by changes": (
        "SELECT license_id, sum(1.0 * value * polls) / sum(polls) FROM license_changes WHERE org_id = 1"
        " AND field = 'assigned' AND snapshot > {after} AND value IS NOT NULL GROUP BY 1",
        None,
    ),
}
Asked = Callable[[str], object]


def dense_table(database: sqlite3.Connection, after: int, last: int) -> pa.Table:
    """Every value of every snapshot after one."""
    taken = [
        at
        for (at,) in database.execute(
            "SELECT taken_at FROM snapshot WHERE organization_id = 1 AND number > ? ORDER BY number", [after]
        )
    ]
    licenses = [id_ for (id_,) in database.execute("SELECT id FROM license WHERE organization_id = 1 ORDER BY id")]
    columns: dict[str, list[int | None]] = {name: [] for name in COLUMNS}
    for license_id in licenses:
        columns["snapshot"] += range(after + 1, last + 1)
        columns["taken_epoch"] += taken
        columns["license"] += [license_id] * len(taken)
        for field in FIELDS:
            changes = database.execute(
                "SELECT r.number, r.value FROM metric m"
                " JOIN reading r ON r.organization_id = m.organization_id AND r.metric_id = m.id"
                " WHERE m.organization_id = 1 AND m.license_id = ? AND m.field = ? ORDER BY r.number",
                [license_id, field],
            ).fetchall()
            for (number, value), (following, _) in zip(changes, [*changes[1:], (last + 1, None)], strict=True):
                columns[field] += [value] * max(0, following - max(number, after + 1))
    return pa.table({name: pa.array(values, pa.int64()) for name, values in columns.items()})


def milliseconds(ask: Asked, query: str) -> float:
    best = float("inf")
    for _ in range(TIMES):
        began = time.perf_counter()
        ask(query)
        took = 1000 * (time.perf_counter() - began)
        best = min(best, took)
        if took > 5000:
            break
    return best


def compare(span: str, source: sqlite3.Connection, server: "psycopg.Connection | None", folder: Path) -> None:
    """Prints the sizes and times of a span."""
    (last,) = source.execute("SELECT max(number) FROM snapshot WHERE organization_id = 1").fetchone()
    after = last - 288 * SPANS[span]
    rows = dense_table(source, after, last)
    files = {name: folder / f"{span}.{name}" for name in ("sqlite", "duckdb", "parquet")}
    parquet.write_table(rows, files["parquet"], compression="zstd")
    lake = duckdb.connect(str(files["duckdb"]))
    lake.execute("CREATE TABLE dense AS SELECT * FROM rows")
    lake.execute("CHECKPOINT")
    dense = sqlite3.connect(files["sqlite"])
    dense.execute(f"{TABLE} WITHOUT ROWID")
    dense.executemany(
        f"INSERT INTO dense VALUES ({', '.join('?' * len(COLUMNS))})", zip(*rows.to_pydict().values(), strict=True)
    )
    dense.commit()
    sizes = {name: file.stat().st_size for name, file in files.items()}
    asks: dict[str, tuple[Asked, str]] = {
        "views, SQLite": (lambda query: source.execute(query).fetchall(), ""),
        "dense, SQLite": (lambda query: dense.execute(query).fetchall(), "dense"),
        "DuckDB": (lambda query: lake.execute(query).fetchall(), "dense"),
        "Parquet": (lambda query: lake.execute(query).fetchall(), f"'{files['parquet']}'"),
    }
    if server is not None:
        server.execute("DROP TABLE IF EXISTS dense")
        server.execute(TABLE)
        text = BytesIO()
        csv.write_csv(rows, text, csv.WriteOptions(include_header=False))
        with server.cursor() as cursor, cursor.copy("COPY dense FROM STDIN (FORMAT csv)") as copy:
            copy.write(text.getvalue())
        server.execute("VACUUM ANALYZE dense")
        sizes["PostgreSQL"] = server.execute("SELECT pg_total_relation_size('dense')").fetchone()[0]  # type: ignore[index]
        if span == "a month":
            asks["views, PostgreSQL"] = (lambda query: server.execute(query).fetchall(), "")
        asks["dense, PostgreSQL"] = (lambda query: server.execute(query).fetchall(), "dense")
    print(
        f"{span}: {rows.num_rows:,} rows, " + ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in sizes.items())
    )
    print(f"{'':<26}" + "".join(f"{name:>19}" for name in asks))
    for question, (of_views, of_dense) in QUESTIONS.items():
        print(f"{question:<26}", end="")
        for ask, table in asks.values():
            query = of_dense if table else of_views
            shown = "" if query is None else f"{milliseconds(ask, query.format(after=after, dense=table)):,.1f} ms"
            print(f"{shown:>19}", end="", flush=True)
        print()


def main(file: str, url: str | None) -> None:
    server = None
    if url:
        place = make_url(url)
        host = str(place.query.get("host") or place.host)
        options = "-c jit=off -c timezone=UTC"
        server = psycopg.connect(
            host=host, user=place.username, dbname=place.database, options=options, autocommit=True
        )
    with (
        closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as source,
        tempfile.TemporaryDirectory() as folder,
    ):
        for span in SPANS:
            compare(span, source, server, Path(folder))
    if server is not None:
        server.execute("DROP TABLE dense")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
