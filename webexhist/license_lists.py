"""What a list of licenses says beside the licenses in it: it may be empty, or have lost more than half.

One place for polls, which ask Webex for the list, and for histories that are brought in from elsewhere.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from operator import itemgetter

from webexhist.snapshot import LICENSE_LIST, Collection, CollectionStatus, FallenList, LicenseUsage, ListSize
from webexhist.units import is_unlimited, sum_known_of_any

EMPTY = Collection(LICENSE_LIST, CollectionStatus.NOT_USED, 0, 0.0, "no license is listed")
BELIEVED_AFTER = timedelta(hours=24)
"""For how long a list must stay empty before that is believed."""
REPORTED_FOR = timedelta(days=7)
"""For how long it is reported at most that a list lost more than half of what it held."""
UNUSABLE = "license units"
"""The entry in the log for numbers of units that cannot be ..."""
UNUSABLE_COUNTS = "counts"
"""... and for counts that cannot, of a history that is brought in: of a poll the collector says it."""
LARGEST_COUNT = 10**8
"""More seats, people or things than any organization has."""
MOST_NAMED = 3


def is_less_than_half(now: int | None, before: int | None) -> bool:
    """Of rows or of units; where either is unknown it is not."""
    return now is not None and before is not None and 2 * now < before


def limited_units(purchased: Iterable[int | None]) -> int | None:
    """Units of the licenses with a limit; None where a part is unknown, or none has a limit."""
    return sum_known_of_any(units for units in purchased if not is_unlimited(units))


def list_size(usages: Iterable[LicenseUsage]) -> ListSize:
    """Its rows, and the units of those with a limit."""
    purchased = [usage.purchased for usage in usages]
    return ListSize(len(purchased), limited_units(purchased))


def shrinkage(
    now: ListSize, last: ListSize | None, fallen: FallenList | None, *, asked_twice: bool = False
) -> Iterator[Collection]:
    """Says that the list lost more than half of what it held; what was reported is said until it holds that again."""
    before = last if fallen is None else fallen.before
    is_lost = is_less_than_half if fallen is None else _is_less
    if before is None:
        return
    asked = "; it was asked for twice" if asked_twice else ""
    losses = [
        (is_less_than_half(left, had), f"{had - left} of its {had} {what}")
        for what, left, had in (("rows", now.rows, before.rows), ("units", now.units, before.units))
        if left is not None and had is not None and is_lost(left, had)
    ]
    if losses:
        _, lost = max(losses, key=itemgetter(0))  # the first of which more than half is lost
        yield Collection(LICENSE_LIST, CollectionStatus.NOTICE, 0, 0.0, f"the list of licenses lost {lost}{asked}")


def _is_less(now: int | None, before: int | None) -> bool:
    return now is not None and before is not None and now < before


def standing_fall(fallen: FallenList | None, at: datetime) -> FallenList | None:
    """The list's fall as it is reported already, while it is."""
    return fallen if fallen and at - fallen.since < REPORTED_FOR else None


def stands_without_list(entry: Collection | None, fallen: FallenList | None, at: datetime) -> bool:
    """Whether what is said of the list stays: who gets none ends neither that nor the memory of empty ones."""
    return entry is not None and (entry.error == EMPTY.error or standing_fall(fallen, at) is not None)


def is_emptiness_believed(entry: Collection | None, began_at: datetime | None, at: datetime) -> bool:
    """Whether the list was reported to be empty for long enough."""
    if entry is None or entry.error != EMPTY.error or began_at is None:
        return False
    return at - began_at >= BELIEVED_AFTER


def unusable(entry: str, odd: list[str]) -> Iterator[Collection]:
    """The entry for numbers that cannot be, where there are any, which are named in words: they are unknown."""
    if odd:
        more = f" and {len(odd) - MOST_NAMED} more" if len(odd) > MOST_NAMED else ""
        text = f"unknown, for {', '.join(odd[:MOST_NAMED])}{more}"
        yield Collection(entry, CollectionStatus.FAILED, 0, 0.0, text)


def why_no_count(number: int) -> str:
    """Why a whole number counts nothing; empty where it can."""
    if number < 0:
        return "negative"
    return "more than any organization has" if number > LARGEST_COUNT else ""
