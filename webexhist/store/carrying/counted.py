"""What is counted already of events: a line must not count it again."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from webexhist.carried import RefusedLineError
from webexhist.metrics import COUNTERS_OF_SOURCE

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

    since: Mapping[str, str]
    """From when on polls count."""
    days: Mapping[str, list[str]]
    """Days that a backfill counted."""

    @classmethod
    def read(cls, connection: Connection, organization_id: int) -> "CountedAlready":
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

    def require_uncounted(self, name: str, known_at: str | None, taken_at: str, line: int) -> None:
        """Raises RefusedLineError where what a counter is told to have counted up to a time is counted already."""
        opened_at = self.since.get(name)
        if opened_at is not None and taken_at > opened_at:
            raise RefusedLineError(
                line,
                f"{name} of {taken_at} UTC is counted by polls already, since {opened_at[:19]} UTC",
                f"leave {name} out of its activity",
            )
        days = self.days.get(name, [])
        at = bisect_right(days, taken_at[:10]) - 1
        if at >= 0 and (days[at] == taken_at[:10] or (known_at is not None and days[at] > known_at[:10])):
            raise RefusedLineError(
                line,
                f"webexhist backfill has counted the {name} of {days[at]} already",
                f"leave {name} out of its activity",
            )
