"""One number for all figures of an organization, so that anybody can see that two prints are of the same ones."""

import json
import math
from array import array
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, NamedTuple

from webexhist.months import Month
from webexhist.review.reviews import MonthlyReview, OrganizationReview
from webexhist.store.values import MonthlyValue, OfADay

UNKNOWN = math.nan
"""What is not known, among numbers: it is equal to none of them."""


def checksum(review: MonthlyReview) -> str:
    """The number of a month: that of its only organization, or one over those of all."""
    return checksum_of_all([checksum_of(each) for each in review.organizations])


def checksum_of(review: OrganizationReview) -> str:
    """The SHA-256 of every figure, in hexadecimal; the same for the same figures, whenever they were worked out."""
    return sha256(json.dumps(review, default=Plain().plain, ensure_ascii=False).encode()).hexdigest()


def checksum_of_all(checksums: Sequence[str]) -> str:
    """One number over those of several organizations, in their order."""
    return checksums[0] if len(checksums) == 1 else sha256("\n".join(checksums).encode()).hexdigest()


class Figures(NamedTuple):
    """What makes values of a kind equal."""

    names: tuple[str, ...]
    series: tuple[str, ...]
    """Those of them that may be days or months."""


class Plain:
    """Gives figures as what JSON knows."""

    def __init__(self) -> None:
        self.digests: dict[int, str] = {}
        """Those of days and months: a license has its own in two places."""

    def plain(self, value: Any) -> object:
        """Values by the fields that make them equal, days and amounts of money as text."""
        kind = figures_of(value.__class__)
        if kind is None:
            return str(value)
        figures = {name: getattr(value, name) for name in kind.names}
        for name in kind.series:
            values = figures[name]
            if isinstance(values, tuple) and values and isinstance(values[0], OfADay | MonthlyValue):
                figures[name] = self.digests.get(id(values)) or self.digest(values)
        return figures

    def digest(self, values: Sequence[OfADay] | Sequence[MonthlyValue]) -> str:
        """Of values of one kind, field by field as numbers: the text of tens of thousands takes ten times as long."""
        of_one: Any = type(values[0])
        kind = figures_of(of_one)
        times, *columns = zip(*(map(attrgetter(*kind.names), values) if kind else values), strict=True)
        days = [month.first_day for month in times] if isinstance(times[0], Month) else times
        numbers = b"".join(map(as_numbers, (list(map(date.toordinal, days)), *columns)))
        self.digests[id(values)] = digest = sha256(numbers).hexdigest()
        return digest


def as_numbers(column: Sequence[Any]) -> bytes:
    """Figures as a machine keeps them; mostly all of them are known."""
    try:
        return array("d", column).tobytes()
    except TypeError:
        return array("d", [UNKNOWN if each is None else each for each in column]).tobytes()


@cache
def figures_of(kind: type[Any]) -> Figures | None:
    """The fields that make values of a kind equal; None of what is no dataclass."""
    if not is_dataclass(kind):
        return None
    names = tuple(field.name for field in fields(kind) if field.compare)
    return Figures(names, tuple(name for name in ("days", "months") if name in names))
