"""What needs a decision: histories with figures worked out by hand, brought in and read as programs read them.

Each case is a customer of one database, polled every other day from September to the last day of October 2026. Its
calling licenses are entered as named users, unless a case says something else.
"""

import json
import shutil
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from entering import enter
from imported_histories import history, imported, line, seats

from webexhist.contract_kinds import ContractKind
from webexhist.export.snapshot_lines import read_lines
from webexhist.importing import bring_history_in
from webexhist.store.carrying.bring import Importer
from webexhist.store.entered.contracts import Contract
from webexhist.store.opening.database import open_database

NAMED = {"kind": ContractKind.NAMED}
CHANGED = datetime(2026, 10, 15, tzinfo=UTC)
MEETINGS = {"code": "EE", "name": "Webex Meetings Suite"}


def calling(purchased, assigned, **terms):
    return seats(purchased, assigned, **{"subscription": "Sub1"} | terms)


def steady(*rows):
    return lambda at: rows


CASES = {
    "lapsed": ([NAMED], lambda at: [calling(500 if at < CHANGED else 0, 480)]),
    "devices full": ([NAMED], steady(calling(10, 10, code="SD", name="Webex Room Kit"))),
    "agreement over": ([{"kind": ContractKind.EA}], steady(calling(10, 13))),
    "agreement within": (
        [{"kind": ContractKind.SUITE_EA}],
        steady(calling(7, 8, site="a.webex.com"), calling(13, 15, site="b.webex.com")),
    ),
    "reassign meetings": (
        [NAMED, NAMED],
        steady(calling(100, 120, **MEETINGS), calling(100, 60, subscription="Sub2", **MEETINGS)),
    ),
    "reassign calling": ([NAMED, NAMED], steady(calling(100, 120), calling(100, 60, subscription="Sub2"))),
    "no kind": ([], steady(calling(45, 300))),
    "refused": ([NAMED], lambda at: None if at >= datetime(2026, 10, 24, tzinfo=UTC) else [calling(100, 40)]),
    "emptied": (
        [NAMED],
        lambda at: [] if at >= datetime(2026, 10, 31, tzinfo=UTC) else [calling(100, 40), calling(9, 1, **MEETINGS)],
    ),
    "trial": ([NAMED, {}], steady(calling(50, 50), calling(100, 10, subscription="trialSub9"))),
    "suite over": (
        [{"kind": ContractKind.SUITE_EA}],
        steady(calling(100, 130), calling(100, 120, **MEETINGS)),
    ),
    "two of three apart": ([NAMED, {"apart": True}], steady(calling(100, 40), calling(10, 12, subscription="Sub2"))),
    "gone": ([NAMED], lambda at: [calling(9, 1, **MEETINGS)] + ([calling(20, 7)] if at < CHANGED else [])),
    "no seats": (
        [NAMED],
        steady(
            calling(5, 9, code="BCRLC", name="Webex Calling - Route List Calls"),
            calling(100, 40, **MEETINGS),
            calling(
                5,
                9,
                code="X",
                name="Some Port",
                subscription="Sub2",
                assigned_to_users=None,
                assigned_to_workspaces=None,
            ),
        ),
    ),
    "nowhere": ([], steady(calling(5, 9, subscription=None, code="OTHER", name="Other Seats"))),
    "silent": ([NAMED], lambda at: [calling(10, 12)]),
}
"""What was entered for Sub1 and Sub2, and what was listed at a time."""


def customer(name):
    number = list(CASES).index(name) + 1
    return {"id": str(UUID(int=number)), "name": name}


def lines():
    for name, (_, listed) in CASES.items():
        last = "2026-08-09 18:00" if name == "silent" else "2026-10-31 18:00"
        since = "2026-07-30 18:00" if name == "silent" else "2026-09-01 18:00"

        def own(at, name=name, listed=listed):
            rows = listed(at)
            return rows and [row | {"subscription": owned(row["subscription"], name)} for row in rows]

        refused = [{"collector": "licenses", "status": "not permitted", "error": "403 Forbidden"}]
        for each in history(since, last, own, every=timedelta(days=2), organization=customer(name)):
            snapshot = json.loads(each)
            if snapshot["licenses"] is None:
                snapshot["collections"] = refused
            yield json.dumps(snapshot)


def owned(subscription, name):
    """Subscriptions hold in every organization that has them: these are one customer's own."""
    return subscription and f"{subscription}-{name.replace(' ', '-')}"


@pytest.fixture(scope="module")
def brought_in(sqlite_template, tmp_path_factory):
    file = tmp_path_factory.mktemp("decisions") / "history.db"
    shutil.copy(sqlite_template, file)
    signed = Importer("Kim", datetime(2026, 11, 1, tzinfo=UTC))
    bring_history_in(str(file), read_lines(enumerate(lines(), start=1)), signed, lambda each, _: each)
    engine = open_database(file)
    enter(
        engine,
        [
            Contract(owned(f"Sub{number}", name), **terms)
            for name, (contracts, _) in CASES.items()
            for number, terms in enumerate(contracts, start=1)
            if terms
        ],
    )
    engine.dispose()
    return file


@pytest.fixture
def october(brought_in, webexhist, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(brought_in))
    found = {}
    for each in webexhist("decisions", "--month", "2026-10", "--json").json:
        found.setdefault(each["organization"], []).append(each)
    return found


def found_in(october, name):
    return [(each["kind"], each["units"], each["units_at_most"]) for each in october.get(name, [])]


def test_every_case_has_the_decisions_that_its_figures_ask_for(october):
    expected = {
        "lapsed": [("none_purchased", 480, None)],
        "devices full": [("watch", 1, None)],
        "agreement over": [("over", 1, 3)],
        "agreement within": [("runs_out", 1, None)],
        "reassign meetings": [("reassign", 20, None)],
        "reassign calling": [("reassign", 20, None)],
        "no kind": [("over", 255, None)],
        "refused": [("unknown", None, None)],
        "emptied": [("shrunk", 2, None)],
        "trial": [("runs_out", 1, None)],
        "suite over": [("over", 15, 135)],
        "two of three apart": [("over", 2, None)],
        "gone": [("gone", 7, None)],
        "no seats": [],
        "nowhere": [("over", 4, None)],
        "silent": [("not_polled", None, None)],
    }
    assert {name: found_in(october, name) for name in CASES} == expected


def test_a_purchase_that_lapsed_is_raised_from_its_first_day(october):
    (lapsed,) = october["lapsed"]
    assert (lapsed["since"], lapsed["product"], lapsed["subscription"]) == ("2026-10-15", "BCSTD", "Sub1-lapsed")
    assert "has nothing purchased since 15 October 2026, and 480 units assigned: cause unknown" in lapsed["sentence"]


def test_what_is_gone_is_so_from_the_first_poll_without_it(october):
    (gone,) = october["gone"]
    assert (gone["since"], gone["license_ids"]) == ("2026-10-15", ["BCSTD-Sub1"])


def test_only_who_moves_calling_is_warned_of_lost_settings(october):
    sentences = [october[f"reassign {name}"][0]["sentence"] for name in ("meetings", "calling")]
    assert ["loses settings of Calling" in each for each in sentences] == [False, True]
    assert "from Sub1-reassign-calling to Sub2-reassign-calling" in sentences[1]


def test_a_list_that_is_refused_is_unknown_with_its_reason(october):
    (refused,) = october["refused"]
    assert (refused["since"], refused["product"]) == ("2026-10-25", None)
    assert refused["sentence"] == "refused has unknown licenses since 25 October 2026: 403 Forbidden."


def test_an_account_at_its_very_limit_is_within_and_has_nothing_to_spread(october):
    (full,) = october["agreement within"]
    assert full["sentence"] == (
        "Webex Calling - Professional has used up its allowance: 23 of 20 purchased units are assigned;"
        " at most 23 people."
    )


def test_who_enters_no_kind_reads_what_it_may_mean(october):
    (of_no_kind,) = october["no kind"]
    assert "webexhist contract set Sub1-no-kind --kind named (ea, suite-ea, active-user)" in of_no_kind["sentence"]


def test_people_of_a_suite_are_counted_at_least_and_at_most(october):
    (over,) = october["suite over"]
    assert "at least 130 people, at most 250" in over["sentence"]


def test_the_most_urgent_come_first_and_ids_are_of_their_own(webexhist, brought_in, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(brought_in))
    found = webexhist("decisions", "--month", "2026-10", "--json").json
    kinds = [each["kind"] for each in found]
    assert kinds == sorted(kinds, key=list(dict.fromkeys(kinds)).index)
    assert (kinds[0], kinds[-1]) == ("none_purchased", "watch")
    assert len({each["id"] for each in found}) == len(found)
    assert found == webexhist("decisions", "--month", "2026-10", "--json").json
    assert {(each["state"], each["until"]) for each in found} == {("open", None)}


def test_the_same_for_people_and_spreadsheets(webexhist, brought_in, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(brought_in))
    shown = webexhist("decisions", "--month", "2026-10").stdout
    assert "none purchased" in shown and "not polled" in shown
    head, first, *_ = webexhist("decisions", "--month", "2026-10", "--csv").stdout.splitlines()
    assert head.startswith("id,kind,since,organization,organization_id,product,license_ids,subscription,site,units,")
    assert first.startswith("none_purchased-")


def test_a_month_and_a_day_are_not_asked_for_at_once(webexhist, brought_in, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(brought_in))
    failed = webexhist("decisions", "--month", "2026-10", "--on", "2026-10-31")
    assert (failed.code, failed.line) == (2, "--month and --on both say as of when: give one of them")


def test_now_an_organization_is_not_polled_where_it_was_not_for_long(webexhist, brought_in, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(brought_in))
    now = webexhist("decisions", "--on", "2026-11-01", "--json").json
    assert [each["organization"] for each in now if each["kind"] == "not_polled"] == ["silent"]
    later = webexhist("decisions", "--on", "2026-11-25", "--json").json
    assert {each["organization"] for each in later if each["kind"] == "not_polled"} == set(CASES)


def test_a_day_in_the_past_stands_for_now_whatever_came_later(webexhist, brought_in, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(brought_in))
    then = {}
    for each in webexhist("decisions", "--on", "2026-10-13", "--json").json:
        then.setdefault(each["organization"], []).append(each)
    # Before the purchase lapsed, the product went and the lists were refused and emptied.
    assert [found_in(then, name) for name in ("lapsed", "gone", "refused", "emptied")] == [[], [], [], []]
    assert found_in(then, "agreement over") == [("over", 1, 3)]
    rows = {each["organization"]: each for each in webexhist("licenses", "--on", "2026-10-13", "--json").json}
    assert (rows["lapsed"]["purchased"], rows["lapsed"]["as_of"][:10]) == (500, "2026-10-13")


def test_what_is_gone_since_today_is_not_told_of_tomorrow_and_keeps_its_id(run):
    stays, goes = seats(100, 60), seats(20, 7, code="EE", subscription="Sub200")
    imported([line("2026-11-24T06:00:00Z", [stays, goes]), line("2026-11-24T12:00:00Z", [stays])], run)
    run.go_by(lambda: datetime(2026, 11, 24, 13, tzinfo=UTC))
    (today,) = [each for each in run("decisions", "--json").json if each["kind"] == "gone"]
    assert today["since"] == "2026-11-24"
    assert "is no longer listed since 24 November 2026, with 7 units assigned" in today["sentence"]
    imported([line("2026-11-25T06:00:00Z", [stays])], run)
    run.go_by(lambda: datetime(2026, 11, 25, 13, tzinfo=UTC))
    (later,) = [each for each in run("decisions", "--json").json if each["kind"] == "gone"]
    assert (later["id"], later["since"]) == (today["id"], "2026-11-25")


def test_what_is_gone_keeps_its_id_where_the_next_poll_comes_days_later(run):
    stays, goes = seats(100, 60), seats(20, 7, code="EE", subscription="Sub200")
    imported([line("2026-11-20T06:00:00Z", [stays, goes]), line("2026-11-20T12:00:00Z", [stays])], run)
    run.go_by(lambda: datetime(2026, 11, 20, 13, tzinfo=UTC))
    (then,) = [each for each in run("decisions", "--json").json if each["kind"] == "gone"]
    imported([line("2026-11-23T06:00:00Z", [stays])], run)
    run.go_by(lambda: datetime(2026, 11, 23, 13, tzinfo=UTC))
    (later,) = [each for each in run("decisions", "--json").json if each["kind"] == "gone"]
    assert (then["since"], later["since"], later["id"]) == ("2026-11-20", "2026-11-23", then["id"])
