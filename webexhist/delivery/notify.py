"""Hands a short text over to a service of messages, by the library of the extra `notify` (apprise)."""

import json
import logging
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from webexhist.delivery.errors import NotDeliveredError, UnconfirmedError
from webexhist.delivery.messenger import SENT, UNREACHABLE
from webexhist.errors import UsageError, WebexhistError
from webexhist.own_process import of_module
from webexhist.redact import shown_service
from webexhist.shortages import MORE_THREADS

SECONDS_OF_ALL = 60.0
"""However slowly the service answers: the library waits for each piece of an answer anew."""
MOST_MEMORY = 1024**3
"""Bytes of addresses that the library may take, however much the service answers."""
logging.getLogger("apprise").addHandler(logging.NullHandler())  # nor does what it says too late reach the terminal


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
    with _unheard():
        if not Apprise().add(url):
            raise UsageError(f"{shown} is no address of a service that is known", "see apprise's list of services")
    outcome = _sent_beside({"url": url, "title": title, "body": body, "most_memory": MOST_MEMORY})
    if outcome == SENT:
        return
    if re.fullmatch(r"\d{3}", outcome):
        problem = f"the service of {shown} refused the message ({outcome})"
        raise NotDeliveredError(problem, "see that the URL is right; the next run tries again")
    if outcome == UNREACHABLE:
        raise NotDeliveredError(f"the service of {shown} cannot be reached", "the next run tries again")
    raise UnconfirmedError(
        f"the service of {shown} did not say that it took the message",
        "look whether it arrived, else send it --again",
    )


def _sent_beside(message: dict[str, str | int]) -> str:
    """What the process that sends a message says of it; empty where it came to no end of its own.

    The message is written to it, and is no argument: its URL may hold a password, and everybody sees arguments.
    Raises NotDeliveredError where it cannot be started.
    """
    try:
        ended = subprocess.run(  # noqa: S603  (nothing of it is anybody else's text)
            of_module("webexhist.delivery.messenger"),
            input=json.dumps(message),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            timeout=SECONDS_OF_ALL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    except OSError as error:
        raise NotDeliveredError(f"no process can be started ({error.strerror})", MORE_THREADS) from error
    return ended.stdout if ended.returncode == 0 else ""


@contextmanager
def _unheard() -> Iterator[None]:
    """Keeps from the terminal what the library logs."""
    logger = logging.getLogger("apprise")
    propagate, logger.propagate = logger.propagate, False
    try:
        yield
    finally:
        logger.propagate = propagate
