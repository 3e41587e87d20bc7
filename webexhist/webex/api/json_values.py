"""Reads what Webex's JSON holds, which is looser than documented: numbers as strings, five forms of a time."""

import re
from datetime import UTC, datetime
from typing import Any

from webexhist.license_lists import LARGEST_COUNT
from webexhist.texts import storable
from webexhist.webex.api.errors import BadAnswer

JsonObject = dict[str, Any]
NUMERIC = re.compile(r"-?[0-9]{1,15}")
LARGEST_NUMBER = 10**15
"""A larger one is damage, and would not fit a database either."""


def whole_number(value: object) -> int | None:
    """A count out of a JSON number or a numeric string; None for anything else, for unknown is never zero."""
    if isinstance(value, str) and (digits := NUMERIC.fullmatch(value.strip())):
        value = int(digits[0])  # strip() removes more than int() passes over
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST_NUMBER else None


def count(value: object) -> int | None:
    """How many there are of something; None where that cannot be."""
    number = whole_number(value)
    return number if number is not None and 0 <= number <= LARGEST_COUNT else None


def text(value: object) -> str | None:
    """A non-empty string that a database can hold, or None."""
    return storable(value) if isinstance(value, str) and value else None


def identifier(value: object) -> str | None:
    """An id that a request and a database can carry, or None."""
    return value if isinstance(value, str) and value and value.isascii() and value.isprintable() else None


def identified(item: JsonObject) -> JsonObject:
    """Only what distinguishes an item from others."""
    name = identifier(item.get("id"))
    return {"id": name} if name else item


def unchanged(item: JsonObject) -> JsonObject:
    """All of an item."""
    return item


def items_of(body: object, key: str, request: str) -> list[JsonObject]:
    """The objects listed under `key`.

    Raises:
        BadAnswer: the body is not an object with such a list; it would be wrong to count nothing in it. Or it names
            errors beside the list, which may be a part then.
    """
    items = body.get(key) if isinstance(body, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadAnswer(f"{request} answered JSON without a list of {key}")
    if isinstance(body, dict) and body.get("errors"):
        raise BadAnswer(f"{request} answered errors beside a list of {key}")
    return items


def moment(value: object) -> datetime | None:
    """A point in time (UTC) out of any ISO 8601 form in use by Webex; None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        parsed = datetime.fromisoformat(value.strip())
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):  # OverflowError: year 1 or 9999 in another zone
        return None


def query_time(at: datetime) -> str:
    """The form in which Webex takes times: UTC with milliseconds and Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"
