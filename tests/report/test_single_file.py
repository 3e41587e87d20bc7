"""All pages of a month in one file, to be mailed."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from histories import Poller, license_of
from page_names import LINKED_PAGES
from reading import read

from webexhist.report.layouts import SINGLE_FILE
from webexhist.report.writer import write_report
from webexhist.snapshot import Organization

NOW = datetime(2026, 11, 10, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def mailed(year, tmp_path_factory) -> Path:
    report = read(year, write_report, tmp_path_factory.mktemp("mailed"), layout=SINGLE_FILE, now=NOW)
    assert report.files == (report.index,)
    return report.index


def ids(text: str) -> list[str]:
    return re.findall(r'\bid="([^"]*)"', text)


def targets(text: str) -> set[str]:
    return set(re.findall(r'\bhref="([^"]*)"', text))


def test_the_file_is_named_for_its_month_and_stands_alone(mailed):
    assert [file.name for file in mailed.parent.glob("[!.]*")] == ["webexhist-2026-10.html"]
    text = mailed.read_text("utf-8")
    assert text.count("<article ") == 12 + 1 + len(LINKED_PAGES)
    assert text.count("<script>") == text.count("<style>") == 1


def test_every_link_leads_to_a_place_in_the_file(mailed):
    text = mailed.read_text("utf-8")
    named = ids(text)
    assert len(named) == len(set(named))
    assert len(targets(text)) == 12 + 1 + len(LINKED_PAGES)
    assert {target.removeprefix("#") for target in targets(text)} <= set(named)


def test_every_chart_finds_the_table_that_it_reads_out(mailed):
    text = mailed.read_text("utf-8")
    tables = re.findall(r'data-table="([^"]*)"', text)
    assert len(tables) == 12 + 1 + 6
    assert set(tables) <= set(ids(text))


def test_several_organizations_share_the_file(poller, tmp_path):
    suite = license_of("Webex Meetings Suite")
    Poller(poller.engine, Organization("second", "Acme Example")).poll("2026-10-01 06:00", {suite: (20, 19)})
    poller.poll("2026-10-01 06:00", {suite: (10, 5)})
    text = read(poller.engine, write_report, tmp_path / "out", layout=SINGLE_FILE, now=NOW).index.read_text("utf-8")
    named = ids(text)
    assert len(named) == len(set(named))
    assert text.count("<article ") == 1 + 2 * (1 + len(LINKED_PAGES))
    assert {target.removeprefix("#") for target in targets(text)} <= set(named)
    assert all("<a " in each for each in re.findall("<nav.*?</nav>", text, re.DOTALL)), "none is empty"
