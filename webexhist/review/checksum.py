"""One number for all figures of an organization, so that anybody can see that two prints are of the same ones."""

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any

from webexhist.review.reviews import MonthlyReview, OrganizationReview
from webexhist.store.values import DailyValue


def checksum(review: MonthlyReview) -> str:
    """The number of a month: that of its only organization, or one over those of all."""
    return checksum_of_all([checksum_of(each) for each in review.organizations])


def checksum_of(review: OrganizationReview) -> str:
    """The SHA-256 of every figure, in hexadecimal; the same for the same figures, whenever they were worked out."""
    return sha256(json.dumps(review, default=plain, ensure_ascii=False).encode()).hexdigest()


def checksum_of_all(checksums: Sequence[str]) -> str:
    """One number over those of several organizations, in their order."""
    return checksums[0] if len(checksums) == 1 else sha256("\n".join(checksums).encode()).hexdigest()


def plain(value: Any) -> object:
    """What JSON does not know: values by the fields that make them equal, days and amounts of money as text."""
    names = figures_of(value.__class__)
    if names is None:
        return str(value)
    figures = {name: getattr(value, name) for name in names}
    days = figures.get("days")
    if isinstance(days, tuple) and days and isinstance(days[0], DailyValue):
        figures["days"] = in_columns(days)
    return figures


def in_columns(days: Sequence[DailyValue]) -> dict[str, object]:
    """Values of one kind, field by field: that is read in a fraction of the time."""
    columns: dict[str, object] = {
        field.name: list(map(attrgetter(field.name), days)) for field in fields(days[0]) if field.compare
    }
    return columns | {"day": [day.day.toordinal() for day in days]}


@cache
def figures_of(kind: type[Any]) -> tuple[str, ...] | None:
    """The fields that make values of a kind equal; None of what is no dataclass."""
    return tuple(field.name for field in fields(kind) if field.compare) if is_dataclass(kind) else None
