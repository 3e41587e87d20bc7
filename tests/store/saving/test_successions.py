"""Licenses that continue others under new ids: found when the second of the two events is seen."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from entering import enter, set_price
from histories import Poller, license_of
from reading import read

from webexhist.agent.document import plugin_document
from webexhist.contract_kinds import ContractKind
from webexhist.errors import UsageError
from webexhist.snapshot import License, Organization
from webexhist.store.entered.changes import Change
from webexhist.store.entered.contracts import Contract, CountedLicense, contracts
from webexhist.store.entered.prices import prices
from webexhist.store.entered.successions import decide, link, stored_successions
from webexhist.store.mending.trim import trim
from webexhist.store.names.licenses import find_license, stored_licenses
from webexhist.store.rows.latest import latest
from webexhist.store.seals.damage import find_damage
from webexhist.successions import SuccessionState

JOINED, PROPOSED, REJECTED = SuccessionState.JOINED, SuccessionState.PROPOSED, SuccessionState.REJECTED
OTHER = license_of("Webex Room Kit")
NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)


def calling(
    id_: str, subscription: str, site: str | None = None, code: str = "BCSTD", name="Webex Calling"
) -> License:
    return License(id_, name, code, subscription, site, None, counted=True)


A, B = calling("idA", "Sub100"), calling("idB", "Sub200")
C, D = calling("idC", "Sub300"), calling("idD", "Sub400")


def seen(engine):
    """Every succession: from where to where, and its state."""
    found = read(engine, lambda history: stored_successions(history, stored_licenses(history)))
    return {(each.succession.former_id, each.succession.successor_id): each.succession.state for each in found}


def lineages(engine, rows):
    return dict(rows(engine, "SELECT license_id, lineage FROM licenses WHERE license <> 'Webex Room Kit'"))


def poll(poller, when, licenses):
    poller.poll(f"2026-{when} 06:00", {OTHER: (10, 1)} | licenses)


def test_a_renewal_with_a_new_id_is_joined(engine, rows):
    poller = Poller(engine)
    poll(poller, "09-30", {A: (500, 431)})
    poll(poller, "10-01", {B: (500, 441)})
    assert seen(engine) == {("idA", "idB"): JOINED}
    assert lineages(engine, rows) == {"idA": "idA", "idB": "idA"}
    assert find_damage(engine) == ()


@pytest.mark.parametrize(
    ("gone", "back", "state"),
    [
        ("09-30", "10-31", JOINED),
        ("09-29", "10-31", PROPOSED),
        ("09-02", "12-03", PROPOSED),
        ("09-02", "12-04", None),
        ("10-20", "10-01", JOINED),
        ("11-05", "10-01", None),
    ],
)
def test_the_two_events_may_be_a_month_apart_in_either_order(poller, gone, back, state):
    """Whichever comes first; what comes a quarter later at most is asked about.

    The days before that of the first event show the former license alone.
    """
    poll(poller, "09-01", {A: (500, 431)})
    for day in sorted({gone, back}):
        listed = ({A: (500, 431)} if day < gone else {}) | ({B: (600, 3)} if day >= back else {})
        poll(poller, day, listed)
    assert seen(poller.engine).get(("idA", "idB")) == state


def test_several_continue_in_one_whatever_their_units(engine, rows):
    poller = Poller(engine)
    poll(poller, "09-30", {A: (500, 431), C: (100, 90)})
    poll(poller, "10-01", {B: (450, 440)})
    assert seen(engine) == {("idA", "idB"): JOINED, ("idC", "idB"): JOINED}
    assert set(lineages(engine, rows).values()) == {"idA"}


def test_two_that_may_continue_one_are_proposed_and_nothing_is_joined(engine, rows):
    poller = Poller(engine)
    poll(poller, "09-30", {A: (500, 431)})
    poll(poller, "10-01", {B: (250, 200), D: (250, 231)})
    assert seen(engine) == {("idA", "idB"): PROPOSED, ("idA", "idD"): PROPOSED}
    assert lineages(engine, rows) == {"idA": "idA", "idB": "idB", "idD": "idD"}


def test_an_id_that_appears_later_is_proposed_and_undoes_nothing(poller, rows):
    poll(poller, "09-30", {A: (500, 431)})
    poll(poller, "10-01", {B: (500, 441)})
    poll(poller, "10-10", {B: (500, 441), D: (5, 1)})
    assert seen(poller.engine) == {("idA", "idB"): JOINED, ("idA", "idD"): PROPOSED}


def test_people_who_moved_side_by_side_join_what_stood_so_for_months(poller):
    for day, moved in (("06-01", 0), ("07-01", 100), ("08-01", 250), ("09-01", 500)):
        poll(poller, day, {A: (500, 500 - moved), B: (500, moved)})
    assert seen(poller.engine) == {}
    poll(poller, "09-02", {B: (500, 500)})
    assert seen(poller.engine) == {("idA", "idB"): JOINED}


@pytest.mark.parametrize(("left", "taken_over"), [(260, 240), (100, 0)])
def test_who_did_not_move_joins_nothing(poller, left, taken_over):
    poll(poller, "06-01", {A: (500, 500), B: (500, 0)})
    poll(poller, "09-01", {A: (500, left), B: (500, taken_over)})
    poll(poller, "09-02", {B: (500, taken_over)})
    assert seen(poller.engine) == {}


@pytest.mark.parametrize(
    ("successor", "reason"),
    [
        (calling("idB", "Sub200", site="new.webex.com"), "the same code at another site"),
        (
            calling("idB", "Sub200", code="BCPRO", name="Webex Calling - Professional"),
            "another code of the same family",
        ),
        (calling("idB", "trialSub7"), "a trial after a purchase"),
    ],
)
def test_what_is_less_sure_is_proposed_with_its_reason(poller, successor, reason):
    poll(poller, "09-30", {A: (500, 431)})
    poll(poller, "10-01", {successor: (500, 441)})
    (found,) = read(poller.engine, lambda history: stored_successions(history, stored_licenses(history)))
    assert (found.succession.state, found.succession.reason) == (PROPOSED, reason)


def test_a_trial_that_is_bought_is_joined(poller):
    poll(poller, "09-30", {calling("idA", "trialSub7"): (100, 31)})
    poll(poller, "10-01", {B: (50, 40)})
    assert seen(poller.engine) == {("idA", "idB"): JOINED}


def test_other_products_and_free_licenses_are_no_candidates(poller):
    poll(poller, "09-30", {A: (500, 431)})
    poll(
        poller,
        "10-01",
        {calling("idB", "Sub200", code="EE", name="Meetings"): (5, 4), replace(B, counted=False): (9, 9)},
    )
    assert seen(poller.engine) == {}


def test_the_very_first_list_and_a_list_that_is_known_again_are_no_events(poller):
    poll(poller, "09-01", {A: (500, 431), C: (10, 9)})
    poller.poll("2026-09-02 06:00", None)
    poll(poller, "09-03", {A: (500, 431), C: (10, 9)})
    poller.poll("2026-09-04 06:00", None)
    poll(poller, "09-05", {A: (500, 431)})
    assert seen(poller.engine) == {}


def test_a_license_that_comes_back_is_itself_and_in_one_lineage_with_its_successor(poller, rows):
    poll(poller, "09-29", {A: (500, 431)})
    poll(poller, "09-30", {})
    poll(poller, "10-01", {A: (500, 432)})
    assert seen(poller.engine) == {}
    poll(poller, "10-02", {B: (500, 433)})
    poll(poller, "10-03", {A: (500, 434)})
    assert seen(poller.engine) == {("idA", "idB"): JOINED}
    assert lineages(poller.engine, rows) == {"idA": "idA", "idB": "idA"}


def test_chains_are_one_lineage(poller, rows):
    poll(poller, "07-30", {A: (500, 431)})
    poll(poller, "08-01", {B: (500, 441)})
    poll(poller, "10-01", {C: (500, 450)})
    assert seen(poller.engine) == {("idA", "idB"): JOINED, ("idB", "idC"): JOINED}
    assert lineages(poller.engine, rows) == {"idA": "idA", "idB": "idA", "idC": "idA"}


def test_organizations_keep_their_successions_apart(engine, rows):
    for name, after in (("acme", {B: (5, 5)}), ("beta", {})):
        poller = Poller(engine, Organization(name, name))
        poll(poller, "09-30", {A: (5, 5)})
        poll(poller, "10-01", after)
    assert rows(engine, "SELECT organization_id, number, state FROM succession") == [(1, 1, "joined")]


def test_the_document_names_a_succession_once_and_no_license_as_new_or_gone(poller):
    poll(poller, "09-30", {A: (500, 431), C: (100, 90)})
    poll(poller, "10-01", {B: (620, 531)})
    (snapshot,) = read(poller.engine, latest)
    document = plugin_document([snapshot])
    assert document["msg"] == (
        "532 of 630 licenses assigned;"
        " license replaced: Webex Calling (Sub100) is continued by Webex Calling (Sub200);"
        " license replaced: Webex Calling (Sub300) is continued by Webex Calling (Sub200)"
    )
    assert (document["Consumed Units Change"], document["Total Units Change"]) == (10, 20)
    (row,) = [row for row in document["Licenses"] if row["name"] == "Webex Calling"]
    assert row["Change"] == 10
    poll(poller, "10-02", {B: (620, 533)})
    document = plugin_document(read(poller.engine, latest))
    assert document["msg"] == "534 of 630 licenses assigned"
    assert document["Consumed Units Change"] == 2


def test_a_proposal_is_shown_with_the_command_that_lists_it(poller):
    poll(poller, "09-30", {A: (500, 431)})
    poll(poller, "10-01", {calling("idB", "Sub200", site="new.webex.com"): (500, 441)})
    message = plugin_document(read(poller.engine, latest))["msg"]
    assert (
        "license replaced? Webex Calling (Sub200) may continue Webex Calling (Sub100): webexhist succession list"
        in (message)
    )
    assert "license gone: Webex Calling" in message


def test_a_contract_is_handed_on_with_its_start_moved_by_its_term(poller):
    poll(poller, "09-30", {A: (500, 431), replace(C, subscription_id="Sub100", code="EE"): (10, 9)})
    entered = Contract("Sub100", ContractKind.EA, date(2023, 10, 1), 36, name="Flex")
    enter(poller.engine, [entered])
    poll(poller, "10-01", {B: (500, 441), replace(D, subscription_id="Sub200", code="EE"): (10, 9)})
    heir = Contract("Sub200", ContractKind.EA, date(2026, 10, 1), 36, name="Flex", handed_from="Sub100")
    assert read(poller.engine, contracts) == (entered, heir)
    assert enter(poller.engine, [Contract("Sub200", term=12)]) == (
        Change("Sub200", "term", "36", "12"),
        Change("Sub200", "handed on by", "Sub100", None),
    )
    assert read(poller.engine, contracts)[1] == replace(heir, term=12, handed_from=None)


def test_a_contract_that_is_entered_after_the_renewal_is_handed_on_too_also_by_way_of_several(poller):
    third = replace(B, webex_id="idB3", subscription_id="Sub300")
    poll(poller, "09-30", {A: (500, 431)})
    poll(poller, "10-01", {B: (500, 441)})
    poll(poller, "11-01", {third: (500, 450)})
    enter(poller.engine, [Contract("Sub100", ContractKind.EA, date(2024, 10, 1), 12)])
    handed = {each.subscription: (each.handed_from, each.starts) for each in read(poller.engine, contracts)}
    assert handed == {
        "Sub100": (None, date(2024, 10, 1)),
        "Sub200": ("Sub100", date(2025, 10, 1)),
        "Sub300": ("Sub200", date(2026, 10, 1)),
    }
    enter(poller.engine, [Contract("Sub100", term=24)])
    assert {each.subscription: each.starts for each in read(poller.engine, contracts)}["Sub200"] == date(2026, 10, 1)
    enter(poller.engine, [Contract("Sub200", term=36), Contract("Sub100", term=12)])
    confirmed = {each.subscription: each for each in read(poller.engine, contracts)}["Sub200"]
    assert (confirmed.handed_from, confirmed.term) == (None, 36), "a person has confirmed it"
    assert find_damage(poller.engine) == ()


def test_what_a_seat_costs_is_handed_on_unless_the_heir_has_a_price(engine):
    poller = Poller(engine)
    poll(poller, "09-30", {A: (500, 431)})
    set_price(engine, "Sub100", Decimal("40.00"), "EUR")
    set_price(engine, "Sub100", Decimal("44.00"), "EUR", date(2026, 7, 1))
    poll(poller, "10-01", {B: (500, 441)})
    handed = [(price.number, price.subscription, price.amount, price.since) for price in read(engine, prices)]
    assert handed == [
        (1, "Sub100", Decimal("40.00"), None),
        (2, "Sub100", Decimal("44.00"), date(2026, 7, 1)),
        (3, "Sub200", Decimal("40.00"), None),
        (4, "Sub200", Decimal("44.00"), date(2026, 7, 1)),
    ]
    assert find_damage(engine) == ()


@pytest.mark.parametrize("left", [True, False])
def test_a_contract_stays_where_not_all_of_its_licenses_continue(poller, left):
    others = {
        replace(license_, subscription_id="Sub100", code="EE"): units for license_, units in {C: (10, 9)}.items()
    }
    poll(poller, "09-30", {A: (500, 431)} | others)
    enter(poller.engine, [Contract("Sub100", ContractKind.EA)])
    poll(poller, "10-01", {B: (500, 441)} | (others if left else {}))
    assert [contract.subscription for contract in read(poller.engine, contracts)] == ["Sub100"]


def test_what_a_person_said_of_a_license_holds_for_the_one_that_continues_it(poller):
    poll(poller, "09-30", {A: (500, 431)})
    enter(poller.engine, [], [CountedLicense(read(poller.engine, find_license, "idA"), False)])
    poll(poller, "10-01", {replace(B, counted=True): (500, 441)})
    assert seen(poller.engine) == {}
    poll(poller, "10-02", {replace(D, counted=False): (500, 441)})
    assert seen(poller.engine) == {("idA", "idD"): JOINED}


def test_what_a_subscription_lost_long_before_keeps_its_contract_from_nobody(poller):
    dropped = replace(C, subscription_id="Sub100", code="EE")
    poll(poller, "06-01", {A: (500, 431), dropped: (10, 9)})
    poll(poller, "07-01", {A: (500, 431)})
    poll(poller, "09-30", {A: (500, 431)})
    enter(poller.engine, [Contract("Sub100", ContractKind.EA)])
    poll(poller, "10-01", {B: (500, 441)})
    assert [contract.handed_from for contract in read(poller.engine, contracts)] == [None, "Sub100"]


def test_a_contract_is_handed_on_when_a_person_joins(engine):
    poller = Poller(engine)
    poll(poller, "09-30", {A: (500, 431)})
    enter(engine, [Contract("Sub100", ContractKind.EA)], [])
    poll(poller, "10-01", {B: (250, 200), D: (250, 231)})
    assert [contract.subscription for contract in read(engine, contracts)] == ["Sub100"]
    decide(engine, found(engine, "idA", "idB"), JOINED, NOON, "Kim")
    assert [contract.subscription for contract in read(engine, contracts)] == ["Sub100", "Sub200"]
    assert find_damage(engine) == ()


def found(engine, former, successor):
    every = read(engine, lambda history: stored_successions(history, stored_licenses(history)))
    (one,) = [
        each for each in every if (each.succession.former_id, each.succession.successor_id) == (former, successor)
    ]
    return one


def test_a_person_joins_one_of_several_and_undoes_it(engine, rows):
    poller = Poller(engine)
    poll(poller, "09-30", {A: (500, 431)})
    poll(poller, "10-01", {B: (250, 200), D: (250, 231)})
    decide(engine, found(engine, "idA", "idB"), JOINED, NOON, "Kim")
    assert seen(engine) == {("idA", "idB"): JOINED, ("idA", "idD"): REJECTED}
    assert lineages(engine, rows)["idB"] == "idA"
    one = found(engine, "idA", "idB").succession
    assert (one.decided_at, one.decided_by) == (NOON, "Kim")
    decide(engine, found(engine, "idA", "idB"), REJECTED, NOON, "Kim")
    assert lineages(engine, rows) == {"idA": "idA", "idB": "idB", "idD": "idD"}
    assert find_damage(engine) == ()


def test_a_person_links_what_nothing_proposed(engine, rows):
    poller = Poller(engine)
    poll(poller, "05-30", {A: (500, 431)})
    poll(poller, "06-01", {})
    poll(poller, "10-01", {B: (500, 441)})
    former, successor = (read(engine, find_license, name) for name in ("idA", "idB"))
    assert link(engine, former, successor, NOON, "Kim") == 1
    assert lineages(engine, rows) == {"idA": "idA", "idB": "idA"}
    assert found(engine, "idA", "idB").succession.seen_at == datetime(2026, 10, 1, 6, tzinfo=UTC)
    with pytest.raises(UsageError, match="have one history already"):
        link(engine, successor, former, NOON, "Kim")
    with pytest.raises(UsageError, match="Webex Calling is continued by another license"):
        link(engine, former, read(engine, find_license, OTHER.name), NOON, "Kim")


def test_dropping_the_snapshots_that_showed_a_succession_drops_it(engine, rows):
    poller = Poller(engine)
    poll(poller, "09-30", {A: (500, 431)})
    poll(poller, "10-01", {B: (500, 441)})
    trim(engine, datetime(2026, 9, 30, 12, tzinfo=UTC), None, None, NOON)
    assert seen(engine) == {}
    assert lineages(engine, rows) == {"idA": "idA"}
    assert find_damage(engine) == ()
    poll(poller, "10-02", {B: (500, 441)})
    assert seen(engine) == {("idA", "idB"): JOINED}


def test_a_site_is_the_same_in_small_and_in_capital_letters(poller):
    poll(poller, "09-30", {calling("idA", "Sub100", site="Acme.webex.com"): (500, 431)})
    poll(poller, "10-01", {calling("idB", "Sub200", site="acme.WEBEX.com"): (500, 441)})
    assert seen(poller.engine) == {("idA", "idB"): JOINED}
