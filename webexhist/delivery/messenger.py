"""The process in which a library hands a text over: `notify` starts it, and ends it when its time is over.

The library keeps the whole of what a service answers. Here it has so much memory and no more, whoever answers.
"""

import json
import logging
import re
import resource
import sys
from contextlib import suppress
from io import StringIO

SENT, UNREACHABLE, UNCONFIRMED = "sent", "unreachable", "unconfirmed"
STATUS = re.compile(r"error=(\d{3})\b")
NEVER_SENT = re.compile(r"NewConnectionError|ConnectTimeoutError|NameResolutionError|SSLError")
"""What is looked for in what the library logs. Nothing of it is repeated: it may hold the URL, with its password."""


def outcome(url: str, title: str, body: str) -> str:
    """What became of a text: one of the words above, or the status with which the service refused it.

    No redirect is followed: it would take headers with a secret to another host, and a POST becomes a GET, whose
    answer says nothing of the message.
    """
    from apprise import Apprise, AppriseAsset

    said = StringIO()
    logger = logging.getLogger("apprise")
    logger.addHandler(logging.StreamHandler(said))
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    service = Apprise(asset=AppriseAsset(http_redirects=False))
    if service.add(url) and service.notify(title=title, body=body):
        return SENT
    if status := STATUS.search(said.getvalue()):
        return status[1]
    return UNREACHABLE if NEVER_SENT.search(said.getvalue()) else UNCONFIRMED


def main() -> None:
    """Sends what stands on stdin, and writes the outcome to stdout."""
    asked = json.load(sys.stdin)
    with suppress(ValueError, OSError):  # it has less already
        resource.setrlimit(resource.RLIMIT_AS, (asked["most_memory"],) * 2)
    sys.stdout.write(outcome(asked["url"], asked["title"], asked["body"]))


if __name__ == "__main__":
    main()
