"""More customers near the worked cases, each with what is right for it by the same rules.

Of each the kind, units and due day of every decision of October 2026, most urgent first. Units of a renewal are None
where they are the forecast's: how good that is other tests say.
"""

from datetime import timedelta

import pytest
from customer_cases import AGENTS, KIT, SUITE, Case, agreement, at, calling, database, decided, named

pytestmark = pytest.mark.slow  # forty histories
DAY = timedelta(days=1)
YEAR = "2025-10-01 18:00"
NAMED_TOO = "set Sub2 --kind named --starts 2026-03-15 --term 36"
MESSAGING = {"code": "MS", "name": "Advanced Messaging"}


def changing(day, before, after):
    return lambda moment: before if moment < at(day) else after


def refused(first, last):
    return lambda moment: None if at(first) <= moment < at(last) else [calling(500, 400)]


def new_and_over(moment):
    old = calling(40, 20, "Sub9", **MESSAGING)
    return [old, calling(50, 60)] if moment >= at("2026-10-25") else [old]


def renewing(starts, purchased=1200, assigned=455, more=""):
    command = f"set Sub1 --kind named --starts {starts} --term 36 {more}"
    return Case([calling(purchased, assigned)], command, every=DAY, first=YEAR)


CASES = {
    # Purchases that lapse.
    "add-on lapsed": (
        Case(
            changing(
                "2026-10-01",
                [calling(300, 290), calling(100, 20, "Sub2")],
                [calling(0, 290), calling(100, 20, "Sub2")],
            ),
            *named(),
            NAMED_TOO,
        ),
        [("over", 310 - 100, None)],
    ),
    "lapsed with nobody on it": (
        Case(changing("2026-10-10", [calling(50, 0)], [calling(0, 0)]), *named()),
        [("shrunk", 50, None)],
    ),
    "devices never bought": (Case([calling(0, 3, **KIT)], *named()), [("none_purchased", 3, None)]),
    # True Forward: 14 October is measured for 15 November, 14 August for 15 September.
    "settled late": (
        Case(
            [calling(200, 260)],
            agreement(starts="2025-09-15"),
            "settle Sub1 --on 2026-10-20 --units 20",
            first="2026-08-01 18:00",
        ),
        [("over", 20, None)],
    ),
    "settled before the day": (
        Case(
            [calling(200, 260)],
            agreement(starts="2025-09-15"),
            "settle Sub1 --on 2026-08-01 --units 20",
            first="2026-08-01 18:00",
        ),
        [("over", 20, None), ("true_forward", 20, "2026-09-15")],
    ),
    "not polled on the day": (
        Case(
            [calling(100, 130)],
            agreement(),
            without=lambda moment: at("2026-10-12") <= moment < at("2026-10-20"),
            every=DAY,
        ),
        [("over", 10, None), ("true_forward", 10, "2026-11-15")],
    ),
    "own measurement day": (
        Case(
            changing("2026-10-05", [calling(100, 125)], [calling(100, 60)]),
            agreement(more="--judged-on 2026-09-30"),
        ),
        [("true_forward", 5, "2026-11-15")],
    ),
    "billed above purchased": (
        Case([calling(100, 130)], agreement(more="--billed-above purchased")),
        [("over", 10, None), ("true_forward", 30, "2026-11-15")],
    ),
    "over after the day": (
        Case(changing("2026-10-20", [calling(100, 118)], [calling(100, 125)]), agreement()),
        [("over", 5, None)],
    ),
    "bought the day after": (
        Case(changing("2026-10-15", [calling(100, 130)], [calling(150, 130)]), agreement(), every=DAY),
        [("true_forward", 10, "2026-11-15")],
    ),
    "ordered in time": (
        Case([calling(100, 130, id_="ramp")], agreement(), "order ramp 20 --from 2026-10-01"),
        [("over", 10, None)],  # 120 × 120 % were tolerated on the day; the order raises no other limit
    ),
    # 31 October is 123 days after 30 June, and 118 after 5 July.
    "billed no more": (
        Case(
            changing("2026-06-10", [calling(100, 130)], [calling(100, 60)]),
            agreement(starts="2025-06-30"),
            first="2026-05-01 18:00",
        ),
        [],
    ),
    "billed still": (
        Case(
            changing("2026-06-10", [calling(100, 130)], [calling(100, 60)]),
            agreement(starts="2025-07-05"),
            first="2026-05-01 18:00",
        ),
        [("true_forward", 10, "2026-07-05")],
    ),
    "last year of the term": (
        Case([calling(100, 130)], agreement(starts="2024-01-15"), every=DAY, first=YEAR),
        [("over", 10, None), ("true_forward", 10, "2026-12-14"), ("renewal", None, "2026-12-01")],
    ),
    "half percents": (
        # 1,001 × 112.5 % = 1,126.1
        Case([calling(1001, 1200)], agreement(starts="2026-06-15", more="--allowance 12.5")),
        [("over", 1200 - 1126, None)],
    ),
    "suite by its highest": (
        Case(
            [calling(100, 130, **SUITE), calling(100, 120), calling(100, 128, **MESSAGING)],
            agreement("suite-ea", starts="2026-06-15"),
        ),
        [("over", 130 - 115, None)],
    ),
    # Lists that say nothing, and come back.
    "refused for weeks": (Case(refused("2026-09-20", "2026-10-26"), *named(), every=DAY), []),
    "refused every other day": (
        Case(lambda moment: [calling(500, 400)] if moment.day % 2 else None, *named(), every=DAY),
        [],
    ),
    "units unknown": (
        Case(changing("2026-10-20", [calling(50, 40)], [calling(None, 40)]), *named()),
        [("unknown", None, None)],
    ),
    "list empty": (
        Case(changing("2026-10-28", [calling(500, 480)], []), *named(), every=timedelta(hours=6)),
        [("gone", 480, None), ("shrunk", 1, None)],
    ),
    # Another code may go on with it: a person says so, and nothing is gone that may continue.
    "migrated": (
        Case(
            changing(
                "2026-10-01",
                [calling(500, 480)],
                [calling(500, 480, "Sub2", code="BCPRO", name="Webex Calling - Enterprise")],
            ),
            *named(),
        ),
        [("succession", None, None)],
    ),
    "renamed": (
        Case(changing("2026-10-05", [calling(100, 104)], [calling(100, 104, name="Calling User")]), *named()),
        [("over", 4, None)],
    ),
    # What is judged with what.
    "unlimited row": (Case([calling(-1, 300), calling(100, 150, "Sub2")], *named()), []),
    "workspaces only": (
        Case([calling(10, 14, assigned_to_users=0, assigned_to_workspaces=14)], *named()),
        [("over", 4, None)],
    ),
    "agents in two subscriptions": (
        Case(
            [calling(10, 9, **AGENTS), calling(10, 14, "Sub2", **AGENTS)],
            "set Sub1 --kind cc-named",
            "set Sub2 --kind cc-named",
        ),
        [("over", 3, None)],
    ),
    "apart": (
        Case([calling(100, 120), calling(100, 50, "Sub2")], "set Sub1 --apart --kind named"),
        [("over", 20, None)],
    ),
    "wholesale": (Case([calling(45, 300)], "set Sub1 --kind wholesale"), []),
    "on trial": (Case([calling(100, 90, "trialSub7")]), []),
    "no seats": (
        Case(
            [
                calling(50, 80, code="RTT", name="Real-Time Translations"),
                calling(5, 9, code="BCRLC", name="Webex Calling - Route List Calls"),
            ]
        ),
        [],
    ),
    "no seats by a person's word": (Case([calling(10, 30, id_="lobby")], "set --not-counted lobby"), []),
    "new and over": (Case(new_and_over, *named()), [("over", 10, None)]),
    "three sites": (
        Case([calling(100, used, site=f"{used}.webex.com", **SUITE) for used in (130, 70, 45)], *named()),
        [("redistribute", 30, None)],
    ),
    # Ends of terms.
    "notice passed": (renewing("2023-11-20"), [("renewal", None, "2026-11-20")]),
    "29 February": (renewing("2024-02-29"), [("renewal", None, "2027-01-14")]),
    "ends in 60 days": (
        renewing("2023-12-30", 500, 300, more="--renews no"),
        [("expires", 300, "2026-12-30")],
    ),
    "minimum": (
        renewing("2023-12-15", 100, 20, more="--minimum 80 --notice 30"),
        [("renewal", -20, "2026-11-15")],
    ),
    "minimum is all": (renewing("2023-12-15", 100, 20, more="--minimum 100"), []),
    "renewal on thin data": (
        Case(
            [calling(500, 400)],
            "set Sub1 --kind named --starts 2023-12-20 --term 36",
            without=lambda moment: moment.day not in (1, 31),
            every=DAY,
            first=YEAR,
        ),
        [],
    ),
}
MONEY = {
    "price rose in July": (
        Case(
            [calling(100, 110)],
            *named("price Sub1 10 --currency EUR", "price Sub1 12 --currency EUR --from 2026-07-01"),
        ),
        [(10 * 12 * 12, "EUR")],
    ),
    "two currencies of one product": (
        Case(
            [calling(100, 90), calling(100, 120, "Sub2")],
            *named("price Sub1 10 --currency EUR", "price Sub2 10 --currency USD"),
        ),
        [(None, None)],
    ),
    "the dearest of two prices": (
        Case(
            [calling(100, 90), calling(100, 120, "Sub2")],
            *named("price Sub1 10 --currency EUR", "price Sub2 14 --currency EUR"),
        ),
        [(10 * 14 * 12, "EUR")],
    ),
    "two currencies of two products": (
        Case(
            [calling(100, 110), calling(50, 55, "Sub2", **SUITE)],
            *named("price Sub1 10 --currency EUR", "price Sub2 20 --currency USD"),
        ),
        [(10 * 10 * 12, "EUR"), (5 * 20 * 12, "USD")],
    ),
    "yen": (Case([calling(100, 103)], *named("price Sub1 1250 --currency JPY")), [(3 * 1250 * 12, "JPY")]),
    "dinar": (Case([calling(100, 103)], *named("price Sub1 1.250 --currency KWD")), [(45, "KWD")]),
}


@pytest.fixture(scope="module")
def typed(sqlite_template, tmp_path_factory):
    cases = {name: case for name, (case, _) in (CASES | MONEY).items()}
    return database(sqlite_template, tmp_path_factory.mktemp("further"), cases)


@pytest.fixture(scope="module")
def october(typed):
    """The decisions of October, by the name of the customer."""
    return decided(typed, CASES | MONEY)


def test_every_customer_has_the_decisions_that_were_written_down(october):
    found, expected = {}, {}
    for name, (_, right) in CASES.items():
        found[name] = [(each["kind"], each["units"], each["due_on"]) for each in october[name]]
        units = [each["units"] if each["kind"] == "renewal" else None for each in october[name]]
        expected[name] = [
            (kind, of_forecast if wanted is None and kind == "renewal" else wanted, due_on)
            for (kind, wanted, due_on), of_forecast in zip(right, units + [None] * len(right), strict=False)
        ]
    assert found == expected


def test_money_is_of_the_price_of_the_day_and_of_one_currency(october):
    found = {name: [(each["money_a_year"], each["currency"]) for each in october[name]] for name in MONEY}
    assert found == {name: right for name, (_, right) in MONEY.items()}


def test_reductions_are_between_what_is_used_and_what_is_bought(october):
    for name in ("notice passed", "29 February"):
        (renewal,) = october[name]
        assert 455 - 1200 < renewal["units"] < 0
    (passed,) = october["notice passed"]
    assert "the last day to give notice was 6 October 2026" in passed["sentence"]
    (lapsed,) = october["lapsed with nobody on it"]
    assert "ask whether that is an order correction" in lapsed["sentence"]
