"""Webex's ids: the same thing is named by base64 of a URI, by base64 of a UUID, by the UUID alone or by a URN."""

import base64
import binascii
import re
from functools import lru_cache

UUID = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
LAST_UUID = re.compile(rf"(?:^|[/:{{])({UUID.pattern})\W*$")
"""What an id ends with; a license's id holds its organization's UUID too, further ahead."""
URL_SAFE = str.maketrans("+/", "-_")
PADDING = re.compile("(=|%3d)+$", re.IGNORECASE)
"""Of base64, as it stands or as an address has it."""


def decoded_id(webex_id: str) -> str:
    """What a Webex id says: "ciscospark://us/LICENSE/…" or a bare UUID; the text itself where it is no base64."""
    encoded = PADDING.sub("", webex_id.strip()).translate(URL_SAFE)
    try:
        decoded = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return webex_id
    return decoded if "://" in decoded or LAST_UUID.search(decoded) else webex_id


@lru_cache(maxsize=65_536)  # a poll asks for that of an organization once for each of its collectors
def uuid_of(webex_id: str) -> str:
    """The part of an id by which it is compared: its UUID in small letters, or else its last part as it stands.

    An id that ends with a slash is compared whole, for others end with nothing behind a slash too.
    """
    decoded = decoded_id(webex_id).strip()
    found = LAST_UUID.search(decoded)
    if not found:
        return decoded.rpartition("/")[2] or decoded
    digits = found[1].replace("-", "").lower()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def license_code(webex_id: str) -> str:
    """The type code in a license id ("<organization>:<CODE>_<uuid>[_<site>]"); empty where there is none."""
    _, colon, rest = decoded_id(webex_id).rpartition("/")[2].partition(":")
    return rest.partition("_")[0].upper() if colon else ""
