"""Polls done and missed, and the times without polls."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlalchemy import Connection, text

from webexhist.review.figures import Gap, MonthlyEvidence
from webexhist.review.months import Month, Period
from webexhist.store.moments import read_moment, to_the_second

FEWEST_INTERVALS = 2
"""From so many intervals on the usual one can be told."""
TOLERANCE = 0.25
"""How much of an interval the last poll of a month may come late, for it is not known when the next one came."""

TIMES = """
SELECT taken_at FROM snapshot
WHERE organization_id = :organization AND taken_at < :until AND taken_at >= COALESCE(
    (SELECT MAX(taken_at) FROM snapshot WHERE organization_id = :organization AND taken_at < :begin), :begin)
ORDER BY taken_at
"""

POLLS_BY_DAY = """
SELECT day, last_number - first_number + 1 AS polls FROM day
WHERE organization_id = :organization AND day BETWEEN :first_day AND :last_day ORDER BY day
"""


def polling_evidence(
    connection: Connection, organization: int, period: Period, until: datetime
) -> tuple[MonthlyEvidence, ...]:
    """The polls of a period whose last month ends, or is looked at, `until`, month by month."""
    span = {
        "organization": organization,
        "begin": to_the_second(period.first.begins_at),
        "until": to_the_second(until),
    }
    times = [read_moment(row.taken_at) for row in connection.execute(text(TIMES), span)]
    return monthly_evidence(times, period, until)


def polls_by_day(connection: Connection, organization: int, period: Period) -> tuple[tuple[date, int], ...]:
    """How many polls were done on every day that had any."""
    span = {"organization": organization, "first_day": str(period.first_day), "last_day": str(period.last_day)}
    return tuple((date.fromisoformat(row.day), row.polls) for row in connection.execute(text(POLLS_BY_DAY), span))


def monthly_evidence(times: Sequence[datetime], period: Period, until: datetime) -> tuple[MonthlyEvidence, ...]:
    """The evidence month by month. `times` are the polls, with the last one before the period where there is one."""
    polls: dict[Month, int] = defaultdict(int)
    seconds: dict[Month, list[float]] = defaultdict(list)
    for when in times:
        polls[Month.of(when)] += 1
    for earlier, later in pairwise(times):
        seconds[Month.of(later)].append((later - earlier).total_seconds())
    intervals = {
        month: timedelta(seconds=median(found)) for month, found in seconds.items() if len(found) >= FEWEST_INTERVALS
    }
    gaps = list(gaps_between(times, intervals)) + list(gap_at_end(times, intervals, until))
    return tuple(
        MonthlyEvidence(
            month=month,
            polls=polls[month],
            missed=sum(missed_within(gap, month) for gap in gaps),
            interval=intervals.get(month),
            gaps=tuple(gap for gap in gaps if gap.ended_at > month.begins_at and gap.began_at < month.ends_at),
        )
        for month in period.months
    )


def gaps_between(times: Sequence[datetime], intervals: dict[Month, timedelta]) -> Iterable[Gap]:
    """The times in which one or more polls are missing, by the usual interval of the month in which they end."""
    for earlier, later in pairwise(times):
        interval = intervals.get(Month.of(later)) or intervals.get(Month.of(earlier))
        if interval and (missed := round((later - earlier) / interval) - 1) > 0:
            yield Gap(earlier, later, missed)


def gap_at_end(times: Sequence[datetime], intervals: dict[Month, timedelta], until: datetime) -> Iterable[Gap]:
    """The time between the last poll and the end, when polls are missing in it."""
    interval = intervals.get(Month.of(times[-1])) if times else None
    if interval and (missed := int((until - times[-1]) / interval - TOLERANCE)) > 0:
        yield Gap(times[-1], until, missed)


def missed_within(gap: Gap, month: Month) -> int:
    """How many of a gap's missing polls would have fallen into a month, were they evenly spread."""
    begin, end = month.begins_at, month.ends_at
    step = gap.length / (gap.missed + 1)
    return sum(begin <= gap.began_at + step * index < end for index in range(1, gap.missed + 1))
