"""Judgments of whole histories: what is looked at, and what is not."""

import math
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from entering import enter, set_price
from histories import Poller, license_of, quick_database
from reading import read

from webexhist.contract_kinds import ContractKind, Renewal
from webexhist.months import Month
from webexhist.review.checksum import checksum
from webexhist.review.judgment.cost import CostTotal
from webexhist.review.judgment.decisions.values import DecisionKind
from webexhist.reviewing import review_latest, review_month
from webexhist.snapshot import Organization
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import add_note, add_step
from webexhist.store.names.licenses import find_license
from webexhist.store.opening.history import reading

OCTOBER = Month(2026, 10)
NOW = datetime(2026, 11, 10, tzinfo=UTC)
SUITE = license_of("Webex Meetings Suite", site="acme.webex.example")
CALLING = license_of("Webex Calling - Professional", subscription="Sub2")
FREE = license_of("Basic Messaging", subscription=None, counted=False)


def october(poller, months=13, now=NOW):
    (organization,) = read(poller.engine, review_month, OCTOBER, months, now).organizations
    judgments = {product.licenses[0].license: product.judgment for product in organization.products}
    return judgments, organization


def kinds(organization, license_):
    """What is to be decided of the product of a license, the most urgent first."""
    return [each.kind for each in organization.decisions if license_.webex_id in each.license_ids]


def stored(poller, name):
    with reading(poller.engine) as history:
        return find_license(history, name)


@pytest.fixture(scope="module")
def year_of_growth(shared_poller, tmp_path_factory):
    """The file of `growing`."""
    for index in range(365):
        day = datetime(2025, 11, 1, 6, tzinfo=UTC) + timedelta(days=index)
        shared_poller.poll(day, {SUITE: (200, 100 + index // 4), CALLING: (50, 30), FREE: (9, 9)})
    file = tmp_path_factory.mktemp("growth") / "year.db"
    with closing(sqlite3.connect(shared_poller.engine.url.database)) as connection:
        connection.execute("VACUUM INTO ?", [str(file)])
    return file


@pytest.fixture
def growing(year_of_growth, tmp_path):
    """From 1 November 2025 to 31 October 2026: 100 units and one more every fourth day; calling stays at 30 of 50."""
    engine = quick_database(year_of_growth, tmp_path / "growing.db")
    yield Poller(engine)
    engine.dispose()


def test_a_year_of_growth_and_what_it_leads_to(growing):
    judgments, organization = october(growing)
    # 191 units on 31 October, a quarter unit a day: the 200th comes after 36 days, the 213th after 90.
    ahead = judgments[SUITE].forecast
    assert judgments[SUITE].limit == 200
    assert (ahead.as_of, ahead.limit, ahead.is_reached) == (date(2026, 10, 31), 200, False)
    assert abs((ahead.likely - date(2026, 12, 6)).days) <= 3
    assert ahead.earliest < ahead.likely < ahead.latest
    assert ahead.chance > 0.9
    assert ahead.short == pytest.approx(13, abs=1)
    assert (ahead.renewal, ahead.chance_before_renewal) == (None, None)
    assert ahead.outlook.days_known == 365
    assert kinds(organization, SUITE) == [DecisionKind.RUNS_OUT]
    assert judgments[CALLING].forecast.chance < 0.05
    assert kinds(organization, CALLING) == []
    assert [each.license for each in organization.in_no_product] == [FREE]


def test_how_many_months_are_shown_changes_no_judgment(growing):
    assert october(growing, months=1)[0] == october(growing, months=13)[0]


def test_what_comes_after_the_month_is_not_looked_at(growing):
    before = read(growing.engine, review_month, OCTOBER, 13, NOW)
    growing.poll("2026-11-01 06:00", {SUITE: (900, 1), CALLING: (1, 800)})
    add_step(growing.engine, date(2026, 11, 1), "the next month's business")
    after = read(growing.engine, review_month, OCTOBER, 13, datetime(2030, 1, 1, tzinfo=UTC))
    assert after == before
    assert checksum(after) == checksum(before)


def test_a_step_that_is_noted_is_no_part_of_the_pace_of_its_license_alone(poller):
    for index in range(180):
        held = 100 if index < 150 else 140
        poller.poll(
            datetime(2026, 5, 5, 6, tzinfo=UTC) + timedelta(days=index), {SUITE: (200, held), CALLING: (200, held)}
        )
    before = {license_: judgment.forecast for license_, judgment in october(poller)[0].items()}
    assert before[SUITE] == before[CALLING]
    add_step(poller.engine, date(2026, 10, 2), "branch office joins", stored(poller, "Webex Meetings Suite"))
    after = {license_: judgment.forecast for license_, judgment in october(poller)[0].items()}
    assert after[SUITE] != before[SUITE]
    assert after[CALLING] == before[CALLING]


def test_a_note_that_is_no_step_breaks_nothing(growing):
    undisturbed = october(growing)[0][SUITE].forecast
    add_note(growing.engine, date(2026, 10, 20), "price talks")
    assert october(growing)[0][SUITE].forecast == undisturbed


def test_notes_stand_with_their_license_and_within_the_period(growing):
    add_note(growing.engine, date(2026, 10, 5), "calling only", stored(growing, CALLING.name))
    add_note(growing.engine, date(2026, 9, 5), "everything")
    add_note(growing.engine, date(2026, 8, 31), "too long ago")
    _, organization = october(growing, months=2)
    notes = {product.name: [note.text for note in product.notes] for product in organization.products}
    assert notes == {SUITE.name: ["everything"], CALLING.name: ["everything", "calling only"]}
    assert [note.text for note in organization.notes] == ["everything", "calling only"]


def test_money_is_summed_by_currency_and_what_has_no_price_is_named(growing):
    set_price(growing.engine, stored(growing, SUITE.name), Decimal("13.50"), "USD")
    judgments, organization = october(growing)
    # 200 units purchased, 191 assigned; a quarter unit more a day needs the nine that are left.
    cost = judgments[SUITE].cost
    assert (cost.currency, cost.purchased, cost.unused) == ("USD", Decimal("2700"), Decimal("121.50"))
    assert cost.a_year(10) == Decimal("1620.00")
    assert judgments[CALLING].cost is None
    assert [product.name for product in organization.without_price] == [CALLING.name]
    set_price(growing.engine, stored(growing, CALLING.name), Decimal("10"), "EUR")
    _, organization = october(growing)
    assert organization.cost_totals == (
        CostTotal("EUR", Decimal("500"), Decimal("200")),
        CostTotal("USD", Decimal("2700"), Decimal("121.50")),
    )
    assert organization.without_price == ()


def test_a_plan_is_for_all_units_that_the_subscription_has_of_the_product(poller):
    europe, elsewhere = (
        license_of(SUITE.name, site="europe.webex.example"),
        license_of(SUITE.name, subscription="Sub2"),
    )
    poller.poll("2026-10-05 06:00", {SUITE: (100, 80), europe: (50, 40), elsewhere: (30, 20)})
    enter(poller.engine, [Contract("Sub100001", ContractKind.NAMED, starts=date(2025, 12, 31), term=12)])
    (plan,) = october(poller)[0][SUITE].renewals
    assert (plan.subscription, plan.purchased, plan.kept) == ("Sub100001", 150, 30)


def test_an_overused_license_has_no_unused_units_to_pay_for(poller):
    poller.poll("2026-10-05 06:00", {SUITE: (100, 108)})
    set_price(poller.engine, stored(poller, SUITE.name), Decimal("2.00"), "USD")
    cost = october(poller)[0][SUITE].cost
    assert (cost.purchased, cost.unused) == (Decimal("200"), Decimal("0"))


def test_a_subscription_gives_its_products_a_renewal_with_a_plan(growing):
    enter(growing.engine, [Contract("Sub2", ContractKind.NAMED, date(2020, 12, 31), 12, minimum=20, notice=30)])
    judgments, organization = october(growing)
    calling = judgments[CALLING]
    assert calling.forecast.renewal == date(2026, 12, 31)
    assert calling.forecast.chance_before_renewal == pytest.approx(0, abs=0.001)
    (plan,) = calling.renewals
    assert (plan.end.renews_on, plan.end.until) == (date(2026, 12, 31), date(2027, 12, 31))
    assert plan.due_on == date(2026, 12, 1)
    # Thirty throughout, and as good as certain to be little more in a year: 31 to 36, and 5 % on top.
    needed = dict(plan.suffice)[0.9]
    assert 31 <= needed <= 36
    assert plan.proposal == math.ceil(needed * 1.05)
    assert [share for share, _ in plan.suffice] == [0.5, 0.8, 0.9, 0.95]
    assert kinds(organization, CALLING) == [DecisionKind.RENEWAL]
    (decision,) = [each for each in organization.decisions if each.kind is DecisionKind.RENEWAL]
    assert (decision.units, decision.due_on, decision.severity.value) == (
        plan.proposal - 50,
        date(2026, 12, 1),
        "WARNING",
    )


def test_a_plan_is_never_below_the_minimum_that_was_entered(growing):
    enter(growing.engine, [Contract("Sub2", starts=date(2020, 12, 31), term=12, minimum=45)])
    (plan,) = october(growing)[0][CALLING].renewals
    assert (plan.proposal, plan.change) == (45, -5)


def test_a_contract_that_does_not_renew_expires_and_has_no_plan(growing):
    enter(growing.engine, [Contract("Sub2", starts=date(2020, 12, 31), term=12, renews=Renewal.NO)])
    judgments, organization = october(growing)
    assert judgments[CALLING].renewals == ()
    (decision,) = [each for each in organization.decisions if CALLING.webex_id in each.license_ids]
    assert (decision.kind, decision.units, decision.due_on) == (DecisionKind.EXPIRES, 30, date(2026, 12, 31))
    assert "calls stop then" in decision.reason


def test_where_few_days_are_known_no_plan_is_made(poller):
    for month in range(3, 9):
        for hour in (0, 6, 12, 18):
            for day in (1, 2):
                poller.poll(datetime(2026, month, day, hour, tzinfo=UTC), {SUITE: (500, 400)})
    enter(poller.engine, [Contract("Sub100001", starts=date(2025, 10, 1), term=12)])
    (organization,) = read(poller.engine, review_month, Month(2026, 8), 13, NOW).organizations
    (plan,) = organization.products[0].judgment.renewals
    assert (plan.proposal, plan.refused) == (None, "only 4 of the last 90 days are known")


@pytest.mark.parametrize(
    ("contract", "limit"),
    [
        ({}, 200),
        ({"kind": ContractKind.EA}, 240),
        ({"kind": ContractKind.EA, "allowance": Decimal(10)}, 220),
        ({"kind": ContractKind.SUITE_EA}, 230),
        ({"kind": ContractKind.NAMED, "allowance": Decimal(10)}, 200),
        ({"allowance": Decimal(10)}, 200),
    ],
)
def test_only_under_an_agreement_that_was_entered_the_limit_has_the_growth_allowance(poller, contract, limit):
    poller.poll("2026-10-31 06:00", {SUITE: (200, 180)})
    enter(poller.engine, [Contract("Sub100001", name="ours", **contract)])
    assert october(poller, months=1)[0][SUITE].forecast.limit == limit


def test_a_product_over_its_limit_still_has_a_day_of_judgment_to_look_ahead_to(poller):
    for index in range(60):
        day = datetime(2026, 9, 2, 6, tzinfo=UTC) + timedelta(days=index)
        poller.poll(day, {SUITE: (100, 65 + index)})
    enter(poller.engine, [Contract("Sub100001", ContractKind.EA, date(2027, 1, 1))])
    # 124 units on 31 October, four over the 120; one more a day: 154 on 30 November, 34 over.
    judgments, organization = october(poller)
    ahead = judgments[SUITE].true_forward
    assert (ahead.measured_on, ahead.days_left, ahead.last) == (date(2026, 11, 30), 30, None)
    over, measured, renewal = organization.decisions
    assert renewal.kind is DecisionKind.RENEWAL
    assert (over.kind, over.units, over.units_at_most, over.since) == (DecisionKind.OVER, 4, 24, date(2026, 10, 28))
    assert (measured.kind, measured.due_on) == (DecisionKind.TRUE_FORWARD, date(2026, 11, 30))
    assert measured.units == pytest.approx(34, abs=2)


def test_days_without_polls_before_the_month_ends_make_what_comes_less_sure(poller):
    def width(forecast):
        return (forecast.latest - forecast.earliest).days

    for index in range(80):
        poller.poll(datetime(2026, 7, 25, 6, tzinfo=UTC) + timedelta(days=index), {SUITE: (200, 100 + index)})
    silent = october(poller)[0][SUITE].forecast
    for index in range(80, 99):
        poller.poll(datetime(2026, 7, 25, 6, tzinfo=UTC) + timedelta(days=index), {SUITE: (200, 100 + index)})
    assert silent.as_of == date(2026, 10, 31)
    assert silent.outlook.weeks.silent_days == 19
    assert width(october(poller)[0][SUITE].forecast) < width(silent)


def test_polls_that_began_yesterday_make_a_wide_range(poller):
    poller.poll("2026-10-30 12:00", {SUITE: (110, 100)})
    poller.poll("2026-10-31 12:00", {SUITE: (110, 100)})
    ahead = october(poller)[0][SUITE].forecast
    assert 0.02 < ahead.chance < 0.5
    assert ahead.outlook.days_known == 2
    assert ahead.outlook.units_on(date(2027, 1, 29), 0.9) - ahead.outlook.units_on(date(2027, 1, 29), 0.1) > 10


def test_weekly_polls_are_enough_to_see_that_units_run_out(poller):
    # 13 months, 14 units more a month: 496 of 500 on 31 October.
    for back in range(390, -1, -1):
        if back % 7 == 0:
            day = datetime(2026, 10, 31, 6, tzinfo=UTC) - timedelta(days=back)
            poller.poll(day, {SUITE: (500, 496 - round(14 / 30.4 * back))})
    judgments, organization = october(poller)
    assert judgments[SUITE].forecast.chance >= 0.7
    assert kinds(organization, SUITE) == [DecisionKind.RUNS_OUT]


@pytest.mark.slow
def test_two_academic_years_foretell_the_third(poller):
    # 400 in summer, from 1 to 30 September up to 1,000, which stay until the end of June; 950 purchased.
    day = datetime(2024, 8, 1, 6, tzinfo=UTC)
    while day <= datetime(2026, 8, 1, 6, tzinfo=UTC):
        summer = 400 if day.month in (7, 8) else 1000
        held = round(400 + 600 * (day.day - 1) / 29) if day.month == 9 else summer
        poller.poll(day, {SUITE: (950, held)})
        day += timedelta(days=1)
    now = datetime(2026, 8, 1, 20, tzinfo=UTC)
    (organization,) = read(poller.engine, review_latest, now)
    summer = organization.products[0].judgment
    assert kinds(organization, SUITE) == [DecisionKind.RUNS_OUT]
    assert summer.forecast.earliest <= date(2026, 9, 28) <= summer.forecast.latest
    assert summer.forecast.likely.month == 9


def test_weekends_are_not_taken_for_room(poller):
    # Weekdays 95, weekends 60, of 100; 31 October 2026 is a Saturday.
    for index in range(180):
        day = datetime(2026, 5, 5, 6, tzinfo=UTC) + timedelta(days=index)
        poller.poll(day, {SUITE: (100, 95 if day.weekday() < 5 else 60)})
    judgments, organization = october(poller)
    ahead = judgments[SUITE].forecast
    (product,) = organization.products
    assert (product.closing.last, product.available, product.available_peak) == (60, 40, 5)
    assert ahead.outlook.units_on(date(2026, 11, 2), 0.5) == pytest.approx(95, abs=1)
    assert ahead.outlook.units_on(date(2026, 11, 7), 0.5) == pytest.approx(60, abs=1)


def test_the_latest_review_is_of_each_organizations_last_month(poller):
    other = Poller(poller.engine, Organization("id of the other", "Another Example"))
    other.poll("2026-08-10 06:00", {SUITE: (10, 5)})
    poller.poll("2026-11-02 06:00", {SUITE: (20, 6)})
    acme, another = read(poller.engine, review_latest, NOW)
    assert (acme.month, acme.is_complete, acme.units_assigned) == (Month(2026, 11), False, 6)
    assert (another.month, another.units_assigned) == (Month(2026, 8), 5)


def test_notes_about_one_organization_do_not_reach_the_other(poller):
    other = Poller(poller.engine, Organization("id of the other", "Another Example"))
    theirs = license_of("Their Suite", subscription="Sub9")
    poller.poll("2026-10-02 06:00", {SUITE: (10, 5)})
    other.poll("2026-10-02 06:00", {theirs: (10, 5)})
    add_note(poller.engine, date(2026, 10, 2), "theirs alone", stored(poller, "Their Suite"))
    acme, another = read(poller.engine, review_month, OCTOBER, 13, NOW).organizations
    assert [note.text for note in (*acme.notes, *another.notes)] == ["theirs alone"]
    assert acme.notes == ()


def test_what_is_most_urgent_is_decided_first(poller):
    half, full, soon = (license_of(name) for name in ("Half", "Full", "Soon"))
    for index in range(0, 365, 7):
        day = datetime(2025, 11, 1, 6, tzinfo=UTC) + timedelta(days=index)
        poller.poll(
            day, {half: (100, 50), full: (10, 11), soon: (150, 75 + index // 5), SUITE: (140, 66 + index // 5)}
        )
    enter(poller.engine, [Contract("Sub100001", ContractKind.NAMED, starts=date(2025, 12, 31), term=12)])
    _, organization = october(poller)
    found = [(each.kind.value, each.subject) for each in organization.decisions]
    assert found[:3] == [("over", "Full"), ("runs_out", "Webex Meetings Suite"), ("runs_out", "Soon")]
    assert ("renewal", "Half") in found[3:]
    assert [each.due_on for each in organization.decisions[1:3]] == sorted(
        each.due_on for each in organization.decisions[1:3]
    )
