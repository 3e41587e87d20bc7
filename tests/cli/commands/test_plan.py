"""`webexhist plan`: what to have when a term ends, and why there is no proposal."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from histories import Poller, license_of

from webexhist.snapshot import Organization
from webexhist.store.opening.database import open_database

NOW = datetime(2026, 10, 31, 18, tzinfo=UTC)
SUITE = license_of("Webex Meetings Suite", subscription="Sub1")
CALLING = license_of("Webex Calling - Professional", subscription="Sub1")
THEIRS = license_of("Webex Meetings Suite", site="other.webex.example", subscription="Sub2")
THIN = license_of("Webex Meetings Suite", subscription="Sub3")


@pytest.fixture(scope="module")
def polled(sqlite_template, tmp_path_factory):
    """Weekly polls of eight months; the term of Sub1 ends in six weeks. Another customer was polled in two weeks."""
    file = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("polled") / "polled.db"))
    engine = open_database(file)
    for week in range(35, -1, -1):
        held = {
            SUITE: (1200, round(455 - 0.6 * 7 * week)),
            CALLING: (1200, round(515 - 0.75 * 7 * week)),
            THEIRS: (100, 60),
        }
        Poller(engine).poll(NOW - timedelta(days=7 * week), held)
    for days, hours in ((0, 0), (0, 6), (0, 12), (200, 0)):
        thin = Poller(engine, Organization("other", "Other Example"))
        thin.poll(NOW - timedelta(days=days, hours=hours), {THIN: (100, 50)})
    engine.dispose()
    return file


@pytest.fixture
def weekly(polled, run, tmp_path, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(shutil.copy(polled, tmp_path / "weekly.db")))
    run("contract", "set", "Sub1", "--kind", "named", "--starts", "2025-12-12", "--term", "12", "--name", "Flex")
    run("contract", "set", "Sub3", "--kind", "named", "--starts", "2025-12-12", "--term", "12", "--notice", "30")
    run("contract", "price", SUITE.webex_id, "10", "--currency", "EUR")
    run("contract", "price", THEIRS.webex_id, "8", "--currency", "EUR")
    run("contract", "price", CALLING.webex_id, "1.250", "--currency", "KWD")
    run.go_by(lambda: NOW)
    return run


def test_a_plan_has_its_units_its_money_and_its_days(weekly, monkeypatch):
    everything = weekly("plan", "--json").json
    assert [(each["subscription"], each["product_name"]) for each in everything] == [
        ("Sub1", "Webex Calling - Professional"),
        ("Sub1", "Webex Meetings Suite"),
        ("Sub3", "Webex Meetings Suite"),
    ]
    calling, suite, thin = everything
    assert (suite["renews_on"], suite["until"], suite["notice_on"]) == ("2026-12-12", "2027-12-12", "2026-10-28")
    assert (suite["notice_is_assumed"], thin["notice_is_assumed"], thin["notice_on"]) == (True, False, "2026-11-12")
    assert list(suite["suffice"]) == ["50", "80", "90", "95"]
    # 515 together with the 60 of Sub2, and 0.6 a day for 407 days: 759; a hundred are in Sub2, which goes on.
    assert (suite["assigned"], suite["purchased"], suite["kept_by_others"]) == (515, 1200, 100)
    assert suite["proposal"] == -(-(suite["needed"] + 100) * 105 // 100) - 100
    assert suite["change"] == suite["proposal"] - 1200
    assert 350 <= -suite["change"] <= 550
    # Of two prices the dearest: 10.00 a month.
    assert (suite["money_a_year"], suite["currency"]) == (suite["change"] * 120, "EUR")
    assert calling["money_a_year"] == calling["change"] * 15
    assert abs(calling["proposal"] - suite["proposal"]) < 250
    # What would be missing where 95 % are needed.
    assert suite["short"] == max(0, suite["suffice"]["95"] - suite["proposal"])
    assert suite["short_a_year"] == suite["short"] * 120
    names = ("proposal", "suffice", "money_a_year", "short", "short_a_year")
    assert [thin[name] for name in names] == [None] * 5
    assert thin["refused"] == "only 1 of the last 90 days is known"
    surer = weekly("plan", "Sub1", "--sure", "95", "--headroom", "0", "--json").json[1]
    assert surer["proposal"] == suite["suffice"]["95"]

    monkeypatch.setenv("COLUMNS", "80")
    lines = weekly("plan").stdout.splitlines()
    tables = [line for line in lines if "│" in line or "─" in line or "reduce" in line]
    assert max(map(len, tables)) <= 80
    words = " ".join(" ".join(lines).split())
    assert (
        "Sub1 (Flex) of Acme Example renews on 12 December 2026: changes had to be announced by 28 October 2026, as"
        in words
    )
    assert "Webex Meetings Suite: no proposal, for only 1 of the last 90 days is known." in words
    assert "webexhist contract set Sub2 --kind KIND --starts YYYY-MM-DD --term MONTHS" in words


def test_what_somebody_thinks_of_stands_beside_it(weekly):
    _, suite = weekly("plan", "sub1", "--what-if", f"{SUITE.webex_id}=3000", "--json").json
    assert suite["what_if"] == {
        "units": 3000,
        "chance": pytest.approx(1, abs=0.01),
        "change": 1800,
        "money_a_year": 216000,
    }
    said = weekly("plan", "Sub1", "--what-if", f"{SUITE.webex_id}=500").stdout
    assert "what if 500 units: " in said
    assert ", -84,000.00 EUR a year." in said


def test_what_stands_for_now_is_asked_for(weekly):
    """On 27 June, the last poll of June, 379 seats were assigned in Sub1 and 60 in Sub2."""
    early = weekly("plan", "Sub1", "--on", "2026-06-30", "--json").json[1]
    assert (early["assigned"], early["renews_on"]) == (439, "2026-12-12")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["Sub7"], "there is no subscription Sub7: do you mean Sub3 or Sub2 or Sub1? choose one of Sub1, Sub2, Sub3"),
        (["--what-if", "Webex Calling"], "'Webex Calling' is no license and its units: write it like"),
        (["--what-if", "Webex Fax=5"], "there is no license 'Webex Fax'"),
        (["--what-if", "Webex Calling=-5"], "'Webex Calling=-5' is no license and its units"),
    ],
)
def test_what_cannot_be_planned_is_one_line(weekly, words, line):
    refused = weekly("plan", *words)
    assert (refused.code, refused.stdout) == (2, "")
    assert refused.line.startswith(line)


def test_a_plan_on_old_polls_says_so(weekly):
    now = NOW + timedelta(days=20)
    weekly.go_by(lambda: now)
    shown = " ".join(weekly("plan", "Sub1").stdout.split())
    assert "Acme Example is not polled any more since 31 October 2026: this is of that day." not in shown
    now += timedelta(days=30)
    shown = " ".join(weekly("plan", "Sub1").stdout.split())
    assert "Acme Example is not polled any more since 31 October 2026: this is of that day." in shown
