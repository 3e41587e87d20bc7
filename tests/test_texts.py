"""Other people's text does no harm where it is shown."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webexhist.texts import (
    as_written,
    breakable,
    json_text,
    one_line,
    shown,
    spreadsheet_text,
    visible,
)
from webexhist.utf8 import marked_utf8, utf8_text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Suite \u202e003 fo 203", "Suite 003 fo 203"),
        ("\u2067Suite\u2069", "Suite"),
        ("a\x1b[31mb\x9b0mc\nd\u2028e", "a [31mb 0mc\nd e"),
        ("half \ud83d of a pair", "half   of a pair"),
        ("می\u200cخواهم 👩\u200d💻 ﷽", "می\u200cخواهم 👩\u200d💻 ﷽"),
    ],
)
def test_controls_are_not_shown_and_letters_are(text, seen):
    assert shown(text) == seen


@pytest.mark.parametrize(
    "joined",
    [
        "e" + "\u0301" * 10,
        "👨🏽\u200d👩🏽\u200d👧🏽\u200d👦🏽",
        "क्षेत्रीय कार्यालय",
        "กำลังใช้งาน",
        "Müller & Söhne",
    ],
)
def test_what_scripts_join_stays_whole(joined):
    assert breakable(joined) == joined


@pytest.mark.parametrize("joined", ["ำ", "क\u094d", "\u1100", "\u0600", "👩\u200d", "\u0903", "ﾞ", "\U0001f3ff"])
def test_what_is_joined_for_longer_than_any_script_joins_can_be_broken(joined):
    pieces = breakable(joined * 50).split("\u200b")
    assert "".join(pieces) == joined * 50
    assert max(map(len, pieces)) <= 16


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("می\u200cخواهم  👩\u200d💻\n ", "می\u200cخواهم 👩\u200d💻"),
        ("two\nlines\x85three\u2028four\r\nfive\x1b[2J\x9b\ud83d", "two lines three four five [2J"),
        ("\u202e003 fo 203\u00a0\u3000.", "003 fo 203 ."),
    ],
)
def test_one_line_keeps_what_joins_letters_and_nothing_that_ends_it(text, line):
    assert one_line(text) == line
    assert line.splitlines() == [line]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\u200b", "U+200B"),
        (" \u3164", "U+0020 U+3164"),
        ("\u2800" * 9, f"{'U+2800 ' * 8}…"),
        ("\u202e\ufe0f", "U+202E U+FE0F"),
        ("\u200bSuite", "\u200bSuite"),
        ("", ""),
    ],
)
def test_a_name_of_which_nothing_is_seen_is_told_by_its_characters(text, seen):
    assert visible(text) == seen


@pytest.mark.parametrize(
    "text",
    [
        *("=1", "'=1", "''=1", "'", "'a", "＝1", "\t=1", " =1", "\u200b=1", "'＠A", "Sub-1", ""),
        *("x;=1", "x;'=1", "x\t=1", 'x;"=1', "a\n-b", "\ta", "'\ta", "a\n\n'b", "=1;=2"),
        *("'=1;'=2\t''=3", ";;\t\n=1"),
    ],
)
def test_what_a_spreadsheet_was_given_is_read_back(text):
    assert as_written(spreadsheet_text(text)) == shown(text)


@given(st.text(alphabet="'=-x;\t\n\r\", \u200b＝"))
def test_any_cell_is_read_back_and_starts_no_formula_wherever_it_is_divided(text):
    cell = spreadsheet_text(text)
    assert as_written(cell) == shown(text)
    for divided in (cell, *cell.split(";"), *cell.split("\t"), *cell.split("\n"), *re.split("[;\t\n]", cell)):
        assert divided.lstrip(' \u200b\t\n"')[:1] not in {*"=-＝"}


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "|cmd", "%0A=1"),
        *("\r=1", "\n1", "\t1", " =1", "\u00a0=1", "\x00=1", "\ufeff=1"),
        *("＝1+1", "＋1", "－1", "＠A", "﹦1", "\u200e=1", "\u202e=1"),
        *("\u200b=1+1", "\u00ad=1", "'=1", "''@A", "\u2060\u200d =2", "\u3000=3", "\U000e0041=4"),
    ],
)
def test_what_a_spreadsheet_would_run_stands_after_an_apostrophe(text):
    assert spreadsheet_text(text) == f"'{shown(text)}"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("x;=cmd|' /C calc'!A0", "x;'=cmd|' /C calc'!A0"),
        ("a\t=1+1", "a\t'=1+1"),
        ("\t=1", "'\t'=1"),
        ("\n=1", "'\n'=1"),
        ("=1;=2", "'=1;'=2"),
        ('x;"=1', "x;'\"=1"),
        ("x; ＝1", "x;' ＝1"),
        ("x;'=1", "x;''=1"),
        ("bought\n\n-5 units", "bought\n\n'-5 units"),
        ("one; two; three", "one; two; three"),
        ("one\n\ntwo", "one\n\ntwo"),
    ],
)
def test_a_spreadsheet_that_divides_cells_elsewhere_meets_no_formula_in_it(text, cell):
    """Opened in German, Excel divides by semicolons whatever the file does."""
    assert spreadsheet_text(text) == cell


def test_a_spreadsheet_holds_no_control_that_a_terminal_obeys():
    assert spreadsheet_text("Suite\x1b[2J \u202e003\x9b") == "Suite [2J 003 "


@pytest.mark.parametrize("text", ["", "Suite", "1+1", "a=b", "Sub1000001", "acme.webex.com", "–", "é"])
def test_other_cells_stay_as_they_are(text):
    assert spreadsheet_text(text) == text


def test_json_has_no_raw_control_and_reads_back_the_same():
    names = ["é ü 漢字", "\x9b31m", "\u202e003", "a\u2028b", "\x1b", "\ud83d", "\U000e0041"]
    text = json_text(names)
    assert json.loads(text) == names
    assert "é ü 漢字" in text
    assert not [character for character in text.replace("\n", "") if shown(character) != character]


def test_a_mark_of_utf_8_is_written_once_and_read_or_not():
    assert marked_utf8("Überzahl") == b"\xef\xbb\xbf\xc3\x9cberzahl"
    assert utf8_text(marked_utf8("Überzahl")) == utf8_text("Überzahl".encode()) == "Überzahl"
    assert utf8_text(b"\xef\xbb\xbf\xff", errors="replace") == "\ufffd"
