"""What an address of a service may look like: nothing that two programs could read in two ways."""

import re

PLAIN = re.compile(
    r"https?://(?P<host>[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?:[/?#].*)?",
    re.IGNORECASE,
)
LONGEST_LABEL = 63


def is_plain_address(text: str) -> bool:
    """Whether this is an address by http or https without a user, and with nothing in it that is not to be seen.

    A backslash, white space, control characters and a host beyond ASCII are what programs differ about.
    """
    found = PLAIN.fullmatch(text) if text.isprintable() else None
    if found is None or any(character.isspace() or character == "\\" for character in text):
        return False
    return all(0 < len(label) <= LONGEST_LABEL for label in found["host"].split("."))
