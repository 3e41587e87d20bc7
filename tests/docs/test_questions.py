"""The questions of docs/sql.md have the answers beside them, on both kinds of database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from answers import EXAMPLE, HEADING, PAGE, answer
from customers import write_customers
from databases import ENGINES
from sqlalchemy import Connection, Engine

from webexhist.store.mending.copying import copy
from webexhist.store.opening.database import open_database

QUESTIONS = EXAMPLE.findall(PAGE.read_text().partition(HEADING)[2])


@pytest.fixture(scope="module")
def told(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("customers")
    engine = open_database(shutil.copy(sqlite_template, folder / "webexhist.db"))
    write_customers(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module", params=ENGINES)
def customers(request: pytest.FixtureRequest, told: Engine) -> Iterator[Connection]:
    """The history in a database of each kind."""
    if request.param == "sqlite":
        with told.connect() as connection:
            yield connection
        return
    engine = open_database(request.getfixturevalue("postgres").make(request.getfixturevalue("postgres_template")))
    copy(told, engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize(("query", "output"), QUESTIONS)
def test_a_question_has_the_answer_beneath_it(customers, query, output):
    assert answer(customers, query) == output


def test_there_are_thirty():
    assert len(QUESTIONS) == 30
