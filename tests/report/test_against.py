"""A month against another one: every kind of change, its money by the prices of both, and sums that agree with pages.

Mover, polled weekly, units and prices a month:

    Calling  100 of 10 EUR, from March 150, from July 12 EUR: 12,000 a year, then 21,600
    Suite    50 of 20 EUR, gone in June: 12,000, then nothing
    Quick    from September 10 of 5 USD: 600
    Alpha    100 of 1 EUR, from May 0 and nobody on it: 1,200, then nothing
    Beta     100 of 10 EUR, from June of 11 USD: 12,000 EUR, then 13,200 USD
    Gamma    40 of 3 EUR, lapsed on 15 October with 30 on it: 1,440, then nothing
    Delta    10 of 7 EUR, continued in April as 12 of Delta Plus: 840, then 1,008
    Phi      unlimited at 2 EUR, from August 400: not known, then 9,600
    Psi      unlimited
    Gimel    20 of 4 EUR, its units unknown from 15 October on: 960
    Eta      30, without a price
"""

import shlex
import shutil
from datetime import timedelta

import pytest
from customer_cases import SUITE, at, calling
from imported_histories import history, seats
from shown_text import shown
from typed import Typed

pytestmark = pytest.mark.slow
MOVER = "11111111-2222-3333-4444-555555555555"
PRICES = (
    "BCSTD-Sub1 10 --currency EUR",
    "BCSTD-Sub1 12 --from 2026-07-01",
    "EE-Sub1 20 --currency EUR",
    "Quick-Sub2 5 --currency USD",
    "Alpha-Sub3 1 --currency EUR",
    "Beta-Sub4 10 --currency EUR",
    "Beta-Sub4 11 --currency USD --from 2026-06-01",
    "Gamma-Sub5 3 --currency EUR",
    "d1 7 --currency EUR",
    "Phi-Sub8 2 --currency EUR",
    "Gimel-Sub9 4 --currency EUR",
)


def other(name, subscription, purchased, assigned, **more):
    return seats(purchased, assigned, code=name, name=name, subscription=subscription, **more)


def mover(moment):
    def since(day):
        return moment >= at(day)

    known = not since("2026-10-15")
    rows = [
        calling(150, 120) if since("2026-03-01") else calling(100, 80),
        other("Alpha", "Sub3", 0 if since("2026-05-01") else 100, 0),
        other("Beta", "Sub4", 100, 90),
        other("Gamma", "Sub5", 0 if since("2026-10-15") else 40, 30),
        other("Phi", "Sub8", 400 if since("2026-08-01") else -1, 300),
        other("Psi", "Sub11", -1, 7),
        other("Gimel", "Sub9", 20 if known else None, 10 if known else None),
        other("Eta", "Sub10", 30, 20),
        other("Delta", "Sub7", 12, 6, id_="d2") | {"name": "Delta Plus"}
        if since("2026-04-01")
        else other("Delta", "Sub6", 10, 5, id_="d1"),
    ]
    rows += [] if since("2026-06-01") else [seats(50, 40, subscription="Sub1", **SUITE)]
    return rows + ([other("Quick", "Sub2", 10, 5)] if since("2026-09-01") else [])


@pytest.fixture(scope="module")
def typed(sqlite_template, tmp_path_factory):
    made = Typed(tmp_path_factory.mktemp("against"), at("2026-11-01"))
    shutil.copy(sqlite_template, made.database)
    weekly = {"every": timedelta(days=7), "organization": {"id": MOVER, "name": "Mover"}}
    lines = history("2025-10-04 18:00", "2026-10-31 18:00", mover, **weekly)
    weekly["organization"] = {"id": "22222222-2222-3333-4444-555555555555", "name": "Newcomer"}
    lines += history("2026-09-05 18:00", "2026-10-31 18:00", lambda _: [calling(60, 50, "SubY")], **weekly)
    return made.entered(lines, *(f"contract price {words}" for words in PRICES))


def written(typed, month, against):
    folder = typed.folder / f"{month} {against}"
    words = shlex.split(f"report --month {month} --against {against} --out '{folder}'")
    done = typed(*words)
    assert done.code == 0, done.stderr
    (page,) = folder.rglob("against.html")
    return shown(page), shown(folder / "index.html"), shown(page.parent / "index.html")


def test_every_change_has_its_money_and_the_sums_are_those_of_both_months(typed):
    page, portfolio, own = written(typed, "2026-10", "2025-10")
    # −12,000 − 12,000 + 9,600 − 1,440 − 1,200 + 168 = −16,872; 13,200 + 600 = 13,800. Phi is left out.
    assert (
        "8 products changed from October 2025 to October 2026, 3 did not, 1 of them by units of an earlier day."
        " A year of the 7 of known cost costs 16,872.00 EUR less, 13,800.00 USD more."
        " All that has a price cost 40,440.00 EUR a year in October 2025, and 33,168.00 EUR, 13,800.00 USD in"
        " October 2026." in page
    )
    assert "Cost a year 33,168.00 EUR 13,800.00 USD" in own
    rows = page[page.index("Money a year") : page.index("How to read this")]
    assert rows.split(" ", 3)[3].strip() == (
        "Beta Sub4 100 100 0 90 90 0 −12,000.00 EUR +13,200.00 USD"
        " Webex Meetings Suite Sub1 · gone 50 0 −50 40 0 −40 −12,000.00 EUR"
        " Webex Calling - Professional Sub1 100 150 +50 80 120 +40 +9,600.00 EUR"
        " Gamma Sub5 40 0 −40 30 30 0 −1,440.00 EUR"
        " Alpha Sub3 100 0 −100 0 0 0 −1,200.00 EUR"
        " Quick Sub2 · new 0 10 +10 0 5 +5 +600.00 USD"
        " Delta Plus Sub7 · was named Delta 10 12 +2 5 6 +1 +168.00 EUR"
        " Phi Sub8 unlimited 400 – 300 300 0 – unlimited"
    )
    portfolio_row = "Mover 8 −16,872.00 EUR +13,800.00 USD without 1 product Beta: another price"
    assert portfolio_row in portfolio
    assert "Not polled in October 2025: Newcomer." in portfolio


def test_the_other_way_round_it_is_the_same_with_the_other_sign(typed):
    page, _, own = written(typed, "2025-10", "2026-10")
    assert "A year of the 7 of known cost costs 16,872.00 EUR more, 13,800.00 USD less." in page
    assert "Delta Sub6 · was named Delta Plus 12 10 −2 6 5 −1 −168.00 EUR" in page
    assert "Webex Meetings Suite Sub1 · new 0 50 +50 0 40 +40 +12,000.00 EUR" in page
    assert "Cost a year 40,440.00 EUR" in own


def test_what_is_unlimited_in_both_months_did_not_change(typed):
    page, _, _ = written(typed, "2026-02", "2025-12")
    assert "Nothing changed from December 2025 to February 2026." in page


def test_units_that_are_not_known_are_neither_gone_nor_nobodys(typed):
    page, _, own = written(typed, "2026-10", "2026-07")
    assert "Gimel" not in page and "1 of them by units of an earlier day" in page
    assert "Gimel has units that are not known since 17 October 2026." in own
    assert "names no users" not in own
