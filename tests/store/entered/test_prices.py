"""Prices, orders and settlements, on both kinds of database."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from entering import enter, set_price
from histories import Poller, license_of
from reading import read

from webexhist.errors import UsageError
from webexhist.snapshot import License, Organization
from webexhist.store.entered.changes import Change
from webexhist.store.entered.numbered import remove_numbered
from webexhist.store.entered.orders import GivenOrder, Order, orders
from webexhist.store.entered.prices import GivenPrice, Price, last_currency, prices
from webexhist.store.entered.settlements import Settlement, settlements
from webexhist.store.mending.trim import trim
from webexhist.store.names.licenses import find_license
from webexhist.store.seals.damage import find_damage

OLD = License("idA", "Webex Calling", "BCSTD", "Sub1", None, None, counted=True)
NEW = License("idB", "Webex Calling", "BCSTD", "Sub2", None, None, counted=True)
SUITE = license_of("Webex Suite", subscription="Sub2")
ACME = Organization("acme", "Acme Example")
JULY, NOVEMBER = date(2026, 7, 1), date(2026, 11, 1)


@pytest.fixture
def polled(engine):
    """A license that another one continues from 1 October on."""
    Poller(engine, ACME).poll("2026-09-30 06:00", {OLD: (100, 90), SUITE: (10, 9)})
    return engine


def named(engine, wanted):
    return read(engine, find_license, wanted)


def renewed(engine):
    Poller(engine, ACME).poll("2026-10-01 06:00", {NEW: (100, 91), SUITE: (10, 9)})


def shown(rows, engine):
    return rows(engine, "SELECT license_id, price, currency FROM licenses ORDER BY license_id")


def test_a_price_follows_the_license_that_is_continued(polled, rows):
    set_price(polled, named(polled, "idA"), Decimal("10.00"), "EUR")
    renewed(polled)
    assert shown(rows, polled)[:2] == [("idA", 10.0, "EUR"), ("idB", 10.0, "EUR")]
    assert read(polled, last_currency, named(polled, "idB")) == "EUR"
    with pytest.raises(UsageError, match="Webex Calling has a price already: say from which day"):
        set_price(polled, named(polled, "idB"), Decimal("12.00"), "EUR")
    set_price(polled, named(polled, "idB"), Decimal("12.00"), "EUR", JULY)
    set_price(polled, named(polled, "idB"), Decimal("14.00"), "EUR", NOVEMBER)
    # November's holds when November is polled.
    assert shown(rows, polled)[:2] == [("idA", 12.0, "EUR"), ("idB", 12.0, "EUR")]
    Poller(polled, ACME).poll("2026-11-01 06:00", {NEW: (100, 91), SUITE: (10, 9)})
    assert shown(rows, polled)[1] == ("idB", 14.0, "EUR")
    # Entry again for a day it is changed there, whichever license of the chain is named.
    assert enter(polled, [GivenPrice(named(polled, "idB"), Decimal("13.00"), "EUR", JULY)]) == (
        Change("Webex Calling", "price from 2026-07-01", "12.00 EUR", "13.00 EUR"),
    )
    assert [price.number for price in read(polled, prices)] == [1, 2, 3]
    assert find_damage(polled) == ()


def test_what_was_entered_first_holds_from_the_beginning_in_sql_too(polled, rows):
    set_price(polled, named(polled, "idA"), Decimal("14.00"), "EUR", NOVEMBER)
    assert shown(rows, polled)[0] == ("idA", 14.0, "EUR")


@pytest.mark.parametrize(
    ("currency", "amount", "shown_as"),
    [("JPY", "1250", 1250.0), ("KWD", "1.250", 1.25), ("EUR", "12.50", 12.5), ("CLF", "0.0125", 0.0125)],
)
def test_amounts_come_back_exactly_and_sql_has_them_in_units_of_their_currency(
    polled, rows, currency, amount, shown_as
):
    enter(polled, [GivenPrice(named(polled, "idA"), Decimal(amount), currency)])
    (price,) = read(polled, prices)
    assert (str(price.amount), price.currency) == (amount, currency)
    assert shown(rows, polled)[0] == ("idA", shown_as, currency)


def test_a_seat_of_a_subscription_is_priced_by_itself(polled, rows):
    enter(polled, [GivenPrice("sub2", Decimal("40.00"), "EUR"), GivenPrice("Sub2", Decimal("42.00"), "EUR", JULY)])
    assert read(polled, prices) == (
        Price(None, None, "Sub2", Decimal("40.00"), "EUR"),
        Price(None, None, "Sub2", Decimal("42.00"), "EUR", JULY),
    )
    assert {price for _, price, _ in shown(rows, polled)} == {None}
    with pytest.raises(UsageError, match="there is no subscription Sub7"):
        enter(polled, [GivenPrice("Sub7", Decimal("40.00"), "EUR")])


def test_orders_and_settlements_come_back_by_day_and_go_by_number(polled):
    suite = named(polled, SUITE.webex_id)
    enter(polled, [GivenOrder(suite, 20, NOVEMBER), GivenOrder(suite, 10, JULY)])
    enter(polled, [Settlement("sub2", NOVEMBER, 4), Settlement("Sub1", JULY, 3, Decimal("36.00"), "EUR")])
    assert read(polled, orders) == (
        Order("acme", SUITE.webex_id, 10, JULY),
        Order("acme", SUITE.webex_id, 20, NOVEMBER),
    )
    assert read(polled, settlements) == (
        Settlement("Sub1", JULY, 3, Decimal("36.00"), "EUR"),
        Settlement("Sub2", NOVEMBER, 4),
    )
    assert [each.number for each in (*read(polled, orders), *read(polled, settlements))] == [2, 1, 4, 3]
    assert {each.signed.by for each in (*read(polled, orders), *read(polled, settlements))} == {"Anna"}
    for number in (1, 4):
        remove_numbered(polled, number)
    assert [each.number for each in (*read(polled, orders), *read(polled, settlements))] == [2, 3]
    with pytest.raises(UsageError, match="there is no price, order or settlement 4"):
        remove_numbered(polled, 4)
    assert find_damage(polled) == ()


def test_all_of_it_is_stored_or_nothing(polled):
    refused = [GivenOrder(named(polled, "idA"), 20, NOVEMBER), Settlement("Sub7", NOVEMBER, 4)]
    with pytest.raises(UsageError, match="there is no subscription Sub7"):
        enter(polled, refused)
    assert read(polled, orders) == ()


def test_a_license_with_an_order_is_kept_when_its_snapshots_are_dropped(polled):
    Poller(polled, ACME).poll("2026-10-01 06:00", {OLD: (100, 90), NEW: (1, 1), SUITE: (10, 9)})
    enter(polled, [GivenOrder(named(polled, "idB"), 20, NOVEMBER)])
    trim(polled, datetime(2026, 9, 30, 12, tzinfo=UTC), None, None, datetime(2026, 10, 2, tzinfo=UTC))
    assert [order.license_id for order in read(polled, orders)] == ["idB"]
    assert find_damage(polled) == ()
