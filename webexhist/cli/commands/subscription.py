"""`webexhist subscription`: what a contract says and Webex does not."""

from datetime import datetime
from typing import Annotated

import typer

from webexhist.cli.app import ConfigOption, DatabaseOption, app
from webexhist.cli.output import JsonOption, print_json, print_line, print_table
from webexhist.cli.settings import load_settings

commands = typer.Typer(help="Enter the anniversary and growth allowance of a subscription.", no_args_is_help=True)
app.add_typer(commands, name="subscription")

SubscriptionArgument = Annotated[str, typer.Argument(metavar="SUBSCRIPTION", help="Its id, like Sub1000001.")]


@commands.command("set")
def set_(
    subscription: SubscriptionArgument,
    anniversary: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="A first day of a subscription year.")
    ],
    allowance: Annotated[
        int | None,
        typer.Option(
            min=0, max=1000, help="Growth allowance in percent, as the contract has it [20, Webex Suite 15]."
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="What you call it.")] = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Enter when a subscription renews, in place of what was entered before."""
    from webexhist.store.entered.contracts import set_contract
    from webexhist.store.opening.database import open_existing

    engine = open_existing(load_settings({"database": database}, config).database)
    set_contract(engine, subscription, anniversary.date(), allowance, name)
    print_line(f"{subscription} renews on {anniversary:%d %B} of every year.")


@commands.command("list")
def list_(as_json: JsonOption = False, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """List the contracts that were entered."""
    from webexhist.store.entered.contracts import contracts
    from webexhist.store.opening.history import open_history

    with open_history(load_settings({"database": database}, config).database) as history:
        rows = [
            {
                "subscription": contract.webex_id,
                "name": contract.name,
                "anniversary": contract.anniversary,
                "allowance": contract.allowance,
                "organization": contract.organization,
            }
            for contract in contracts(history)
        ]
    if as_json:
        print_json(rows)
    else:
        print_table(rows, "No contract was entered: webexhist subscription set.")


@commands.command()
def remove(subscription: SubscriptionArgument, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Forget the contract of a subscription."""
    from webexhist.store.entered.contracts import remove_contract
    from webexhist.store.opening.database import open_existing

    remove_contract(open_existing(load_settings({"database": database}, config).database), subscription)
    print_line(f"{subscription} is forgotten.")
