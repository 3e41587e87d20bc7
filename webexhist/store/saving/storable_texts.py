"""Texts that others wrote, made fit for a database."""

from dataclasses import fields, replace
from typing import Any, TypeVar

from webexhist.snapshot import Collection, License, LicenseUsage, Organization, Snapshot
from webexhist.texts import storable

Described = TypeVar("Described", Organization, License, Collection)

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
    license_ = _storable(usage.license)
    return usage if license_ is usage.license else replace(usage, license=license_)


def _storable(described: Described) -> Described:
    texts: dict[str, Any] = {
        name: text
        for name in _FIELDS[type(described)]
        if isinstance(given := getattr(described, name), str) and (text := storable(given)) is not given
    }
    return replace(described, **texts) if texts else described
