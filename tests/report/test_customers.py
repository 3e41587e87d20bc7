"""The report of more organizations than twelve: one page each, made side by side."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from entering import set_price
from histories import Poller, license_of
from reading import read
from shown_text import shown

from webexhist.months import Month
from webexhist.report.writer import write_every_month, write_report
from webexhist.review.comparison import compared
from webexhist.review.summary import Money
from webexhist.reviewing import review_month
from webexhist.snapshot import Organization
from webexhist.store.names.licenses import find_license
from webexhist.store.opening.database import open_database
from webexhist.store.opening.history import reading

NOW = datetime(2026, 11, 1, 20, tzinfo=UTC)
OCTOBER, AUGUST = Month(2026, 10), Month(2026, 8)
SUITE, CALLING = license_of("Webex Meetings Suite"), license_of("Webex Calling - Professional")
CUSTOMERS = 13


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    engine = open_database(tmp_path_factory.mktemp("fleet") / "history.db")
    for number in range(CUSTOMERS):
        poller = Poller(engine, Organization(f"id-{number}", f"Customer {number:02}"))
        if number < CUSTOMERS - 1:
            poller.poll("2026-08-31 06:00", {SUITE: (10, 5)})
        poller.poll("2026-10-31 20:00", {SUITE: (10 + number, 5), CALLING: (20, 18)})
    yield engine
    engine.dispose()


@pytest.mark.slow
def test_each_has_one_page_and_style_and_script_stand_once(fleet, tmp_path):
    report = read(fleet, write_report, tmp_path / "out", month=OCTOBER, now=NOW, against=AUGUST)
    names = [file.name for file in report.files]
    pages = [name for name in names if name.startswith("customer-")]
    assert len(pages) == CUSTOMERS
    assert report.index.name == "index.html"
    assert {"report.css", "report.js", "licenses.csv", "licenses.xlsx"} <= set(names)
    overview = report.index.read_text("utf-8")
    for name in pages:
        text = (report.index.parent / name).read_text("utf-8")
        assert "<style>" not in text and 'href="report.css"' in text and "style-src 'self'" in text
        assert f'href="{name}"' in overview and 'href="index.html"' in text
        assert ("October 2026 against August 2026" in text) == ("Customer 12" not in text)
        # What several blocks are made of is printed under the first.
        statements = re.findall(r"<pre>-- [^<]*</pre>", text)
        assert len(statements) == len(set(statements)) > 5
        assert text.index("<pre>-- Contracts\n") < text.index('<p class="note">Contracts: as above.</p>')
    # The most products that changed stand first where there is no money, and who was not polled then is named.
    changes = overview[overview.index("What changed since August 2026") :]
    assert re.findall(r"<bdi>(Customer \d+)</bdi></a></th>", changes)[:2] == ["Customer 01", "Customer 02"]
    assert "Not polled in August 2026: <bdi>Customer 12</bdi>.</p>" in changes
    # Of each customer two licenses in the one month.
    rows = (report.index.parent / "licenses.csv").read_text("utf-8-sig").splitlines()
    assert len(rows) == 1 + 2 * CUSTOMERS


def test_the_money_of_a_customers_changes_says_how_many_products_it_leaves_out(tmp_path):
    engine = open_database(tmp_path / "history.db")
    for number, more in enumerate((2, 0, 0)):
        poller = Poller(engine, Organization(f"id-{number}", f"Customer {number}"))
        poller.poll("2026-08-31 06:00", {SUITE: (10, 5), CALLING: (20, 18)})
        # The second has as much of what has a price as before; the third has no price at all.
        poller.poll("2026-10-31 20:00", {SUITE: (10 + more, 6), CALLING: (30, 18)})
    with reading(engine) as history:
        suites = [find_license(history, f"Customer {number} Webex Meetings Suite") for number in range(2)]
    for suite in suites:
        set_price(engine, suite, Decimal("2.00"), "EUR", date(2026, 1, 1))
    report = read(engine, write_report, tmp_path / "out", month=OCTOBER, now=NOW, against=AUGUST)
    engine.dispose()
    overview = report.index.read_text("utf-8")
    changes = overview[overview.index("What changed since August 2026") :]
    cells = re.findall(r'data-label="Money a year" class="money">(.*?)</td>', changes)
    assert [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells] == [
        "+48.00 EUR without 1 product",
        "0 without 1 product",
        "– without 2 products",
    ]


def test_one_organization_has_all_of_its_pages(fleet, tmp_path):
    report = read(fleet, write_report, tmp_path / "out", month=OCTOBER, now=NOW, only=3)
    assert {"index.html", "activity.html"} <= {file.name for file in report.files}
    assert "<bdi>Customer 02</bdi>" in report.index.read_text("utf-8")


def test_what_changed_between_two_months_is_shown_by_money_then_by_units(fleet):
    with reading(fleet) as history:
        suite = find_license(history, "Customer 02 Webex Meetings Suite")
    set_price(fleet, suite, Decimal("2.00"), "EUR", date(2026, 1, 1))
    before, now = (
        next(each for each in read(fleet, review_month, month, 1, NOW).organizations if each.name == "Customer 02")
        for month in (AUGUST, OCTOBER)
    )
    comparison = compared(now, before)
    # 2 units more for 2 EUR a month; what is new has no price, and so stands behind.
    assert [(each.name, each.standing, each.purchased, each.assigned) for each in comparison.changes] == [
        (SUITE.name, "", 2, 0),
        (CALLING.name, "new", 20, 18),
    ]
    assert comparison.money == (Money("EUR", Decimal("48.00")),)
    # What is called something else than then says so, whether its units changed or not.
    (product,) = before.products
    renamed = replace(before, products=(replace(product, name="Webex Suite"),))
    assert [each.former_name for each in compared(now, renamed).changes] == ["Webex Suite", None]
    assert [each.former_name for each in compared(before, renamed).changes] == ["Webex Suite"]


def test_the_page_over_all_months_counts_the_decisions_that_the_page_of_a_month_counts(tmp_path):
    """Two alike in October, of which all units are assigned; one that was polled until 9 September."""
    engine = open_database(tmp_path / "history.db")
    for day in range(1, 10):
        Poller(engine, Organization("gone", "Gone")).poll(f"2026-09-{day:02} 06:00", {SUITE: (10, 5)})
    for number in range(CUSTOMERS):
        customer = Poller(engine, Organization(f"id-{number}", f"Customer {number:02}"))
        customer.poll("2026-10-31 20:00", {SUITE: (10, 11 if number < 2 else 5)})
    read(engine, write_every_month, tmp_path / "out", now=NOW)
    engine.dispose()
    assert "Decisions open 3 1 of what is not polled" in shown(tmp_path / "out" / "2026-10" / "index.html")
    assert "October 2026 13 organizations 3 " in shown(tmp_path / "out" / "index.html")
