"""Public Webex ids: unpadded base64 of `ciscospark://<cluster>/<TYPE>/<key>` (Webex API reference, federated ids).

The keys are UUIDs that contain the number of the item, so that an item is found by its id without a table of ids.
"""

import base64

CLUSTER = "us"


def webex_id(kind: str, key: str, cluster: str = CLUSTER) -> str:
    """Returns the public id of an item; `kind` is PEOPLE, ROOM and so on."""
    return base64.b64encode(f"ciscospark://{cluster}/{kind}/{key}".encode()).decode().rstrip("=")


def bare_id(uuid: str) -> str:
    """Returns the other form of an id: base64 of the UUID alone, as in the orgId of a compliance event."""
    return base64.b64encode(uuid.encode()).decode().rstrip("=")


def decode(public_id: str) -> tuple[str, str]:
    """Returns kind and key of a public id; the kind of the bare form is empty. Raises ValueError for other texts."""
    try:
        text = base64.b64decode(public_id + "=" * (-len(public_id) % 4), validate=True).decode()
    except ValueError as error:
        raise ValueError(f"{public_id} is not a Webex id") from error
    kind, _, key = text.removeprefix("ciscospark://").partition("/")[2].partition("/")
    return (kind, key) if key else ("", text)


def uuid_of(family: int, index: int, owner: int = 0) -> str:
    """Returns the UUID of an item: `family` stands for its kind, `index` is its number, `owner` its organization."""
    return f"{family:08x}-{owner:04x}-4000-8000-{index:012x}"


def index_of(uuid: str) -> tuple[int, int, int]:
    """Returns family, index and owner of a UUID made by `uuid_of`. Raises ValueError for other texts."""
    family, owner, version, variant, index = uuid.split("-")
    if (version, variant, len(family), len(owner), len(index)) != ("4000", "8000", 8, 4, 12):
        raise ValueError(f"{uuid} is not a UUID of this service")
    return int(family, 16), int(index, 16), int(owner, 16)
