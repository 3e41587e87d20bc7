"""Contracts and notes, on both kinds of database."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from entering import enter, set_price
from histories import Poller, license_of
from reading import read
from sqlalchemy import text

from webexhist.contract_kinds import ContractKind
from webexhist.errors import UsageError
from webexhist.metrics import Metric
from webexhist.months import Month
from webexhist.not_judged import NotJudged
from webexhist.review.bridge import Movement
from webexhist.review.trends import trend_of
from webexhist.reviewing import review_month
from webexhist.snapshot import Organization
from webexhist.store.entered.changes import Change
from webexhist.store.entered.contracts import (
    Contract,
    CountedLicense,
    contracts,
    entered_again,
    licenses_counted_by_person,
    remove_contract,
    remove_counted,
)
from webexhist.store.entered.notes import Note, add_note, add_step, notes, remove_note
from webexhist.store.names.licenses import find_license
from webexhist.store.opening.history import reading
from webexhist.store.rows.latest import latest
from webexhist.store.rows.trends import trend_rows

ACME, OTHER = Organization("acme", "Acme Example"), Organization("other", "Other Example")
SITE = license_of("Webex Meetings Suite", site="acme.webex.example")
EUROPE = license_of("Webex Meetings Suite", site="europe.webex.example", subscription="Sub2")
CALLING = license_of("Webex Calling - Professional")
LICENSES = {SITE: (250, 200), EUROPE: (100, 60), CALLING: (50, 20)}


@pytest.fixture
def polled(engine):
    """Two organizations with licenses of the same names."""
    Poller(engine, ACME).poll("2026-10-01 06:00", LICENSES)
    Poller(engine, OTHER).poll("2026-10-01 06:00", {license_of("Other Suite", subscription="Sub2"): (5, 5)})
    return engine


@pytest.fixture
def find(polled):
    def find(wanted):
        with reading(polled) as history:
            return find_license(history, wanted)

    return find


def test_what_is_not_entered_again_stays_and_what_changes_is_given_back(polled):
    assert enter(polled, [Contract("sub2", ContractKind.EA, date(2026, 3, 15), name="Flex, Europe")]) == (
        Change("Sub2", "kind", None, "ea"),
        Change("Sub2", "starts", None, "2026-03-15"),
        Change("Sub2", "name", None, "Flex, Europe"),
    )
    assert enter(polled, [Contract("Sub2", term=36, allowance=15, name="Flex", apart=True)]) == (
        Change("Sub2", "term", None, "36"),
        Change("Sub2", "allowance", None, "15"),
        Change("Sub2", "name", "Flex, Europe", "Flex"),
        Change("Sub2", "apart", None, "yes"),
    )
    whole = Contract("Sub2", ContractKind.EA, date(2026, 3, 15), 36, 15, "Flex", apart=True)
    assert enter(polled, [whole, Contract("Sub2", apart=False)]) == (Change("Sub2", "apart", "yes", "no"),)
    assert read(polled, contracts) == (replace(whole, apart=False),)


def test_of_several_contracts_all_are_stored_or_none(polled):
    with pytest.raises(UsageError, match="there is no subscription Sub7"):
        enter(polled, [Contract("Sub2", term=36), Contract("Sub7", term=36)])
    assert read(polled, contracts) == ()


def test_a_contract_holds_wherever_its_subscription_is_also_where_it_appears_later(polled):
    enter(polled, [Contract("Sub2", ContractKind.EA, date(2026, 3, 15), name="Flex, Europe")])
    shared = license_of("Webex Calling", subscription="Sub2")
    Poller(polled, Organization("third", "Third Example")).poll("2026-10-20 06:00", {shared: (10, 11)})
    reviews = read(polled, review_month, Month(2026, 10), 13, datetime(2026, 11, 10, tzinfo=UTC)).organizations
    named = {
        review.name: (product.judgment.contracts[0].name, product.closing.last, product.judgment.allowance.units)
        for review in reviews
        for product in review.judged
        if "Sub2" in product.subscriptions
    }
    assert named == {
        "Acme Example": ("Flex, Europe", 60, 120),
        "Other Example": ("Flex, Europe", 5, 6),
        "Third Example": ("Flex, Europe", 11, 12),
    }


def test_a_person_overrules_what_is_counted_until_that_is_forgotten(polled, find, rows):
    fields = "SELECT license_id, utilization FROM latest_licenses WHERE license_id IN (:calling, :free)"
    free = license_of("Basic Calling", subscription=None, counted=False)
    Poller(polled, ACME).poll("2026-10-02 06:00", LICENSES | {free: (50, 5)})

    def utilizations():
        with polled.connect() as connection:
            values = {"calling": CALLING.webex_id, "free": free.webex_id}
            return dict(connection.execute(text(fields), values).all())

    def judged(day):
        now = datetime(2026, 10, day, tzinfo=UTC)
        (acme, _) = read(polled, review_month, Month(2026, 10), 13, now).organizations
        return {review.license.name: review.not_judged for review in acme.licenses}

    assert utilizations() == {CALLING.webex_id: 40.0, free.webex_id: None}
    calling, basic = find(CALLING.name), find(free.name)
    assert enter(polled, [], [CountedLicense(calling, False), CountedLicense(basic, True)]) == (
        Change(calling.label, "counted", None, "no"),
        Change(basic.label, "counted", None, "yes"),
    )
    Poller(polled, ACME).poll("2026-10-03 06:00", LICENSES | {free: (50, 5)})
    assert utilizations() == {CALLING.webex_id: None, free.webex_id: 10.0}
    assert judged(4)[CALLING.name] is NotJudged.BY_PERSON
    assert judged(4)[free.name] is None
    counted = {change.usage.license.name: change.usage.license.counted for change in read(polled, latest)[0].licenses}
    assert (counted[CALLING.name], counted[free.name]) == (False, True)
    by_person = read(polled, lambda opened: licenses_counted_by_person(opened, [calling, basic]))
    assert [each.license.name for each in by_person] == [
        CALLING.name,
        free.name,
    ]
    assert remove_counted(polled, calling) == (Change(calling.label, "counted", "no", None),)
    assert remove_counted(polled, calling) == ()
    assert judged(4)[CALLING.name] is None


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (ContractKind.ACTIVE_USER, NotJudged.ACTIVE_USERS),
        (ContractKind.CC_CONCURRENT, NotJudged.CONCURRENT),
        (ContractKind.CC_NAMED, None),
    ],
)
def test_what_is_bought_otherwise_than_by_the_seat_is_not_judged(polled, kind, reason):
    enter(polled, [Contract("Sub2", kind)])
    now = datetime(2026, 10, 2, tzinfo=UTC)
    (acme, _) = read(polled, review_month, Month(2026, 10), 13, now).organizations
    (europe,) = [review for review in acme.licenses if review.license == EUROPE]
    assert europe.not_judged is reason


def test_notes_come_back_by_day_and_go_by_number(polled, find):
    last = add_note(polled, date(2026, 10, 9), "later; it's \N{ROCKET}")
    first = add_step(polled, date(2026, 10, 2), "earlier", find(CALLING.name))
    assert read(polled, notes) == (
        Note(first, date(2026, 10, 2), "earlier", CALLING.webex_id, step=True, organization="acme"),
        Note(last, date(2026, 10, 9), "later; it's \N{ROCKET}", None, step=False, organization=None),
    )
    remove_note(polled, first)
    assert [note.id for note in read(polled, notes)] == [last]


def test_removing_forgets_and_what_is_not_there_cannot_be_removed(polled):
    enter(polled, [Contract("Sub2", term=36)])
    assert remove_contract(polled, "SUB2")
    assert read(polled, contracts) == ()
    assert not remove_contract(polled, "Sub2")
    with pytest.raises(UsageError, match="there is no note 7"):
        remove_note(polled, 7)


def test_a_subscription_that_no_license_belongs_to_is_refused_with_those_that_there_are(polled):
    known = "there is no subscription Seven: choose one of Sub100001, Sub2"
    with pytest.raises(UsageError, match=known):
        enter(polled, [Contract("Seven", term=36)])
    assert read(polled, contracts) == ()


@pytest.mark.parametrize(
    "wanted",
    [
        EUROPE.webex_id,
        "Webex Meetings Suite · europe.webex.example",
        "Webex Meetings Suite europe.webex.example",
        "  webex meetings SUITE   Europe.webex.example ",
    ],
)
def test_a_license_answers_to_its_id_and_to_name_and_site(find, wanted):
    assert find(wanted).webex_id == EUROPE.webex_id


def test_a_license_answers_to_a_name_that_no_other_bears(find):
    assert find("webex calling - professional").webex_id == CALLING.webex_id


def test_an_ambiguous_name_lists_the_candidates(find):
    with pytest.raises(UsageError) as refused:
        find("Webex Meetings Suite")
    assert str(refused.value) == (
        "'Webex Meetings Suite' may be Webex Meetings Suite · acme.webex.example or"
        " Webex Meetings Suite · europe.webex.example: add its site, subscription or organization, or give its id"
    )


def test_candidates_of_one_name_and_site_are_named_with_their_ids(polled, find):
    twin = license_of("Webex Calling - Professional", subscription="Sub3")
    Poller(polled, ACME).poll("2026-10-02 06:00", LICENSES | {twin: (5, 1)})
    with pytest.raises(UsageError) as refused:
        find("Webex Calling - Professional")
    for license_ in (CALLING, twin):
        candidate = f"(Acme Example, {license_.subscription_id}, id {license_.webex_id})"
        assert f"Webex Calling - Professional {candidate}" in str(refused.value)
        assert find(license_.webex_id).webex_id == license_.webex_id


def test_an_unknown_name_says_where_names_stand(find):
    with pytest.raises(UsageError, match=r"there is no license 'Webex Fax': .*webexhist history lists all names"):
        find("Webex Fax")


def test_sql_can_join_what_was_read(polled, find, rows):
    set_price(polled, find(CALLING.name), Decimal("17.00"), "USD")
    cost = (
        "SELECT latest_licenses.license, purchased * amount / 100 AS a_month, currency FROM price"
        " JOIN license ON license.id = price.license_id AND license.organization_id = price.organization_id"
        " JOIN latest_licenses ON latest_licenses.license_id = license.webex_id"
    )
    assert rows(polled, cost) == [("Webex Calling - Professional", 850, "USD")]


def test_the_review_reads_notes_and_movements_alike_on_both(polled):
    enter(polled, [Contract("Sub100001", ContractKind.EA, starts=date(2027, 3, 15))])
    Poller(polled, ACME).poll("2026-11-02 06:00", {SITE: (260, 190), EUROPE: (100, 66)}, {Metric.PEOPLE: 7})
    now = datetime(2026, 11, 10, tzinfo=UTC)
    (acme,) = read(polled, review_month, Month(2026, 11), 13, now).organizations
    moved = {line.license: (line.purchased, line.assigned) for line in acme.bridge.lines}
    assert moved == {
        SITE: (Movement(250, 10, 0, 260), Movement(200, 0, 10, 190)),
        EUROPE: (Movement(100, 0, 0, 100), Movement(60, 6, 0, 66)),
        CALLING: (Movement(50, 0, 50, 0), Movement(20, 0, 20, 0)),
    }
    measured = {of.judgment.true_forward.measured_on for of in acme.judged if of.judgment.true_forward}
    assert measured == {date(2027, 2, 14)}


def trends(engine, name):
    return [trend_of(rows, datetime(2026, 11, 10, tzinfo=UTC)) for rows in read(engine, trend_rows, name, 13, 26)]


def test_trends_are_alike_on_both(polled):
    acme = Poller(polled, ACME)
    acme.poll("2026-11-02 06:00", LICENSES, {Metric.PEOPLE: 7}, messages=5)
    acme.poll(
        "2026-11-04 06:00", LICENSES, {Metric.PEOPLE: 9}, messages=8, since=datetime(2026, 11, 2, 6, tzinfo=UTC)
    )
    (people,) = trends(polled, "people")
    assert [(str(month.month), month.last, month.lowest) for month in people.months] == [("2026-11", 9, 7)]
    assert people.days == (7, None, 9)
    (messages,) = trends(polled, "messages_created")
    assert [(month.last, month.lowest, month.highest, month.mean) for month in messages.months] == [(13, 5, 8, 6.5)]
    (calling,) = trends(polled, CALLING.name)
    assert (calling.name, calling.purchased) == (CALLING.name, (50, 50))
    assert [month.last for month in calling.months] == [20, 20]


def test_what_was_handed_on_becomes_a_persons_own_unless_a_spreadsheet_brings_it_back_as_it_was():
    handed = Contract("Sub2", kind=ContractKind.NAMED, term=12, handed_from="Sub1")
    assert entered_again(handed, Contract("Sub2", kind=ContractKind.NAMED, term=12, handed_from="Sub1")) == handed
    own = replace(handed, handed_from=None)
    assert entered_again(handed, Contract("Sub2", term=12)) == own
    assert entered_again(handed, Contract("Sub2", term=24, handed_from="Sub1")) == replace(own, term=24)
    assert entered_again(handed, Contract("Sub2", term=12, handed_from="Sub9")) == own
    assert entered_again(own, Contract("Sub2", term=12, handed_from="Sub1")) == own
