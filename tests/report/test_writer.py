"""The files of a report: self-contained, complete without scripts, and safe with other people's names."""

import csv
import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from io import StringIO
from urllib.parse import unquote, urlsplit

import pytest
from histories import NASTY_NAME, Poller, license_of
from page_names import LINKED_PAGES
from reading import read

from webexhist.months import Month
from webexhist.report.folder import ReportError
from webexhist.report.writer import write_report
from webexhist.snapshot import Organization

NOW = datetime(2026, 11, 10, 20, tzinfo=UTC)


class Reader(HTMLParser):
    """Collects the words a reader sees, the elements used and the addresses they name."""

    def __init__(self, text):
        super().__init__()
        self.words, self.tags, self.links, self.unread = [], [], [], 0
        self.feed(re.sub("</?bdi>", "", text))  # they change how a name is written, not what is read

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.unread += tag in ("script", "style")
        named = dict(attributes)
        self.links += [named[name] for name in ("href", "src", "action", "data") if name in named]
        assert not [name for name in named if name.startswith("on") or name == "style"]

    def handle_endtag(self, tag):
        self.unread -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.unread:
            self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def report(year, tmp_path_factory):
    return read(year, write_report, tmp_path_factory.mktemp("report") / "october", now=NOW)


@pytest.fixture(scope="module")
def pages(report):
    return {file.name: file.read_text(encoding="utf-8") for file in report.files if file.suffix == ".html"}


def page_of(pages, name):
    heading = f'<h1 id="heading"><bdi>{name}</bdi></h1>'
    (text,) = [text for text in pages.values() if heading in text and "usage-title" in text]
    return Reader(text).text


def test_a_report_has_an_index_a_page_a_license_and_product_and_the_two_others(report, pages):
    assert report.months == (Month(2026, 10),)
    assert report.index.name == "index.html"
    others = {f"{name}.html" for name in LINKED_PAGES}
    assert {"index.html", "activity.html", "data.html"} <= others < pages.keys()
    # Twelve licenses, and the sum of the two that are judged together.
    assert len(pages) == 12 + 1 + len(others)
    assert [file.name for file in report.files if file.suffix != ".html"] == ["licenses.csv", "licenses.xlsx"]


def test_pages_name_no_address_outside_their_folder(report, pages):
    for name, text in pages.items():
        without_hashes = re.sub(r"'sha256-[\w+/]+=*'", "", text)  # base64, whose letters may be slashes
        assert not re.search(r"(?i)https?:|url\((?!#)|@import|//[a-z]", without_hashes), name
        for link in Reader(text).links:
            parts = urlsplit(link)
            assert (parts.scheme, parts.netloc) == ("", "")
            assert (report.index.parent / unquote(parts.path)).is_file(), (name, link)


def test_only_the_page_s_own_style_and_script_may_run(pages):
    for name, text in pages.items():
        (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
        (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
        (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
        style_hash, script_hash = (b64encode(sha256(own.encode()).digest()).decode() for own in (style, script))
        assert policy.split("; ") == [
            "default-src 'none'",
            f"style-src 'sha256-{style_hash}'",
            f"script-src 'sha256-{script_hash}'",
            "base-uri 'none'",
            "form-action 'none'",
        ], name


def test_the_index_shows_every_license_without_a_script(pages):
    text = Reader(pages["index.html"]).text
    assert "Acme Example 62 of 62 polls, one every 12 h, 100% of the time; no gap; no collection failed." in text
    assert "Of 1,355 purchased units 1,138 are assigned (84.0%), 17 more than at the end of September 2026." in text
    assert "Webex Calling - Professional Sub100001 200 197 3 98.5% +5" in text
    assert "Basic Messaging no subscription 518 518 +7" in text
    assert "Call on Webex no subscription unlimited 518" in text
    assert "Real-Time Translations Sub100002 0 0 0 nothing purchased" in text


def test_two_licenses_of_one_name_are_kept_apart(pages):
    text = Reader(pages["index.html"]).text
    assert "acme.webex.example · Sub100001 300 284" in text
    assert "acme-europe.webex.example · Sub100002 120 76" in text
    assert text.index("Webex Meetings Suite 2 sites") < text.index("acme.webex.example · Sub100001 300 284")


def test_a_license_page_has_every_month_and_day_of_its_chart(pages):
    text = page_of(pages, "Webex Calling - Professional")
    assert "Sep 2026 200 192 +4 8 96.0% 186 192 189.2" in text
    assert "31 Oct 2026 197 195 197 200 3" in text
    assert "5 May 2026 – – – – –" in text
    assert "13 Aug 2026" not in text


def test_the_sheet_for_who_has_no_time_says_what_matters(pages):
    text = Reader(pages["executive.html"]).text
    assert "Assigned of purchased 1,138 of 1,355" in text
    assert "Decisions open " in text and "What needs a decision Decision About Units A year Due" in text
    assert "Webex Calling - Professional 200 197 3 98.5%" in text
    assert "executive.html" in Reader(pages["index.html"]).links


def test_the_activity_page_shows_messages_and_counts_by_month(pages):
    text = Reader(pages["activity.html"]).text
    assert "Oct 2026 67,261 518 140 71 1,454" in text
    assert "20 Aug 2026 26," in text and "in 9 days" in text


def test_the_data_page_shows_gaps_and_failures(pages):
    text = Reader(pages["data.html"]).text
    assert "11 Aug 2026 18:00 20 Aug 2026 06:00 8 days 12 h 16" in text
    assert "licenses 0 of 62 6 of 776 not permitted, from 4 May 2026 06:00 403 Forbidden" in text


def test_a_hostile_license_name_stays_text(pages):
    for name, text in pages.items():
        reader = Reader(text)
        assert reader.tags.count("script") == 1, name
        assert "alert(" not in re.sub(r"alert\(&#34;", "", text), name
    flat_name = " ".join(NASTY_NAME.split())
    assert flat_name in Reader(pages["index.html"]).text


def test_file_names_are_plain_whatever_licenses_are_called(report):
    assert all(re.fullmatch(r"[a-z0-9.-]{1,80}", file.name) for file in report.files)
    assert len({file.name for file in report.files}) == len(report.files)


def test_the_csv_file_brings_every_name_and_figure_back(report):
    raw = (report.index.parent / "licenses.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(raw.decode("utf-8-sig"), newline="")))
    assert {row["license"] for row in rows if "Quoted" in row["license"]} == {f"'{NASTY_NAME}"}
    calling = [row for row in rows if row["license"] == "Webex Calling - Professional"]
    assert [row["month"] for row in calling] == [str(Month(2025, 10).plus(months)) for months in range(13)]
    assert (calling[-1]["purchased"], calling[-1]["assigned"], calling[-1]["utilization_percent"]) == (
        "200",
        "197",
        "98.5",
    )
    assert {row["purchased"] for row in rows if row["license"] == "Call on Webex"} == {"unlimited"}


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "' =1"),
    ],
)
def test_no_cell_is_taken_for_a_formula(poller, tmp_path, name, cell):
    poller.poll("2026-10-01 06:00", {license_of(name): (10, 5)})
    read(poller.engine, write_report, tmp_path / "out", now=NOW)
    text = (tmp_path / "out" / "licenses.csv").read_bytes().decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text, newline=""))
    assert row["license"] == cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [("＝1+1", "'＝1+1"), ("\n=1", "'\n'=1"), ("\u202e=1", "'=1"), (" +1", "' +1"), ("%0A", "'%0A")],
)
def test_no_column_is_taken_for_a_formula_and_each_reads_back_without_controls(poller, tmp_path, text, cell):
    named = replace(
        license_of(f"{text} name", site=f"{text} site", subscription=f"{text} sub"), webex_id=f"{text} id"
    )
    Poller(poller.engine, Organization("o", f"{text} org")).poll("2026-10-01 06:00", {named: (10, 5)})
    read(poller.engine, write_report, tmp_path / "out", now=NOW)
    content = (tmp_path / "out" / "licenses.csv").read_bytes().decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(content, newline=""))
    names = {"organization": "org", "license": "name", "license_id": "id", "subscription": "sub", "site": "site"}
    assert {column: row[column] for column in names} == {column: f"{cell} {name}" for column, name in names.items()}
    others = [cell for column, cell in row.items() if column not in names]
    assert not [cell for cell in others if cell.startswith(tuple("=+-@|%'"))], "our own words and figures"


@pytest.mark.parametrize("name", ["\N{ROCKET}", "a" * 500, "../../etc/passwd", "CON", "a/b\\c:d*e?f", " "])
def test_any_name_makes_a_page(poller, tmp_path, name):
    poller.poll("2026-10-01 06:00", {license_of(name): (10, 5)})
    report = read(poller.engine, write_report, tmp_path / "out", now=NOW)
    (page,) = [file for file in report.files if file.name.startswith("license-")]
    assert page.parent == tmp_path / "out"
    assert page.read_text("utf-8").count("<h1 ") == 1


def test_a_finished_month_gives_the_same_bytes_in_later_years(year, report, tmp_path):
    again = read(year, write_report, tmp_path / "again", month=Month(2026, 10), now=datetime(2031, 5, 1, tzinfo=UTC))
    assert [file.name for file in again.files] == [file.name for file in report.files]
    for first, second in zip(report.files, again.files, strict=True):
        assert first.read_bytes() == second.read_bytes(), first.name


def said(page):
    return Reader(page.read_text("utf-8")).text


def test_several_organizations_have_a_folder_each_and_a_page_over_them(poller, tmp_path):
    suite = license_of("Webex Meetings Suite")
    Poller(poller.engine, Organization("second", "Acme Example")).poll("2026-10-01 06:00", {suite: (20, 19)})
    poller.poll("2026-10-01 06:00", {suite: (10, 5)})
    report = read(poller.engine, write_report, tmp_path / "out", now=NOW)

    overview = Reader(report.index.read_text("utf-8"))
    # Neither is polled any more, and one may run out.
    assert "All 2 organizations 2 products as of earlier days 24 30 3" in overview.text
    assert "Acme Example (acme) units as of 1 Oct 2026 5 10 50.0%" in overview.text
    assert "Acme Example (second) units as of 1 Oct 2026 19 20 95.0%" in overview.text
    watched = "may run out: 4 in 10 within 90 days; 8 of 10: 1 November 2026 or later"
    assert f"watch Webex Meetings Suite {watched}." in overview.text
    assert all((report.index.parent / link).is_file() for link in overview.links)
    folders = {link for link in overview.links if link.endswith("index.html")}
    assert len(folders) == 2
    for link in folders:
        index = report.index.parent / link
        assert "../licenses.csv" in Reader(index.read_text("utf-8")).links
        assert (index.parent / "activity.html").is_file()
    roomy = next(folder for folder in report.index.parent.glob("*/") if "5 50.0%" in said(folder / "executive.html"))
    assert "10 5 5 50.0% > 2 Dec 2027" in said(roomy / "executive.html")
    assert "2 Dec 2027 or later" in said(roomy / "index.html")


def test_the_first_poll_already_makes_a_report(poller, tmp_path):
    poller.poll("2026-11-02 06:00", {license_of("Webex Meetings Suite"): (10, 5)})
    report = read(poller.engine, write_report, tmp_path / "out", now=NOW)
    text = Reader(report.index.read_text("utf-8")).text
    assert "November 2026, so far" in text
    assert "1 poll, too few to know what is missing; no collection failed." in text
    assert "Of 10 purchased units 5 are assigned (50.0%)." in text


@pytest.mark.parametrize(
    ("licenses", "said"),
    [({}, "No license has purchased units to judge"), (None, "No poll knew the list of licenses.")],
)
def test_an_organization_without_any_license_has_a_report(poller, tmp_path, licenses, said):
    poller.poll("2026-10-02 06:00", licenses=licenses)
    report = read(poller.engine, write_report, tmp_path / "out", now=NOW)
    assert said in Reader(report.index.read_text("utf-8")).text


def test_a_folder_that_cannot_be_written_is_reported_with_what_to_do(poller, tmp_path):
    poller.poll("2026-10-02 06:00", licenses=None)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReportError, match=r"cannot write the report to .*file.*--out"):
        read(poller.engine, write_report, tmp_path / "file", now=NOW)


HOSTILE = "\u202e003 fo \u2067Suite\x9b31m"


def test_a_name_that_turns_the_text_around_stands_alone_and_without_controls(poller, tmp_path):
    poller.poll("2026-10-01 06:00", {license_of(HOSTILE, site="\u202emoc.xebew"): (10, 5)})
    report = read(poller.engine, write_report, tmp_path / "out", now=NOW)
    for file in (file for file in report.files if file.suffix != ".xlsx"):
        text = file.read_text("utf-8")
        if file.suffix == ".html":
            assert "<bdi>003 fo Suite 31m</bdi>" in text or not file.name.startswith(("index", "license-")), file.name
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), file.name
