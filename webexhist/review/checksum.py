"""One number for all figures of a review, so that anybody can see that two prints are of the same ones."""

import json
from dataclasses import fields, is_dataclass
from hashlib import sha256

from webexhist.review.reviews import MonthlyReview


def checksum(review: MonthlyReview) -> str:
    """The SHA-256 of every figure, in hexadecimal; the same for the same figures, whenever they were worked out."""
    return sha256(json.dumps(review, default=plain, ensure_ascii=False).encode()).hexdigest()


def plain(value: object) -> object:
    """What JSON does not know: values by the fields that make them equal, days and amounts of money as text."""
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value) if field.compare}
    return str(value)
