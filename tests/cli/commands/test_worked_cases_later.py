"""Cases that are asked about at other times than the end of October, each in a small database of its own."""

import json
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from imported_histories import history, seats
from shown_text import shown
from typed import Typed

pytestmark = pytest.mark.slow  # a database a case, and several questions of it
GAMMA = {"id": "33333333-2222-3333-4444-555555555555", "name": "Gamma Example"}
BETA = {"id": "22222222-2222-3333-4444-555555555555", "name": "Beta Example"}
DAILY = timedelta(days=1)


def at(day):
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


@pytest.fixture
def typed(sqlite_template, tmp_path):
    """An empty database, on 25 November 2026."""
    made = Typed(tmp_path, at("2026-11-25"))
    shutil.copy(sqlite_template, made.database)
    return made


def refused(lines):
    """The lines, with why a list is refused where it is."""
    reason = [{"collector": "licenses", "status": "not permitted", "error": "403 Forbidden"}]
    for line in lines:
        snapshot = json.loads(line)
        yield json.dumps(snapshot | {"collections": reason}) if snapshot["licenses"] is None else line


def shown_on_pages(typed):
    """Of October and November: whether Beta stands on the first page, and how many decisions are open."""
    found = []
    for month in ("2026-10", "2026-11"):
        assert typed("report", "--month", month, "--out", "pages").code == 0
        text = shown(typed.folder / "pages" / "index.html")
        (opened,) = re.findall(r"Decisions open (\d+(?: \d+ of what is not polled)?)", text)
        found.append((month, "Beta Example" in text, opened))
    return found


def decided(typed, *when):
    return [(each["kind"], each["units"], each["since"]) for each in typed("decisions", *when, "--json").json]


def test_a_settlement_counts_from_its_day_on_and_the_record_stays(typed):
    lines = history(
        "2026-09-01 18:00",
        "2026-11-24 18:00",
        lambda moment: [seats(100 if moment < at("2026-10-20") else 160, 130)],
        every=DAILY,
    )
    typed.entered(
        lines,
        "contract set Sub100 --kind ea --starts 2025-11-15 --term 36",
        "contract settle Sub100 --on 2026-11-10 --units 4",
    )
    assert decided(typed, "--on", "2026-11-09") == [("true_forward", 10, "2026-10-14")]
    assert decided(typed, "--on", "2026-11-24") == [("true_forward", 6, "2026-10-14")]
    typed("contract", "settle", "Sub100", "--on", "2026-11-10", "--units", "10")
    assert decided(typed, "--on", "2026-11-24") == []
    assert decided(typed, "--month", "2026-10") == [("true_forward", 10, "2026-10-14")]
    assert [row["units"] for row in typed("contract", "list", "--json").json if row["entry"]] == [10]


def test_a_list_that_is_refused_in_all_of_a_month_leaves_dashes_and_its_last_day(typed):
    lines = history(
        "2026-09-20 18:00",
        "2026-11-25 06:00",
        lambda moment: None if moment >= at("2026-10-10") else [seats(500, 480)],
        every=DAILY,
    )
    typed.entered(refused(lines), "contract set Sub100 --kind named --starts 2026-03-15 --term 36")
    assert decided(typed, "--on", "2026-11-25") == [("unknown", None, "2026-10-10")]
    shown = " ".join(typed("licenses").stdout.split())
    assert "Webex Calling - Professional – – – – –" in shown
    assert "Webex Calling - Professional: last known on 9 October 2026, not known since." in shown
    (row,) = typed("licenses", "--json").json
    assert (row["purchased"], row["assigned"], row["figures_of"]) == (None, None, "2026-10-09")
    checked = typed("check", "--on", "2026-11-25")
    assert (checked.code, checked.stdout.split(" - ")[0]) == (3, "WEBEXHIST UNKNOWN")
    months = {each["month"]: each["days_known"] for each in typed("history", "BCSTD", "--json").json[0]["months"]}
    assert months == {"2026-09": 11, "2026-10": 9, "2026-11": 0}


def test_a_measurement_rests_on_the_last_day_before_it_that_was_known_and_says_so(typed):
    def until_9(moment):
        return None if at("2026-10-10") <= moment < at("2026-10-20") else [seats(100, 130)]

    lines = history("2026-09-20 18:00", "2026-10-31 18:00", until_9, every=DAILY)
    typed.entered(refused(lines), "contract set Sub100 --kind ea --starts 2025-11-15 --term 36")
    found = {each["kind"]: each["sentence"] for each in typed("decisions", "--month", "2026-10", "--json").json}
    assert "on 14 October 2026, as known on 9 October 2026, with 130 of 100" in found["true_forward"]


def test_a_day_is_measured_at_its_end(typed):
    lines = history("2026-09-20 18:00", "2026-10-14 12:00", lambda _: [seats(100, 130)], every=timedelta(hours=6))
    typed.entered(lines, "contract set Sub100 --kind ea --starts 2025-11-15 --term 36")

    def measured(when):
        found = typed("decisions", "--on", when, "--json").json
        return [(each["since"], each["due_on"]) for each in found if each["kind"] == "true_forward"]

    assert measured("2026-10-14 12:00") == [(None, "2026-10-14")]
    assert measured("2026-10-14") == [("2026-10-14", "2026-11-15")]


def test_what_is_not_polled_is_unknown_whatever_was_over_then(typed):
    lines = history("2026-07-01 18:00", "2026-08-09 18:00", lambda _: [seats(10, 13)], every=DAILY)
    typed.entered(lines, "contract set Sub100 --kind named --starts 2026-03-15 --term 36")
    checked = typed("check")
    assert (checked.code, "is not polled since 9 August 2026" in checked.stdout) == (3, True)
    assert ("not_polled", None, "2026-08-09") in decided(typed)
    assert "not polled any more since 2026-08-09" in typed("report", "--out", "pages").stderr
    index = (typed.folder / "pages" / "index.html").read_text("utf-8")
    assert "Not polled any more since 9 Aug 2026 18:00 UTC" in index


def test_who_is_retired_neither_alarms_nor_counts_from_then_on(typed):
    ours = history("2026-05-01 18:00", "2026-11-24 18:00", lambda _: [seats(100, 40)], every=DAILY)
    theirs = history(
        "2026-05-01 18:00", "2026-06-09 18:00", lambda _: [seats(10, 5, id_="x")], every=DAILY, organization=BETA
    )
    others = history(
        "2026-05-01 18:00", "2026-11-24 18:00", lambda _: [seats(50, 20, id_="y")], every=DAILY, organization=GAMMA
    )
    typed.entered([*ours, *theirs, *others], "contract set Sub100 --kind named --starts 2026-03-15 --term 36")
    assert decided(typed, "--month", "2026-10") == [("not_polled", None, "2026-06-09")]
    shown = [("2026-10", True, "1 1 of what is not polled"), ("2026-11", True, "1 1 of what is not polled")]
    assert shown_on_pages(typed) == shown
    typed("organization", "retire", "Beta Example")
    # From November on it neither alarms nor counts; October keeps it.
    assert shown_on_pages(typed) == [shown[0], ("2026-11", False, "0")]
    assert decided(typed) == []
    assert typed("check").code == 0
    assert decided(typed, "--month", "2026-10") == [("not_polled", None, "2026-06-09")]


def test_an_empty_list_is_reported_and_gone_when_the_next_one_is_whole(typed):
    lines = history(
        "2026-10-01 18:00",
        "2026-11-01 18:00",
        lambda moment: [] if moment == at("2026-10-31 18:00") else [seats(500, 400)],
        every=timedelta(hours=6),
    )
    typed.entered(lines, "contract set Sub100 --kind named --starts 2026-03-15 --term 36")
    assert [kind for kind, *_ in decided(typed, "--month", "2026-10")] == ["shrunk"]
    (row,) = typed("licenses", "--on", "2026-10-31", "--json").json
    assert (row["purchased"], row["assigned"]) == (500, 400)
    assert decided(typed, "--on", "2026-11-01") == []


def test_thin_data_has_no_plan_and_its_months_say_so(typed):
    lines = history(
        "2026-03-10 18:00",
        "2026-08-30 18:00",
        lambda _: [seats(500, 480)],
        every=timedelta(days=10),
        without=lambda moment: moment.day not in range(8, 24) or moment.month < 3,
    )
    typed.entered(lines, "contract set Sub100 --kind named --starts 2025-10-15 --term 12")
    typed("contract", "price", "Sub100", "10", "--currency", "EUR")
    shown = " ".join(typed("licenses", "--on", "2026-08-30").stdout.split())
    assert "They cost 5,000.00 EUR a month; too little is known of the last four weeks" in shown
    (plan,) = typed("plan", "--json", "--on", "2026-08-30").json
    assert plan["proposal"] is None and plan["refused"].startswith("only ")
    assert "renewal" not in [kind for kind, *_ in decided(typed, "--on", "2026-08-30")]


def test_prices_count_from_their_day_and_each_currency_has_its_sum(typed):
    rows = [seats(100, 40), seats(10, 5, code="EE", name="Webex Meetings Suite", subscription="Sub200")]
    lines = history("2026-05-01 18:00", "2026-10-31 18:00", lambda _: rows, every=DAILY)
    typed.entered(
        lines,
        "contract price BCSTD-Sub100 10 --currency EUR",
        "contract price BCSTD-Sub100 12 --from 2026-07-01",
        "contract price EE-Sub200 7.50 --currency USD",
    )
    costs = {
        month: [(row["cost_a_month"], row["currency"]) for row in typed("licenses", "--on", month, "--json").json]
        for month in ("2026-05-31", "2026-10-31")
    }
    assert costs == {
        "2026-05-31": [(75, "USD"), (1000, "EUR")],
        "2026-10-31": [(75, "USD"), (1200, "EUR")],
    }
    shown = typed("licenses", "--on", "2026-10-31").stdout
    assert "They cost 1,200.00 EUR a month" in shown and "; and 75.00 USD a month" in shown


def test_a_contract_holds_for_who_appears_later_by_its_own_rows(typed):
    ours = history("2026-05-01 18:00", "2026-10-31 18:00", lambda _: [seats(100, 110)], every=DAILY)
    theirs = history(
        "2026-09-01 18:00", "2026-10-31 18:00", lambda _: [seats(10, 13)], every=DAILY, organization=BETA
    )
    typed.entered(ours, "contract set Sub100 --kind ea --starts 2026-03-15 --term 36").entered(theirs)
    found = typed("decisions", "--month", "2026-10", "--json").json
    # 12 of 10 are allowed, 120 of 100.
    assert [(each["organization"], each["units"]) for each in found if each["kind"] == "over"] == [
        ("Beta Example", 1)
    ]


def test_a_license_keeps_its_history_under_a_new_name_and_a_finished_month_its_bytes(typed):
    def named(moment):
        name = "Webex Workplace" if moment >= at("2026-01-26") else "Webex Meetings Suite"
        return [seats(100, 40, code="EE", name=name)]

    def pages():
        assert typed("report", "--month", "2025-12", "--out", "pages").code == 0
        return {file.name: file.read_bytes() for file in (typed.folder / "pages").iterdir()}

    typed.entered(history("2025-10-01 18:00", "2026-01-02 18:00", named, every=DAILY))
    december = pages()
    renamed = {"id": "11111111-2222-3333-4444-555555555555", "name": "Acme Holding"}
    typed.entered(history("2026-01-03 18:00", "2026-02-28 18:00", named, every=DAILY, organization=renamed))
    assert pages() == december
    assert b"Webex Workplace" not in december["index.html"]
    (trend,) = typed("history", "Webex Meetings Suite", "--json").json
    assert (len(trend["months"]), trend["name"]) == (5, "Webex Workplace")


def test_a_reading_that_is_set_aside_leaves_nothing_behind(typed):
    def odd(moment):
        return [seats(600, 4990 if moment == at("2026-10-13 12:00") else 450)]

    def highest():
        (trend,) = typed("history", "Webex Calling - Professional", "--json").json
        return {each["month"]: each["highest"] for each in trend["months"]}

    typed.entered(history("2026-09-01", "2026-10-31 18:00", odd, every=timedelta(hours=6)))
    assert highest()["2026-10"] == 4990
    span = ("--from", "2026-10-13 12:00", "--to", "2026-10-13 12:00")
    assert typed("db", "void", "--license", "BCSTD-Sub100", *span, "--note", "one poll said 4,990").code == 0
    assert highest()["2026-10"] == 450
    assert [kind for kind, *_ in decided(typed, "--month", "2026-10")] == []
    typed("report", "--month", "2026-10", "--out", "pages")
    assert "set aside" in (typed.folder / "pages" / "index.html").read_text("utf-8")


def test_october_is_whole_in_tokyo_on_its_first_of_november(sqlite_template, tmp_path):
    typed = Typed(tmp_path, at("2026-10-31 21:00"))
    shutil.copy(sqlite_template, typed.database)
    lines = history("2026-09-01", "2026-10-31 20:00", lambda _: [seats(100, 40)], every=timedelta(hours=4))
    typed.entered(lines, "organization timezone 'Acme Example' Asia/Tokyo")
    assert typed("report", "--out", "pages").stdout.startswith("2026-10: ")
    assert "so far" not in (tmp_path / "pages" / "index.html").read_text("utf-8")


def test_years_that_began_on_a_leap_day_are_measured_on_a_day_that_there_is(sqlite_template, tmp_path):
    typed = Typed(tmp_path, at("2029-01-31 20:00"))
    shutil.copy(sqlite_template, typed.database)
    lines = history("2028-12-01 18:00", "2029-01-31 18:00", lambda _: [seats(100, 130)], every=DAILY)
    typed.entered(lines, "contract set Sub100 --kind ea --starts 2028-02-29 --term 36")
    found = {each["kind"]: (each["since"], each["due_on"]) for each in typed("decisions", "--json").json}
    assert found["true_forward"] == ("2029-01-28", "2029-02-28")


def test_a_year_that_comes_again_runs_out_when_the_last_one_did(sqlite_template, tmp_path):
    def assigned(moment):
        if moment.month == 9:
            return 400 + 600 * moment.day // 30
        return 400 if moment.month in (7, 8) else 1000

    typed = Typed(tmp_path, at("2026-08-01 20:00"))
    shutil.copy(sqlite_template, typed.database)
    lines = history("2024-08-02 18:00", "2026-08-01 18:00", lambda at_: [seats(950, assigned(at_))], every=DAILY * 2)
    typed.entered(lines, "contract set Sub100 --kind named --starts 2026-03-15 --term 36")
    (out,) = [each for each in typed("decisions", "--json").json if each["kind"] == "runs_out"]
    assert "2026-09-15" <= out["due_on"] <= "2026-10-05"
