"""Bodies that a service could answer: right ones, nearly right ones and nonsense, and how a careful reader counts."""

import json
from typing import Any

from hypothesis import strategies as st

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3),
    st.sampled_from([10**15, 10**15 + 1, 10**18, -(10**30), 1.0, 2.5, 1e300, float("nan"), float("inf")]),
    st.sampled_from(["", "0", "7", " 12 ", "-1", "+3", "1_000", "\u0663", "\u00b2", "1e3", "many", "9" * 30]),
    st.sampled_from(["a", "b", "\ud800", "a\0b", "\u202e", "id\n", "caf\u00e9", "x" * 5_000]),
    st.text(max_size=5),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
IDS = st.one_of(st.sampled_from(["A", "B", "C", "Y2lzY29zcGFyazovL3VzL0xJQ0VOU0UvYTpNU19i"]), LEAVES)


def items(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Bodies with a list of such items; each field may be missing or be anything, and so may the body."""
    item = st.fixed_dictionaries({}, optional={name: values | LEAVES for name, values in fields.items()})
    right = st.fixed_dictionaries(fields)
    rows = st.lists(right, max_size=4) | st.lists(right | item, max_size=4) | st.lists(item | VALUES, max_size=4)
    body = st.one_of(
        st.fixed_dictionaries({"items": rows}),
        st.fixed_dictionaries({"items": VALUES}, optional={"notFoundIds": VALUES}),
        VALUES,
        st.sampled_from([{}, [], {"items": []}, {"items": None}, {"Items": []}]),
    )
    return body.map(sent)


def sent(body: Any) -> bytes:
    """As the service would send it; NaN and halves of surrogate pairs included."""
    return json.dumps(body).encode()


def listed(content: bytes) -> list[dict[str, Any]] | None:
    """The items that a body lists; None where it has no list of objects."""
    body = json.loads(content)
    found = body.get("items") if isinstance(body, dict) else None
    return found if isinstance(found, list) and all(isinstance(item, dict) for item in found) else None


def rows_of(content: bytes) -> list[dict[str, Any]] | None:
    """The distinct items that a body lists, the last of each; None where it has no list of objects."""
    found = listed(content)
    return None if found is None else list({key_of(item): item for item in found}.values())


def key_of(item: dict[str, Any]) -> str:
    own = item.get("id")
    return own if is_id(own) else json.dumps(sorted(item.items(), key=repr))


def is_id(value: Any) -> bool:
    return isinstance(value, str) and value != "" and all(" " <= character <= "~" for character in value)


def units_of(value: Any) -> int | None:
    """A count, as loosely as Webex writes it (Webex API reference, Licenses)."""
    if isinstance(value, str) and value.strip().removeprefix("-").isdecimal() and value.isascii():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > 10**15:
        return None
    return int(value) if value == int(value) else None
