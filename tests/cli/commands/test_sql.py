"""`webexhist sql`: one's own query is answered, and reads alone."""

import csv
import io

import psycopg
import pytest
from sqlalchemy import text

from webexhist.store.saving.save import save


@pytest.fixture
def database(engine, taken):
    save(engine, taken("2026-11-23 15:00", people=3))
    save(engine, taken("2026-11-23 15:05", people=1234))
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture
def ask(webexhist, database):
    return lambda *words: webexhist("sql", *words, "--database", database)


PEOPLE = "SELECT snapshot, value, NULL AS absent FROM counts WHERE metric = 'people' ORDER BY snapshot"


def test_an_answer_is_a_table_or_csv_or_json(ask):
    assert ask("SELECT sum(value) AS s, avg(value) AS a, 1.5 AS d FROM counts", "--json").json == [
        {"s": 1237, "a": 618.5, "d": 1.5}
    ]
    table = ask(PEOPLE)
    assert (table.code, table.stderr) == (0, "")
    assert [line.split() for line in table.stdout.splitlines()[-3:-1]] == [["1", "3", "–"], ["2", "1,234", "–"]]
    assert ask(PEOPLE, "--json").json == [
        {"snapshot": 1, "value": 3, "absent": None},
        {"snapshot": 2, "value": 1234, "absent": None},
    ]
    assert ask(PEOPLE, "--csv").stdout == "snapshot,value,absent\n1,3,\n2,1234,\n"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_query_is_read_from_stdin(ask, monkeypatch, mark):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(mark + PEOPLE.encode())))
    assert [row["value"] for row in ask("-", "--json").json] == [3, 1234]


@pytest.mark.parametrize("comment", ["-- by snapshot\n", "--by snapshot = 1\n", "--\n\t-- a = b\n", "/* all */ "])
def test_a_query_may_begin_with_a_comment(ask, comment):
    assert [row["value"] for row in ask(comment + PEOPLE, "--json").json] == [3, 1234]
    assert [row["value"] for row in ask("--json", "--max-rows", "5", comment + PEOPLE).json] == [3, 1234]


@pytest.mark.parametrize("content", ["SELECT 'ü'".encode("latin-1"), PEOPLE.encode("utf-16")])
def test_a_query_in_another_encoding_is_wrong_usage(ask, monkeypatch, content):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    refused = ask("-")
    assert (refused.code, refused.line) == (2, "the query is not written in UTF-8: save it as UTF-8")


def test_on_sqlite_a_query_asks_of_tables_and_sets_nothing(webexhist, sqlite_engine, sqlite_location):
    def ask(query):
        return webexhist("sql", query, "--database", sqlite_location)

    assert "taken_epoch" in ask("PRAGMA TABLE_INFO(counts)").stdout
    for query in ("PRAGMA journal_mode = DELETE", "PRAGMA query_only = OFF", "PRAGMA writable_schema(1)"):
        assert ask(query).line.startswith("the query cannot be answered (not authorized)")


def test_no_rows_keep_their_heads_in_csv(ask):
    assert ask("SELECT org, value FROM counts WHERE value = 7", "--csv").stdout == "org,value\n"
    assert ask("SELECT org, value FROM counts WHERE value = 7").stdout == "No rows.\n"


def test_two_columns_of_one_name_are_both_there(ask):
    assert ask("SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS a", "--json").json == [{"a": 1, "a_3": 2, "a_2": 3, "a_4": 4}]


def test_rows_beyond_the_limit_are_reported(ask):
    cut = ask(PEOPLE, "--csv", "--max-rows", "1")
    assert (cut.code, cut.stdout) == (0, "snapshot,value,absent\n1,3,\n")
    assert cut.line == "only the first 1 row is here: --max-rows gives more, webexhist export all"
    assert ask(PEOPLE, "--csv", "--max-rows", "2").stderr == ""


def test_a_query_that_takes_too_long_is_stopped(ask):
    endless = "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT sum(i % 7) FROM n"
    stopped = ask(endless, "--max-seconds", "1")
    assert (stopped.code, stopped.stdout) == (1, "")
    assert stopped.line.startswith("the query was stopped after 1 seconds: ask for fewer days")


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM reading",
        "INSERT INTO note SELECT * FROM note",
        "UPDATE license SET name = 'other' RETURNING name",
        "DROP VIEW counts",
        "CREATE TABLE mine (a INTEGER)",
        "SELECT 1; DELETE FROM reading",
        "COMMIT; DELETE FROM reading",
        "SELECT * FROM nowhere",
        "SELEC 1",
        "SELECT $1",
        "/* nothing */",
    ],
)
def test_what_is_not_one_query_that_reads_is_refused_and_changes_nothing(ask, engine, rows, query):
    before = rows(engine, "SELECT * FROM reading ORDER BY metric_id, number")
    refused = ask(query)
    assert (refused.code, refused.stdout) == (1, "")
    assert refused.line.startswith("the query ")
    assert rows(engine, "SELECT * FROM reading ORDER BY metric_id, number") == before
    assert rows(engine, "SELECT count(*) FROM counts") == [(2,)]


@pytest.mark.parametrize("query", ["VACUUM INTO '{}'", "ATTACH '{}' AS other"])
def test_on_sqlite_no_other_file_is_made(webexhist, sqlite_engine, sqlite_location, tmp_path, query):
    other = tmp_path / "other.db"
    assert webexhist("sql", query.format(other), "--database", sqlite_location).code == 1
    assert not other.exists()


@pytest.mark.slow
def test_on_postgres_a_query_does_not_make_itself_writable(webexhist, postgres_engine, taken):
    save(postgres_engine, taken("2026-11-23 15:00", people=3))
    location = postgres_engine.url.render_as_string(hide_password=False)
    for query in (
        "SELECT set_config('transaction_read_only', 'off', false)",
        "WITH gone AS (DELETE FROM reading RETURNING *) SELECT * FROM gone",
        "SELECT 1; COMMIT; DELETE FROM reading",
        "COPY reading TO PROGRAM 'cat'",
    ):
        assert webexhist("sql", query, "--database", location).line.startswith("the query cannot be answered")
    with psycopg.connect(location.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM reading").fetchone() == (2,)


def test_an_empty_query_is_wrong_usage(ask):
    assert ask(" ").code == 2


def test_names_of_others_do_not_become_formulas(ask, engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE organization SET name = '=1+1'"))
    assert list(csv.reader(io.StringIO(ask("SELECT org FROM latest_counts", "--csv").stdout)))[1] == ["'=1+1"]


def test_what_a_query_makes_up_harms_neither_table_nor_csv_nor_json(ask, database):
    """Line feeds end no row, heads are no formulas, markup or controls, and JSON knows no infinity."""
    infinity = "CAST('Infinity' AS DOUBLE PRECISION)" if database.startswith("postgresql") else "1e999"
    made_of_bytes = "'\\x00ff'::bytea" if database.startswith("postgresql") else "X'00FF'"
    assert ask(f"SELECT {made_of_bytes} AS a", "--csv").stdout == "a\nX'00FF'\n"
    query = f"SELECT 'a\n=1+1' AS \"=[red]x\u202e\", {infinity} AS much"
    assert list(csv.reader(io.StringIO(ask(query, "--csv").stdout))) == [["'=[red]x", "much"], ["a\n'=1+1", "inf"]]
    assert ask(query).stdout.split()[:2] == ["=[red]x", "much"]
    assert ask(query, "--json").json == [{"=[red]x\u202e": "a\n=1+1", "much": "inf"}]
