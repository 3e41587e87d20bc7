"""The reviews of every month, and the page over them."""

import re
from datetime import UTC, datetime

import pytest
from histories import license_of
from reading import read

from webexhist.months import Month
from webexhist.report.layouts import SINGLE_FILE
from webexhist.report.writer import write_every_month, write_report
from webexhist.review.monthly import NothingToReviewError

NOW = datetime(2026, 11, 10, 20, tzinfo=UTC)
SUITE = license_of("Webex Meetings Suite")


@pytest.fixture
def three_months(poller):
    """Polls in August, October and November 2026."""
    for month, assigned in ((8, 4), (10, 5), (11, 7)):
        for day in range(1, 6):
            poller.poll(f"2026-{month:02}-{day:02} 06:00", {SUITE: (10, assigned)})
    return poller.engine


def test_every_polled_month_has_a_folder_and_a_line(three_months, tmp_path):
    months_page = read(three_months, write_every_month, tmp_path / "out", now=NOW)
    assert months_page.months == (Month(2026, 8), Month(2026, 10), Month(2026, 11))
    assert months_page.index == tmp_path / "out" / "index.html"
    text = months_page.index.read_text("utf-8")
    links = re.findall(r'href="([^"]*)"', text)
    assert links == ["2026-11/index.html", "2026-10/index.html", "2026-08/index.html"]
    assert all((tmp_path / "out" / link).is_file() for link in links)
    assert "November 2026</a> <small>so far</small>" in text
    # 7 of 10 after two rises within 35 days may be 10 within 90: a decision, beside polls that ended on the fifth.
    cells = re.sub(' data-label="[^"]*"', "", text)
    assert re.findall(r"<td>1</td><td>(\d)</td><td>10</td><td>(\d)</td>\s*<td>(.*?)</td>", cells) == [
        ("2", "7", "70.0%"),
        ("1", "5", "50.0%"),
        ("1", "4", "40.0%"),
    ]


def test_the_pages_of_a_month_lead_back_to_the_page_over_all_months(three_months, tmp_path):
    read(three_months, write_every_month, tmp_path / "out", now=NOW)
    for page in (tmp_path / "out" / "2026-10").glob("*.html"):
        assert '<a href="../index.html">All months</a>' in page.read_text("utf-8"), page.name


def test_a_month_among_others_has_the_same_figures_as_alone(three_months, tmp_path):
    read(three_months, write_every_month, tmp_path / "months_page", now=NOW)
    read(three_months, write_report, tmp_path / "alone", month=Month(2026, 10), now=NOW)
    for name in ("index.html", "licenses.csv"):
        on_overview = (tmp_path / "months_page" / "2026-10" / name).read_text("utf-8")
        alone = (tmp_path / "alone" / name).read_text("utf-8")
        assert on_overview.replace('<a href="../index.html">All months</a>', "") == alone


def test_months_are_counted_as_they_are_worked_on(three_months, tmp_path):
    seen = []

    def track(months, what, total):
        assert (what, total) == ("Months", 3)
        for month in months:
            seen.append(str(month))
            yield month

    read(three_months, write_every_month, tmp_path / "out", now=NOW, track=track)
    assert seen == ["2026-08", "2026-10", "2026-11"]


def test_single_files_of_several_months(three_months, tmp_path):
    months_page = read(three_months, write_every_month, tmp_path / "out", layout=SINGLE_FILE, now=NOW)
    assert [str(file.relative_to(tmp_path / "out")) for file in months_page.files] == [
        "index.html",
        "2026-08/webexhist-2026-08.html",
        "2026-10/webexhist-2026-10.html",
        "2026-11/webexhist-2026-11.html",
    ]
    assert 'href="2026-10/webexhist-2026-10.html"' in months_page.index.read_text("utf-8")


def test_a_page_over_all_months_needs_a_poll(poller, tmp_path):
    with pytest.raises(NothingToReviewError):
        read(poller.engine, write_every_month, tmp_path / "out", now=NOW)
    assert not (tmp_path / "out").exists()
