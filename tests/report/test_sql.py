"""The SQL under each block of a page is what was executed for it, and gives the block's figures as it stands."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import partial
from html import unescape
from pathlib import Path

import pytest
from entering import enter
from histories import NASTY_NAME, Poller, license_of
from reading import read
from sqlalchemy import Engine, event

from webexhist.metrics import Metric
from webexhist.months import Month
from webexhist.report.customers import customer
from webexhist.report.html.document import Page
from webexhist.report.html.links import CustomerLinks
from webexhist.report.html.names import license_page
from webexhist.report.writer import write_every_month, write_report
from webexhist.reviewing import plan_month, review_month
from webexhist.snapshot import Organization
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import add_note
from webexhist.store.opening.history import History

NOW = datetime(2026, 11, 10, tzinfo=UTC)
OCTOBER, SEPTEMBER = Month(2026, 10), Month(2026, 9)
FIGURES = ("<table", "<svg", "<dl")


@contextmanager
def executed_on(engine: Engine) -> Iterator[set[str]]:
    """Every statement that the driver is given meanwhile, with its values written into it."""
    statements: set[str] = set()

    def note(_connection, _cursor, statement, values, *_):
        if statement.startswith(("SELECT", "WITH")):
            first, *rest = statement.split("?")
            statements.add(first + "".join(literal(value) + part for value, part in zip(values, rest, strict=True)))

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def printed_on(page: str) -> list[str]:
    """The statements in a page's folds."""
    folds = re.findall(r'(?s)<details class="sql">.*?</details>', page)
    return [unescape(text) for fold in folds for text in re.findall(r"(?s)<pre>(.*?)</pre>", fold)]


def blocks_of(page: str) -> dict[str, str]:
    """The sections of a page by their headings; a fold of charts with their SQL below the last is one."""
    charts = r'<details class="more" open>(?:(?!class="more").)*?</section>\s*<details class="sql">.*?</details>'
    sections = re.findall(rf"(?s){charts}|<section.*?</section>", page)
    return {re.findall(r"(?s)<h2[^>]*>(.*?)</h2>", section)[0]: section for section in sections}


@pytest.fixture(scope="module")
def written(year, tmp_path_factory):
    """The pages of a month by name, and all statements that were executed for them."""
    folder = tmp_path_factory.mktemp("report") / "october"
    with executed_on(year) as executed:
        report = read(year, write_report, folder, month=OCTOBER, now=NOW)
    return {file.name: file.read_text("utf-8") for file in report.files if file.suffix == ".html"}, executed


@pytest.fixture
def of_two_organizations(poller, tmp_path):
    """The same for every month of two organizations, one with everything that a page can show."""
    suite = license_of("Suite", subscription="Sub1")
    other = Poller(poller.engine, Organization("id of the other", "It's\nanother"))
    for month in (8, 9):
        poller.poll(f"2026-{month:02}-01 06:00", {suite: (10, 8)}, {Metric.PEOPLE: 7}, messages=5)
        other.poll(f"2026-{month:02}-02 06:00", {suite: (10 * month, 10 * month + 5)})
    enter(poller.engine, [Contract("Sub1", starts=date(2027, 3, 15))])
    add_note(poller.engine, date(2026, 9, 1), "it's noted")
    with executed_on(poller.engine) as executed:
        every = read(poller.engine, write_every_month, tmp_path / "every", now=NOW)
        compared = read(
            poller.engine, write_report, tmp_path / "compared", month=SEPTEMBER, now=NOW, against=Month(2026, 8)
        )
        pages = {f"{page.name} of many": page.html for page in read(poller.engine, pages_of_customers)}
    for file in (*every.files, *compared.files):
        if file.suffix == ".html":
            pages[str(file.relative_to(tmp_path))] = file.read_text("utf-8")
    return pages, executed


def pages_of_customers(history: History) -> list[Page]:
    """The one page of each organization, as a report of more than twelve has it."""
    plan = plan_month(history, SEPTEMBER, 13, NOW, against=Month(2026, 8))
    links = partial(CustomerLinks, is_file=True, months_page=None)
    return [customer(history, plan, each, links).page for each in plan.organizations]


def assert_printed_is_executed(pages: dict[str, str], executed: set[str]) -> None:
    assert any(printed_on(page) for page in pages.values())
    for name, page in pages.items():
        for statement in printed_on(page):
            title, text = statement.split("\n", 1)
            assert title.startswith("-- ")
            assert text.removesuffix(";") in executed, (name, title)


def test_each_printed_statement_was_executed(written):
    assert_printed_is_executed(*written)


def test_each_printed_statement_of_several_organizations_and_months_was_executed(of_two_organizations):
    pages, executed = of_two_organizations
    assert {Path(name).name for name in pages} >= {"index.html", "activity.html", "data.html", "against.html"}
    assert sum(name.endswith(" of many") for name in pages) == 2
    assert_printed_is_executed(pages, executed)


def test_each_block_of_figures_has_its_sql(written, of_two_organizations):
    for pages in (written[0], of_two_organizations[0]):
        for name, page in pages.items():
            for heading, block in blocks_of(page).items():
                if any(figure in block for figure in FIGURES):
                    assert 'class="sql"' in block, (name, heading)


def test_each_printed_statement_runs_as_it_stands(written, year, of_two_organizations, poller):
    for pages, engine in ((written[0], year), (of_two_organizations[0], poller.engine)):
        with closing(sqlite3.connect(engine.url.database)) as database:
            for statement in {statement for page in pages.values() for statement in printed_on(page)}:
                database.execute(statement).fetchall()


@pytest.fixture(scope="module")
def review(year):
    (organization,) = read(year, review_month, OCTOBER, 13, NOW).organizations
    return organization


@pytest.fixture(scope="module")
def run(year, written):
    """The rows of the statement of that title on a page."""
    pages, _ = written
    connection = sqlite3.connect(year.url.database)
    connection.row_factory = sqlite3.Row

    def run(page: str, block: str, title: str) -> list[sqlite3.Row]:
        (statement,) = {
            text for text in printed_on(blocks_of(pages[page])[block]) if text.startswith(f"-- {title}\n")
        }
        return connection.execute(statement).fetchall()

    yield run
    connection.close()


def test_the_table_of_licenses(review, run):
    months = {
        row["license_id"]: (row["purchased"], row["assigned_last"], row["assigned_max"], row["utilization"])
        for row in run("index.html", "Licenses", "Licenses by month")
        if row["month"] == "2026-10"
    }
    assert months == {
        license_.license.webex_id: (
            license_.closing.purchased,
            license_.closing.last,
            license_.closing.highest,
            license_.closing.utilization,
        )
        for license_ in review.licenses
    }
    names = {row["webex_id"]: row["name"] for row in run("index.html", "Licenses", "Licenses")}
    assert {webex_id: names[webex_id] for webex_id in months} == {
        license_.license.webex_id: license_.license.name for license_ in review.licenses
    }
    listed = {row["license_id"] for row in run("index.html", "Licenses", "Licenses listed by the last poll")}
    assert listed == {license_.license.webex_id for license_ in review.licenses if license_.listed}


def test_months_and_days_of_each_license_even_of_a_nasty_one(review, run):
    nasty = next(license_ for license_ in review.licenses if license_.license.name == NASTY_NAME)
    for license_ in (review.licenses[0], nasty):
        page, webex_id = f"{license_page(license_.license)}.html", license_.license.webex_id
        months = [
            (row["month"], row["purchased"], row["assigned_last"], row["assigned_mean"])
            for row in run(page, "By month", "Licenses by month")
            if row["license_id"] == webex_id and row["month"] >= str(review.period.first)
        ]
        assert months == [(str(month.month), month.purchased, month.last, month.mean) for month in license_.months]
        days = [
            tuple(row)[1:]
            for row in run(page, "By month", "Licenses by day")
            if row["license_id"] == webex_id and row["day"] >= str(review.period.first_day)
        ]
        assert days == [(str(day.day), day.last, day.lowest, day.highest, day.purchased) for day in license_.days]


def test_the_bridge(review, run):
    rows = {
        row["license_id"]: row
        for row in run("index.html", "What changed since September 2026", "Changes within the month")
    }
    assert len(review.bridge.lines) == 8
    for line in review.bridge.lines:
        row = rows[line.license.webex_id]
        assert (row["assigned_before"], row["newly_assigned"], row["released"], row["assigned_after"]) == (
            line.assigned.opening,
            line.assigned.more,
            line.assigned.less,
            line.assigned.closing,
        )


def test_counts_and_messages_by_day_and_by_month(review, run):
    days = [tuple(row) for row in run("activity.html", "Counts", "Counts by day")]
    assert sorted(days) == sorted(
        (gauge.metric.value, str(day.day), day.last, day.lowest, day.highest)
        for gauge in review.gauges
        for day in gauge.days
    )
    months = [tuple(row) for row in run("activity.html", "By month", "Counts by month")]
    assert sorted(months) == sorted(
        (gauge.metric.value, str(month.month), month.last, month.lowest, month.highest, month.mean)
        for gauge in review.gauges
        for month in gauge.months
    )
    (messages,) = review.amounts
    activity = run("activity.html", "Messages a day", "Activity by day")
    assert sum(row["amount"] for row in activity) == sum(day.amount for day in messages.days)


def test_polls_and_collections(review, run):
    polls = [tuple(row) for row in run("data.html", "Polls a day", "Polls by day")]
    assert polls == [(str(day), count) for day, count in review.polls_by_day]
    times = [row["taken_at"] for row in run("data.html", "Times without polls", "Polls")]
    assert len(times) == sum(month.polls for month in review.polling)
    (gap,) = {gap for month in review.polling for gap in month.gaps}
    began = times.index(f"{gap.began_at:%Y-%m-%d %H:%M:%S}")
    assert times[began + 1] == f"{gap.ended_at:%Y-%m-%d %H:%M:%S}"
    refused = [
        row["polls"]
        for row in run("data.html", "Failures by collector", "Collections")
        if (row["collector"], row["status"]) == ("licenses", "not permitted")
    ]
    assert refused == [review.collectors[0].failures]
