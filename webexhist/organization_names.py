"""What organizations are called where several may bear one name."""

from collections import Counter
from collections.abc import Mapping

from webexhist.texts import folded
from webexhist.webex_ids import uuid_of

SHORTEST = 8
"""Characters of a UUID that are shown at least: those before its first hyphen."""


def distinct_labels(names: Mapping[str, str]) -> dict[str, str]:
    """What each organization is called, by its id at Webex, as the names are given.

    That is its name; where several bear it, in whatever letters, the beginning of its UUID stands behind.
    """
    bearers: dict[str, list[str]] = {}
    for webex_id, name in names.items():
        bearers.setdefault(folded(name), []).append(webex_id)
    return {
        webex_id: name if len(same := bearers[folded(name)]) == 1 else f"{name} ({_shortened(webex_id, same)})"
        for webex_id, name in names.items()
    }


def _shortened(webex_id: str, same_name: list[str]) -> str:
    """As much of the UUID as no other of these begins with."""
    uuids = [uuid_of(each) for each in same_name]
    whole = uuid_of(webex_id)
    for length in range(SHORTEST, len(whole)):
        if Counter(uuid[:length] for uuid in uuids)[whole[:length]] == 1:
            return whole[:length]
    return whole
