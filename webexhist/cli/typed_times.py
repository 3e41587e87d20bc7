"""Days and times as they are typed on the command line. They are of UTC unless they say something else."""

import re
from datetime import UTC, datetime, timedelta

from webexhist.errors import UsageError

WRITTEN = re.compile(r"\d{4}-\d\d-\d\d(?P<time>[ T]\d\d:\d\d(?P<seconds>:\d\d)?(?:Z|[+-]\d\d:\d\d)?)?")


def first_and_last_second(typed: str) -> tuple[datetime, datetime]:
    """The first and the last second of what is typed: of a day, of a minute, or one and the same.

    Raises UsageError for anything else.
    """
    match = WRITTEN.fullmatch(typed.strip())
    try:
        if match is None:
            raise ValueError
        begins = datetime.fromisoformat(typed.strip())
        begins = (begins if begins.tzinfo else begins.replace(tzinfo=UTC)).astimezone(UTC)
        seconds = 0 if match["seconds"] else 59 if match["time"] else 86_399
        return begins, begins + timedelta(seconds=seconds)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"{typed!r} is not a time", 'write it like 2026-11-23 or "2026-11-23 15:05" (UTC), or with an offset'
        ) from error
