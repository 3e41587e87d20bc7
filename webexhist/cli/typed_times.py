"""Days and times as they are typed on the command line. They are of UTC unless they say something else."""

import re
from datetime import UTC, date, datetime, timedelta

from webexhist.errors import UsageError
from webexhist.time_zones import UTC_DAYS, TimeZone

WRITTEN = re.compile(r"\d{4}-\d\d-\d\d(?P<time>[ T]\d\d:\d\d(?P<seconds>:\d\d)?(?:Z|[+-]\d\d:\d\d)?)?")


def first_and_last_second(typed: str, zone: TimeZone = UTC_DAYS) -> tuple[datetime, datetime]:
    """The first and the last second of what is typed: of a day (in that time zone), of a minute, or one and the same.

    Raises UsageError for anything else.
    """
    match = WRITTEN.fullmatch(typed.strip())
    try:
        if match is None:
            raise ValueError
        if not match["time"]:
            return first_and_last_of_day(date.fromisoformat(typed.strip()), zone)
        begins = datetime.fromisoformat(typed.strip())
        begins = (begins if begins.tzinfo else begins.replace(tzinfo=UTC)).astimezone(UTC)
        return begins, begins + timedelta(seconds=0 if match["seconds"] else 59)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{typed!r} is not a time", 'write it like 2026-11-23 or "2026-11-23 15:05" (UTC), or with an offset'
        ) from error


def first_and_last_of_day(day: date, zone: TimeZone) -> tuple[datetime, datetime]:
    """The first and the last second of a day. Raises OverflowError for the last day of the calendar."""
    return zone.begins_at(day), zone.begins_at(day + timedelta(days=1)) - timedelta(seconds=1)
