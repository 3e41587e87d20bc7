"""Names and ids of items, computed from their numbers."""

from functools import lru_cache

from webexhist.simulator.world.ids import bare_id, decode, index_of, uuid_of, webex_id
from webexhist.simulator.world.plans import organization_uuid

_FAMILIES = {
    "PEOPLE": 0x9E,
    "ROLE": 0x0E,
    "ROOM": 0x40,
    "TEAM": 0x40,  # a team and its general room have the same UUID
    "MESSAGE": 0x3E,
    "EVENT": 0xE7,
    "DEVICE": 0xDE,
    "PLACE": 0x91,
    "LOCATION": 0x10,
    "HYBRID_CLUSTER": 0xC1,
    "HYBRID_CONNECTOR": 0xC0,
    "RESOURCE_GROUP": 0x6A,
}
DEVICE_CLUSTER = "urn:TEAM:us-east-2_a"
"""Ids of devices have the newer, longer name of the cluster."""


def uuid(kind: str, number: int, owner: int = 0) -> str:
    """Returns the UUID of an item; `owner` is its organization, or its series for messages and events."""
    return uuid_of(_FAMILIES[kind], number, owner)


@lru_cache(maxsize=4096)
def item_id(kind: str, number: int, owner: int = 0) -> str:
    """Returns the public id of an item."""
    return webex_id(kind, uuid(kind, number, owner), DEVICE_CLUSTER if kind == "DEVICE" else "us")


def find(kind: str, public_id: str) -> tuple[int, int] | None:
    """Returns number and owner of the item with a public id; None if it is no id of that kind."""
    try:
        found, key = decode(public_id)
        family, number, owner = index_of(key)
    except ValueError:
        return None
    return (number, owner) if found == kind and family == _FAMILIES[kind] else None


def pair_id(kind: str, person: int, other_kind: str, other: int) -> str:
    """Returns the public id of a membership: a person in a room or a team."""
    return webex_id(kind, f"{uuid('PEOPLE', person)}:{uuid(other_kind, other)}")


def find_pair(kind: str, public_id: str) -> tuple[int, int] | None:
    """Returns person, and room or team, of the membership with a public id; None if it is no id of that kind."""
    try:
        found, key = decode(public_id)
        person, _, other = key.partition(":")
        numbers = index_of(person)[1], index_of(other)[1]
    except ValueError:
        return None
    return numbers if found == kind else None


def person_name(number: int) -> str:
    """Returns a name that shows that the person does not exist."""
    return f"Person {number:04d}"


def person_email(number: int, domain: str) -> str:
    """Returns the address of a person."""
    return f"person.{number:04d}@{domain}"


@lru_cache(maxsize=256)
def organization_bare_id(number: int) -> str:
    """Returns the id of an organization in the form of compliance and audit events."""
    return bare_id(organization_uuid(number))


def room_kind(room: int) -> str:
    """Returns `direct` for every fourth room, else `group`."""
    return "direct" if room % 4 == 3 else "group"
