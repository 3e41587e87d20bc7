"""Amounts of money: exact, and with the decimals of their currency."""

from decimal import Decimal, InvalidOperation

from webexhist.errors import UsageError

USUAL_DECIMALS = 2
_WITHOUT = ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV")
_CFA_AND_CFP = ("XAF", "XOF", "XPF")
_THREE = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
OTHER_DECIMALS = dict.fromkeys(_WITHOUT + _CFA_AND_CFP, 0) | dict.fromkeys(_THREE, 3) | {"CLF": 4, "UYW": 4}
"""Of the currencies whose minor unit is no hundredth (ISO 4217, table A.1)."""
MOST = Decimal(10**9)
"""No unit of any license costs as much a month."""


def decimals_of(currency: str) -> int:
    """How many decimals the amounts of a currency have."""
    return OTHER_DECIMALS.get(currency, USUAL_DECIMALS)


def of_minor_units(units: int, currency: str) -> Decimal:
    """The amount of so many of a currency's minor units; sums and whole multiples of it keep its decimals."""
    return Decimal(units).scaleb(-decimals_of(currency))


def minor_units(amount: Decimal, currency: str) -> int:
    """The amount in a currency's minor units."""
    return int(amount.scaleb(decimals_of(currency)))


def parsed_currency(text: str) -> str:
    """The code of a currency, in capitals. Raises UsageError for anything that cannot be one."""
    if len(text) != 3 or not text.isascii() or not text.isalpha():
        raise UsageError(f"{text!r} is not a currency", "write its ISO 4217 code, like USD")
    return text.upper()


def parsed_amount(text: str, currency: str) -> Decimal:
    """An amount of money with the decimals of its currency. Raises UsageError for anything else."""
    decimals = decimals_of(currency)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    example = f"{Decimal(1250).scaleb(-decimals)}"
    if not amount.is_finite() or not 0 <= amount < MOST:
        raise UsageError(f"{text!r} is not an amount of money", f"write it with a period, like {example}")
    if amount != round(amount, decimals):
        counted = {0: "no decimals", 1: "1 decimal"}.get(decimals, f"{decimals} decimals")
        raise UsageError(f"{text!r} is no amount of {currency}", f"that has {counted}: write it like {example}")
    return Decimal(minor_units(amount, currency)).scaleb(-decimals)


def amount_in_words(amount: Decimal, currency: str) -> str:
    """ "1,250.00 EUR"."""
    return f"{amount:,} {currency}"
