"""Sums over what is judged together, in the views of products: figures worked out by hand."""

import pytest
from entering import enter
from histories import Poller

from webexhist.contract_kinds import ContractKind
from webexhist.snapshot import License, Organization
from webexhist.store.entered.contracts import Contract, CountedLicense, remove_contract
from webexhist.store.names.licenses import StoredLicense
from webexhist.store.seals.damage import find_damage

DAYS = (
    "SELECT day, product, name, purchased, assigned_first, assigned_last, assigned_min, assigned_max, assigned_mean,"
    " samples, utilization FROM daily_products ORDER BY org, day, product"
)


def meetings(id_, subscription="Sub1", site=None, code="EE", counted=True) -> License:
    return License(id_, "Webex Meetings", code, subscription, site, None, counted)


A, B = meetings("idA", site="a.webex.com"), meetings("idB", subscription="Sub2", site="b.webex.com")
TRIAL = meetings("idT", subscription="trialSub7")


def test_rows_of_one_code_are_summed_at_each_snapshot(engine, rows):
    poller = Poller(engine)
    poller.poll("2026-10-01 00:00", {A: (100, 60), B: (50, 40)})
    poller.poll("2026-10-01 06:00", {A: (100, 90), B: (50, 10)})
    poller.poll("2026-10-01 12:00", {A: (100, 90), B: (50, 20)})
    poller.poll("2026-10-01 18:00", {A: (110, 90), B: (50, 20)})
    poller.poll("2026-10-02 06:00", {A: (110, 80), B: (50, 20)})
    # The highest of each alone, 90 and 40, were never assigned at once.
    assert rows(engine, DAYS) == [
        ("2026-10-01", "EE", "Webex Meetings", 160, 100, 110, 100, 110, 105.0, 4, 68.75),
        ("2026-10-02", "EE", "Webex Meetings", 160, 100, 100, 100, 100, 100.0, 1, 62.5),
    ]
    month = "SELECT month, purchased, assigned_first, assigned_last, assigned_max, samples FROM monthly_products"
    assert rows(engine, month) == [("2026-10", 160, 100, 100, 110, 5)]


def test_a_sum_is_known_only_where_all_parts_are(engine, rows):
    poller = Poller(engine)
    poller.poll("2026-10-01 00:00", {A: (100, 60), B: (50, None)})
    poller.poll("2026-10-02 00:00", {A: (100, 60), B: (50, 40)})
    poller.poll("2026-10-02 06:00", None)
    poller.poll("2026-10-02 12:00", {A: (100, 62), B: (None, 40)})
    poller.poll("2026-10-03 00:00", None)
    question = "SELECT day, purchased, assigned_last, assigned_max, samples FROM daily_products ORDER BY day"
    assert rows(engine, question) == [
        ("2026-10-01", 150, None, None, 0),
        ("2026-10-02", 150, 102, 102, 2),
        ("2026-10-03", None, None, None, 0),
    ]


def test_one_unlimited_row_makes_the_product_unlimited(engine, rows):
    Poller(engine).poll("2026-10-01 00:00", {A: (100, 60), B: (-1, 40)})
    assert rows(engine, "SELECT purchased, assigned_last, utilization FROM daily_products") == [(-1, 100, None)]


def test_what_comes_and_goes_is_summed_while_it_is_listed(engine, rows):
    poller = Poller(engine)
    poller.poll("2026-10-01 00:00", {A: (100, 60)})
    poller.poll("2026-10-02 00:00", {A: (100, 60), B: (50, 40)})
    poller.poll("2026-10-03 00:00", {B: (50, 41)})
    poller.poll("2026-10-04 00:00", {})
    question = "SELECT day, purchased, assigned_last FROM daily_products ORDER BY day"
    assert rows(engine, question) == [("2026-10-01", 100, 60), ("2026-10-02", 150, 100), ("2026-10-03", 50, 41)]


def test_a_trial_beside_a_purchase_is_a_product_of_its_own(engine, rows):
    poller = Poller(engine)
    poller.poll("2026-10-01 00:00", {A: (50, 49), TRIAL: (100, 3)})
    poller.poll("2026-10-02 00:00", {A: (50, 49)})
    question = "SELECT day, product, purchased, assigned_last, utilization FROM daily_products ORDER BY day, product"
    assert rows(engine, question) == [
        ("2026-10-01", "EE", 50, 49, 98.0),
        ("2026-10-01", "trial EE", 100, 3, 3.0),
        ("2026-10-02", "EE", 50, 49, 98.0),
    ]


@pytest.mark.parametrize("entered", [Contract("Sub2", ContractKind.EA), Contract("Sub2", apart=True)])
def test_a_subscription_is_judged_by_itself_until_that_is_forgotten(engine, rows, entered):
    Poller(engine).poll("2026-10-01 00:00", {A: (100, 60), B: (50, 40)})
    enter(engine, [entered])
    question = "SELECT product, assigned_last FROM daily_products ORDER BY product"
    assert rows(engine, question) == [("EE", 60), ("EE · Sub2", 40)]
    other = Poller(engine, Organization("other", "Other"))
    other.poll("2026-10-01 00:00", {meetings("idX", subscription="Sub2"): (9, 7)})
    assert rows(engine, f"{question[:-17]} WHERE org = 'Other'") == [("EE · Sub2", 7)]
    remove_contract(engine, "Sub2")
    assert rows(engine, f"{question[:-17]} WHERE org = 'Acme Example'") == [("EE", 100)]
    assert find_damage(engine) == ()


def test_only_what_is_counted_is_summed(engine, rows):
    free = meetings("idF", subscription=None, counted=False)
    Poller(engine).poll("2026-10-01 00:00", {A: (100, 60), free: (9, 9)})
    products = "SELECT license_id, product FROM licenses ORDER BY license_id"
    assert rows(engine, products) == [("idA", "EE"), ("idF", None)]
    assert rows(engine, "SELECT assigned_last FROM daily_products") == [(60,)]
    enter(
        engine, [], [CountedLicense(StoredLicense(1, 2, "Acme Example", "idF", "Webex Meetings", None, None), True)]
    )
    assert rows(engine, "SELECT assigned_last FROM daily_products") == [(69,)]


def test_two_organizations_are_never_summed(engine, rows):
    for name, assigned in (("acme", 60), ("beta", 7)):
        Poller(engine, Organization(name, name)).poll("2026-10-01 00:00", {A: (100, assigned)})
    question = "SELECT org, org_id, assigned_last FROM daily_products ORDER BY org"
    assert rows(engine, question) == [("acme", 1, 60), ("beta", 2, 7)]
