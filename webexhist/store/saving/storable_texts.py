"""Texts that others wrote, made fit for a database."""

import re
from dataclasses import fields, replace
from typing import Any, TypeVar

from webexhist.snapshot import Collection, License, Organization, Snapshot

Described = TypeVar("Described", Organization, License, Collection)

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""NUL, and the halves of surrogate pairs that JSON lets through as escapes: no database holds them."""


def with_storable_texts(taken: Snapshot) -> Snapshot:
    """The snapshot with U+FFFD in place of every character that cannot be stored."""
    licenses = taken.licenses
    if licenses is not None:
        licenses = tuple(replace(usage, license=_storable(usage.license)) for usage in licenses)
    return replace(
        taken,
        organization=_storable(taken.organization),
        licenses=licenses,
        collections=tuple(_storable(each) for each in taken.collections),
    )


def _storable(described: Described) -> Described:
    storable: dict[str, Any] = {
        field.name: _UNSTORABLE.sub("\ufffd", text)
        for field in fields(described)
        if isinstance(text := getattr(described, field.name), str) and _UNSTORABLE.search(text)
    }
    return replace(described, **storable) if storable else described
