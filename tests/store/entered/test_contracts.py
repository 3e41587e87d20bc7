"""Subscriptions, prices and notes, on both kinds of database."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from histories import Poller, license_of
from reading import read

from webexhist.errors import UsageError
from webexhist.metrics import Metric
from webexhist.months import Month
from webexhist.review.bridge import Movement
from webexhist.review.trends import trend_of
from webexhist.reviewing import review_month
from webexhist.snapshot import Organization
from webexhist.store.entered.contracts import Contract, contracts, remove_contract, set_contract
from webexhist.store.entered.notes import Note, add_note, add_step, notes, remove_note
from webexhist.store.entered.prices import Price, prices, remove_price, set_price
from webexhist.store.names.licenses import find_license
from webexhist.store.opening.history import reading
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


def test_a_subscription_is_told_of_in_every_organization_that_has_it(polled):
    set_contract(polled, "Sub2", date(2027, 3, 15), allowance=15, name="Flex, Europe")
    assert read(polled, contracts) == (
        Contract("Sub2", "acme", "Flex, Europe", date(2027, 3, 15), 15),
        Contract("Sub2", "other", "Flex, Europe", date(2027, 3, 15), 15),
    )


def test_what_is_told_again_replaces_what_was_read(polled, find):
    for anniversary, allowance in ((date(2027, 3, 15), 15), (date(2027, 4, 1), None)):
        set_contract(polled, "Sub100001", anniversary, allowance)
    assert read(polled, contracts) == (Contract("Sub100001", "acme", None, date(2027, 4, 1), None),)
    for amount, currency in ((Decimal("12.50"), "USD"), (Decimal("0.07"), "EUR")):
        set_price(polled, find(CALLING.name), amount, currency)
    assert read(polled, prices) == (Price(CALLING.webex_id, Decimal("0.07"), "EUR"),)


def test_notes_come_back_by_day_and_go_by_number(polled, find):
    last = add_note(polled, date(2026, 10, 9), "later; it's \N{ROCKET}")
    first = add_step(polled, date(2026, 10, 2), "earlier", find(CALLING.name))
    assert read(polled, notes) == (
        Note(first, date(2026, 10, 2), "earlier", CALLING.webex_id, step=True, organization="acme"),
        Note(last, date(2026, 10, 9), "later; it's \N{ROCKET}", None, step=False, organization=None),
    )
    remove_note(polled, first)
    assert [note.id for note in read(polled, notes)] == [last]


def test_removing_forgets_and_what_is_not_there_cannot_be_removed(polled, find):
    set_contract(polled, "Sub2", date(2027, 3, 15))
    set_price(polled, find(CALLING.name), Decimal(1), "USD")
    remove_contract(polled, "Sub2")
    remove_price(polled, find(CALLING.name))
    assert (read(polled, contracts), read(polled, prices)) == ((), ())
    with pytest.raises(UsageError, match="there is no subscription Sub2"):
        remove_contract(polled, "Sub2")
    with pytest.raises(UsageError, match=r"Webex Calling - Professional has no price: see webexhist price list"):
        remove_price(polled, find(CALLING.name))
    with pytest.raises(UsageError, match="there is no note 7"):
        remove_note(polled, 7)


def test_a_subscription_that_no_license_belongs_to_is_refused_with_those_that_there_are(polled):
    with pytest.raises(UsageError, match="there is no subscription Sub7: choose one of Sub100001, Sub2"):
        set_contract(polled, "Sub7", date(2027, 3, 15))
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


def test_candidates_of_one_name_and_site_are_told_apart_by_their_ids(polled, find):
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
        " JOIN license ON license.id = price.license_id"
        " JOIN latest_licenses ON latest_licenses.license_id = license.webex_id"
    )
    assert rows(polled, cost) == [("Webex Calling - Professional", 850, "USD")]


def test_the_review_reads_remarks_and_movements_alike_on_both(polled):
    set_contract(polled, "Sub100001", date(2027, 3, 15))
    Poller(polled, ACME).poll("2026-11-02 06:00", {SITE: (260, 190), EUROPE: (100, 66)}, {Metric.PEOPLE: 7})
    now = datetime(2026, 11, 10, tzinfo=UTC)
    (acme,) = read(polled, review_month, Month(2026, 11), 13, now).organizations
    moved = {line.license: (line.purchased, line.assigned) for line in acme.bridge.lines}
    assert moved == {
        SITE: (Movement(250, 10, 0, 260), Movement(200, 0, 10, 190)),
        EUROPE: (Movement(100, 0, 0, 100), Movement(60, 6, 0, 66)),
        CALLING: (Movement(50, 0, 50, 0), Movement(20, 0, 20, 0)),
    }
    assert acme.licenses[0].judgment.true_forward.measured_on == date(2027, 2, 14)


def trends(engine, name):
    return [trend_of(rows, date(2026, 11, 10)) for rows in read(engine, trend_rows, name, 13, 26)]


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
