"""Public Webex ids: unpadded base64 of `ciscospark://<cluster>/<TYPE>/<key>` (Webex API reference, federated ids).

Keys are UUIDs that hold their own index, so that an item is found by its id without any table of ids.
"""

import base64

CLUSTER = "us"


def webex_id(kind: str, key: str, cluster: str = CLUSTER) -> str:
    """The public id of the item `key` of a kind such as PEOPLE or ROOM."""
    return base64.b64encode(f"ciscospark://{cluster}/{kind}/{key}".encode()).decode().rstrip("=")


def bare_id(uuid: str) -> str:
    """The other form in use: base64 of the UUID alone, as in the orgId of a compliance event."""
    return base64.b64encode(uuid.encode()).decode().rstrip("=")


def decode(public_id: str) -> tuple[str, str]:
    """Kind and key of a public id; kind is empty for the bare form. Raises ValueError where it is no id."""
    try:
        text = base64.b64decode(public_id + "=" * (-len(public_id) % 4), validate=True).decode()
    except ValueError as error:
        raise ValueError(f"{public_id} is not a Webex id") from error
    kind, _, key = text.removeprefix("ciscospark://").partition("/")[2].partition("/")
    return (kind, key) if key else ("", text)


def uuid_of(family: int, index: int, owner: int = 0) -> str:
    """The UUID of the `index`-th item of a family of things that belongs to the `owner`-th organization."""
    return f"{family:08x}-{owner:04x}-4000-8000-{index:012x}"


def index_of(uuid: str) -> tuple[int, int, int]:
    """Family, index and owner of a UUID made by `uuid_of`; raises ValueError for any other text."""
    family, owner, version, variant, index = uuid.split("-")
    if (version, variant, len(family), len(owner), len(index)) != ("4000", "8000", 8, 4, 12):
        raise ValueError(f"{uuid} is not of this world")
    return int(family, 16), int(index, 16), int(owner, 16)
