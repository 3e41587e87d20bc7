"""A sum over organizations says of how many it is, where nobody knows the licenses of one; and none looks fine."""

from datetime import datetime, timedelta

import openpyxl
import pytest
from imported_histories import history, seats
from shown_text import shown
from typed import Typed

OTHER = {"id": "99999999-2222-3333-4444-555555555555", "name": "Other"}
A_DAY = timedelta(days=1)


@pytest.fixture(scope="module", params=["never", "not this month"])
def reported(request, tmp_path_factory):
    """500 units of 120.00 EUR a year, 510 assigned; and one whose list was refused always, or all October."""

    def refused(at: datetime):
        known = request.param == "not this month" and at.month < 10
        return [seats(300, 300, subscription="Sub9")] if known else None

    typed = Typed(tmp_path_factory.mktemp("unknown"), datetime.fromisoformat("2026-11-01T12:00:00+00:00"))
    rows = [seats(500, 510)]
    typed.entered(
        [
            *history("2026-09-01 18:00", "2026-10-31 18:00", lambda at: rows, every=A_DAY),
            *history("2026-09-01 18:00", "2026-10-31 18:00", refused, every=A_DAY, organization=OTHER),
        ],
        "contract set Sub100 --kind named --starts 2024-06-01 --term 36",
        "contract price BCSTD-Sub100 10 --currency EUR",
    )
    out = typed.folder / "report"
    assert typed("report", "--month", "2026-10", "--out", out).code == 0
    (out / "licenses.txt").write_text(typed("licenses").stdout, encoding="utf-8")
    return out


def test_the_page_over_all_says_what_its_sums_leave_out(reported):
    page = shown(reported / "index.html")
    assert "Cost a year 60,000.00 EUR incomplete in 1 organization" in page
    assert "Money at stake 1,200.00 EUR a year; units not known in 1 organization" in page
    assert "Other – not known – – – not known – not known" in page
    assert "510 in 1 of 2 500 in 1 of 2 60,000.00 EUR incomplete 1,200.00 EUR incomplete" in page


def test_the_pages_of_the_unknown_one_do_not_say_that_it_is_fine(reported):
    (folder,) = reported.glob("other-*")
    page, sheet = (shown(folder / name) for name in ("index.html", "executive.html"))
    assert "Assigned of purchased – not known in October 2026" in page
    assert "Cost a year – not known Money at stake – not known" in page
    for fine in ("Nothing: as many units", "No license has purchased units", "no price is entered", "stake none"):
        assert fine not in page
        assert fine not in sheet


def test_the_workbook_gives_the_same_sums_and_says_of_how_many(reported):
    overview = openpyxl.load_workbook(reported / "licenses.xlsx").worksheets[0]
    figures = {row[0]: row[1] for row in overview.iter_rows(max_row=14, values_only=True) if row[0]}
    assert figures["Purchased in 1 of 2 organizations"] == 500
    assert figures["Assigned in 1 of 2 organizations"] == 510
    assert figures["Cost a year"] == 60_000
    assert figures["Organizations with unknown units"] == 1
    rows = list(overview.iter_rows(values_only=True))
    (heads,) = (number for number, row in enumerate(rows) if row[0] == "Month" and row[1] == "Purchased")
    assert rows[heads][4] == "Organizations"
    months = [(row[0].month, *row[1:5]) for row in rows[heads + 1 : heads + 3]]
    assert months == [(9, 500, 510, 1.02, 1), (10, 500, 510, 1.02, 1)]


def test_the_terminal_says_so_below_the_same_sum(reported):
    printed = " ".join((reported / "licenses.txt").read_text(encoding="utf-8").split())
    assert "All 2 organizations cost 5,000.00 EUR a month, none of it for units that nobody needed" in printed
    assert "That is incomplete in 1 of them: units or prices are not known." in printed


def test_the_workbook_counts_whom_nobody_polled_and_what_is_to_be_decided_of_it(tmp_path):
    """510 of 500 assigned, which is over; and a customer whose polls ended in September."""
    typed = Typed(tmp_path, datetime.fromisoformat("2026-11-01T12:00:00+00:00"))
    rows = [seats(500, 510)]
    typed.entered(
        [
            *history("2026-09-01 18:00", "2026-10-31 18:00", lambda at: rows, every=A_DAY),
            *history("2026-09-01 18:00", "2026-09-15 18:00", lambda at: rows, every=A_DAY, organization=OTHER),
        ],
        "contract set Sub100 --kind named --starts 2024-06-01 --term 36",
    )
    out = tmp_path / "report"
    assert typed("report", "--month", "2026-10", "--out", out).code == 0
    workbook = openpyxl.load_workbook(out / "licenses.xlsx")
    figures = {row[0]: row[1] for row in workbook.worksheets[0].iter_rows(max_row=14, values_only=True) if row[0]}
    assert (figures["Organization"], figures["Organizations not polled"]) == ("Acme Example", 1)
    kinds = [row[0] for row in workbook["Decisions"].iter_rows(min_row=2, values_only=True)]
    assert figures["Decisions open"] == len(kinds) == 2


def test_the_page_over_all_says_how_many_products_its_sums_leave_out(tmp_path):
    """Of two customers with 500 units the second has 100 of another product, of which nobody knows who has them."""
    typed = Typed(tmp_path, datetime.fromisoformat("2026-11-01T12:00:00+00:00"))
    both = [seats(500, 400), seats(100, None, code="EE", name="Suite")]
    typed.entered(
        [
            *history("2026-09-01 18:00", "2026-10-31 18:00", lambda at: [seats(500, 410)], every=A_DAY),
            *history("2026-09-01 18:00", "2026-10-31 18:00", lambda at: both, every=A_DAY, organization=OTHER),
        ]
    )
    out = tmp_path / "report"
    assert typed("report", "--month", "2026-10", "--out", out).code == 0
    assert "All 2 organizations 1 product not known 810 1,000" in shown(out / "index.html")


def test_the_activity_page_says_until_when_messages_were_counted(tmp_path):
    """Five a day until 20 October, then none was counted; people were."""
    typed = Typed(tmp_path, datetime.fromisoformat("2026-11-01T12:00:00+00:00"))
    ended = datetime.fromisoformat("2026-10-21T00:00:00+00:00")
    typed.entered(
        history(
            "2026-09-30 18:00",
            "2026-10-31 18:00",
            lambda at: [seats(500, 410)],
            every=A_DAY,
            counts=lambda at: {"people": 501},
            activity=lambda at: {"messages_created": 5 if at < ended else None},
        )
    )
    out = tmp_path / "report"
    assert typed("report", "--month", "2026-10", "--out", out).code == 0
    file = next(out.rglob("activity.html"))
    page = shown(file)
    assert file.read_text("utf-8").count('-hatch)"/>') == 11  # the other days are no days without messages
    assert "days without polls included. Hatched: polled, but not known." in page
    assert "Oct 2026 100 501" in page
    assert "the last poll of the month; messages as of 20 Oct 2026 18:00 UTC." in page
