"""The vertical axis of a chart: always from zero, with round steps."""

from dataclasses import dataclass

MOST_STEPS = 6
HEADROOM = 1.08
"""How much higher than the highest value an axis reaches."""
ROOM_FOR_A_LABEL = 1.16
"""The same where a number has to stand above the highest line."""
WIDE = 100_000
"""From so many units on the numbers of an axis need more room."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from 0 to `top`, marked at `ticks`."""

    top: int
    ticks: tuple[int, ...]

    @property
    def has_wide_numbers(self) -> bool:
        """Whether it leaves less room for the drawing."""
        return self.top >= WIDE

    def percent_down(self, value: float) -> float:
        """How far below the top a value lies, in percent of the axis."""
        return round(100 - 100 * value / self.top, 2)


def scale_up_to(highest: int, headroom: float = HEADROOM) -> Scale:
    """The axis for values up to `highest`: steps of 1, 2 or 5 times a power of ten, at most `MOST_STEPS`."""
    top = max(round(highest * headroom), highest, 1)
    step = round_step(top)
    return Scale(top=top, ticks=tuple(range(0, top + 1, step)))


def round_step(top: int) -> int:
    """The smallest round step that goes at most `MOST_STEPS` times into `top`."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor * MOST_STEPS >= top:
                return step * factor
        step *= 10
