"""A license's thirteen months in the height of a line of text."""

from collections.abc import Sequence
from dataclasses import dataclass

from webexhist.report.charts.steps import level_steps, purchased_steps
from webexhist.report.charts.svg import Step, band_path, step_path
from webexhist.report.charts.timeline import Timeline
from webexhist.store.values import DailyUsage


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Units assigned below the purchased line, from zero; `length` days across and `top` units high."""

    length: int
    top: int
    line: str
    area: str
    """Below the line."""
    ceiling: str


def sparkline(days: Sequence[DailyUsage], timeline: Timeline) -> Sparkline:
    """The days as a sparkline; days without a value leave a gap."""
    return sparkline_of(level_steps(days, timeline), purchased_steps(days, timeline), timeline)


def sparkline_of(line: Sequence[Step], ceiling: Sequence[Step], timeline: Timeline) -> Sparkline:
    """The same of lines that are at hand."""
    top = max((step.high for step in (*line, *ceiling)), default=0) or 1
    area = [Step(step.start, step.length, 0, step.high) for step in line]
    return Sparkline(timeline.length, top, step_path(line, top), band_path(area, top), step_path(ceiling, top))
