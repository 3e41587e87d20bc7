"""Small histories of kinds that nobody plans: what lapses in part, odd years, mixed money, what is unknown.

Expectations were written by hand: kind, units and day of each decision of October 2026.
"""

import pytest
from customer_cases import AGENTS, SUITE, Case, agreement, at, calling, database, decided, named
from imported_histories import seats

pytestmark = pytest.mark.slow
EA_OF_MAY = {"starts": "2025-05-15"}
"""Measured in April: nothing is due in October."""
YEAR = {"first": "2025-10-01 18:00"}


def until(day, before, after):
    return lambda moment: before if moment < at(day) else after


def between(first, last, inside, outside):
    return lambda moment: inside if at(first) <= moment < at(last) else outside


def nobodys(purchased, assigned, id_, name):
    return seats(purchased, assigned, code=None, subscription=None, id_=id_, name=name)


def webinars(capacity, assigned):
    return seats(10, assigned, code="WBN", name=f"Webex Webinars {capacity}", subscription="Sub1", id_=capacity)


SUITE_ROW = calling(600, 100, **SUITE)
CASES = {
    # Lapsed in part, and back again.
    "restored": (Case(between("2026-10-05", "2026-10-20", [calling(0, 300)], [calling(500, 300)]), *named()), []),
    "never bought": (Case([calling(0, 5)], *named()), [("none_purchased", 5, None)]),
    "one site lapsed": (
        Case(
            lambda moment: [
                calling(100 if moment < at("2026-10-15") else 0, 90, site="a.webex.com"),
                calling(200, 50, site="b.webex.com"),
            ],
            *named(),
        ),
        [("redistribute", 90, None), ("shrunk", 100, None)],
    ),
    "agreement lapsed": (
        Case(until("2026-10-15", [calling(100, 90)], [calling(0, 90)]), agreement(**EA_OF_MAY)),
        [("none_purchased", 90, None)],
    ),
    "lapsed while the list was not known": (
        Case(
            lambda moment: between(
                "2026-10-25", "2026-10-27", None, [calling(100 * (moment < at("2026-10-25")), 90)]
            )(moment),
            *named(),
        ),
        [("none_purchased", 90, None)],
    ),
    "gone with people": (
        Case(until("2026-10-20", [calling(500, 480), SUITE_ROW], [SUITE_ROW]), *named()),
        [("gone", 480, None)],
    ),
    "gone with nobody": (Case(until("2026-10-20", [calling(500, 0), SUITE_ROW], [SUITE_ROW]), *named()), []),
    "gone and back": (
        Case(between("2026-10-10", "2026-10-25", [SUITE_ROW], [calling(30, 25), SUITE_ROW]), *named()),
        [],
    ),
    # Years of agreements.
    "older than the history": (Case([calling(100, 105)], agreement(starts="2020-05-10", term=84)), []),
    "31 August": (
        # 11 months from 31 August 2025 end on 30 July 2026.
        Case(
            until("2026-08-10", [calling(100, 130)], [calling(100, 110)]),
            agreement(starts="2025-08-31"),
            first="2026-01-01 18:00",
        ),
        [("true_forward", 10, "2026-08-31")],
    ),
    "settled before it was measured": (
        Case([calling(100, 130)], agreement(), "settle Sub1 --on 2026-10-10 --units 10"),
        [("over", 10, None), ("true_forward", 10, "2026-11-15")],
    ),
    "settled on the day": (
        Case([calling(100, 130)], agreement(), "settle Sub1 --on 2026-10-14 --units 10"),
        [("over", 10, None)],
    ),
    "settled later than now": (
        Case([calling(100, 130)], agreement(), "settle Sub1 --on 2026-11-10 --units 10"),
        [("over", 10, None), ("true_forward", 10, "2026-11-15")],
    ),
    "not known for six weeks around the day": (
        Case(between("2026-09-10", "2026-10-20", None, [calling(100, 130)]), agreement()),
        [("over", 10, None), ("true_forward", 10, "2026-11-15")],
    ),
    "an agreement beside named users": (
        Case(
            [calling(100, 115), calling(50, 60, "Sub2")],
            agreement(**EA_OF_MAY),
            "set Sub2 --kind named --starts 2026-03-15 --term 36",
        ),
        [("over", 10, None)],
    ),
    "no allowance": (
        Case([calling(100, 101)], agreement(**EA_OF_MAY, more="--allowance 0")),
        [("over", 1, None)],
    ),
    "a third": (
        # 100 × 13,333 // 10,000 = 133.
        Case([calling(100, 134)], agreement(**EA_OF_MAY, more="--allowance 33.33")),
        [("over", 1, None)],
    ),
    # Ends of terms.
    "31 December": (
        Case([calling(100, 80)], "set Sub1 --kind named --starts 2025-12-31 --term 12 --renews no"),
        [("expires", 80, "2026-12-31")],
    ),
    "29 February": (
        Case([calling(100, 80)], "set Sub1 --kind named --starts 2024-02-29 --term 36 --renews no"),
        [("expires", 80, "2027-02-28")],
    ),
    "minimum": (
        Case([calling(200, 20)], "set Sub1 --kind named --starts 2023-12-31 --term 36 --minimum 150", **YEAR),
        [("renewal", -50, "2026-11-16")],
    ),
    # Purchases that move.
    "fell and rose": (
        Case(between("2026-09-05", "2026-10-20", [calling(330, 300)], [calling(500, 300)]), *named()),
        [],
    ),
    "fell and stayed": (
        Case(until("2026-10-10", [calling(500, 320)], [calling(300, 320)]), *named()),
        [("over", 20, None)],
    ),
    "unlimited until 10 October": (
        Case(until("2026-10-10", [calling(-1, 120)], [calling(100, 120)]), *named()),
        [("over", 20, None)],
    ),
    "unlimited from 10 October on": (
        Case(until("2026-10-10", [calling(100, 120)], [calling(-1, 120)]), *named()),
        [],
    ),
    # What is unknown.
    "refused with an over before": (
        Case(until("2026-10-24", [calling(100, 150)], None), *named()),
        [("over", 50, None), ("unknown", None, None)],
    ),
    "refused always": (Case(lambda _: None), [("unknown", None, None)]),
    "assigned not known in one row": (
        Case([calling(100, 50), calling(100, None, "Sub2")], *named()),
        [("unknown", None, None)],
    ),
    "assigned not known from 20 October on": (
        Case(until("2026-10-20", [calling(100, 50), SUITE_ROW], [calling(100, None), SUITE_ROW])),
        [("unknown", None, None)],
    ),
    # Names and places.
    "one name in two cases without a code": (
        Case([nobodys(10, 15, "x1", "Thing"), nobodys(10, 2, "x2", "THING")]),
        [("redistribute", 5, None)],
    ),
    "webinars by capacity": (Case([webinars("1000", 12), webinars("3000", 5)], *named()), [("over", 2, None)]),
    "a site in other letters under another id": (
        Case(
            until(
                "2026-10-15",
                [calling(100, 110, site="ACME.webex.com", id_="n1")],
                [calling(100, 110, site="acme.webex.com", id_="n2")],
            ),
            *named(),
        ),
        [("over", 10, None)],
    ),
    "agents of two subscriptions": (
        Case(
            [calling(10, 12, **AGENTS), calling(15, 14, "Sub2", **AGENTS)],
            "set Sub1 --kind cc-named --starts 2026-03-15 --term 36",
            "set Sub2 --kind cc-named --starts 2026-03-15 --term 36",
        ),
        [("over", 1, None)],
    ),
    "list of five to one": (
        Case(
            until(
                "2026-10-26",
                [calling(50, 40), *(calling(10, 5, code=f"X{n}", name=f"Thing {n}") for n in range(4))],
                [calling(50, 40)],
            ),
            *named(),
        ),
        [("gone", 5, None)] * 4 + [("shrunk", 4, None)],
    ),
}
MONEY = {
    "price of zero": (Case([calling(100, 110)], *named("price Sub1 0 --currency EUR")), (0, "EUR")),
    "another currency since October": (
        Case(
            [calling(100, 110)],
            *named("price Sub1 10 --currency EUR", "price Sub1 12 --currency USD --from 2026-10-01"),
        ),
        (1440, "USD"),
    ),
    "the first price from next year on": (
        Case([calling(100, 110)], *named("price Sub1 12 --currency EUR --from 2027-01-01")),
        (1440, "EUR"),
    ),
    "a row without a price": (
        Case([calling(50, 55), calling(50, 55, "Sub2")], *named("price Sub1 10 --currency EUR")),
        (None, None),
    ),
}


@pytest.fixture(scope="module")
def october(sqlite_template, tmp_path_factory):
    cases = {name: case for name, (case, _) in (CASES | MONEY).items()}
    return decided(database(sqlite_template, tmp_path_factory.mktemp("small"), cases), cases)


def test_each_has_the_decisions_that_were_written_down(october):
    found = {
        name: sorted(((each["kind"], each["units"], each["due_on"]) for each in october[name]), key=str)
        for name in CASES
    }
    assert found == {name: sorted(right, key=str) for name, (_, right) in CASES.items()}


def test_money_is_that_of_the_price_in_force(october):
    found = {name: [(each["money_a_year"], each["currency"]) for each in october[name]] for name in MONEY}
    assert found == {name: [right] for name, (_, right) in MONEY.items()}
