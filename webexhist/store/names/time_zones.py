"""Finds a time zone by what a person calls it."""

from zoneinfo import available_timezones

from webexhist.errors import UsageError
from webexhist.store.names.suggestions import suggested
from webexhist.texts import folded
from webexhist.time_zones import UTC_DAYS, TimeZone

OF_HOSTS = frozenset({"localtime", "Factory"})
"""What stands among the time zones and is none, or another one on each host."""


def find_time_zone(wanted: str) -> TimeZone:
    """The time zone of that name in the IANA database, in whatever letters.

    Raises UsageError where there is none.
    """
    known = sorted({UTC_DAYS.name, *available_timezones()} - OF_HOSTS)
    asked_for = wanted.strip().replace(" ", "_")
    found = {folded(name): name for name in known}.get(folded(asked_for))
    if found:
        return TimeZone(found)
    by_city = {name.rpartition("/")[2]: name for name in known}
    likely = suggested(asked_for, known) or [by_city[city] for city in suggested(asked_for, by_city)]
    meant = f"do you mean {' or '.join(likely)}? " if likely else ""
    raise UsageError(f"there is no time zone {wanted!r}", f"{meant}name one like Europe/Berlin")
