"""`webexhist report` as it is typed."""

import subprocess
import sys

import pytest
from histories import license_of
from page_names import LINKED_PAGES


@pytest.fixture
def run(tmp_path):
    def webexhist(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "webexhist", *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=120
        )

    return webexhist


NOT_POLLED = "webexhist: Acme Example is not polled any more since 2026-10-01 06:00 UTC\n"


def test_the_pages_are_written_and_the_first_one_named(run, poller, tmp_path):
    poller.poll("2026-10-01 06:00", {license_of("Webex Meetings Suite"): (10, 5)})
    done = run("report", "--database", str(tmp_path / "history.db"), "--out", "pages", "--month", "2026-10")
    assert (done.returncode, done.stderr) == (0, NOT_POLLED)
    assert done.stdout == f"2026-10: {len(LINKED_PAGES) + 3} files, begin with {tmp_path / 'pages' / 'index.html'}\n"
    assert (tmp_path / "pages" / "index.html").is_file()


@pytest.mark.slow
def test_a_month_in_one_file(run, poller, tmp_path):
    poller.poll("2026-10-01 06:00", {license_of("Webex Meetings Suite"): (10, 5)})
    done = run("report", "--database", "history.db", "--out", "mail", "--month", "2026-10", "--single-file")
    assert done.stdout == f"2026-10: 1 file, begin with {tmp_path / 'mail' / 'webexhist-2026-10.html'}\n"


@pytest.mark.slow
def test_every_month(run, poller, tmp_path):
    for month in ("09", "10"):
        poller.poll(f"2026-{month}-01 06:00", {license_of("Webex Meetings Suite"): (10, 5)})
    done = run("report", "--database", "history.db", "--out", "months_page", "--month", "all")
    assert (done.returncode, done.stderr) == (0, NOT_POLLED)
    files, index = 2 * (len(LINKED_PAGES) + 3) + 1, tmp_path / "months_page" / "index.html"
    assert done.stdout == f"2026-09 to 2026-10: {files} files, begin with {index}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (
            ["--month", "2026-09"],
            1,
            "webexhist: there are no polls in 2026-09: choose a month from 2026-10 to 2026-10",
        ),
        (["--month", "October"], 2, "webexhist: 'October' is not a month: write it as YYYY-MM, like 2026-11"),
        (["--out", "history.db"], 1, "webexhist: cannot write the report to {folder}/history.db (Not a directory): "),
    ],
)
def test_what_cannot_be_done_is_one_line(run, poller, tmp_path, arguments, code, words):
    poller.poll("2026-10-01 06:00", {license_of("Webex Meetings Suite"): (10, 5)})
    failed = run("report", "--database", str(tmp_path / "history.db"), *arguments)
    assert (failed.returncode, failed.stdout) == (code, "")
    assert failed.stderr.startswith(words.format(folder=tmp_path))
    assert failed.stderr.count("\n") == 1


def test_a_missing_database_is_not_made(run, tmp_path):
    failed = run("report", "--database", "nowhere.db")
    assert failed.returncode == 1
    assert "webexhist poll" in failed.stderr
    assert not (tmp_path / "nowhere.db").exists()
