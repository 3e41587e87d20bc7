"""Remembers how fast a service could be asked that limits how fast, so that the next poll begins at that rate.

The configuration stands for the owner of its token: limits are his. Nothing is kept where nobody asked to wait.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from webexhist.config import Settings
from webexhist.request_rates import KnownRate
from webexhist.state.private_files import make_private_folder, write_private
from webexhist.state.token_file import origin_of
from webexhist.state.trusted_files import opened_to_read

NAME = "request_rates.json"
LARGEST_FILE = 1_000_000
"""Bytes; the rates of a hundred lists of each configuration take less than half of it."""


MOST_CONFIGURATIONS = 20
"""So many are remembered beside one another, those that polled last."""
UNREADABLE = (OSError, ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)


def known_rates(settings: Settings) -> Mapping[str, KnownRate]:
    """The rates that the last poll left, by endpoint; none where it left none, or they cannot be read."""
    try:
        kept = all_kept(settings)[origin_of(settings)]
        rates = {name: KnownRate(*map(float, rate)) for name, rate in kept.items()}
    except UNREADABLE:
        return {}
    return rates if all(rate.is_possible for rate in rates.values()) else {}


def all_kept(settings: Settings) -> dict[str, Any]:
    """What is in the file, by configuration. Raises one of UNREADABLE where it cannot be read."""
    with opened_to_read(settings.state_dir / NAME) as file:
        return dict(json.loads(file.read(LARGEST_FILE)))


def remember_rates(settings: Settings, before: Mapping[str, KnownRate], rates: Mapping[str, KnownRate]) -> None:
    """Remembers other rates than `before`. What cannot be written is not worth failing for: the next rates are."""
    if rates == before:
        return
    try:
        kept = all_kept(settings)
    except UNREADABLE:
        kept = {}
    own = origin_of(settings)
    others = [(origin, each) for origin, each in kept.items() if origin != own][1 - MOST_CONFIGURATIONS :]
    kept = dict(others) | {own: {name: list(asdict(rate).values()) for name, rate in rates.items()}}
    with suppress(OSError):
        make_private_folder(settings.state_dir)
        write_private(settings.state_dir / NAME, json.dumps(kept).encode())
