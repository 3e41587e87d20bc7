"""How times are kept: tables have whole numbers since the beginning of 1970 in UTC, views show text.

On PostgreSQL views show `timestamptz`, which our own connections read as the same text (engine.py).
"""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LAST_SECOND = 253_402_300_799
"""Of the year 9999: no moment is later."""

UTC_DAY_BEGINS = "taken_at - (taken_at % 86400 + 86400) % 86400"
"""In SQL, the second at which the UTC day of `taken_at` begins; also before 1970, where a remainder is negative."""


def seconds_of(moment: datetime) -> int:
    """Whole seconds; a begun one is cut off."""
    return (moment - _EPOCH) // timedelta(seconds=1)


def moment_of(seconds: int) -> datetime:
    """The aware datetime of stored seconds. Raises an error for what is no number, as damage may leave it."""
    return _EPOCH + timedelta(seconds=seconds)


def milliseconds_of(moment: datetime) -> int:
    """Whole milliseconds, as fine as Webex says when an event was created."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def moment_of_milliseconds(milliseconds: int) -> datetime:
    """The aware datetime of stored milliseconds."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def in_milliseconds(seconds: float) -> int:
    """A length of time as tables keep it."""
    return round(seconds * 1000)


def written(moment: datetime) -> str:
    """ "2026-11-23 15:05:00" in UTC, as views show it and messages say it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")


def in_words(seconds: int) -> str:
    """The same of stored seconds."""
    return written(moment_of(seconds))


def milliseconds_in_words(milliseconds: int) -> str:
    """ "2026-11-23 15:05:00.123"."""
    moment = moment_of_milliseconds(milliseconds).replace(tzinfo=None)
    return moment.isoformat(sep=" ", timespec="milliseconds")


def utc_day_of(seconds: int) -> str:
    """The day of UTC, "2026-11-23", in which stored seconds lie."""
    return in_words(seconds)[:10]


def read_written(text: str) -> datetime:
    """The aware datetime of what `written` gives."""
    return datetime.fromisoformat(f"{text}+00:00")


def in_file_names(moment: datetime) -> str:
    """ "20261123-150500", which sorts as time does too."""
    return moment.astimezone(UTC).strftime("%Y%m%d-%H%M%S")
