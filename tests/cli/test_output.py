"""Names of others in the terminal and on stderr: they move no cursor, turn no text around and end no line."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest
from entering import enter, set_price
from histories import Poller, license_of
from reading import read

from webexhist.cli.output import LONGEST_CELL, cell_text, print_file, print_line, print_table, print_warning
from webexhist.metrics import Metric
from webexhist.snapshot import Organization
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import add_note
from webexhist.store.names.licenses import stored_licenses
from webexhist.texts import shown

HOSTILE = "a\x1b[2J\x9b31m\r\nb\u202e003\u2067c\u2028d\x07\ufeff\U000e0041\x85e"
SEEN = "a [2J 31m  b003c d  e"


@pytest.fixture
def hostile(poller, run, monkeypatch, tmp_path):
    """Everything that others name, named by somebody who means harm."""
    named = license_of(HOSTILE, site=f"site {HOSTILE}", subscription="Sub100001")
    organization = Organization("o", f"org {HOSTILE}")
    hand = Poller(poller.engine, organization)
    hand.poll("2026-10-01 06:00", {named: (10, 9)}, {Metric.PEOPLE: 4})
    hand.poll("2026-11-20 06:00", {named: (10, 12)}, {Metric.PEOPLE: 5}, failed=f"answered {HOSTILE}")
    (found,) = read(poller.engine, stored_licenses)
    add_note(poller.engine, date(2026, 11, 1), f"note {HOSTILE}", found)
    set_price(poller.engine, found, Decimal("2.50"), "EUR")
    enter(poller.engine, [Contract("Sub100001", starts=date(2026, 2, 1), name=f"contract {HOSTILE}")])
    monkeypatch.chdir(tmp_path)
    return run


@pytest.mark.parametrize(
    "words",
    [
        ["licenses"],
        ["check"],
        ["history", "people"],
        ["history", HOSTILE],
        ["history", f"no {HOSTILE}"],
        ["status"],
        ["note", "list"],
        ["note", "add", "x", "--license", HOSTILE],
        ["note", "add", "x", "--license", f"no {HOSTILE}"],
        ["contract", "price", HOSTILE, "3"],
        ["contract", "price", HOSTILE, HOSTILE],
        ["contract", "price", "Sub100001", "3", "--by", HOSTILE],
        ["contract", "order", HOSTILE, "3", "--from", "2026-10-01", "--by", HOSTILE],
        ["contract", "settle", HOSTILE, "--on", "2026-10-01", "--units", "3"],
        ["contract", "list"],
        ["contract", "export"],
        ["contract", "import", f"no {HOSTILE}"],
        ["contract", "set", HOSTILE, "--starts", "2026-01-01"],
        ["contract", "set", "--not-counted", HOSTILE],
        ["contract", "remove", HOSTILE],
        ["report", "--out", f"out {HOSTILE}"],
        ["report", "--month", HOSTILE],
        ["db", "void", "--list"],
        ["db", "check"],
        ["db", "backup", f"backup {HOSTILE}"],
        ["db", "restore", f"backup {HOSTILE}"],
        ["poll", "--stored", "--max-age", "31536000"],
        ["poll", "--workers", HOSTILE],
        ["plugin", "print", "--cron", "--agent-dir", HOSTILE],
        ["plugin", "install", "--agent-dir", HOSTILE],
        ["licenses", "--config", HOSTILE],
        ["licenses", "--database", HOSTILE],
        ["licenses", f"--{HOSTILE}"],
        [HOSTILE],
    ],
    ids=lambda words: " ".join(words)[:30].encode("ascii", "replace").decode(),
)
@pytest.mark.parametrize("form", [(), pytest.param(("--json",), marks=pytest.mark.slow)], ids=["people", "programs"])
def test_no_command_prints_what_a_terminal_obeys(hostile, words, form):
    done = hostile(*words, *form)
    printed = done.stdout + done.stderr
    assert shown(printed) == printed
    assert "\t" not in done.stderr
    assert done.stderr.count("\n") <= 1
    if form and done.code == 0:
        assert json.loads(done.stdout) is not None


def test_lines_tables_and_warnings_show_the_same(capsys):
    print_line(HOSTILE)
    print_warning(HOSTILE)
    print_file(f"first {HOSTILE}\nsecond\n")
    printed = capsys.readouterr()
    file = f"first {SEEN}\nsecond\n".replace("  b", " \nb")
    assert printed.out == f"{SEEN}\n{file}"
    assert printed.err == f"webexhist: {SEEN}\n"


def test_a_cell_without_an_end_is_cut():
    assert cell_text("x" * LONGEST_CELL) == "x" * LONGEST_CELL
    assert cell_text("x" * 10**6) == "x" * LONGEST_CELL + "…"


def test_letters_that_join_others_stay(capsys):
    print_line("می\u200cخواهم 👩\u200d💻")
    assert capsys.readouterr().out == "می\u200cخواهم 👩\u200d💻\n"
    assert cell_text("می\u200cخواهم\n👩\u200d💻") == "می\u200cخواهم 👩\u200d💻"
    assert cell_text("\u200b\u2060") == "U+200B U+2060"


@pytest.mark.parametrize("stderr", ["2>/dev/full", pytest.param("2>&-", marks=pytest.mark.slow)])
def test_a_warning_that_cannot_be_written_stops_nothing(tmp_path, stderr):
    script = f"'{sys.executable}' -m webexhist status --json {stderr}"
    own = {"HOME": str(tmp_path), "WEBEXHIST_STATE_DIR": str(tmp_path), "WEBEXHIST_WOERKERS": "4"}
    done = subprocess.run(["sh", "-c", script], env=own, capture_output=True, text=True, timeout=120, check=False)
    assert len(json.loads(done.stdout)["settings"]) == 1


def test_where_a_table_has_no_room_its_cells_stand_below_one_another(capsys, monkeypatch):
    sentence = "Contact center Standard Agent is over what was purchased by 2 units: 27 of 25 are assigned."
    rows = [
        {"kind": "over", "units": 2, "due": None, "money_a_year": "1,800.00 USD", "what": sentence},
        {"kind": "runs out", "units": 7, "due": None, "money_a_year": "", "what": "Suite runs out."},
    ]
    monkeypatch.setenv("COLUMNS", "40")
    print_table(rows, "")
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert lines[:5] == [
        "kind         over",
        "units        2",
        "due          –",
        "money a year 1,800.00 USD",
        "what         Contact center Standard",
    ]
    assert max(map(len, lines)) <= 40
    assert lines[-5:] == ["kind  runs out", "units 7", "due   –", "what  Suite runs out.", ""]
    monkeypatch.setenv("COLUMNS", "80")
    print_table(rows, "")
    assert "money a year" in capsys.readouterr().out.splitlines()[0]


def test_words_stay_whole_and_long_ones_end_a_line_at_a_dot(capsys, monkeypatch):
    names = ("Unified Communication Manager (UCM)", "Webex Calling - Professional")
    sites = ("acme-emea.webex.com", "acme.webex.com")
    columns = {"organization": "Acme Example Laboratory", "subscription": "Sub1000001", "purchased": 250}
    rows = [{"license": name, "site": site, **columns} for name, site in zip(names, sites, strict=True)]
    for width, parts in ((120, sites), (66, ("acme-emea.", "webex.com", "acme."))):
        monkeypatch.setenv("COLUMNS", str(width))
        print_table(rows, "")
        lines = capsys.readouterr().out.splitlines()
        words = {word for line in lines for word in line.split()}
        assert {"organization", "purchased", "Communication", "Professional", "Laboratory", *parts} <= words
        assert max(map(len, lines)) <= width
