"""Units, days and chances as they are said in a sentence."""

from datetime import date

from webexhist.quantities import quantity

HARDLY = 0.05
"""Chances below are said as what they are at most, and those as near to 1 as what they are at least."""


def units(count: int) -> str:
    """ "1 unit", "2,400 units"."""
    return quantity(count, "unit")


def spoken(day: date) -> str:
    """ "20 February 2027"."""
    return f"{spoken_day(day)} {day.year}"


def spoken_day(day: date) -> str:
    """ "20 February"."""
    return f"{day.day} {day:%B}"


def spoken_range(earliest: date, latest: date | None) -> str:
    """Two days of a range, the year once where it is the same; None is never, or very late."""
    if latest is None:
        return f"{spoken(earliest)} or later"
    if earliest == latest:
        return spoken(latest)
    first = spoken(earliest) if earliest.year != latest.year else spoken_day(earliest)
    return f"{first} to {spoken(latest)}"


def odds(chance: float) -> str:
    """ "7 in 10"; nobody can be surer than "more than 19 in 20"."""
    if chance < HARDLY:
        return "less than 1 in 20"
    if chance >= 1 - HARDLY:
        return "more than 19 in 20"
    return f"{min(9, max(1, round(10 * chance)))} in 10"
