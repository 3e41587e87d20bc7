"""`webexhist demo`: a person with nothing but this program sees all of it at work."""

import json
import os
import re
import subprocess
import sys

import pytest
from sqlalchemy import create_engine

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    """The folder and the result of a demo of one month, run from an empty folder."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, demo(folder, "--months", "1", "--document")


def demo(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "webexhist", "demo", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_prints_the_last_document_and_where_everything_lies(month):
    folder, result = month
    assert (result.returncode, result.stderr) == (0, "")
    document, end = json.JSONDecoder().raw_decode(result.stdout)
    assert document["Seconds Since Last Poll"] == 300
    assert document["Admin - Teams Count"] > 0
    assert "Messages Since Last Poll" in document
    ending = result.stdout[end:]
    assert re.search(r"^\d+ polls and the report took \d+ seconds\.$", ending, re.MULTILINE)
    assert str(folder / "webexhist-demo" / "report" / "index.html") in ending
    assert str(folder / "webexhist-demo" / "webexhist.db") in ending


def test_it_leaves_a_report_and_a_database(month):
    folder, _ = month
    assert (folder / "webexhist-demo" / "report" / "index.html").stat().st_size > 10_000
    with create_engine(f"sqlite:///{folder}/webexhist-demo/webexhist.db").connect() as connection:
        query = "SELECT count(*), max(number), count(DISTINCT organization_id) FROM snapshot"
        snapshots, polls, organizations = connection.exec_driver_sql(query).one()
    assert snapshots == 2 * polls > 60
    assert organizations == 2


def test_it_never_writes_into_a_database_that_is_there(month):
    folder, _ = month
    before = (folder / "webexhist-demo" / "webexhist.db").read_bytes()
    again = demo(folder, "--months", "1")
    assert again.returncode == 1
    assert again.stderr == (
        "webexhist: webexhist-demo/webexhist.db is there already: delete the folder, or choose another with --out\n"
    )
    assert (folder / "webexhist-demo" / "webexhist.db").read_bytes() == before
