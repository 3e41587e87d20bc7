"""`webexhist price`: what a unit of a license costs."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from webexhist.cli.app import ConfigOption, DatabaseOption, app
from webexhist.cli.output import JsonOption, print_json, print_line, print_table
from webexhist.cli.settings import load_settings
from webexhist.errors import UsageError

commands = typer.Typer(help="Set what one unit of a license costs a month.", no_args_is_help=True)
app.add_typer(commands, name="price")

LicenseArgument = Annotated[str, typer.Argument(metavar="LICENSE", help="Its name, name and site, or id.")]
MOST = Decimal(10**9)


@commands.command("set")
def set_(
    license_: LicenseArgument,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="Of one unit for one month, like 12.50.")],
    currency: Annotated[str, typer.Option(help="ISO 4217 code.")] = "USD",
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Set what one unit of a license costs a month, in place of the price before."""
    from webexhist.store.entered.prices import set_price
    from webexhist.store.names.licenses import find_license
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading

    price, code = parsed_amount(amount), parsed_currency(currency)
    engine = open_existing(load_settings({"database": database}, config).database)
    with reading(engine) as history:
        found = find_license(history, license_)
    set_price(engine, found, price, code)
    print_line(f"{found.label}: {price:,.2f} {code} a unit and month.")


@commands.command("list")
def list_(as_json: JsonOption = False, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """List the prices, each of one unit for one month."""
    from webexhist.store.entered.prices import prices
    from webexhist.store.names.licenses import stored_licenses
    from webexhist.store.opening.history import open_history

    with open_history(load_settings({"database": database}, config).database) as history:
        known = {license_.webex_id: license_ for license_ in stored_licenses(history)}
        rows = [
            {
                "license": known[price.license_id].name,
                "site": known[price.license_id].site_url,
                "subscription": known[price.license_id].subscription_id,
                "amount": price.amount,
                "currency": price.currency,
                "organization": known[price.license_id].organization,
                "license_id": price.license_id,
            }
            for price in prices(history)
        ]
    if as_json:
        print_json(rows)
    else:
        several = len({row["organization"] for row in rows}) > 1
        columns = ["license", "site", "subscription", "amount", "currency", *(["organization"] if several else [])]
        print_table([{name: row[name] for name in columns} for row in rows], "No price is set: webexhist price set.")


@commands.command()
def remove(license_: LicenseArgument, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Forget the price of a license."""
    from webexhist.store.entered.prices import remove_price
    from webexhist.store.names.licenses import find_license
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading

    engine = open_existing(load_settings({"database": database}, config).database)
    with reading(engine) as history:
        found = find_license(history, license_)
    remove_price(engine, found)
    print_line(f"{found.label} has no price any more.")


def parsed_amount(text: str) -> Decimal:
    """An amount of money. Raises UsageError for anything else."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < MOST or amount != round(amount, 2):
        raise UsageError(f"{text!r} is not an amount of money", "write it with a period, like 12.50")
    return round(amount, 2)


def parsed_currency(text: str) -> str:
    """The code of a currency, in capitals. Raises UsageError for anything that cannot be one."""
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise UsageError(f"{text!r} is not a currency", "write its ISO 4217 code, like USD")
    return text.upper()
