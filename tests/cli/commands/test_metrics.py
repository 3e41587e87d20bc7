"""`webexhist metrics`: the last poll for Prometheus, printed or put into a file."""

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from webexhist.store.opening.database import open_database


@pytest.fixture
def database(tmp_path, taken):
    from webexhist.store.saving.save import save

    file = tmp_path / "history.db"
    engine = open_database(file)
    save(engine, taken("2026-11-23 15:00", people=3))
    save(engine, taken("2026-11-23 15:05", people=4))
    engine.dispose()
    return file


def people(text):
    (family,) = (family for family in text_string_to_metric_families(text) if family.name == "webexhist_people")
    return [sample.value for sample in family.samples]


def test_the_last_snapshot_is_printed(webexhist, database):
    assert people(webexhist("metrics", "--database", database).stdout) == [4]


def test_the_file_is_replaced_whole_and_may_be_read_by_all(webexhist, database, tmp_path):
    file = tmp_path / "webexhist.prom"
    file.write_text("before")
    done = webexhist("metrics", "--database", database, "--out", file)
    assert (done.code, done.stdout) == (0, "")
    assert people(file.read_text()) == [4]
    assert file.stat().st_mode & 0o777 == 0o644
    assert sorted(path.name for path in tmp_path.glob("*web*")) == ["webexhist.prom"], "no draft is left"


def test_a_database_that_is_not_there_is_one_line_and_leaves_the_file(webexhist, tmp_path):
    file = tmp_path / "webexhist.prom"
    file.write_text("before")
    assert webexhist("metrics", "--database", tmp_path / "none.db", "--out", file).code == 1
    assert file.read_text() == "before"
