"""licenses.xlsx, written by `report` and read back by another library: figures, days and money are no text."""

import csv
import shutil
from datetime import datetime, timedelta
from io import StringIO

import pytest
from imported_histories import ACME, history, seats
from openpyxl import load_workbook
from typed import Typed

from webexhist.export.workbook.cells import text_of

NASTY = '=HYPERLINK("http://x")\u202e\x07 ﻿name'
LONG = "Messaging " * 14 + "unlimited."
OTHER = {"id": "22222222-2222-3333-4444-555555555555", "name": "@SUM(A1)"}


def lines():
    yield from history(
        "2026-08-01",
        "2026-10-31 18:00",
        lambda at: [
            seats(100, 125 if at.month == 10 else 95),
            seats(10, 5, code="EE", name=NASTY, subscription="Sub200", site="a.webex.com"),
            seats(-1, 7, code="MS", name=LONG, subscription="Sub200"),
        ],
        every=timedelta(hours=12),
    )
    yield from history(
        "2026-10-01",
        "2026-10-31 18:00",
        lambda at: [seats(4, 2, subscription="Sub300")],
        organization=OTHER,
        every=timedelta(hours=12),
    )


@pytest.fixture(scope="module")
def typed(sqlite_template, tmp_path_factory):
    typed = Typed(tmp_path_factory.mktemp("workbook"))
    shutil.copy(sqlite_template, typed.database)
    typed.entered(
        lines(),
        "contract set Sub100 --kind ea --starts 2026-03-15 --term 36",
        # A year that no spreadsheet knows.
        "contract set Sub200 --kind named --starts 1850-01-01 --term 12 --name =1+1",
        "contract price BCSTD-Sub100 1250 --currency JPY",
        "contract price EE-Sub200-a.webex.com 1.250 --currency KWD",
        "report --month 2026-10 --out out",
    )
    return typed


@pytest.fixture(scope="module")
def workbook(typed):
    return load_workbook(typed.folder / "out" / "licenses.xlsx")


day = datetime.fromisoformat


def rows(workbook, name):
    """The rows below the head, by the names of the columns."""
    head, *body = workbook[name].iter_rows()
    return [{title.value: cell for title, cell in zip(head, row, strict=True)} for row in body]


def row_of(workbook, name, **cells):
    (found,) = [
        row
        for row in rows(workbook, name)
        if all(row[title.replace("_", " ")].value == cells[title] for title in cells)
    ]
    return found


def test_a_workbook_answers_each_question_on_a_sheet(workbook):
    names = ["Overview", "Decisions", "Products", "Licenses by month", "Contracts", "Coverage"]
    assert workbook.sheetnames == names
    for name in names[1:]:
        sheet = workbook[name]
        assert sheet.freeze_panes and sheet.freeze_panes[1:] == "2"
        assert sheet.auto_filter.ref and sheet.print_title_rows == "$1:$1"
    assert len(workbook["Overview"]._charts) == 1

    # 120 are allowed.
    over = next(iter(rows(workbook, "Decisions")))
    assert [over[name].value for name in ("Kind", "Organization", "Units", "Units at most", "State")] == [
        "over",
        ACME["name"],
        5,
        25,
        "open",
    ]
    # 5 units of 1,250 in twelve months.
    assert (over["Money a year"].value, over["Money a year"].number_format) == (75_000, '#,##0\\ "JPY"')


def test_long_names_take_as_many_lines_as_they_need_and_stay_text(workbook):
    license_ = row_of(workbook, "Licenses by month", License=LONG, Month=day("2026-10-01"))["License"]
    assert (license_.alignment.wrap_text, license_.number_format) == (True, "@")
    # 150 characters in lines of 34.
    assert license_.parent.row_dimensions[license_.row].height == 5 * 15
    calling = next(row["Organization"] for row in rows(workbook, "Products"))
    assert calling.parent.row_dimensions[calling.row].height is None


def test_figures_days_and_money_are_numbers_with_their_own_decimals(workbook):
    calling = row_of(workbook, "Products", Code="BCSTD · Sub100")
    assert (calling["Purchased"].value, calling["Assigned"].value, calling["Available"].value) == (100, 125, -25)
    assert (calling["Utilization"].value, calling["Utilization"].number_format) == (1.25, "0.0%")
    assert (calling["May be assigned"].value, calling["Growth allowance"].value) == (120, 0.2)
    # 100 units of 1,250 a month.
    assert (calling["Cost a year"].value, calling["Currency"].value) == (1_500_000, "JPY")
    assert calling["Cost a year"].number_format == '#,##0\\ "JPY"'
    named = row_of(workbook, "Products", Code="EE")
    assert (named["A unit a month"].value, named["A unit a month"].number_format) == (1.25, '#,##0.000\\ "KWD"')
    months = [row for row in rows(workbook, "Licenses by month") if row["Subscription"].value == "Sub100"]
    assert [row["Month"].value for row in months] == [day(f"2026-{month}-01") for month in ("08", "09", "10")]
    assert [row["Assigned"].value for row in months] == [95, 95, 125]
    unlimited = row_of(workbook, "Products", Product=LONG)
    assert (unlimited["Purchased"].value, unlimited["Not judged"].value) == ("unlimited", "unlimited")


def test_contracts_have_their_days_and_what_is_not_entered_its_command(workbook):
    agreement = row_of(workbook, "Contracts", Subscription="Sub100")
    assert (agreement["Starts"].value, agreement["Starts"].number_format) == (day("2026-03-15"), "yyyy-mm-dd")
    assert agreement["Renews on"].value == day("2029-03-15")
    assert (agreement["Measured next"].value, agreement["Anniversary"].value) == (
        day("2027-02-14"),
        day("2027-03-15"),
    )
    old = row_of(workbook, "Contracts", Subscription="Sub200")
    assert (old["Starts"].value, old["Name"].value, old["To be entered"].value) == ("1850-01-01", "=1+1", None)
    # Five and seven of ten and of what has no limit: no ten that twelve would be over.
    assert (old["Purchased"].value, old["Assigned"].value) == ("unlimited", 12)
    of_no_terms = row_of(workbook, "Contracts", Subscription="Sub300")
    assert of_no_terms["To be entered"].value == (
        "webexhist contract set Sub300 --kind KIND --starts YYYY-MM-DD --term MONTHS"
    )


def test_coverage_shows_the_polls_of_each_month(workbook):
    october = row_of(workbook, "Coverage", Organization=ACME["name"], Month=day("2026-10-01"))
    assert (october["Polls"].value, october["Expected"].value, october["Coverage"].value) == (62, 62, 1)
    assert october["Hours between polls"].value == 12


def test_the_rows_of_the_month_in_the_csv_hold_what_decisions_rest_on(typed):
    text = (typed.folder / "out" / "licenses.csv").read_text("utf-8-sig")
    rows = [row for row in csv.DictReader(StringIO(text, newline="")) if row["license_id"] == "BCSTD-Sub100"]
    september, october = rows[-2:]
    decided = {
        "product": "BCSTD · Sub100",
        "limit": "120",
        "contract_kind": "ea",
        "renews_on": "2029-03-15",
        "notice_on": "2029-01-29",
        "price_a_month": "1250",
        "currency": "JPY",
        "product_cost_a_year": "1500000",
        "decision_units": "5",
        "decision_money_a_year": "75000",
        "code": "BCSTD",
        "days_known_where_few": "",
    }
    assert {column: october[column] for column in decided} == decided
    assert october["decisions"].startswith("over, true forward")
    assert {september[column] for column in decided} == {"", "BCSTD"}


def test_no_name_becomes_a_formula_or_turns_what_stands_beside_it(workbook):
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    assert '=HYPERLINK("http://x")  name' in texts
    assert "@SUM(A1)" in texts
    assert not [text for text in texts if set(text) & {"\u202e", "\x07", "﻿"}]


@pytest.mark.parametrize(("character", "kept"), [("a", 32_766), ("\N{ROCKET}", 16_383)])
def test_a_cell_is_no_longer_than_a_spreadsheet_takes(character, kept):
    assert text_of(character * 40_000) == character * kept + "…"
    assert text_of(character * 16_000) == character * 16_000
