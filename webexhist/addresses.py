"""What an address of a service or of a mail may look like: nothing that two programs could read in two ways."""

import re

PLAIN = re.compile(
    r"https?://(?P<host>[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?:[/?#].*)?",
    re.IGNORECASE,
)
AMBIGUOUS = re.compile(r"[\s\\]")
LONGEST_LABEL = 63
MAIL = re.compile(
    r"(?P<name>[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64})@(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)", re.IGNORECASE
)
"""A mailbox as it is usually written; quoted names and hosts in brackets are left out (RFC 5321, 4.1.2)."""


def is_plain_address(text: str) -> bool:
    """Whether this is an address by http or https without a user, and with nothing in it that is not to be seen.

    A backslash, white space, control characters and a host beyond ASCII are what programs differ about.
    """
    found = PLAIN.fullmatch(text) if text.isprintable() else None
    if found is None or AMBIGUOUS.search(text):
        return False
    return all(0 < len(label) <= LONGEST_LABEL for label in found["host"].split("."))


def is_mail_address(text: str) -> bool:
    """Whether this is a mailbox alone, in ASCII, with no name before it and nothing that could end a header."""
    found = MAIL.fullmatch(text)
    return found is not None and all(0 < len(label) <= LONGEST_LABEL for label in found["host"].split("."))
