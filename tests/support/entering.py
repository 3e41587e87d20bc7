"""What people enter, by a hand that always signs alike."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import Engine

from webexhist.store.entered.changes import Change, Signature
from webexhist.store.entered.contracts import CountedLicense
from webexhist.store.entered.entering import Entry
from webexhist.store.entered.entering import enter as enter_signed
from webexhist.store.entered.prices import GivenPrice
from webexhist.store.names.licenses import StoredLicense

ANNA = Signature(datetime(2025, 5, 1, 12, tzinfo=UTC), "Anna")


def enter(engine: Engine, entries: Sequence[Entry], counted: Sequence[CountedLicense] = ()) -> tuple[Change, ...]:
    return enter_signed(engine, [*entries, *counted], ANNA)


def set_price(
    engine: Engine, of: StoredLicense | str, amount: Decimal, currency: str, since: date | None = None
) -> None:
    """A price with two decimals."""
    enter(engine, [GivenPrice(of, Decimal(amount).quantize(Decimal("0.01")), currency, since)])
