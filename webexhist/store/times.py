"""How times are written in the database: UTC text that sorts as time does and SQLite's date functions read."""

from datetime import UTC, datetime, timedelta


def to_the_second(moment: datetime) -> str:
    """ "2026-11-23 15:05:00"; a begun second is cut off."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")


def second_after(stored: str) -> str:
    """The second after one that `to_the_second` wrote."""
    return to_the_second(read_moment(stored) + timedelta(seconds=1))


def to_the_millisecond(moment: datetime) -> str:
    """ "2026-11-23 15:05:00.123", as fine as Webex tells when an event was created."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="milliseconds")


def read_moment(stored: str) -> datetime:
    """The aware datetime that either function wrote."""
    return datetime.fromisoformat(f"{stored}+00:00")


def in_file_names(moment: datetime) -> str:
    """ "20261123-150500", which sorts as time does too."""
    return moment.astimezone(UTC).strftime("%Y%m%d-%H%M%S")
