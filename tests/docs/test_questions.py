"""What analysts ask gives what the documentation says, on both kinds of database: by hand, in Grafana, in psql."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from answers import EXAMPLE, FILE, HEADING, answer
from customers import write_customers
from databases import ENGINES
from grafana_dashboards import FOLDER, dashboards
from sqlalchemy import Connection, Engine

from webexhist.store.mending.copying import copy
from webexhist.store.opening.database import open_database

QUESTIONS = EXAMPLE.findall(FILE.read_text().partition(HEADING)[2])


@pytest.fixture(scope="module")
def entered(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("customers")
    engine = open_database(shutil.copy(sqlite_template, folder / "webexhist.db"))
    write_customers(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def on_server(postgres, postgres_template, entered: Engine) -> Iterator[Connection]:
    """The history in PostgreSQL."""
    engine = open_database(postgres.make(postgres_template))
    copy(entered, engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module", params=ENGINES)
def customers(request: pytest.FixtureRequest, entered: Engine) -> Iterator[Connection]:
    """The history in a database of each kind."""
    if request.param == "postgres":
        yield request.getfixturevalue("on_server")
        return
    with entered.connect() as connection:
        yield connection


TO = datetime(2026, 11, 25, tzinfo=UTC)
FROM = TO - timedelta(days=90)


def panels(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """What each panel of the shipped dashboard gets, with what Grafana puts in."""
    kind = connection.dialect.name
    dashboard = json.loads((FOLDER / f"webexhist-{kind}.json").read_text())
    found = {}
    for panel in dashboard["panels"]:
        [target] = panel["targets"]
        query = target["rawQueryText" if kind == "sqlite" else "rawSql"]
        for placeholder, value in (
            ("${__from:date:YYYY-MM-DD}", f"{FROM:%Y-%m-%d}"),
            ("${__to:date:YYYY-MM-DD}", f"{TO:%Y-%m-%d}"),
            ("$__from", f"{FROM.timestamp() * 1000:.0f}"),
            ("$__to", f"{TO.timestamp() * 1000:.0f}"),
            ("${org:sqlstring}", "'Acme','Globex','Initech'"),
        ):
            query = query.replace(placeholder, value)
        result = connection.exec_driver_sql(query.replace("%", "%%") if kind == "postgresql" else query)
        rows = [tuple(row) for row in result]
        if panel["type"] == "timeseries":
            assert list(result.keys()) == ["time", "metric", "value"]
            assert [row[0] for row in rows] == sorted(row[0] for row in rows)
        found[panel["title"]] = rows
    return found


@pytest.mark.parametrize(("query", "output"), QUESTIONS)
def test_a_question_has_the_answer_beneath_it(customers, query, output):
    assert answer(customers, query) == output


@pytest.fixture
def los_angeles(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The time zone of this process."""
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("los_angeles")
def test_a_time_is_shown_by_the_clocks_of_a_place(customers):
    """Which were put back between the two."""
    page = FILE.read_text().partition("### The clocks of a place")[2]
    (query,) = re.findall(rf"```{customers.dialect.name}\n(.*?)\n```", page, re.DOTALL)
    (output,) = re.findall(r"```text\n(.*?)\n```", page, re.DOTALL)
    assert answer(customers, query) == output


def test_there_are_thirty():
    assert len(QUESTIONS) == 30


def test_the_dashboards_are_those_of_the_program():
    assert {file: file.read_text() for file in FOLDER.iterdir()} == dashboards()


def test_a_dashboard_shows_what_the_views_have(customers):
    shown = panels(customers)
    silent = dict(shown["Seconds since the last poll"])
    assert silent == {"Acme": 7 * 3600, "Globex": 5 * 3600 + 50 * 60, "Initech": 4 * 86400 + 17 * 3600}
    assert len(shown["Licenses now"]) == 9
    newest = int(datetime(2026, 11, 24, tzinfo=UTC).timestamp())
    day_before = [row[1:] for row in shown["Assigned units, the most of each day"] if row[0] == newest]
    assert ("Acme · Webex Suite · acme.webex.com", 591) in day_before
    utilized = {
        row[1]: float(row[2]) for row in shown["Utilization at the end of each day, percent of what was purchased"]
    }
    assert utilized["Acme · Webex Suite"] == 100 * 695 / 800
    counted = {row[1]: row[2] for row in shown["People, devices and rooms"]}
    assert (counted["Acme · people"], counted["Acme · devices"], counted["Acme · rooms"]) == (687, 103, 2038)
    assert [row[2] for row in shown["Messages a day"] if row[1] == "Acme"][-2:] == [1616, 1212]
    assert [row[1:] for row in shown["Bought and reduced"]] == [
        ("Acme", "Webex Suite", "acme.webex.com", 600, 50),
        ("Acme", "Webex Suite", "acme.webex.com", 550, 50),
    ]
    assert [row[1:4] for row in shown["What failed"]] == [
        ("Globex", "licenses", "failed"),
        ("Acme", "people", "out of time"),
        ("Acme", "licenses", "failed"),
    ]


@pytest.mark.slow
def test_an_analyst_who_may_only_read_asks_by_psql(on_server):
    engine = on_server.engine
    grants = re.findall(r"^GRANT .*;$", FILE.read_text(), re.MULTILINE)
    with engine.begin() as connection:
        for statement in ("CREATE ROLE analysts LOGIN", *grants):
            connection.exec_driver_sql(statement)

    def psql(statement: str) -> subprocess.CompletedProcess[str]:
        host, database = engine.url.query["host"], engine.url.database
        words = ["psql", "-X", "--csv", "-h", host, "-U", "analysts", "-d", database, "-c", statement]
        return subprocess.run(words, capture_output=True, text=True, timeout=60)

    asked = psql("SELECT license, available FROM latest_licenses WHERE org = 'Initech'")
    assert asked.stdout == "license,available\nWebex Suite,1\n", asked.stderr
    assert "must be owner" in psql("DROP VIEW latest_licenses").stderr
    assert "permission denied" in psql("DELETE FROM note").stderr
    assert "units assigned" in psql("\\d+ latest_licenses").stdout
