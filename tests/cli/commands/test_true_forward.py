"""What contracts, prices, orders and settlements make of a measurement day, as it is raised and listed.

An agreement of which years begin on 15 November: measured on 14 October, the anniversary is 15 November.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from histories import Poller, license_of

from webexhist.snapshot import Organization
from webexhist.store.opening.database import open_database

LATER, LESS = license_of("Webex Calling", subscription="Sub1"), license_of("Webex Meetings", subscription="Sub2")
SHARED = license_of("Webex Messaging", subscription="Sub1")
POLLS = {
    "2026-09-30": ((100, 128), (100, 110)),
    "2026-10-14": ((100, 130), (100, 110)),
    "2026-10-20": ((160, 130), (80, 110)),
    "2026-10-31": ((160, 130), (80, 110)),
    "2026-11-09": ((160, 130), (80, 110)),
    "2026-11-16": ((160, 130), (80, 110)),
}


@pytest.fixture(scope="module")
def polled(sqlite_template, tmp_path_factory):
    file = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("polled") / "polled.db"))
    engine = open_database(file)
    for day, (later, less) in POLLS.items():
        Poller(engine).poll(f"{day} 06:00", {LATER: later, LESS: less})
    # Another customer has the same subscription, from September on.
    for day in ("2026-09-30", "2026-10-14", "2026-10-31"):
        Poller(engine, Organization("other", "Other Example")).poll(f"{day} 06:00", {SHARED: (10, 13)})
    engine.dispose()
    return file


@pytest.fixture
def entered(polled, run, tmp_path, monkeypatch):
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(shutil.copy(polled, tmp_path / "entered.db")))
    for subscription in ("Sub1", "Sub2"):
        run("contract", "set", subscription, "--kind", "ea", "--starts", "2025-11-15", "--term", "36")
    return run


def decisions(run, kind="true_forward", month="2026-10", organization="Acme Example"):
    when = ("--month", month) if len(month) == 7 else ("--on", month)
    return [
        (each["subscription"], each["units"], each["units_at_most"], each["due_on"], each["money_a_year"])
        for each in run("decisions", *when, "--json").json
        if (each["kind"], each["organization"]) == (kind, organization)
    ]


def sentence(run, subscription="Sub1"):
    (found,) = [
        each["sentence"]
        for each in run("decisions", "--month", "2026-10", "--json").json
        if each["kind"] == "true_forward"
        and each["subscription"] == subscription
        and each["organization"] == "Acme Example"
    ]
    return found


def test_what_was_bought_after_the_day_stands_beside_it(entered):
    # 130 of 100 on the day: 120 are allowed. 110 of 100 is within, whatever was reduced later.
    assert decisions(entered) == [("Sub1", 10, 30, "2026-11-15", None)]
    assert "130 of 100 purchased units assigned, 30 above the purchase" in sentence(entered)
    assert "since then 60 units bought" in sentence(entered)
    # 110 assigned of 80, 96 allowed.
    assert [each[:2] for each in decisions(entered, "over")] == [("Sub2", 14)]


def test_it_holds_in_every_organization_that_has_the_subscription_each_by_its_own_rows(entered):
    assert decisions(entered, organization="Other Example") == [("Sub1", 1, 3, "2026-11-15", None)]


def test_money_is_given_a_year_and_to_the_end_of_the_term_in_both_readings(entered):
    entered("contract", "price", LATER.webex_id, "12", "--currency", "EUR")
    assert decisions(entered) == [("Sub1", 10, 30, "2026-11-15", 1440.0)]
    assert "2,880.00 EUR" in sentence(entered)
    assert "8,640.00 EUR" in sentence(entered)
    entered("contract", "set", "Sub1", "--billed-above", "purchased")
    assert decisions(entered) == [("Sub1", 30, None, "2026-11-15", 4320.0)]
    entered("contract", "set", "Sub1", "--billed-above", "allowance")
    assert decisions(entered) == [("Sub1", 10, None, "2026-11-15", 1440.0)]


@pytest.mark.parametrize(
    ("amount", "currency", "a_year", "to_the_end"),
    [("1250", "JPY", "150,000 JPY", "300,000 JPY"), ("1.250", "KWD", "150.000 KWD", "300.000 KWD")],
)
def test_money_has_the_decimals_of_its_currency(entered, amount, currency, a_year, to_the_end):
    entered("contract", "price", LATER.webex_id, amount, "--currency", currency)
    assert a_year in entered("decisions", "--month", "2026-10").stdout
    assert to_the_end in sentence(entered)


def test_where_the_anniversary_is_the_renewal_nothing_remains_to_bill(entered):
    entered("contract", "price", LATER.webex_id, "12", "--currency", "EUR")
    entered("contract", "set", "Sub1", "--term", "12")
    assert decisions(entered) == [("Sub1", 10, 30, "2026-11-15", None)]
    assert "the anniversary is the renewal" in sentence(entered)


def test_a_settlement_counts_from_its_own_day_on_and_leaves_the_rest(entered):
    entered("contract", "settle", "Sub1", "--on", "2026-11-10", "--units", "4")
    assert decisions(entered) == [("Sub1", 10, 30, "2026-11-15", None)]
    assert decisions(entered, month="2026-11-16") == [("Sub1", 6, 26, "2026-11-15", None)]
    entered("contract", "settle", "Sub1", "--on", "2026-11-10", "--units", "10")
    assert decisions(entered, month="2026-11-16") == []
    assert decisions(entered) == [("Sub1", 10, 30, "2026-11-15", None)]
    assert [row["units"] for row in entered("contract", "list", "--json").json if row["entry"]] == [10]
    entered("contract", "remove", "1")
    assert decisions(entered, month="2026-11-16") == [("Sub1", 10, 30, "2026-11-15", None)]


def test_of_a_shared_subscription_it_is_said_that_a_settlement_counts_in_each(entered):
    done = entered("contract", "settle", "Sub1", "--on", "2026-10-15", "--units", "4")
    assert done.stdout == "Sub1: settlement on 2026-10-15, in each of 2 organizations – → 4 units\n"
    # 10 of Acme's are above the allowance on the day, and 1 of the other's.
    assert decisions(entered) == [("Sub1", 6, 26, "2026-11-15", None)]
    assert "4 units of it settled in each of the 2 organizations that have the subscription" in sentence(entered)
    assert decisions(entered, organization="Other Example") == []


def test_what_was_settled_in_one_organization_lessens_what_is_open_there_alone(entered):
    settle = ("contract", "settle", "Sub1", "--on", "2026-10-15", "--units")
    entered(*settle, "4")
    # What is said of one takes the place of what was said of each.
    assert entered(*settle, "4", "--org", "acme example").stdout == (
        "Sub1: settlement on 2026-10-15, in each of 2 organizations 4 units → –\n"
        "Sub1: settlement on 2026-10-15, of Acme Example – → 4 units\n"
    )
    assert decisions(entered) == [("Sub1", 6, 26, "2026-11-15", None)]
    assert "4 units of it settled, with" in sentence(entered)
    assert decisions(entered, organization="Other Example") == [("Sub1", 1, 3, "2026-11-15", None)]
    entered(*settle, "1", "--org", "Other Example")
    assert decisions(entered, organization="Other Example") == []
    assert decisions(entered) == [("Sub1", 6, 26, "2026-11-15", None)]
    listed = [row for row in entered("contract", "list", "--json").json if row["entry"]]
    assert [(row["units"], row["organization"]) for row in listed] == [(4, "Acme Example"), (1, "Other Example")]
    Path("told.csv").write_text(entered("contract", "export").stdout)
    assert entered("contract", "import", "told.csv").stdout.endswith("4 lines read, 0 things changed.\n")
    assert entered(*settle, "2").stdout.splitlines()[-1].endswith("in each of 2 organizations – → 2 units")
    assert len([row for row in entered("contract", "list", "--json").json if row["entry"]]) == 1
    refused = entered("contract", "settle", "Sub2", "--on", "2026-10-15", "--units", "1", "--org", "Other Example")
    assert (refused.code, refused.line) == (
        2, "Other Example has no licenses of Sub2: name an organization that has"
    )  # fmt: skip


def test_an_order_that_webex_did_not_list_on_the_day_is_allowed_with_its_allowance(entered):
    entered("contract", "order", LATER.webex_id, "5", "--from", "2026-10-14")
    # 105 purchased and ordered: 126 are allowed.
    assert decisions(entered) == [("Sub1", 4, 25, "2026-11-15", None)]
    assert "130 of 100 purchased and 5 ordered units assigned" in sentence(entered)
    entered("contract", "order", LATER.webex_id, "9", "--from", "2026-10-14")
    assert decisions(entered) == []
    entered("contract", "order", LATER.webex_id, "9", "--from", "2026-10-15")
    entered("contract", "remove", "1")
    assert decisions(entered) == [("Sub1", 10, 30, "2026-11-15", None)]


def test_another_day_may_be_measured(entered):
    entered("contract", "set", "Sub1", "--judged-on", "2026-11-15")
    assert decisions(entered) == []
    entered("contract", "set", "Sub1", "--judged-on", "2020-10-31")
    # On 31 October 160 are purchased: 130 are within.
    assert decisions(entered) == []


def test_the_allowance_may_be_one_s_own(entered):
    entered("contract", "set", "Sub1", "--allowance", "12.5")
    # 112 are allowed: half a unit is none.
    assert decisions(entered) == [("Sub1", 18, 30, "2026-11-15", None)]


def test_without_a_kind_nothing_is_allowed_and_nothing_billed(entered):
    entered("contract", "remove", "Sub1")
    assert decisions(entered) == []


NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)


def test_what_is_entered_not_to_renew_expires(entered):
    entered("contract", "set", "Sub2", "--starts", "2026-01-15", "--term", "12", "--renews", "no")
    entered.go_by(lambda: NOW)
    assert [each[:2] + each[3:4] for each in decisions(entered, "expires", "2026-11-16")] == [
        ("Sub2", 110, "2027-01-15")
    ]
    assert decisions(entered, "renewal", "2026-11-16") == []
