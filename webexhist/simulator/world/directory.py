"""Names and ids of everything that is computed from its number."""

from functools import lru_cache

from webexhist.simulator.world.ids import bare_id, decode, index_of, uuid_of, webex_id
from webexhist.simulator.world.plans import organization_uuid

_FAMILIES = {
    "PEOPLE": 0x9E,
    "ROLE": 0x0E,
    "ROOM": 0x40,
    "TEAM": 0x40,  # a team and its general room share their UUID
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
"""Devices carry the newer, longer cluster name in their ids."""


def uuid(kind: str, number: int, owner: int = 0) -> str:
    """The UUID of an item of a kind; `owner` is its organization, or its series for messages and events."""
    return uuid_of(_FAMILIES[kind], number, owner)


@lru_cache(maxsize=4096)
def item_id(kind: str, number: int, owner: int = 0) -> str:
    """The public id of an item of a kind."""
    return webex_id(kind, uuid(kind, number, owner), DEVICE_CLUSTER if kind == "DEVICE" else "us")


def find(kind: str, public_id: str) -> tuple[int, int] | None:
    """Number and owner of the item with a public id; None where no item of that kind could bear it."""
    try:
        found, key = decode(public_id)
        family, number, owner = index_of(key)
    except ValueError:
        return None
    return (number, owner) if found == kind and family == _FAMILIES[kind] else None


def pair_id(kind: str, person: int, other_kind: str, other: int) -> str:
    """The public id of a membership: a person in a room or a team."""
    return webex_id(kind, f"{uuid('PEOPLE', person)}:{uuid(other_kind, other)}")


def find_pair(kind: str, public_id: str) -> tuple[int, int] | None:
    """The person, and the room or team, of the membership with a public id; None where it is none of that kind."""
    try:
        found, key = decode(public_id)
        person, _, other = key.partition(":")
        numbers = index_of(person)[1], index_of(other)[1]
    except ValueError:
        return None
    return numbers if found == kind else None


def person_name(number: int) -> str:
    """A name that shows that nobody bears it."""
    return f"Person {number:04d}"


def person_email(number: int, domain: str) -> str:
    """The address of a person of an organization."""
    return f"person.{number:04d}@{domain}"


@lru_cache(maxsize=256)
def organization_bare_id(number: int) -> str:
    """The id of an organization as compliance and audit events write it."""
    return bare_id(organization_uuid(number))


def room_kind(room: int) -> str:
    """Every fourth room is a talk between two."""
    return "direct" if room % 4 == 3 else "group"
