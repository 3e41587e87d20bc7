"""How figures, times and spans read on a page. English, UTC; a missing figure is a dash, never a zero."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from webexhist.months import Month, Period
from webexhist.quantities import quantity
from webexhist.review.judgment.usage import ProductReview
from webexhist.snapshot import License
from webexhist.units import UNLIMITED, is_unlimited

UNKNOWN = "–"
MINUS = "\N{MINUS SIGN}"
FULL_BAR = 130.0
"""The utilization at which a bar is full, in percent: overage and the usual growth allowances must be seen."""


def number(value: float | None) -> str:
    """1204 → 1,204; rounded to whole ones."""
    return UNKNOWN if value is None else without_minus_zero(f"{value:,.0f}")


def without_minus_zero(digits: str) -> str:
    """-12 → −12, and -0.0 → 0.0: nothing is no less than nothing"""
    return digits.replace("-", MINUS) if digits.strip("-0.,") else digits.lstrip("-")


def purchased_units(purchased: int | None) -> str:
    """250, or the word for a purchase without a limit"""
    return UNLIMITED if is_unlimited(purchased) else number(purchased)


def decimal(value: float | None) -> str:
    """1204.26 → 1,204.3"""
    return UNKNOWN if value is None else without_minus_zero(f"{value:,.1f}")


def signed(value: int | None) -> str:
    """A change with its sign; no change is 0."""
    return UNKNOWN if value is None else f"{value:+,}".replace("+0", "0").replace("-", MINUS)


def money(amount: Decimal) -> str:
    """1250.00 → 1,250.00, with the decimals of its currency"""
    return without_minus_zero(f"{amount:,}")


def signed_money(amount: Decimal) -> str:
    """A change of money with its sign; none is 0.00."""
    return money(amount) if amount <= 0 else f"+{money(amount)}"


def percent(value: float | None) -> str:
    """92.41 → 92.4%"""
    return UNKNOWN if value is None else f"{without_minus_zero(f'{value:.1f}')}%"


def share(value: float) -> str:
    """0.95 → 95%"""
    return f"{100 * value:.0f}%"


def share_down(value: float) -> str:
    """0.9999 → 99%: all is said of nothing less"""
    return f"{int(100 * value)}%"


@lru_cache(maxsize=4096)
def day_name(day: date) -> str:
    """3 Nov 2026"""
    return f"{day.day} {day:%b %Y}"


def month_name(month: Month) -> str:
    """November 2026"""
    return f"{month.first_day:%B %Y}"


def short_month(month: Month) -> str:
    """Nov 2026"""
    return f"{month.first_day:%b %Y}"


def month_alone(month: Month) -> str:
    """Nov, where the year is clear"""
    return f"{month.first_day:%b}"


def moment_name(when: datetime) -> str:
    """3 Nov 2026 14:05"""
    return f"{day_name(when)} {when:%H:%M}"


def duration(span: timedelta) -> str:
    """The units that matter: 20 s, 25 min, 3 h 10 min, 14 h, 2 days 4 h."""
    seconds = round(span.total_seconds())
    minutes = round(seconds / 60)
    if minutes == 0:
        return f"{seconds} s"
    if minutes < 10 * 60:
        return " ".join(part for part in (unit(minutes // 60, "h"), unit(minutes % 60, "min")) if part)
    hours = round(minutes / 60)
    days = quantity(hours // 24, "day") if hours >= 24 else ""
    return " ".join(part for part in (days, unit(hours % 24, "h")) if part)


def unit(count: int, name: str) -> str:
    """A number with its unit; "" for none."""
    return f"{count} {name}" if count else ""


def interval_name(span: timedelta) -> str:
    """What follows "every": day, hour, 25 min."""
    return {"1 day": "day", "1 h": "hour", "1 min": "minute"}.get(words := duration(span), words)


def period_name(period: Period) -> str:
    """Oct 2025 to Oct 2026, or the one month"""
    first, last = short_month(period.first), short_month(period.last)
    return first if first == last else f"{first} to {last}"


def place_name(license_: License) -> str:
    """Where a license belongs: what distinguishes licenses of one name."""
    return license_.place


def product_place(product: ProductReview) -> str:
    """Where a product belongs: the place of its license, or in how many subscriptions and sites it is."""
    if not product.is_of_several:
        return place_name(product.licenses[0].license)
    sites = {each.license.site_url for each in product.licenses} - {None}
    where = [*([quantity(len(sites), "site")] if sites else []), *product.subscriptions]
    return " · ".join(where) or "no subscription"


def capitalized(text: str) -> str:
    """messages in the owner's rooms → Messages in the owner's rooms"""
    return text[:1].upper() + text[1:]


def listed(texts: Sequence[str]) -> str:
    """people, devices and rooms"""
    return " and ".join(part for part in (", ".join(texts[:-1]), *texts[-1:]) if part)


def bar_percent(utilization: float | Decimal) -> float:
    """How much of a utilization bar is filled, in percent of its width."""
    return round(min(float(utilization) / FULL_BAR, 1) * 100, 2)
