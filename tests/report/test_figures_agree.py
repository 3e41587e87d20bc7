"""One figure everywhere: the same sums on pages, in the workbook, the spreadsheet, the terminal, JSON and the mail.

Acme: 500 units of 10.00 EUR lapsed on 15 October with 480 assigned; 53 of 50 agents of 99.99 USD; 45 of 40 units
without a price; an unlimited purchase. Beta: 150 of 200 units of 1,250 JPY; 5 of 10 of 3.00 EUR, not known since 25
October. So 578 of 90 and 155 of 210 units are assigned.
"""

import csv
import re
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from imported_histories import ACME, history, seats
from openpyxl import load_workbook
from shown_text import shown
from typed import Typed

from webexhist.digesting import due_digest
from webexhist.export.digest_text import body
from webexhist.store.opening.history import open_history

pytestmark = pytest.mark.slow  # every way out of one history
BETA = {"id": "22222222-2222-3333-4444-555555555555", "name": "Beta Example"}
CONTRACTS = (
    "set SubL --kind named",
    "price SubL 10 --currency EUR",
    "set SubU --kind cc-named",
    "price SubU 99.99 --currency USD",
    "set SubQ --kind named",
    "price SubN 1 --currency EUR",
    "set SubB --kind named",
    "price SubB 1250 --currency JPY",
    "set SubE --kind named",
    "price SubE 3 --currency EUR",
)
COST = {"EUR": Decimal(360), "JPY": Decimal(3_000_000), "USD": Decimal("59994.00")}
NONE_SPARE = "; and 4,999.50 USD a month, none of it for units that nobody needed in the last four weeks"
AT_STAKE = {"EUR": Decimal(57_600), "USD": Decimal("3599.64")}


def at(day):
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def of_acme(moment):
    return [
        seats(500 if moment < at("2026-10-15") else 0, 480, subscription="SubL"),
        seats(50, 53, code="CJPPRM", name="Agents", subscription="SubU"),
        seats(40, 45, code="Q", name="Without a price", subscription="SubQ"),
        seats(-1, 300, code="N", name="Without a limit", subscription="SubN"),
    ]


def of_beta(moment):
    known = moment < at("2026-10-25")
    return [
        seats(200, 150, subscription="SubB"),
        seats(10 if known else None, 5 if known else None, code="EE", name="Suite", subscription="SubE"),
    ]


@pytest.fixture(scope="module")
def typed(sqlite_template, tmp_path_factory):
    made = Typed(tmp_path_factory.mktemp("agree"), at("2026-11-01"))
    shutil.copy(sqlite_template, made.database)
    spans = ("2026-09-01 18:00", "2026-10-31 18:00")
    lines = [
        line
        for of_one, organization in ((of_acme, ACME), (of_beta, BETA))
        for line in history(*spans, of_one, every=timedelta(days=1), organization=organization)
    ]
    made.entered(lines, *(f"contract {words}" for words in CONTRACTS))
    assert made("report", "--month", "2026-10", "--out", "pages").code == 0
    return made


def sums(amounts):
    found = Counter()
    for amount, currency in amounts:
        if amount:
            found[currency] += abs(Decimal(str(amount)))
    return dict(found)


def test_pages_say_the_same_sums_and_what_they_leave_out(typed):
    pages = typed.folder / "pages"
    portfolio = shown(pages / "index.html")
    cost = "360.00 EUR 3,000,000 JPY 59,994.00 USD"
    assert f"Cost a year {cost} incomplete in 1 organization" in portfolio
    assert "Money at stake 57,600.00 EUR 3,599.64 USD a year; 1 decision without a price" in portfolio
    assert "Beta Example units of 1 product as of 24 Oct 2026 155 210" in portfolio
    total = f"All 2 organizations 1 product as of earlier days 733 300 {cost} incomplete"
    assert f"{total} 57,600.00 EUR 3,599.64 USD incomplete 4" in portfolio
    (acme,), (beta,) = pages.glob("acme*"), pages.glob("beta*")
    first = shown(acme / "index.html")
    assert "Money at stake 57,600.00 EUR 3,599.64 USD a year; 1 decision without a price" in first
    assert "Of 90 purchased units 578 are assigned" in first
    assert f"{NONE_SPARE}." in first
    assert "All 3 licenses 590 0 −500 90 578 0 0 578" in first
    assert "no day 3 57,600.00 EUR 3,599.64 USD 1 decision without a price" in first
    sheet = shown(acme / "executive.html")
    assert (
        "59,994.00 USD without 1 product At stake a year 57,600.00 EUR 3,599.64 USD 1 decision without a price"
        in sheet
    )
    other = shown(beta / "index.html")
    assert "155 of 210 73.8%; 1 product as of 24 Oct 2026" in other
    assert "The units of 1 product are as of 24 Oct 2026, not known since." in other


def test_files_terminal_and_mail_say_them_too(typed):
    pages = typed.folder / "pages"
    book = load_workbook(pages / "licenses.xlsx")
    overview = [(row[0].value, row[1].value, row[1].number_format[-4:-1]) for row in book["Overview"].iter_rows()]
    assert {code: Decimal(str(value)) for label, value, code in overview if label == "Cost a year"} == COST
    assert {
        code: Decimal(str(value)) for label, value, code in overview if label == "Money at stake a year"
    } == AT_STAKE
    figures = {label: value for label, value, _ in overview}
    counted = ("Purchased", "Assigned", "Products without a price", "Decisions without a price", "Decisions open")
    assert [figures[label] for label in counted] == [300, 733, 1, 1, 4]
    heads, *rows = book["Products"].iter_rows(values_only=True)
    (suite,) = [dict(zip(heads, row, strict=True)) for row in rows if row[1] == "Suite"]
    assert (suite["Cost a year"], suite["Figures of"]) == (360, datetime(2026, 10, 24))  # noqa: DTZ001 - a day
    with (pages / "licenses.csv").open(encoding="utf-8-sig", newline="") as file:
        last = [row for row in csv.DictReader(file) if row["month"] == "2026-10"]
    assert sums((row["product_cost_a_year"], row["currency"]) for row in last) == COST
    decided = typed("decisions", "--month", "2026-10", "--json").json
    assert sums((each["money_a_year"], each["currency"]) for each in decided) == AT_STAKE
    shown = " ".join(typed("decisions", "--month", "2026-10").stdout.split())
    assert "At stake a year, each product once: 57,600.00 EUR, 3,599.64 USD; 1 decision without a price." in shown
    assert f"{NONE_SPARE}." in " ".join(typed("licenses", "--on", "2026-10-31").stdout.split())
    with open_history(str(typed.database)) as stored:
        mail = body(due_digest(stored, "somebody", typed.now, again=False), None)
    assert re.findall(r"([\d,.]+ [A-Z]{3}) a year", mail) == ["57,600.00 EUR", "3,599.64 USD"]
    assert "5 units · no price" in mail
    assert "At stake a year, each product once: 57,600.00 EUR, 3,599.64 USD; 1 decision without a price." in " ".join(
        mail.split()
    )
