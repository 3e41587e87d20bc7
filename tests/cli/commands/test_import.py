"""`webexhist import` and `webexhist export snapshots`: a history from elsewhere, and a history as text."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from imported_histories import ACME, history, imported, line, seats
from sqlalchemy import text as sql

from webexhist.store.opening.history import open_history

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def empty(webexhist, monkeypatch, tmp_path):
    """Commands in an empty folder: a database is named that is not there, and no token."""
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(tmp_path / "history.db"))
    webexhist.go_by(lambda: NOW)
    return webexhist


def at(day: int, **others) -> str:
    return line(f"2026-01-{day:02}T06:00:00Z", [seats(500, 430 + day)], **others)


def refused(run, text: str | bytes) -> str:
    """What is said of a file that is refused."""
    file = Path("lines.jsonl")
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = run("import", file)
    assert (done.code, done.stdout) == (1, "")
    return done.line


def rows(query: str = "SELECT snapshot, taken_at, license, assigned FROM license_usage ORDER BY snapshot"):
    with open_history(os.environ["WEBEXHIST_DATABASE"]) as opened:
        return [tuple(row) for row in opened.connection.execute(sql(query))]


def test_a_first_import_needs_no_token_and_makes_the_database(empty):
    imported([at(1), at(2)], empty)
    assert rows() == [
        (1, "2026-01-01 06:00:00", "Webex Calling - Professional", 431),
        (2, "2026-01-02 06:00:00", "Webex Calling - Professional", 432),
    ]
    assert empty("db", "check").stdout == "Everything is as it was stored.\n"


def test_what_a_poll_would_have_taken_is_unknown_of_what_was_imported(empty):
    fared = [{"collector": "people", "status": "failed", "error": "403"}]
    imported([at(1, counts={"people": 7}), at(2, collections=fared), at(3)], empty)
    assert rows("SELECT seconds, requests FROM snapshots") == 3 * [(None, None)]
    assert rows("SELECT seconds, requests FROM collection_log") == [(None, None)]
    metrics = empty("metrics").stdout
    assert "webexhist_snapshot_timestamp_seconds{" in metrics
    assert not [part for part in ("webexhist_poll_seconds{", "webexhist_poll_requests{") if part in metrics]
    document = empty("poll", "--stored", "--max-age", "3000000")
    assert not {"Poll Seconds", "API Requests"} & json.loads(document.stdout).keys()
    assert "Hybrid" not in document.stdout
    imported([at(4), at(1), at(2)], empty)
    assert rows("SELECT seconds, requests FROM snapshots") == 4 * [(None, None)]
    assert empty("db", "check").code == 0


def test_lines_may_come_before_between_and_after_and_again(empty):
    imported([at(5), at(3)], empty)
    imported([at(9), at(1), at(4), at(5)], empty)
    assert [row[3] for row in rows()] == [431, 433, 434, 435, 439]
    again = empty("import", "history.jsonl")
    assert again.stdout == "Acme Example: nothing new, 4 stored already.\n"
    assert empty("db", "check").code == 0


def test_a_history_of_thirteen_months_is_reviewed_like_one_that_was_polled(empty):
    lines = history("2025-10-01", "2026-10-31 18:00", lambda when: [seats(500, 431)], every=DAY)
    imported(lines, empty)
    assert empty("report", "--month", "2026-10").code == 0
    assert empty("licenses", "--json").json[0]["assigned"] == 431
    assert "2025-10" in empty("history", "Webex Calling - Professional").stdout
    assert {source for (source,) in rows("SELECT DISTINCT source FROM snapshots")} == {"import"}


def test_a_license_under_a_new_id_continues_the_former_one(empty):
    def licenses(when: datetime):
        renewed = when >= datetime(2026, 10, 1, tzinfo=UTC)
        return [seats(500, 441, subscription="Sub200") if renewed else seats(500, 431)]

    imported(history("2026-08-01", "2026-10-31", licenses, every=DAY), empty)
    (found,) = empty("succession", "list", "--json").json
    assert found["state"] == "joined"


def test_what_was_imported_is_judged_anew_when_what_lay_before_comes_in(empty):
    """The second half knows nothing of the license that its first one continues."""
    lines = history(
        "2026-09-25",
        "2026-10-05",
        lambda when: [seats(500, 441, subscription="Sub200" if when.month == 10 else "Sub100")],
        every=DAY,
    )
    imported(lines[6:], empty)
    assert empty("succession", "list", "--json").json == []
    imported(lines[:6], empty)
    assert [found["state"] for found in empty("succession", "list", "--json").json] == ["joined"]
    assert rows("SELECT DISTINCT lineage FROM licenses") == [("BCSTD-Sub100",)]


def test_an_empty_list_is_believed_after_a_day_whatever_the_order(empty):
    def hour(day: int, hour: int, licenses) -> str:
        return line(f"2026-01-{day:02}T{hour:02}:00:00Z", licenses)

    lines = [hour(1, 0, [seats(5, 3)]), hour(2, 0, []), hour(2, 12, []), hour(3, 0, []), hour(3, 6, [])]
    imported(lines[1:], empty)
    imported(lines[:1], empty)
    listed = "SELECT number, value FROM reading r JOIN metric m ON m.id = r.metric_id WHERE m.name = 'license' "
    assert rows(listed + "AND m.license_id IS NULL ORDER BY number") == [(1, 1), (2, None), (4, 0)]


def test_numbers_that_cannot_be_are_unknown_with_their_reason(empty):
    imported([line("2026-01-01T06:00:00Z", [seats(-1, -3)], counts={"people": -3})], empty)
    usage = rows("SELECT purchased, assigned FROM license_usage")
    why = rows("SELECT collector, error FROM collection_log ORDER BY collector DESC")
    assert usage == [(-1, None)]
    assert rows("SELECT value FROM counts") == [(None,)]
    assert why[0][0] == "license units"
    assert why[0][1].startswith("unknown, for assigned of Webex Calling - Professional is negative")
    assert why[1:] == [("counts", "unknown, for people is negative")]


def test_counts_that_cannot_be_are_told_for_as_long_as_they_cannot(empty):
    """Two of three are unknown at the first time, and named; at the second all are known, and nothing is said."""
    odd = {"people": -1, "rooms": 100_000_001, "devices": 100_000_000}
    lines = [
        line("2026-01-01T06:00:00Z", None, counts=odd, activity={"messages_created": -7}),
        line("2026-01-02T06:00:00Z", None, counts={"people": 430, "rooms": 1, "devices": 2}),
    ]
    imported(lines, empty)
    assert rows("SELECT metric, value FROM counts WHERE snapshot = 1 ORDER BY metric") == [
        ("devices", 100_000_000),
        ("messages_created", None),
        ("people", None),
        ("rooms", None),
    ]
    assert rows("SELECT collector, status, error, polls FROM collection_log") == [
        (
            "counts",
            "failed",
            "unknown, for people is negative, rooms is more than any organization has, messages_created is negative",
            1,
        )
    ]
    carried = empty("export", "snapshots").stdout
    assert '"collector": "counts", "status": "failed"' in carried
    Path("again.jsonl").write_text(carried)
    assert "2 stored already" in empty("import", "again.jsonl").stdout


def test_activity_counts_since_it_was_last_known(empty):
    lines = [at(day, activity={"messages_created": 10 * day}) for day in (1, 2, 4)]
    imported([*lines[:1], *lines[2:], at(3)], empty)
    imported([line("2026-01-02T06:00:00Z", [seats(500, 432)], activity={"messages_created": 20})], empty)
    changes = rows("SELECT snapshot, change, previous_at FROM count_deltas ORDER BY snapshot")
    assert changes == [
        (1, None, None),
        (2, 20, "2026-01-01 06:00:00"),
        (3, None, "2026-01-02 06:00:00"),
        (4, 40, "2026-01-02 06:00:00"),
    ]


GOOD = at(1)
WRONG = {
    "a line that ends early": (GOOD + "\n" + GOOD[:60], "line 2: it is no JSON"),
    "NaN": (GOOD.replace("431", "NaN"), "line 1: NaN is no number"),
    "a key twice": (GOOD.replace('"name"', '"name": "Acme", "name"', 1), "line 1: name stands in it twice"),
    "a bool": (at(1, counts={"people": True}), "line 1: counts.people is no whole number"),
    "a text": (at(1, counts={"people": "430"}), "line 1: counts.people is no whole number"),
    "a part": (at(1, counts={"people": 430.5}), "line 1: counts.people is no whole number"),
    "UTF-16": (GOOD.encode("utf-16"), "line 1: the file is written in UTF-16"),
    "Latin-1": (GOOD.replace("Acme", "Bär").encode("latin-1"), "line 1: it is not written in UTF-8"),
    "1970": (GOOD.replace("2026-01-01", "1970-01-01"), "line 1: taken_at 1970-01-01T06:00:00Z lies outside"),
    "9999": (GOOD.replace("2026-01-01", "9999-12-31"), "line 1: taken_at 9999-12-31T06:00:00Z lies outside"),
    "30 February": (GOOD.replace("2026-01-01", "2026-02-30"), "line 1: taken_at '2026-02-30T06:00:00Z' is no time"),
    "no time": (GOOD.replace("taken_at", "source"), "line 1: taken_at is missing"),
    "no organization": (GOOD.replace(ACME["id"], ""), "line 1: organization.id is missing"),
    "an organization of a space": (GOOD.replace(ACME["id"], " "), "line 1: organization.id is missing"),
    "no line": ("null", "line 1: the line is missing"),
    "no id of a license": (GOOD.replace("BCSTD-Sub100", ""), "line 1: the id of a license is missing"),
    "a list": (f"[{GOOD}]", "line 1: the line is no object"),
    "another key": (GOOD.replace('"licenses"', '"licences"'), "did you mean licenses?"),
    "another count": (at(1, counts={"peple": 3}), "did you mean people?"),
    "activity among counts": (at(1, counts={"messages_created": 3}), "write it in activity"),
    "a huge line": ('{"a":"' + "x" * (17 * 2**20) + '"}', "line 1: it is longer than 16 MB"),
    "a huge number": (GOOD.replace("431", "9" * 5_000), "line 1: it is no JSON that can be read"),
    "a deep one": ("[" * 100_000, "line 1: it is no JSON"),
    "a value of nothing": (
        at(1, counts={"people": 3}, collections=[{"collector": "people", "as_of": "2025-01-01T00:00:00Z"}]),
        "line 1: people is as of 2025-01-01 00:00:00 UTC, where no snapshot is",
    ),
    "a value of later": (
        at(1, counts={"people": 3}, collections=[{"collector": "people", "as_of": "2026-01-01T06:00:01Z"}]),
        "line 1: people is as of 2026-01-01T06:00:01Z, after taken_at",
    ),
    "seats by shoe size": (at(1, seats={"grouped_by": "shoe size"}), "line 1: grouped_by is 'shoe size'"),
    "a person": (at(1, seats={"counts": [{"license": "x", "group": "a", "name": "Ana"}]}), "has no 'name'"),
    "a group twice": (
        at(1, seats={"counts": [{"license": "x", "group": "Sales"}] * 2}),
        "line 1: the group Sales of x stands in it twice",
    ),
    "fewer seats than none": (
        at(1, seats={"counts": [{"license": "x", "group": "Sales", "idle_90": -1}]}),
        "line 1: idle_90 of Sales is -1",
    ),
    "people of nothing": (at(1, seats={"people": [{"people": 7}]}), "line 1: the subscription of people with seats"),
    "two that differ": (f"{GOOD}\n{GOOD.replace('431', '432')}", "line 2: it contradicts line 1"),
    "nothing": ("\r\n\n", "there is no snapshot in it"),
}


@pytest.mark.usefixtures("garbage_waits")
def test_what_cannot_be_meant_is_refused_whole_with_its_line(empty):
    for name, (text, expected) in WRONG.items():
        assert expected in refused(empty, text), name
    assert empty("licenses").code == 1  # nothing of all that was stored


def test_a_line_that_contradicts_what_is_stored_is_refused(empty):
    imported([at(1, counts={"people": 430}), at(2)], empty)
    wrong = at(1, counts={"people": 431})
    assert (
        "line 2: it contradicts what is stored of 2026-01-01 06:00:00 UTC: people is 431, stored is 430"
        in refused(empty, f"{at(3)}\n{wrong}")
    )
    assert len(rows()) == 2
    used = {"people": [{"subscription": "Sub100", "licenses": 1, "people": 7}]}
    assert "line 1: it contradicts what is stored" in refused(empty, at(1, seats=used))


def test_a_file_of_another_system_is_read(empty):
    Path("windows.jsonl").write_bytes(b"\xef\xbb\xbf" + f"{at(1)}\r\n\r\n{at(2)}".encode())
    assert empty("import", "windows.jsonl").code == 0
    assert len(rows()) == 2


def test_a_snapshot_of_the_future_is_reported(empty):
    Path("future.jsonl").write_text(GOOD.replace("2026-01-01", "2031-01-01"))
    done = empty("import", "future.jsonl")
    assert done.code == 0
    assert "in the future" in done.line


def test_new_lines_keep_out_of_what_was_set_aside(empty):
    imported([at(1), at(3), at(5)], empty)
    empty("db", "void", "--snapshot", "2026-01-03 06:00", "--note", "wrong")
    imported([at(2), at(3)], empty)
    assert [row[3] for row in rows()] == [431, 432, None, 435]
    assert empty("db", "void", "--undo", "1").code == 0
    assert [row[3] for row in rows()] == [431, 432, 433, 435]
    assert empty("db", "check").code == 0


SWEPT = {
    "grouped_by": "department",
    "counts": [
        {"license": "BCSTD-Sub100", "group": group, "active": active, "idle_30": 4, "idle_90": 2, "external": None}
        for group, active in (("=1+1", 16), ("Sales", 9), ("Legal", 0))
    ],
    "people": [{"subscription": "Sub100", "product": None, "licenses": 1, "people": 37, "external_least": 1}],
}


def test_a_history_is_carried_out_and_in_again(empty, monkeypatch, tmp_path):
    lines = [
        at(day, counts={"people": 400 + day}, source="old plugin", **({"seats": SWEPT} if day == 2 else {}))
        for day in (1, 2, 3)
    ]
    imported(lines, empty)
    printed = empty("export", "snapshots").stdout
    assert [json.loads(each)["counts"] for each in printed.splitlines()] == [
        {"people": 400 + day} for day in (1, 2, 3)
    ]
    part = empty("export", "snapshots", "--from", "2026-01-02", "--to", "2026-01-02", "--org", "acme example")
    assert [json.loads(each)["taken_at"] for each in part.stdout.splitlines()] == ["2026-01-02T06:00:00Z"]
    assert empty("export", "snapshots", "--out", "out.jsonl").stdout == ""
    assert Path("out.jsonl").read_text() == printed
    # Legal are four: they are among the others, and so are those of Sales, that the others are not four.
    stored = rows("SELECT taken_at, seat_group, active, idle_90, external FROM seat_activity ORDER BY seat_group")
    assert stored == [("2026-01-02 06:00:00", "=1+1", 16, 2, None), ("2026-01-02 06:00:00", "others", 9, 4, None)]
    assert rows("SELECT subscription, people, external_least, external_most FROM seat_people") == [
        ("Sub100", 37, 1, None)
    ]
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(tmp_path / "other.db"))
    assert empty("import", "out.jsonl").code == 0
    assert empty("import", "out.jsonl").code == 0
    assert empty("export", "snapshots").stdout == printed
    assert len(rows("SELECT * FROM seat_people")) == 1
    assert empty("db", "check").code == 0


def test_an_empty_list_that_was_believed_in_the_end_is_carried_out_and_in_again(empty, monkeypatch, tmp_path):
    at_noon = [line(f"2026-01-0{day}T12:00:00Z", [] if day > 1 else [seats(5, 3)]) for day in (1, 2, 3)]
    imported(at_noon, empty)
    printed = empty("export", "snapshots").stdout
    assert [json.loads(each)["licenses"] is None for each in printed.splitlines()] == [False, True, False]
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(tmp_path / "other.db"))
    imported(printed.splitlines(), empty)
    assert empty("export", "snapshots").stdout == printed


MONTHS = """taken_at;organization_id;organization;license;subscription;site;code;purchased;assigned;people
2025-11-30;acme;Acme;Webex Suite;Sub1;acme.webex.com;EE;1 100;230;430
2025-11-30;acme;Acme;Calling;Sub1;;BCSTD;-1;'=100;
2025-12-31T06:00:00+01:00;acme;Acme;Webex Suite;Sub1;acme.webex.com;EE;1 100;231.0;431
"""


def test_a_spreadsheet_is_read_by_its_columns(empty):
    Path("months.csv").write_text(MONTHS.replace("'=100", "100"), encoding="utf-8-sig")
    assert empty("import", "--csv", "months.csv").code == 0
    assert rows("SELECT taken_at, license, site, purchased, assigned FROM license_usage ORDER BY 1, 2") == [
        ("2025-11-30 23:59:59", "Calling", None, -1, 100),
        ("2025-11-30 23:59:59", "Webex Suite", "acme.webex.com", 1100, 230),
        ("2025-12-31 05:00:00", "Webex Suite", "acme.webex.com", 1100, 231),
    ]
    assert rows("SELECT value FROM counts ORDER BY snapshot") == [(430,), (431,)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MONTHS, "line 3: assigned '=100' is no whole number"),
        ("taken_at,foo\n", "line 1: there is no column 'foo'"),
        ("", "line 1: it does not name the columns"),
        ('taken_at,organization_id\n"2026-01-01,a\n', "line 2: it is no row"),
        ("taken_at,organization_id\n2026-01-01,a,b\n", "line 2: it has 3 cells for 2 columns"),
        ("taken_at,people\n2026-01-01,4\n", "line 2: organization.id is missing"),
    ],
)
def test_a_wrong_spreadsheet_is_refused_with_its_row(empty, text, expected):
    Path("months.csv").write_text(text)
    done = empty("import", "--csv", "months.csv")
    assert (done.code, done.line.startswith(expected)) == (1, True), done.stderr
