"""Hands a short text over to a service of messages, by the library of the extra `notify` (apprise)."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from threading import Thread

from webexhist.delivery.errors import NotDeliveredError, UnconfirmedError
from webexhist.delivery.threads import start
from webexhist.errors import UsageError, WebexhistError
from webexhist.redact import shown_service

SECONDS_OF_ALL = 60.0
"""However slowly the service answers: the library waits for each piece of an answer anew."""
logging.getLogger("apprise").addHandler(logging.NullHandler())  # nor does what it says too late reach the terminal
STATUS = re.compile(r"error=(\d{3})\b")
NEVER_SENT = re.compile(r"NewConnectionError|ConnectTimeoutError|NameResolutionError|SSLError")
"""What is looked for in what the library logs. Nothing of it is repeated: it may hold the URL, with its password."""


def notify(url: str, title: str, body: str) -> None:
    """Sends a text to where a URL of apprise leads.

    Raises:
        WebexhistError: the extra is not installed.
        UsageError: the library knows no service of that URL.
        NotDeliveredError: the service did not take it.
        UnconfirmedError: it may have.
    """
    try:
        from apprise import Apprise
    except ImportError as error:
        raise WebexhistError(
            "messages need the extra notify, which is not installed", "pip install 'webexhist[notify]'"
        ) from error

    shown = shown_service(url) or "this"
    with _what_it_says() as said:
        service = Apprise()
        if not service.add(url):
            raise UsageError(f"{shown} is no address of a service that is known", "see apprise's list of services")
        outcomes: list[bool] = []
        sending = Thread(target=lambda: outcomes.append(bool(service.notify(title=title, body=body))), daemon=True)
        start(sending)
        sending.join(SECONDS_OF_ALL)
        if any(outcomes):
            return
    if status := STATUS.search(said.getvalue()):
        problem = f"the service of {shown} refused the message ({status[1]})"
        raise NotDeliveredError(problem, "see that the URL is right; the next run tries again")
    if NEVER_SENT.search(said.getvalue()):
        raise NotDeliveredError(f"the service of {shown} cannot be reached", "the next run tries again")
    raise UnconfirmedError(
        f"the service of {shown} did not say that it took the message",
        "look whether it arrived, else send it --again",
    )


@contextmanager
def _what_it_says() -> Iterator[StringIO]:
    """Keeps what the library logs, and keeps it from the terminal."""
    said = StringIO()
    logger, handler = logging.getLogger("apprise"), logging.StreamHandler(said)
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield said
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
