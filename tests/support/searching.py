"""How long a search is."""

import hypothesis


def examples(quick: int, long: int) -> int:
    """How many examples a search tries: few in the quick suite, many where the slow tests run too."""
    return quick if hypothesis.settings.default.derandomize else long
