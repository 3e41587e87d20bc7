"""`webexhist licenses` and `history` as they are typed."""

import csv
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from entering import enter
from histories import license_of
from imported_histories import history, imported, seats
from polling import NOON

from webexhist.cli.output import bar, cell_text, sparkline
from webexhist.contract_kinds import ContractKind
from webexhist.metrics import Metric
from webexhist.store.entered.contracts import Contract

SUITE = license_of("Webex Meetings Suite", site="acme.webex.example")
CALLING = license_of("Webex Calling - Professional")
FREE = license_of("Basic Messaging", subscription=None, counted=False)


@pytest.fixture
def growing(poller, run):
    """Sixty days up to yesterday: the suite takes a unit a day and has some weeks left, calling is nearly full."""
    last = NOON.replace(hour=0, minute=1)
    run.go_by(lambda: NOON)
    for index in range(60):
        poller.poll(
            last - timedelta(days=59 - index),
            {SUITE: (200, 121 + index), CALLING: (50, 48), FREE: (9, 9)},
            {Metric.PEOPLE: 400 + index},
        )
    return last


def test_licenses_shows_what_the_last_poll_knew(run, growing):
    shown = run("licenses")
    assert (shown.code, shown.stderr) == (0, "")
    assert f"Acme Example, {growing:%Y-%m-%d} 00:01 UTC" in shown.stdout
    (suite,) = [line for line in shown.stdout.splitlines() if "180 of 200" in line]
    assert re.split(r" {2,}", suite.strip()) == [
        "Webex Meetings Suite · acme.webex.example", "180 of 200", "20", "90% █████▍", "+23", "> 19 in 20",
    ]  # fmt: skip
    assert "Webex Calling - Professional" in shown.stdout
    assert "runs out  Webex Meetings Suite · acme.webex.example is likely to run out" in shown.stdout


def test_an_unknown_list_is_not_called_an_empty_one(poller, run):
    run.go_by(lambda: NOON)
    for hour in (1, 2, 3):
        poller.poll(NOON.replace(hour=hour), None)
    assert "Acme Example: its licenses are not known.\n" in run("licenses").stdout


def test_an_organization_is_polled_until_its_last_poll_whether_or_not_that_knew_the_licenses(poller, run):
    for day, listed in ((1, {CALLING: (50, 48)}), (2, {CALLING: (50, 48)}), (3, None), (4, None)):
        poller.poll(datetime(2026, 10, day, 6, tzinfo=UTC), listed)
    run.go_by(lambda: NOON)
    shown = run("licenses").stdout
    assert "Acme Example, not polled any more since 2026-10-04 06:00 UTC" in shown
    assert "Webex Calling - Professional: the figures are of 2 October 2026, not known since." in shown
    (decision,) = [each for each in run("decisions", "--json").json if each["kind"] == "not_polled"]
    assert "is not polled since 4 October 2026" in decision["sentence"]


@pytest.mark.parametrize("columns", [80, 100])
def test_licenses_fits_its_terminal_with_bars_of_their_length_and_names_that_wrap_between_words(
    poller, run, monkeypatch, columns
):
    names = [f"{word} Interaction Continuity Professional Plus" for word in ("Alpha", "Beta", "Gamma", "Delta")]
    held = {license_of(name, site="a-long-name.webex.example"): (12_000, 0) for name in names}
    for index, license_ in enumerate(held):
        held[license_] = (12_000, 9_000 + 800 * index)
    poller.poll("2026-10-01 06:00", held)
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = run("licenses").stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert not any("…" in line for line in lines)
    bars = [line.split("%")[1].split()[0] for line in lines if "12,000" in line and "%" in line]
    assert bars == ["█████▊", "█████▎", "████▉·", "████▌·"]
    words = {word for line in lines for word in line.split()}
    assert {"Interaction", "Continuity", "Professional", "a-long-name.webex.example"} <= words


def test_licenses_for_spreadsheets_has_whole_names(run, growing, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    head, *rows = list(csv.DictReader(run("licenses", "--csv").stdout.splitlines()))
    assert [row["license"] for row in (head, *rows)] == [
        "Webex Calling - Professional", "Webex Meetings Suite", "Basic Messaging",
    ]  # fmt: skip
    assert (rows[0]["assigned"], rows[0]["utilization"], rows[0]["site"]) == ("180", "90.0", "acme.webex.example")
    assert rows[1]["utilization"] == ""


def test_licenses_that_are_judged_together_stand_below_their_sum_which_alone_is_foretold(run, poller):
    europe = license_of("Webex Meetings Suite", site="europe.webex.example")
    for month in range(1, 11):
        poller.poll(f"2026-{month:02}-01 06:00", {SUITE: (100, 120), europe: (100, 50 + month)})
    both, acme, branch = run("licenses", "--json", "--on", "2026-10-01").json
    assert [row["license_id"] for row in (both, acme, branch)] == [None, SUITE.webex_id, europe.webex_id]
    assert {row["product"] for row in (both, acme, branch)} == {"WEBEXMEETINGSSUITE"}
    assert (both["purchased"], both["assigned"], both["available"], both["utilization"]) == (200, 180, 20, 90.0)
    assert (both["decision"], acme["decision"], branch["decision"]) == ("redistribute", None, None)
    assert both["chance_90_days"] is not None
    assert {row["chance_90_days"] for row in (acme, branch)} == {None}
    # The name is of both: their history is the sum's, as on its page.
    (trend,) = run("history", "webex meetings suite", "--json").json
    assert (trend["months"][-1]["assigned"], trend["months"][-1]["purchased"]) == (180, 200)
    lines = run("licenses", "--on", "2026-10-01").stdout.splitlines()
    named = [line.split("  ")[0] or line.strip().split("  ")[0] for line in lines if "Webex Meetings Suite" in line]
    assert named[:3] == [
        "Webex Meetings Suite, all",
        "Webex Meetings Suite · acme.webex.example",
        "Webex Meetings Suite · europe.webex.example",
    ]


def test_licenses_for_programs(run, growing):
    calling, suite, free = run("licenses", "--json").json
    assert (suite["purchased"], suite["assigned"], suite["available"], suite["utilization"]) == (200, 180, 20, 90.0)
    ends = [date.fromisoformat(suite[f"runs_out_{share}_percent"]) for share in (10, 50, 90)]
    assert ends == sorted(ends)
    assert abs((ends[1] - growing.date()).days - 20) <= 3
    assert suite["chance_90_days"] > 0.9
    assert (suite["decision"], suite["product"]) == ("runs_out", "WEBEXMEETINGSSUITE")
    assert (calling["utilization"], calling["decision"]) == (96.0, None)
    assert 0 < calling["chance_90_days"] < 0.2
    assert (free["utilization"], free["decision"], free["product"]) == (None, None, None)
    assert free["not_judged"] == "free or hybrid service, comes with the organization"
    assert (free["chance_90_days"], free["runs_out_50_percent"]) == (None, None)


def test_history_of_a_count_and_of_a_license(run, poller):
    poller.poll("2026-09-30 06:00", {SUITE: (200, 90)}, {Metric.PEOPLE: 400})
    poller.poll("2026-10-01 06:00", {SUITE: (200, 100)}, {Metric.PEOPLE: 410})
    poller.poll("2026-10-03 06:00", {SUITE: (250, 130)}, {Metric.PEOPLE: 420})
    (people,) = run("history", "people", "--json").json
    ahead = people.pop("ahead")
    assert ahead["day"] == "2027-01-29"
    assert ahead["low"] <= 420 <= ahead["high"]
    assert set(ahead) == {"day", "low", "middle", "high"}
    assert people == {
        "organization": "Acme Example",
        "name": "people",
        "as_of": "2026-10-03 06:00:00+00:00",
        "months": [
            {"month": "2026-09", "count": 400, "lowest": 400, "highest": 400, "mean": 400.0, "days_known": 1},
            {"month": "2026-10", "count": 420, "lowest": 410, "highest": 420, "mean": 415.0, "days_known": 4},
        ],
    }
    (suite,) = run("history", "webex meetings suite", "--months", "1", "--json").json
    assert suite["months"] == [
        {"month": "2026-10", "assigned": 130, "lowest": 100, "highest": 130, "mean": 115.0, "purchased": 250}
        | {"days_known": 4}
    ]
    assert suite["ahead"]["runs_out_10_percent"] < "2028"
    shown = run("history", "webex meetings suite")
    assert re.search(r"\nOn 29 January 2027: \d+; 8 of 10: \d+ to \d+\nRuns out: .* within 90 days", shown.stdout)
    assert "Webex Meetings Suite · acme.webex.example, Acme Example" in shown.stdout
    assert "▆▇ █  by day, from 0" in shown.stdout


def test_only_a_product_is_foretold_and_against_what_may_be_assigned(run, poller):
    europe = license_of("Webex Meetings Suite", site="europe.webex.example")
    for month in range(1, 11):
        poller.poll(f"2026-{month:02}-01 06:00", {SUITE: (100, 90 + month), europe: (100, 97), CALLING: (50, 5)})
    (part,) = run("history", "Webex Meetings Suite europe.webex.example", "--json").json
    assert part["ahead"] is None
    (both,) = run("history", "WEBEXMEETINGSSUITE", "--json").json
    assert both["months"][-1]["assigned"] == 197
    named = both["ahead"]["chance_90_days"]
    enter(poller.engine, [Contract("Sub100001", ContractKind.EA)])
    (agreed,) = run("history", "WEBEXMEETINGSSUITE · Sub100001", "--json").json
    # 200 are purchased, and 240 allowed.
    assert named > 0.2 > agreed["ahead"]["chance_90_days"]


def test_history_of_what_nobody_knows(run, poller):
    poller.poll("2026-10-01 06:00", {SUITE: (200, 100)})
    failed = run("history", "faxes")
    assert (failed.code, failed.stderr) == (
        2,
        "webexhist: there is no license or count 'faxes': webexhist history lists all names\n",
    )


@pytest.mark.parametrize(
    ("percent", "drawn"),
    [
        (None, ""),
        (0.0, "············"),
        (50.0, "██████······"),
        (51.0, "██████▏·····"),
        (99.9, "████████████"),
        (100.0, "████████████"),
        (100.1, "███████████▶"),
    ],
)
def test_a_bar_is_full_at_a_hundred_percent(percent, drawn):
    assert bar(percent) == drawn


def test_a_sparkline_starts_at_zero_and_leaves_unknown_days_blank():
    assert sparkline([0, 4, None, 8]) == "▁▅ █"
    assert sparkline([]) == ""
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([1, 2, 3, 4, 5, 6, 7, 8], width=4) == "▃▅▇█"
    assert sparkline([8, None, None, None], width=2) == "█ "


def test_cells_are_written_as_people_read_them():
    cells = [None, True, False, 1234, 81.25, "a\x1b[2Jb\n"]
    assert [cell_text(cell) for cell in cells] == ["–", "yes", "", "1,234", "81.2", "a [2Jb"]


def test_a_row_adds_up_and_the_busiest_day_stands_beside_it(run, tmp_path, monkeypatch):
    """Of 100 purchased 95 are assigned on weekdays and 60 on Saturday, 31 October, in terminal, data and pages."""
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(tmp_path / "weekends.db"))
    weekends = history(
        "2026-05-05 18:00",
        "2026-10-31 18:00",
        lambda at: [seats(100, 95 if at.weekday() < 5 else 60)],
        every=timedelta(days=1),
    )
    imported(weekends, run, tmp_path / "weekends.jsonl")
    of_october = ("--on", "2026-10-31")
    shown = " ".join(run("licenses", *of_october).stdout.split())
    assert "60 of 100 40, at peak 5 60%" in shown
    assert "At peak: available on the busiest day of the last four weeks, by which money goes." in shown
    (row,) = run("licenses", *of_october, "--json").json
    assert (row["purchased"], row["assigned"], row["available"], row["available_peak"]) == (100, 60, 40, 5)
    assert run("report", "--month", "2026-10", "--out", tmp_path / "out").code == 0
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert '<td data-label="Available">40<small>5 at peak</small>' in index
    with (tmp_path / "out" / "licenses.csv").open(encoding="utf-8-sig", newline="") as file:
        line = list(csv.DictReader(file))[-1]
    assert (line["available"], line["available_peak"]) == ("40", "5")
