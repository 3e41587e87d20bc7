"""A spreadsheet of somebody else, as the lines that an import reads."""

import json

import pytest

from webexhist.carried import RefusedLineError
from webexhist.export.snapshot_columns import lines_of_rows
from webexhist.texts import spreadsheet_text

COLUMNS = "taken_at,organization_id,organization,license,assigned"


def lines(*rows: str) -> list[dict[str, object]]:
    return [json.loads(line) for _, line in lines_of_rows(enumerate([COLUMNS, *rows], 1))]


def test_licenses_without_an_id_are_told_apart_in_every_script():
    names = ("會議", "通話", "Büro", "Bäro")
    (snapshot,) = lines(*(f"2026-01-01,acme,Acme,{name},10" for name in names))
    assert [each["name"] for each in snapshot["licenses"]] == list(names)
    ids = [each["id"] for each in snapshot["licenses"]]
    assert ids == [r"\u6703\u8b70", r"\u901a\u8a71", r"B\xfcro", r"B\xe4ro"]


@pytest.mark.parametrize("name", ["=1+1", "'=1+1", "＝1+1", "\u200b@A", "'Suite"])
def test_a_name_that_an_export_wrote_is_read_as_it_was(name):
    (snapshot,) = lines(f"2026-01-01,acme,{spreadsheet_text(name)},{spreadsheet_text(name)},10")
    assert (snapshot["organization"]["name"], snapshot["licenses"][0]["name"]) == (name, name)


def test_lines_that_end_as_on_an_old_mac_are_no_rows():
    with pytest.raises(RefusedLineError, match=r"^line 1: it is no row"):
        list(lines_of_rows([(1, f"{COLUMNS}\r2026-01-01,acme,Acme,Suite,10\r")]))


@pytest.mark.parametrize(
    ("header", "rows", "problem"),
    [
        (f"{COLUMNS},", ["2026-01-01,acme,Acme,Suite,10,77"], "line 2: it has 6 cells for 5 columns"),
        (f",{COLUMNS}", ["77,2026-01-01,acme,Acme,Suite,10"], "line 1: there is no column ''"),
        (
            COLUMNS,
            ["2026-01-01,acme,Acme,Suite,10", "2026-01-01,acme,Globex,Calling,7"],
            "line 3: organization is another than in the rows before",
        ),
        (
            f"{COLUMNS},source",
            ["2026-01-01,acme,Acme,Suite,10,Old tool", "2026-01-01,acme,Acme,Calling,7,New tool"],
            "line 3: source is another than in the rows before",
        ),
    ],
)
def test_nothing_that_rows_hold_is_passed_over(header, rows, problem):
    with pytest.raises(RefusedLineError, match=f"^{problem}"):
        list(lines_of_rows(enumerate([header, *rows], 1)))


def test_what_is_said_of_a_snapshot_may_stand_in_one_of_its_rows():
    (snapshot,) = lines("2026-01-01,acme,,Suite,10,,", "2026-01-01,acme,Acme,Calling,7", "2026-01-01,acme,,Room,3")
    assert snapshot["organization"] == {"id": "acme", "name": "Acme"}
    assert [each["assigned"] for each in snapshot["licenses"]] == [10, 7, 3]
