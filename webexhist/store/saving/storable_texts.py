"""Texts that others wrote, made fit for a database."""

import re
from dataclasses import fields, replace
from typing import Any, TypeVar

from webexhist.snapshot import Collection, License, LicenseUsage, Organization, Snapshot

Described = TypeVar("Described", Organization, License, Collection)

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""NUL, and the halves of surrogate pairs that JSON lets through as escapes: no database holds them."""
_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in (Organization, License, Collection)}


def with_storable_texts(taken: Snapshot) -> Snapshot:
    """The snapshot with U+FFFD in place of every character that cannot be stored."""
    licenses = taken.licenses
    if licenses is not None:
        licenses = tuple(map(_storable_usage, licenses))
    return replace(
        taken,
        organization=_storable(taken.organization),
        licenses=licenses,
        collections=tuple(_storable(each) for each in taken.collections),
    )


def _storable_usage(usage: LicenseUsage) -> LicenseUsage:
    storable = _storable(usage.license)
    return usage if storable is usage.license else replace(usage, license=storable)


def _storable(described: Described) -> Described:
    storable: dict[str, Any] = {
        name: _UNSTORABLE.sub("\ufffd", text)
        for name in _FIELDS[type(described)]
        if isinstance(text := getattr(described, name), str) and _UNSTORABLE.search(text)
    }
    return replace(described, **storable) if storable else described
