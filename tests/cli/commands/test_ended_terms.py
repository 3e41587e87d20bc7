"""What ends: terms that were entered as not renewing, before and after their last day, and trials of a small list.

Now is the last day of October 2026.
"""

import csv
import re
import shlex
from datetime import timedelta

import pytest
from customer_cases import SUITE, Case, at, calling, database, decided, named, owned
from openpyxl import load_workbook
from shown_text import shown

ONE_YEAR = "set Sub1 --kind named --starts {} --term 12 --renews no"
TRIAL = "trialSub9"


def until_26_october(before, after):
    return Case(lambda moment: before if moment < at("2026-10-26") else after, *named(), every=timedelta(days=1))


CASES = {
    # What does not renew and is listed all the same may stop any day, or was renewed: somebody has to find out.
    "ended": (Case([calling(100, 80)], ONE_YEAR.format("2025-10-01")), [("expires", 80, "2026-10-01")]),
    "ended today": (Case([calling(100, 80)], ONE_YEAR.format("2025-10-31")), [("expires", 80, "2026-10-31")]),
    "ended 120 days ago": (Case([calling(100, 80)], ONE_YEAR.format("2025-07-03")), [("expires", 80, "2026-07-03")]),
    # After four months it has been renewed, for all that anybody can see: its next end is asked about.
    "ended 121 days ago": (Case([calling(100, 80)], ONE_YEAR.format("2025-07-02")), []),
    "ends for the seventh time": (
        Case([calling(100, 80)], ONE_YEAR.format("2020-02-28")),
        [("expires", 80, "2027-02-28")],
    ),
    "ends in spring": (Case([calling(100, 80)], ONE_YEAR.format("2026-03-01")), []),
    # The one before it ends when it begins, and of that nothing is entered.
    "begins in January": (Case([calling(100, 80)], ONE_YEAR.format("2027-01-01")), []),
    "began three weeks ago": (Case([calling(100, 80)], ONE_YEAR.format("2026-10-10")), []),
    # A trial's end loses nothing that was bought; people whom it leaves without a seat are reported.
    "trial of two rows": (
        until_26_october([calling(50, 40), calling(100, 45, TRIAL)], [calling(50, 40)]),
        [("gone", 45, None)],
    ),
    "trials without people": (
        until_26_october([calling(50, 40), calling(99, 0, TRIAL), calling(25, 0, TRIAL, **SUITE)], [calling(50, 40)]),
        [],
    ),
    "a purchase with the trials": (
        until_26_october(
            [calling(50, 40), calling(100, 0, TRIAL), calling(25, 20, "Sub2", **SUITE)], [calling(50, 40)]
        ),
        [("gone", 20, None), ("shrunk", 2, None)],
    ),
    "fewer bought with the trials": (
        until_26_october([calling(50, 30), calling(100, 0, TRIAL), calling(9, 0, TRIAL, **SUITE)], [calling(40, 30)]),
        [("shrunk", 10, None), ("shrunk", 2, None)],
    ),
}


@pytest.fixture(scope="module")
def typed(sqlite_template, tmp_path_factory):
    cases = {name: case for name, (case, _) in CASES.items()}
    return database(sqlite_template, tmp_path_factory.mktemp("ended"), cases)


def test_what_ended_is_reported_until_somebody_says_what_holds(typed):
    found = {
        name: sorted((each["kind"], each["units"], each["due_on"]) for each in decisions)
        for name, decisions in decided(typed, CASES).items()
    }
    assert found == {name: sorted(right) for name, (_, right) in CASES.items()}


@pytest.mark.slow
def test_pages_calendar_and_plan_take_nothing_that_ended_for_renewed(typed):
    assert typed("report", "--month", "2026-10", "--org", "ended", "--out", "pages").code == 0
    text = shown(typed.folder / "pages" / "index.html")
    assert "was to expire on 1 October 2026 with Sub1-ended, which does not renew, and is still listed" in text
    assert "named from 1 Oct 2025 12 months 1 Oct 2026 end of the term 1 Oct 2027 end of the term" in text
    assert "2027 renewal" not in text and "last day for notice" not in text
    (event,) = re.findall(r"SUMMARY:(.*)\r", (typed.folder / "pages" / "renewals.ics").read_bytes().decode())
    assert "ends" in event and "renews" not in event
    with (typed.folder / "pages" / "licenses.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = [row for row in csv.DictReader(file) if row["month"] == "2026-10"]
    assert (row["renews_on"], row["notice_on"], row["due_on"]) == ("2027-10-01", "", "2026-10-01")
    heads, *rows = load_workbook(typed.folder / "pages" / "licenses.xlsx")["Contracts"].iter_rows(values_only=True)
    (sheet,) = [dict(zip(heads, row, strict=True)) for row in rows]
    assert (sheet["Renews"], sheet["Notice until"]) == ("no", None)
    words = " ".join(typed("plan", owned("Sub1", "ends in spring")).stdout.split())
    assert "of ends in spring ends on 1 March 2027, entered as not renewing." in words
    # It was renewed after all: the next end is that of its second term.
    for command in (f"contract set {owned('Sub1', 'ended')} --renews auto", "contract list"):
        assert typed(*shlex.split(command)).code == 0
    assert decided(typed, CASES)["ended"] == []
