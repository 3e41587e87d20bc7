"""What the license manager of the story enters by hand: contracts, prices and notes."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import Engine

from webexhist.contract_kinds import ContractKind
from webexhist.demo import story
from webexhist.months import months_later
from webexhist.store.entered.changes import Signature
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.entering import enter
from webexhist.store.entered.notes import add_note, add_step
from webexhist.store.entered.prices import GivenPrice
from webexhist.store.names.licenses import find_license
from webexhist.store.opening.history import reading

PRICES = {
    "Advanced Messaging Sub1000001": Decimal("4.00"),
    "Webex Meetings Suite acme.webex.com": Decimal("13.50"),
    "Webex Meetings Suite acme-emea.webex.com": Decimal("13.50"),
    "Webex Calling - Professional": Decimal("17.00"),
    "Webex Calling - Route List Calls": Decimal("3.00"),
    "Contact center Standard Agent": Decimal("75.00"),
    "Advanced Space Meetings": Decimal("6.50"),
    "Real-Time Translations": Decimal("5.00"),
}
"""Price of one unit a month. The price of a room kit is not known."""

MANAGER = "demo"
"""Who enters all of it."""
TERM = 36
"""Months of two contracts, which end soon. The one of the contact center has a year."""


def store_contracts(engine: Engine, now: datetime, first_poll: datetime) -> None:
    """Stores the contracts as they were after the first poll, in the thirteen months that end at `now`."""
    today = now.date()
    worldwide, europe = today + timedelta(days=130), today + timedelta(days=50)
    named = Contract(
        "Sub1000001", ContractKind.NAMED, months_later(worldwide, -TERM), TERM, name="Named users, worldwide"
    )
    agreement = Contract(
        "Sub1000002", ContractKind.EA, months_later(europe, -TERM), TERM, Decimal(15), name="Flex, Europe"
    )
    renewal = story.renewal(now)
    year = (
        ("Sub1000003", months_later(renewal.date(), -12)) if first_poll < renewal else ("Sub1000004", renewal.date())
    )
    agents = Contract(year[0], ContractKind.NAMED, year[1], 12, name="Contact center")
    enter(engine, [named, agreement, agents], Signature(first_poll, MANAGER))


def store_prices_and_notes(engine: Engine, now: datetime) -> None:
    """Stores the prices of what is listed now, and the notes of the thirteen months that end at `now`."""
    today = now.date()
    with reading(engine) as history:
        licenses = {name: find_license(history, name) for name in PRICES}
    prices = [GivenPrice(licenses[name], amount, "USD") for name, amount in PRICES.items()]
    enter(engine, prices, Signature(now, MANAGER))
    bought = today - timedelta(days=story.PURCHASE)
    add_note(engine, bought, "100 units bought", licenses["Advanced Messaging Sub1000001"])
    add_step(
        engine, bought, "50 units bought, the branch offices move to Webex", licenses["Webex Calling - Professional"]
    )
    reorganized = today - timedelta(days=story.REORGANIZED)
    add_step(engine, reorganized, "Reorganization done: seats of the closed offices are freed")
