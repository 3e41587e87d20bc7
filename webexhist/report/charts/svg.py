"""SVG path data for step lines, bands and bars. One unit across is a day; values grow downwards from `top`."""

from collections.abc import Iterable, Iterator, Sequence

from webexhist.store.values import made_often


@made_often
class Step:
    """A span of days over which a line stays level, or a band keeps its edges."""

    start: int
    length: int
    low: int
    high: int
    """Equal to `low` for a line."""

    @property
    def end(self) -> int:
        """The day after its last one."""
        return self.start + self.length


def step_path(steps: Iterable[Step], top: int) -> str:
    """A line through the steps' `high`, broken where days lie between them: nothing is joined over a gap."""
    return "".join(run_line(run, top) for run in unbroken_runs(steps))


def band_path(steps: Iterable[Step], top: int) -> str:
    """The area between the steps' `low` and `high`."""
    return "".join(run_area(run, top) for run in unbroken_runs(steps))


def unbroken_runs(steps: Iterable[Step]) -> Iterator[list[Step]]:
    """The steps as runs without days between them."""
    run: list[Step] = []
    for step in steps:
        if run and step.start != run[-1].end:
            yield run
            run = []
        run.append(step)
    if run:
        yield run


def run_line(run: Sequence[Step], top: int) -> str:
    """The path along the highest values of steps that follow each other; y is `top` less the value."""
    return f"M{run[0].start} {top - run[0].high}{edge((step.length, step.high) for step in run)}"


def run_area(run: Sequence[Step], top: int) -> str:
    """The path around steps that follow each other, from their highest values to their lowest."""
    upper = edge((step.length, step.high) for step in run)
    lower = edge((-step.length, step.low) for step in reversed(run))
    return f"M{run[0].start} {top - run[0].high}{upper}V{top - run[-1].low}{lower}Z"


def edge(moves: Iterable[tuple[int, int]]) -> str:
    """Level moves across, with the rises between them; moves at the same height become one."""
    parts: list[str] = []
    level: int | None = None
    across = 0
    for length, height in moves:
        if level is not None and height != level:
            parts.append(f"h{across}v{level - height}")
            across = 0
        level = height
        across += length
    return "".join(parts) + f"h{across}"
