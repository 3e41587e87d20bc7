"""Which pages of a list are asked for at once where each begins at an offset."""

from collections.abc import Callable, Iterator

WAVE = 128
"""Pages that are in memory at once where they are asked for side by side."""
FIRST_AHEAD = 2
"""Pages that are tried at once after the first of a list whose length is not known."""


def waves(step: int, expected: int | None, may_try_ahead: Callable[[], bool]) -> Iterator[range]:
    """The offsets that are asked for at once: those of what is expected, then ever more as long as there are any.

    One by one where None is expected, or nothing may be tried that may not be there.
    """
    known = range(step, expected or 0, step)
    for first in range(0, len(known), WAVE):
        yield known[first : first + WAVE]
    begin = step * (1 + len(known))
    pages = 1 if expected else FIRST_AHEAD
    while True:
        at_once = pages if expected is not None and may_try_ahead() else 1
        yield range(begin, begin + at_once * step, step)
        begin += at_once * step
        pages = min(WAVE, 2 * pages)
