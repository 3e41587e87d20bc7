"""`webexhist contract price`, `order` and `settle`: what is listed with a number, and removed by it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.cli.app import LARGEST_NUMBER, ConfigOption, DatabaseOption
from webexhist.cli.authors import ByOption
from webexhist.cli.commands.contract.group import commands, enter_and_print, license_or_subscription
from webexhist.cli.settings import load_settings
from webexhist.errors import UsageError
from webexhist.money import parsed_amount, parsed_currency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webexhist.store.entered.entering import Entry
    from webexhist.store.opening.history import History

FIRST_CURRENCY = "USD"
"""Of a price for which none is given, where none was entered before."""
CurrencyOption = Annotated[
    str | None, typer.Option("--currency", metavar="CODE", help="ISO 4217, like EUR (else as before, or USD).")
]


@commands.command()
def price(
    of: Annotated[str, typer.Argument(metavar="LICENSE|SUB", help="A license, or a subscription for its seats.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="Of one unit for one month, like 12.50.")],
    currency: CurrencyOption = None,
    from_: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The first day on which it holds."),
    ] = None,
    by: ByOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Enter what one unit of a license costs a month, or one seat of all that a subscription holds.

    The first price holds from the beginning; a later one from a day that is given.

    Example: webexhist contract price "Webex Calling - Professional" 17.00 --currency EUR --from 2026-07-01
    """
    from webexhist.store.entered.prices import GivenPrice, last_currency

    given = None if currency is None else parsed_currency(currency)

    def entries_of(history: "History") -> "Sequence[Entry]":
        found = license_or_subscription(history, of)
        code = given or last_currency(history, found) or FIRST_CURRENCY
        return [GivenPrice(found, parsed_amount(amount, code), code, from_.date() if from_ else None)]

    enter_and_print(entries_of, by, load_settings({"database": database}, config), config)


@commands.command()
def order(
    license_: Annotated[str, typer.Argument(metavar="LICENSE", help="Its name, name and site, or id.")],
    units: Annotated[int, typer.Argument(metavar="UNITS", min=1, max=LARGEST_NUMBER, help="So many more.")],
    from_: Annotated[
        datetime,
        typer.Option("--from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The first day on which they count."),
    ],
    by: ByOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Enter units that are ordered beside those that Webex lists, a ramp too: True Forward does not bill them.

    Example: webexhist contract order "Webex Calling - Professional" 60 --from 2026-10-01
    """
    from webexhist.store.entered.orders import GivenOrder
    from webexhist.store.names.licenses import find_license

    def entries_of(history: "History") -> "Sequence[Entry]":
        return [GivenOrder(find_license(history, license_), units, from_.date())]

    enter_and_print(entries_of, by, load_settings({"database": database}, config), config)


@commands.command()
def settle(
    subscription: Annotated[str, typer.Argument(metavar="SUBSCRIPTION", help="Its id, like Sub1000001.")],
    on: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The day on which that was done.")
    ],
    units: Annotated[int, typer.Option(min=1, max=LARGEST_NUMBER, metavar="N", help="For so many units.")],
    amount: Annotated[str | None, typer.Option(metavar="AMOUNT", help="What was invoiced for them.")] = None,
    currency: Annotated[
        str | None, typer.Option("--currency", metavar="CODE", help="Of the amount (else that of the prices).")
    ] = None,
    org: Annotated[
        str | None, typer.Option(help="Of this one alone of those that have it (else of each).", show_default=False)
    ] = None,
    by: ByOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Enter that the last True Forward before a day is settled for so many units; the rest stays to be decided.

    Example: webexhist contract settle Sub1000001 --on 2026-11-10 --units 4 --amount 480.00
    """
    from webexhist.store.entered.settlements import Settlement
    from webexhist.store.names.organizations import organization_called

    if amount is None and currency is not None:
        raise UsageError("there is no amount in that currency", "add --amount, like 480.00, or leave --currency out")
    given = None if currency is None else parsed_currency(currency)

    def entries_of(history: "History") -> "Sequence[Entry]":
        organization = None if org is None else organization_called(history, org)
        if amount is None:
            return [Settlement(subscription, on.date(), units, organization=organization)]
        code = given or currency_of(history, subscription)
        return [Settlement(subscription, on.date(), units, parsed_amount(amount, code), code, organization)]

    enter_and_print(entries_of, by, load_settings({"database": database}, config), config)


def currency_of(history: "History", subscription: str) -> str:
    """The one currency of the prices of a subscription. Raises UsageError where there is none, or are several."""
    from webexhist.store.entered.prices import last_currency
    from webexhist.store.entered.subscriptions import KnownSubscriptions
    from webexhist.store.names.licenses import stored_licenses

    known = KnownSubscriptions(history.connection).required(subscription)
    found = {last_currency(history, known)}
    found |= {last_currency(history, each) for each in stored_licenses(history) if each.subscription_id == known}
    found -= {None}
    if len(found) != 1:
        raise UsageError(f"nothing says in which currency {subscription} is paid", "add --currency, like EUR")
    return str(found.pop())
