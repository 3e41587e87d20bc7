"""By its number a person removes a price, an order or a settlement."""

from sqlalchemy import Engine, delete

from webexhist.errors import UsageError
from webexhist.store.schema import price, purchase_order, settlement
from webexhist.store.seals.writing import changing

NUMBERED = (price, purchase_order, settlement)


def remove_numbered(engine: Engine, number: int) -> None:
    """Forgets the price, order or settlement of a number. Raises UsageError where there is none."""
    with changing(engine, *NUMBERED) as connection:
        if not sum(connection.execute(delete(each).where(each.c.number == number)).rowcount for each in NUMBERED):
            raise UsageError(f"there is no price, order or settlement {number}", "see webexhist contract list")
