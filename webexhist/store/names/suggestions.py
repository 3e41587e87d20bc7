"""What may be meant by a name that nothing bears."""

from collections.abc import Iterable
from difflib import get_close_matches

from webexhist.texts import folded

MOST = 3
SIMILAR = 0.6
"""From 0 to 1, as difflib measures it."""


def suggested(wanted: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that hold what is wanted or begin like it, then those that are spelled like it; at most three."""
    by_folded = {folded(name): name for name in names}
    asked_for = folded(wanted)
    holding = sorted(
        (name for name in by_folded if asked_for and asked_for in name), key=lambda name: (len(name), name)
    )
    similar = get_close_matches(asked_for, by_folded, MOST, SIMILAR)
    return tuple(by_folded[name] for name in list(dict.fromkeys([*holding, *similar]))[:MOST])


def did_you_mean(wanted: str, names: Iterable[str], otherwise: str) -> str:
    """The next step for a name that nothing has: the names that may be meant, then where all of them stand."""
    found = suggested(wanted, names)
    return f"do you mean {' or '.join(found)}? {otherwise}" if found else otherwise
