"""Polls done and missed, and the times without polls."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from webexhist.months import Month, Period
from webexhist.review.evidence import Gap, MonthlyEvidence
from webexhist.time_zones import TimeZone

FEWEST_INTERVALS = 2
"""From so many intervals on the usual one is known."""
SHORTEST_GAP = 1.5
"""So many times the usual interval without a poll, and one is missing."""
LAST_POLLS = 100
"""The usual interval is that of so many last polls, where it is asked what is usual now."""
TOLERANCE = 0.25
"""How much of an interval the last poll of a month may come late, for it is not known when the next one came."""


def monthly_evidence(
    times: Sequence[datetime], period: Period, zone: TimeZone, until: datetime
) -> tuple[MonthlyEvidence, ...]:
    """The evidence month by month. `times` are the polls, with the last one before the period where there is one."""
    months: list[PolledMonth] = []
    usual: timedelta | None = None
    for month in period.months:
        span = Span(zone.month_begins_at(month), zone.month_ends_at(month))
        months.append(polled_month(times, month, span, usual))
        usual = months[-1].interval or usual
    gaps = [gap for polled in months for gap in polled.gaps]
    gaps += gap_at_end(times, usual, until)
    return tuple(
        MonthlyEvidence(
            month=polled.month,
            polls=polled.polls,
            missed=sum(missed_within(gap, polled.span) for gap in gaps),
            interval=polled.interval,
            gaps=tuple(gap for gap in gaps if gap.overlaps(*polled.span)),
            coverage=coverage_of(polled.span, times[0], gaps, usual, until),
        )
        for polled in months
    )


def coverage_of(
    month: "Span", first_poll: datetime, gaps: Sequence[Gap], usual: timedelta | None, until: datetime
) -> float | None:
    """How much of a month polls cover, from 0 to 1: a poll speaks for one usual interval after it.

    None where the usual interval is not known.
    """
    begins_at, ends_at = month.begins_at, min(month.ends_at, until)
    if usual is None or ends_at <= begins_at:
        return None
    unknown = max(min(first_poll, ends_at) - begins_at, timedelta())
    for gap in gaps:
        unknown += max(min(gap.ended_at, ends_at) - max(gap.began_at + usual, begins_at), timedelta())
    return max(0.0, round(1 - unknown / (ends_at - begins_at), 4))


class Span(NamedTuple):
    """The time of a month."""

    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PolledMonth:
    """The polls of a month, and the gaps that ended in it."""

    month: Month
    span: Span
    polls: int
    interval: timedelta | None
    gaps: tuple[Gap, ...]


def polled_month(times: Sequence[datetime], month: Month, span: Span, usual_before: timedelta | None) -> PolledMonth:
    """What the polls of a month and the one before them show; too few of them go by the interval usual before."""
    first, end = bisect_left(times, span.begins_at), bisect_left(times, span.ends_at)
    joints = list(pairwise(times[max(first - 1, 0) : end]))
    lengths = [later - earlier for earlier, later in joints]
    interval = median_of(lengths) if len(lengths) >= FEWEST_INTERVALS else None
    usual = interval or usual_before
    gaps = [
        Gap(earlier, later, missed=round(length / usual) - 1)
        for (earlier, later), length in zip(joints, lengths, strict=True)
        if usual and length > SHORTEST_GAP * usual
    ]
    return PolledMonth(month, span, end - first, interval, tuple(gaps))


def usual_interval(times: Sequence[datetime]) -> timedelta | None:
    """The usual time between two of the last polls; None where there is a single one."""
    lengths = [later - earlier for earlier, later in pairwise(times[-LAST_POLLS:])]
    return median_of(lengths) if lengths else None


def median_of(lengths: Sequence[timedelta]) -> timedelta:
    """The middle one of some lengths of time."""
    return timedelta(seconds=median(length.total_seconds() for length in lengths))


def gap_at_end(times: Sequence[datetime], usual: timedelta | None, until: datetime) -> list[Gap]:
    """The time between the last poll and the end, when polls are missing in it."""
    if usual is None or (missed := int((until - times[-1]) / usual - TOLERANCE)) < 1:
        return []
    return [Gap(times[-1], until, missed)]


def missed_within(gap: Gap, month: Span) -> int:
    """How many of a gap's missing polls would have fallen into a month, were they evenly spread."""
    if not gap.overlaps(*month):
        return 0
    step = gap.length / (gap.missed + 1)
    # Not one by one: a gap of centuries has millions. The first poll not before a moment is the quotient rounded up.
    first = -((gap.began_at - month.begins_at) // step)
    end = -((gap.began_at - month.ends_at) // step)
    return max(0, min(gap.missed + 1, end) - max(1, first))
