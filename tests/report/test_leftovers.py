"""A report written over an earlier one: nothing old is left between the pages, nothing foreign is lost."""

from datetime import UTC, datetime

import pytest
from histories import Poller, license_of

from webexhist.months import Month
from webexhist.report.layouts import single_file
from webexhist.report.writer import write_report
from webexhist.snapshot import Organization

NOW = datetime(2026, 11, 10, 20, tzinfo=UTC)
SUITE, CALLING = license_of("Webex Meetings Suite"), license_of("Webex Calling - Professional")


@pytest.fixture
def out(poller, tmp_path):
    """The report of September, which had two licenses; October has one."""
    poller.poll("2026-09-01 06:00", {SUITE: (10, 5), CALLING: (10, 5)})
    poller.poll("2026-10-01 06:00", {SUITE: (10, 5)})
    poller.poll("2026-10-02 06:00", {SUITE: (10, 5)})
    write_report(poller.engine, tmp_path / "out", month=Month(2026, 9), now=NOW)
    return tmp_path / "out"


def calling_pages(out):
    return list(out.rglob("license-webex-calling-*"))


def test_the_page_of_a_license_that_is_gone_goes_too(out, poller):
    assert len(calling_pages(out)) == 1
    write_report(poller.engine, out, month=Month(2026, 10), now=NOW)
    assert calling_pages(out) == []
    assert len(list(out.glob("license-*.html"))) == 1


def test_one_file_to_mail_leaves_the_pages_beside_it_whole(out, poller):
    write_report(poller.engine, out, layout=single_file, month=Month(2026, 10), now=NOW)
    assert len(calling_pages(out)) == 1


def test_what_is_not_ours_stays(out, poller):
    mine = [out / "license-agreement.html", out / "notes.txt", out / "2026-09" / "license-old.html"]
    for file in mine:
        file.parent.mkdir(exist_ok=True)
        file.write_text("<title>mine</title>")
    write_report(poller.engine, out, month=Month(2026, 10), now=NOW)
    assert [file.read_text() for file in mine] == ["<title>mine</title>"] * 3


def test_an_earlier_report_in_a_folder_within_stays(out, poller):
    write_report(poller.engine, out / "2026-09", month=Month(2026, 9), now=NOW)
    write_report(poller.engine, out, month=Month(2026, 10), now=NOW)
    assert calling_pages(out) == calling_pages(out / "2026-09") != []


def test_the_folder_of_an_organization_that_is_no_longer_polled_goes_too(out, poller):
    Poller(poller.engine, Organization("second", "Branch Example")).poll("2026-09-02 06:00", {SUITE: (20, 19)})
    write_report(poller.engine, out, month=Month(2026, 9), now=NOW)
    assert len([place for place in out.iterdir() if place.is_dir()]) == 2
    write_report(poller.engine, out, month=Month(2026, 10), now=NOW)
    assert [place for place in out.iterdir() if place.is_dir()] == []
