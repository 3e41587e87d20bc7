"""What a history means, case by case: brought in by `import`, entered by commands, read by people and programs.

Each case is a customer, and its subscriptions are its own. Unless a case says something else it is polled every other
day up to the last evening of October 2026, has the named users of Calling, and is asked about that month. Figures are
worked out by hand.
"""

from datetime import timedelta

import pytest
from customer_cases import (
    AGENTS,
    KIT,
    LAST,
    LONG,
    SUITE,
    WEEK,
    Case,
    agreement,
    at,
    calling,
    database,
    decided,
    named,
)


def days_before_the_end(moment):
    return (at(LAST) - moment) / timedelta(days=1)


def lapsing(moment):
    return [calling(500 if moment < at("2026-10-15") else 0, 480)]


def lapsing_again(moment):
    """For a fortnight first, and three days before the end for good."""
    lapsed = at("2026-10-05") <= moment < at("2026-10-19") or moment >= at("2026-10-28")
    return [calling(0 if lapsed else 500, 480)]


def back_after_a_gap(moment):
    """A month and two days without any Calling, beside devices that stay."""
    kits = calling(10, 5, "Sub3", **KIT)
    if at("2026-09-02") <= moment < at("2026-10-04 20:00"):
        return [kits]
    return [kits, calling(500, 480, "Sub1" if moment < at("2026-09-02") else "Sub2")]


def bought_later(moment):
    return [calling(100 if moment < at("2026-10-20") else 160, 130)]


def fallen(moment):
    return [calling(100 if moment < at("2026-10-20") else 80, 110)]


def falling_within(moment):
    return [calling(500 if moment < at("2026-10-10") else 450, 400)]


def replaced(moment):
    site, is_over = "acme.webex.com", moment > at("2026-09-30 20:00")
    return [calling(500, 441, "Sub2", site=site, **SUITE) if is_over else calling(500, 431, site=site, **SUITE)]


def merged(moment):
    if moment > at("2026-09-30 20:00"):
        return [calling(250, 240, "Sub2")]
    return [calling(100, 90, id_="one"), calling(200, 150, id_="two")]


def parted(moment):
    if moment > at("2026-09-30 20:00"):
        return [calling(50, 45, "Sub2"), calling(50, 45, "Sub3")]
    return [calling(100, 90)]


def moving_over(moment):
    moved = round(500 * min(1, max(0, 1 - days_before_the_end(moment) / 60)))
    new = [calling(500, moved, "Sub2", **SUITE)] if moved else []
    return [calling(500, 500 - moved, **SUITE), *new]


def odd_reading(moment):
    return [calling(100, -3 if moment >= at("2026-10-30") else 50)]


def redistributed(moment):
    moved = 20 if moment >= at("2026-10-12") else 0
    return [
        calling(100 - moved, 70, site="a.webex.com", **SUITE),
        calling(100 + moved, 70, site="b.webex.com", **SUITE),
    ]


def suite_that_changed(moment):
    is_later = moment >= at("2026-10-16")
    return [calling(100, 90 if is_later else 130, **SUITE), calling(100, 110)]


def rising(a_day, last):
    return lambda moment: [calling(1200, round(last - a_day * days_before_the_end(moment)))]


def cycles(moment):
    return [calling(100, 60 + int((moment - at("2025-10-04 18:00")).days % 30) * 35 // 29)]


def lapsing_in_part(moment):
    return [calling(300 if moment < at("2026-10-15") else 0, 200), calling(300, 250, "Sub2")]


def trial_until_october(moment):
    trial = [calling(30, 20, "trialSub7")] if moment < at("2026-10-19") else []
    return [calling(60, 30), *trial]


def shrinking(moment):
    kits = [calling(20, 10, code=f"X{number}", name=f"Product {number}") for number in range(5)]
    return kits if moment < at("2026-10-29") else kits[:2]


def bought_before_the_day_after(moment):
    return [calling(100 if moment < at("2026-09-30") else 160, 130)]


def two_prices(second):
    return (*named("set Sub2 --kind named", "price Sub1 10 --currency EUR"), *second)


def weekdays(moment):
    return [calling(100, 95 if moment.weekday() < 5 else 60)]


TWO = [calling(100, 103), calling(50, 52, "Sub2")]
CASES = {
    "1": Case(lapsing, *named()),
    "1 again": Case(lapsing_again, *named()),
    "2": Case([calling(0, 0)], *named()),
    "3": Case([calling(10, 13, **KIT)], agreement()),
    "4": Case([calling(10, 13)], agreement(starts="2026-10-15")),
    "5": Case(
        [calling(7, 8, site="a.webex.com", **SUITE), calling(13, 15, site="b.webex.com", **SUITE)],
        agreement("suite-ea"),
    ),
    "6": Case(
        [calling(100, 120, site="a.webex.com", **SUITE), calling(100, 60, site="b.webex.com", **SUITE)], *named()
    ),
    "7": Case([calling(100, 120), calling(100, 60, "Sub2")], *named("set Sub2 --kind named")),
    "8": Case(
        [calling(10, 12, **AGENTS), calling(15, 9, "Sub2", **AGENTS)],
        "set Sub1 --kind cc-named",
        "set Sub2 --kind cc-named",
    ),
    "8 concurrent": Case([calling(10, 40, **AGENTS)], "set Sub1 --kind cc-concurrent"),
    "9": Case(bought_later, agreement()),
    "10": Case(fallen, agreement()),
    "10 within": Case(falling_within, *named()),
    "12": Case(bought_later, agreement(), "price Sub1 12.00 --currency EUR"),
    "13": Case(bought_later, agreement(starts="2023-11-15"), "price Sub1 12.00 --currency EUR"),
    "13 ahead": Case(
        [calling(100, 130)],
        agreement(starts="2023-12-31"),
        "price Sub1 12.00 --currency EUR",
        every=timedelta(days=1),
    ),
    "14": Case(replaced, "set Sub1 --kind named --starts 2025-10-01 --term 12", "price Sub1 10 --currency EUR"),
    "15": Case(merged),
    "16": Case(parted),
    "16 later": Case(back_after_a_gap),
    "17": Case(moving_over),
    "20": Case(lambda moment: None if moment >= at("2026-10-24") else [calling(500, 400)], *named()),
    "25": Case(lambda moment: None),
    "27": Case([calling(500, 480)], *named(), first="2026-10-30 12:00", every=timedelta(hours=6)),
    "28": Case(
        lambda moment: [calling(500, round(496 - 14 / 30.4 * days_before_the_end(moment)))],
        *named(),
        first=LONG,
        every=WEEK,
    ),
    "29": Case(
        rising(0.6, 455),
        "set Sub1 --kind named --starts 2025-12-12 --term 12",
        "price Sub1 10 --currency EUR",
        first=LONG,
        every=WEEK,
    ),
    "30": Case(
        rising(0.75, 515),
        "set Sub1 --kind named --starts 2025-12-12 --term 12",
        "price Sub1 10 --currency EUR",
        first=LONG,
        every=WEEK,
    ),
    "31": Case(cycles, *named(), first=LONG, every=timedelta(days=3)),
    "33": Case(
        lambda moment: [calling(315, 275 - 25 * (int(min(119, days_before_the_end(moment))) // 14))],
        *named(),
        first="2026-05-02 18:00",
    ),
    "34": Case([calling(101, 100), calling(200, 100, **SUITE)], *named()),
    "35": Case(weekdays, *named("price Sub1 10 --currency EUR"), every=timedelta(days=1)),
    "37": Case(odd_reading, *named()),
    "38": Case([calling(-1, 300)], *named()),
    "40 yen": Case(bought_later, agreement(), "price Sub1 1250 --currency JPY"),
    "40 dinar": Case(bought_later, agreement(), "price Sub1 1.250 --currency KWD"),
    "41": Case([calling(10, 13)], *named(), name="Twin"),
    "41 too": Case([calling(10, 14)], *named(), name="Twin"),
    "45": Case(
        lambda moment: [calling(100, round(118 - 0.12 * min(300, days_before_the_end(moment))))],
        agreement(starts="2026-01-11"),
        first=LONG,
        every=WEEK,
    ),
    "46": Case([calling(100, 90, **SUITE), calling(100, 89)], agreement("suite-ea")),
    "46 then": Case(suite_that_changed, agreement("suite-ea")),
    "47": Case([calling(50, 51), calling(100, 10, "trialSub7")], *named()),
    "trial that ended with people on it": Case(trial_until_october, *named()),
    "48": Case([calling(45, 300)]),
    "48 entered": Case([calling(45, 300)], "set Sub1 --kind active-user"),
    "49": Case([calling(500, 480)], "set Sub1 --kind named --starts 2025-12-30 --term 12 --renews no"),
    "50": Case(redistributed, *named()),
    "lapse in part": Case(lapsing_in_part, *named("set Sub2 --kind named")),
    "lapse of a long name": Case(
        lambda moment: [calling(500 if moment < at("2026-10-15") else 0, 480, name="Webex Calling with PSTN")],
        *named("price Sub1 10 --currency EUR"),
    ),
    "shrunk": Case(shrinking),
    "settled twice": Case(
        bought_later, agreement(), "settle Sub1 --on 2026-10-25 --units 4", "settle Sub1 --on 2026-10-28 --units 3"
    ),
    "settled too early": Case(bought_later, agreement(), "settle Sub1 --on 2026-10-13 --units 10"),
    "settled in part": Case(
        bought_later,
        agreement(more="--billed-above purchased"),
        "settle Sub1 --on 2026-10-25 --units 10",
        "price Sub1 10 --currency EUR",
    ),
    "renewed early": Case(
        [calling(100, 130)], agreement(starts="2024-11-15", term=24), "set Sub1 --starts 2026-09-01 --term 36"
    ),
    "years from the 31st": Case(bought_before_the_day_after, agreement(starts="2025-10-31")),
    "both kinds of moves": Case(
        [
            calling(100, 120, site="a.webex.com", **SUITE),
            calling(100, 90, site="b.webex.com", **SUITE),
            calling(100, 50, "Sub2", site="c.webex.com", **SUITE),
        ],
        *named("set Sub2 --kind named"),
    ),
    "the dearest price": Case(TWO, *two_prices(["price Sub2 12 --currency EUR"])),
    "two currencies": Case(TWO, *two_prices(["price Sub2 12 --currency USD"])),
    "a price later": Case(
        [calling(100, 113)],
        *named("price Sub1 10 --currency EUR", "price Sub1 12 --from 2026-10-16", "price Sub1 15 --from 2026-11-01"),
    ),
}


@pytest.fixture(scope="module")
def october(sqlite_template, tmp_path_factory):
    """The decisions of October, by the number of the case."""
    typed = database(sqlite_template, tmp_path_factory.mktemp("october"), CASES)
    return decided(typed, CASES)


def found_in(decisions):
    return [(each["kind"], each["units"], each["units_at_most"], each["since"], each["due_on"]) for each in decisions]


EXPECTED = {
    "1": [("none_purchased", 480, None, "2026-10-16", None)],
    "1 again": [("none_purchased", 480, None, "2026-10-28", None)],
    "2": [],
    "3": [("over", 3, None, "2026-08-31", None)],
    # 12 are allowed, and the next measurement is far.
    "4": [("over", 1, 3, "2026-08-31", None)],
    "5": [("runs_out", 1, None, None, "2026-10-31")],
    "6": [("redistribute", 20, None, None, None)],
    "7": [("reassign", 20, None, None, None)],
    "8": [],
    "8 concurrent": [],
    "9": [("true_forward", 10, 30, "2026-10-14", "2026-11-15")],
    "10": [("over", 14, 30, "2026-10-20", None)],
    "10 within": [("shrunk", 50, None, "2026-10-10", None)],
    "12": [("true_forward", 10, 30, "2026-10-14", "2026-11-15")],
    "14": [],
    "15": [],
    "16": [("succession", None, None, "2026-10-02", None)] * 2,
    "16 later": [("succession", None, None, "2026-10-06", None)],
    "17": [("succession", None, None, None, None)],
    "20": [("unknown", None, None, "2026-10-24", None)],
    "25": [("unknown", None, None, "2026-08-31", None)],
    "31": [],
    "35": [],
    "37": [("unknown", None, None, "2026-10-30", None)],
    "38": [],
    "41": [("over", 3, None, "2026-08-31", None)],
    "41 too": [("over", 4, None, "2026-08-31", None)],
    "46": [],
    "48": [("over", 255, None, "2026-08-31", None)],
    "48 entered": [],
    "49": [("expires", 480, None, None, "2026-12-30")],
    "50": [],
    # One row of two: the product has units, and too few.
    "lapse in part": [("over", 150, None, "2026-10-16", None)],
    "trial that ended with people on it": [("gone", 20, None, "2026-10-20", None)],
    "lapse of a long name": [("none_purchased", 480, None, "2026-10-16", None)],
    "shrunk": [*[("gone", 10, None, "2026-10-30", None)] * 3, ("shrunk", 3, None, "2026-10-30", None)],
    "settled twice": [("true_forward", 10 - 7, 30 - 7, "2026-10-14", "2026-11-15")],
    "settled too early": [("true_forward", 10, 30, "2026-10-14", "2026-11-15")],
    "settled in part": [("true_forward", 30 - 10, None, "2026-10-14", "2026-11-15")],
    # The year that began on 1 September is measured on 31 July.
    "renewed early": [("over", 10, 30, "2026-08-31", None)],
    # Eleven months after 31 October 2025 is 30 September 2026.
    "years from the 31st": [("true_forward", 10, 30, "2026-09-29", "2026-10-31")],
    "both kinds of moves": [("redistribute", 10, None, None, None), ("reassign", 10, None, None, None)],
}


def test_every_case_has_the_decisions_that_follow_from_its_history(october):
    assert {name: found_in(october[name]) for name in EXPECTED} == EXPECTED


def sentence(october, name, kind):
    (found,) = [each["sentence"] for each in october[name] if each["kind"] == kind]
    return found


def test_what_falls_within_a_term_is_asked_about_and_saves_nothing(october):
    asked = "ask whether that is an order correction, a redistribution or an ended add-on."
    over = sentence(october, "10", "over")
    assert over.endswith(f"; 20 units less are purchased since 20 October 2026, {asked}")
    (fell,) = october["10 within"]
    assert fell["sentence"].endswith(f"has 50 units less purchased since 10 October 2026, within its term; {asked}")
    assert (fell["money_a_year"], fell["subscription"]) == (None, "Sub1-10-within")


def test_units_that_nobody_knows_are_raised_with_their_reason(october):
    (unknown,) = october["37"]
    assert unknown["sentence"] == (
        "Webex Calling - Professional has units that are not known since 30 October 2026: assigned of Webex Calling -"
        " Professional is negative, assigned_to_users of Webex Calling - Professional is negative."
    )
    assert "403 Forbidden" in sentence(october, "20", "unknown")


def test_a_true_forward_has_its_money_in_both_readings_and_the_decimals_of_its_currency(october):
    money = {
        name: (october[name][0]["money_a_year"], october[name][0]["currency"])
        for name in ("12", "13", "40 yen", "40 dinar")
    }
    # 10 units of 12.00, 1,250 and 1.250 in twelve months; where the anniversary is the renewal nothing is billed.
    assert money == {
        "12": (1440, "EUR"),
        "13": (None, None),
        "40 yen": (150_000, "JPY"),
        "40 dinar": (150, "KWD"),
    }
    assert "2,880.00 EUR for 10 units to the end of the term, 8,640.00 EUR for 30" in sentence(
        october, "12", "true_forward"
    )
    assert "the anniversary is the renewal" in sentence(october, "13", "true_forward")
    assert "since then 60 units bought" in sentence(october, "9", "true_forward")
    # The same of what is expected: the year that began on 31 December 2025 is measured on 29 November, its last one.
    (ahead,) = [each for each in october["13 ahead"] if each["kind"] == "true_forward"]
    assert (ahead["units"], ahead["due_on"], ahead["money_a_year"]) == (10, "2026-11-29", None)
    assert "the anniversary is the renewal" in ahead["sentence"]


def test_money_is_of_the_dearest_row_and_of_the_price_of_the_day(october):
    names = ("the dearest price", "two currencies", "a price later", "settled in part", "lapse of a long name")
    money = {name: [(each["money_a_year"], each["currency"]) for each in october[name]] for name in names}
    assert money == {
        "the dearest price": [(5 * 12 * 12, "EUR")],
        "two currencies": [(None, None)],
        "a price later": [(13 * 12 * 12, "EUR")],
        "settled in part": [(20 * 10 * 12, "EUR")],
        "lapse of a long name": [(480 * 10 * 12, "EUR")],
    }


def test_a_suite_is_measured_by_the_product_that_most_people_had_on_the_day(october):
    """130 of 100 Meetings on 14 October, 115 allowed; by the end of the month it is Calling that most have, 110."""
    ((kind, units, at_most, since, due),) = [
        each for each in found_in(october["46 then"]) if each[0] == "true_forward"
    ]
    assert (kind, units, at_most, since, due) == ("true_forward", 15, 30, "2026-10-14", "2026-11-15")
    assert "on 14 October 2026, measured by Webex Meetings Suite, with 130 of 100" in sentence(
        october, "46 then", "true_forward"
    )


def test_what_lies_ahead_is_a_chance(october):
    (rising,) = october["28"]
    assert (rising["kind"], rising["chance"] >= 0.7) == ("runs_out", True)
    (batches,) = october["33"]
    assert (batches["kind"], batches["chance"] >= 0.95) == ("runs_out", True)
    kinds = {each["kind"]: each["chance"] for each in october["45"]}
    assert kinds.keys() == {"true_forward", "runs_out"} and min(kinds.values()) >= 0.5
    (young,) = october["27"] or [{"kind": "watch", "chance": 0.2}]
    assert young["kind"] == "watch"
    assert [each["kind"] for each in october["47"]] == ["over"]


def test_a_renewal_proposes_what_suffices_without_a_cliff(october):
    ((reduced,), (neighbor,)) = october["29"], october["30"]
    assert 350 <= -reduced["units"] <= 530
    assert reduced["money_a_year"] == reduced["units"] * 10 * 12
    # Every seat more now, and 0.15 a day more over 13.5 months, are seats more in the plan.
    assert 60 + 0.15 * 365 - 40 <= neighbor["units"] - reduced["units"] <= 60 + 0.15 * 450 + 60
    assert reduced["due_on"] == "2026-12-12"
    assert "the last day to give notice was 28 October 2026 (45 days of notice are assumed)" in reduced["sentence"]


@pytest.mark.slow
def test_the_terminal_says_what_the_pages_say(sqlite_template, tmp_path_factory):
    cases = {name: CASES[name] for name in ("12", "20", "37", "46", "48")}
    typed = database(sqlite_template, tmp_path_factory.mktemp("terminal"), cases)
    shown = typed("licenses", "--on", "2026-10-31").stdout
    assert max(map(len, shown.splitlines())) <= 80
    words = " ".join(shown.split())
    more = (
        "Webex Calling - Professional: the figures are of 22 October 2026, not known since.",
        "Webex Meetings Suite: at least 90 people, at most 179 in Sub1-46; seats counts them.",
        "They cost 1,920.00 EUR a month, 360.00 EUR of it for units that nobody needed in the last four weeks.",
        "All 5 organizations cost 1,920.00 EUR a month, 360.00 EUR of it for units that nobody needed in the last"
        " four weeks.",
        "Not entered for Sub1-48: until then the limit is what was purchased, 45: it is 54 under ea, 51 under"
        " suite-ea, and active users are not judged.",
    )
    assert [line for line in more if line not in words] == []
    assert "400 of 500, 22 " in shown and "50 of 100, 28 " in shown  # the month is in the cell's next line
    # 10 units of 12.00 in twelve months.
    decided = typed("decisions", "--month", "2026-10").stdout
    assert "At stake a year, each product once: 1,440.00 EUR; 1 decision without a price." in decided
    assert max(map(len, decided.splitlines())) <= 80
    # Of a suite the product beside the one that most people have is not judged, and says so.
    reasons = [row["not_judged"] for row in typed("licenses", "--json").json if row["organization"] == "46"]
    assert reasons == [None, "judged by that product of its suite which most people have"]
    command = "  webexhist contract set Sub1-48 --kind KIND --starts YYYY-MM-DD --term MONTHS"
    assert command in shown.splitlines()
    assert "contract set Sub1-12" not in shown
