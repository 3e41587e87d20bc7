"""`webexhist contract list`."""

from typing import TYPE_CHECKING

from webexhist.cli.app import ConfigOption, DatabaseOption
from webexhist.cli.changed_rows import warn_of_changed_tables
from webexhist.cli.commands.contract.group import commands
from webexhist.cli.output import JsonOption, print_json, print_table
from webexhist.cli.settings import load_settings
from webexhist.quantities import quantity

if TYPE_CHECKING:
    from webexhist.export.contract_rows import ContractRow


@commands.command("list")
def list_(as_json: JsonOption = False, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """List what was entered for subscriptions and licenses; prices, orders and settlements with their numbers.

    Example: webexhist contract list
    """
    rows = rows_entered(load_settings({"database": database}, config).database)
    if as_json:
        print_json(rows)
        return
    entries = [row for row in rows if row["entry"]]
    counted = [row for row in rows if row["counted"]]
    contracts = [row for row in rows if not row["entry"] and not row["counted"]]
    if contracts or not rows:
        print_table([contract_line(row) for row in contracts], "No contract was entered: webexhist contract set.")
    if counted:
        of_license = ("license", "organization", "license_id", "counted")
        print_table([{column: row[column] for column in of_license} for row in counted], "")
    if entries:
        several = len({row["organization"] for row in entries} - {None}) > 1
        print_table([entry_line(row, several=several) for row in entries], "")


def contract_line(row: "ContractRow") -> "ContractRow":
    """What a person reads of a contract; it fits 80 columns."""
    term = f"{row['term']} months" if row["term"] else None
    further = {
        "renews": row["renews"],
        "notice": row["notice"] is not None and f"{row['notice']} days",
        "allowance": row["allowance"] is not None and f"{row['allowance']}%",
        "minimum": row["minimum"],
        "judged on": row["judged_on"],
        "billed above": row["billed_above"],
        "apart": row["apart"],
        "handed on by": row["handed_from"],
    }
    return {
        "subscription": row["subscription"],
        "name": row["name"],
        "kind": row["kind"],
        "starts": row["starts"],
        "term": term,
        "further": ", ".join(f"{name} {value}" for name, value in further.items() if value) or None,
    }


def entry_line(row: "ContractRow", *, several: bool) -> "ContractRow":
    """What a person reads of a price, an order or a settlement; of `several` organizations with theirs."""
    of = row["subscription"] or row["license"]
    is_named = row["organization"] and (several or row["subscription"])
    return {
        "number": row["number"],
        "of": f"{of} · {row['organization']}" if is_named else of,
        "what": what_of(row),
        "day": row["day"],
        "entered": str(row["entered_at"])[:10],
        "by": row["entered_by"],
    }


def what_of(row: "ContractRow") -> str:
    """ "price 12.50 EUR", "order 60 units", "settlement 4 units, 480.00 EUR"."""
    units = quantity(int(row["units"]), "unit") if row["units"] else None
    money = f"{row['amount']} {row['currency']}" if row["amount"] else None
    return f"{row['entry']} {', '.join(filter(None, (units, money)))}"


def rows_entered(location: str) -> "list[ContractRow]":
    """A row for each thing that was entered for contracts; warns where tables of them were changed."""
    from webexhist.export.contract_rows import EverythingEntered, rows_of
    from webexhist.store.entered.contracts import contracts, licenses_counted_by_person
    from webexhist.store.entered.orders import orders
    from webexhist.store.entered.prices import prices
    from webexhist.store.entered.settlements import settlements
    from webexhist.store.names.licenses import stored_licenses
    from webexhist.store.names.organizations import organization_ids
    from webexhist.store.opening.history import open_history
    from webexhist.store.organization_labels import labels_by_id

    with open_history(location) as history:
        licenses, ids = stored_licenses(history), organization_ids(history)
        entered = EverythingEntered(
            contracts=contracts(history),
            counted=licenses_counted_by_person(history, licenses),
            prices=prices(history),
            orders=orders(history),
            settlements=settlements(history),
            licenses={(ids[each.organization_id], each.webex_id): each for each in licenses},
            organizations=labels_by_id(history.connection),
        )
        rows = list(rows_of(entered))
        warn_of_changed_tables(history)
        return rows
