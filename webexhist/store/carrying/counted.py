"""What is counted already of events: a line must not count it again."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from webexhist.carried import RefusedLineError
from webexhist.metrics import COUNTERS_OF_SOURCE
from webexhist.store.times import in_words, moment_of_milliseconds, utc_day_of, written

_CHAINS = text("""
SELECT source, opened_at, counted_until FROM event_window WHERE organization_id = :organization_id
""")
_PAST = text("""
SELECT m.name, p.day FROM past_day p JOIN metric m ON m.organization_id = p.organization_id AND m.id = p.metric_id
WHERE p.organization_id = :organization_id ORDER BY p.day
""")


@dataclass(frozen=True, slots=True)
class CountedAlready:
    """The windows of polls and the days of before them, by the names of counters."""

    since: Mapping[str, int]
    """From when on polls count, in milliseconds."""
    days: Mapping[str, list[str]]
    """Days that a backfill counted."""

    @classmethod
    def read(cls, connection: Connection, organization_id: int) -> "CountedAlready":
        """Reads since when polls count each counter, and for which days before that it was fetched."""
        of_organization = {"organization_id": organization_id}
        since = {
            metric.value: row.opened_at
            for row in connection.execute(_CHAINS, of_organization)
            for metric in COUNTERS_OF_SOURCE.get(row.source, ())
        }
        days: dict[str, list[str]] = {}
        for name, day in connection.execute(_PAST, of_organization):
            days.setdefault(name, []).append(day)
        return cls(since, days)

    def require_uncounted(self, name: str, known_at: int | None, taken_at: int, line: int) -> None:
        """Raises RefusedLineError where what a line has a counter count up to a time is counted already."""
        opened_at = self.since.get(name)
        if opened_at is not None and taken_at * 1000 > opened_at:
            raise RefusedLineError(
                line,
                f"{name} of {in_words(taken_at)} UTC is counted by polls already,"
                f" since {written(moment_of_milliseconds(opened_at))} UTC",
                f"leave {name} out of its activity",
            )
        days = self.days.get(name, [])
        day = utc_day_of(taken_at)
        at = bisect_right(days, day) - 1
        if at >= 0 and (days[at] == day or (known_at is not None and days[at] > utc_day_of(known_at))):
            raise RefusedLineError(
                line,
                f"webexhist backfill has counted the {name} of {days[at]} already",
                f"leave {name} out of its activity",
            )
