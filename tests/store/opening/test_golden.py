"""Databases of every released version: this one upgrades each of them, and its views answer what they did then."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from golden_databases import FOLDER, INITECH, OF_THE_PROGRAM, answers, recorded, unpack, versions
from histories import Poller
from sqlalchemy import text

from webexhist import __version__
from webexhist.metrics import Metric
from webexhist.store.dialects import in_dialect
from webexhist.store.mending.copying import copy
from webexhist.store.opening.database import open_database
from webexhist.store.schema import REVISION, VIEWS_VERSION, metadata
from webexhist.store.seals.damage import find_damage
from webexhist.store.views import VIEWS

LARGEST = 200_000
"""Bytes of such a database: every version adds one, for ever."""
IS_RELEASED = ".dev" not in __version__
"""Or is about to be: between releases the version is that of the next one, like 0.2.0.dev0."""
MAKE_IT = (
    f"where {__version__} is released already, make the version that of the next one, like 0.2.0.dev0; else:"
    " python tests/support/golden_databases.py"
)


@pytest.fixture(scope="module", params=versions())
def version(request) -> str:
    return str(request.param)


@pytest.fixture
def released(version, tmp_path) -> Path:
    """The file as that version left it."""
    file = tmp_path / "webexhist.db"
    unpack(version, file)
    return file


@pytest.fixture(scope="module")
def upgraded_file(version, tmp_path_factory) -> Path:
    """The same as this version leaves it."""
    file = tmp_path_factory.mktemp(version) / "webexhist.db"
    unpack(version, file)
    open_database(file).dispose()
    return file


@pytest.fixture
def upgraded(upgraded_file, tmp_path):
    engine = open_database(shutil.copy(upgraded_file, tmp_path / "upgraded.db"))
    yield engine
    engine.dispose()


def asked_again(engine, version: str) -> tuple[dict[str, object], dict[str, object]]:
    """What the views answer now, and what they answered then, without the one that tells of the program."""
    then = recorded(version)
    now = answers(engine, {view: answer["columns"] for view, answer in then.items()})
    return {**now, OF_THE_PROGRAM: None}, {**then, OF_THE_PROGRAM: None}


def test_this_version_has_a_database_once_it_is_released():
    assert (__version__ in versions()) == IS_RELEASED, MAKE_IT


def test_a_database_of_a_release_is_small(released, version):
    assert released.stat().st_size <= LARGEST
    assert (FOLDER / f"{version}.db.gz").stat().st_size <= LARGEST


def test_every_table_of_a_release_has_rows(released, version):
    with closing(sqlite3.connect(released)) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        empty = [name for name in tables if not database.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()]
    assert empty == []
    if version == __version__:
        assert tables == {*metadata.tables, "alembic_version"}, MAKE_IT


def test_every_view_of_a_release_answered(version):
    assert [view for view, answer in recorded(version).items() if not answer["rows"]] == [OF_THE_PROGRAM]
    if version == __version__:
        assert list(recorded(version)) == list(VIEWS), MAKE_IT


def test_a_database_of_a_release_is_brought_up_to_date_and_answers_what_it_did(upgraded, version):
    assert find_damage(upgraded) == ()
    with upgraded.connect() as connection:
        info = connection.execute(text("SELECT version, revision FROM schema_info")).one()
    assert tuple(info) == (VIEWS_VERSION, REVISION)
    now, then = asked_again(upgraded, version)
    assert now == then


@pytest.mark.slow
def test_a_copy_of_it_on_postgres_answers_the_same(upgraded, version, postgres_engine):
    copy(upgraded, postgres_engine)
    assert find_damage(postgres_engine) == ()
    now, then = asked_again(postgres_engine, version)
    assert now == then


def test_polls_go_on_in_it(upgraded):
    known = "SELECT max(snapshot) FROM snapshots WHERE org = 'Initech'"
    with upgraded.connect() as connection:
        last = connection.scalar(text(known))
    Poller(upgraded, INITECH).poll(datetime(2026, 12, 1, 12, tzinfo=UTC), {}, {Metric.PEOPLE: 812})
    with upgraded.connect() as connection:
        assert connection.scalar(text(known)) == last + 1
        people = "SELECT value FROM latest_counts WHERE org = 'Initech' AND metric = 'people'"
        assert connection.scalar(text(people)) == 812
    assert find_damage(upgraded) == ()


def test_views_that_changed_since_a_release_have_a_higher_version(released):
    """Else databases that are up to date would never get them."""
    with closing(sqlite3.connect(released)) as database:
        made = dict(database.execute("SELECT name, digest FROM public_view"))
        (version,) = database.execute("SELECT max(version) FROM public_view").fetchone()
    now = {name: hashlib.sha256(in_dialect(query, "sqlite").encode()).hexdigest() for name, query in VIEWS.items()}
    assert version < VIEWS_VERSION if now != made else version <= VIEWS_VERSION
