"""How the text of a setting becomes its value.

What cannot be meant is a ValueError whose text follows the name of the setting: "is 'x', not true or false".
"""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from webexhist.addresses import is_mail_address, is_plain_address
from webexhist.redact import shown_address
from webexhist.seat_counts import GROUPED_BY

MESSAGE_SOURCES = ("auto", "events", "rooms", "off")
LONGEST_NUMBER = 20
"""Digits."""
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
A_DAY = 86_400
A_WEEK = 7 * A_DAY
"""In seconds, as whoever writes a setting counts them."""


def without_quotes(text: str) -> str:
    """The text without the quotes that the agent and the seed's users put around values."""
    text = text.strip()
    return text[1:-1].strip() if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'" else text


def as_given(text: str) -> str:
    """The text of a key in an INI file as the agent hands it on: without its quotes, and nothing for None."""
    given = without_quotes(text)
    return "" if given == "None" else given


def parse_secret(text: str) -> str:
    """A token, an id or a secret; the complaint about one does not repeat it."""
    if not text.isascii() or not text.isprintable():
        raise ValueError("holds a line end or a character beyond ASCII, which none has")
    return text


def parse_token(text: str) -> str:
    """A secret of Webex, which is a single word."""
    if " " in parse_secret(text):
        raise ValueError("holds a space, which none has; a comment needs a line of its own")
    return text


def parse_password(text: str) -> str:
    """A password that a person chose, in whatever letters; the complaint about one does not repeat it."""
    if not text.isprintable():
        raise ValueError("holds a line end or another character that nobody types")
    return text


def parse_ids(text: str) -> tuple[str, ...]:
    """Ids with commas or line ends between them, each with quotes around it, or all, or none."""
    ids = [part for raw in re.split(r"[,\n]", text) if (part := raw.strip("\"' \t"))]
    for webex_id in ids:
        if " " in webex_id:
            raise ValueError(f"holds {webex_id!r}, but no id holds a space; a comment needs a line of its own")
    return tuple(dict.fromkeys(ids))


def parse_boolean(text: str) -> bool:
    """Accepts true and false, yes and no, on and off, 1 and 0. Raises ValueError for anything else."""
    words = {
        "true": True,
        "yes": True,
        "on": True,
        "1": True,
        "false": False,
        "no": False,
        "off": False,
        "0": False,
    }
    if text.lower() not in words:
        raise ValueError(f"is {text!r}, not true or false")
    return words[text.lower()]


def parse_url(text: str) -> str:
    """A service's address without a query; plain http only to this machine, for the token travels with it."""
    url = text.rstrip("/").removesuffix("/v1")
    parts, is_known = None, False
    try:
        parts = urlsplit(url) if is_plain_address(url) else None
        is_known = parts is not None and parts.port != 0 and not {"?", "#"} & set(url)
    except ValueError:
        is_known = False  # a port beyond all ports
    if parts is None or not is_known:
        raise ValueError(f"is {shown_address(text)!r}, not an address like https://webexapis.com")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_HOSTS:
        raise ValueError(f"is {shown_address(text)!r}: tokens are sent over https only")
    return url


def parse_host(text: str) -> str:
    """The name or the number of a host, alone."""
    if not is_plain_address(f"https://{text}") or set(text) & set("/?#") or text.rpartition(":")[2].isdecimal():
        raise ValueError(f"is {shown_address(text)!r}, not the name of a host like mail.example.com")
    return text


def is_within(text: str, least: int, most: int) -> bool:
    """Whether this is a whole number between two; Python reads none of thousands of digits."""
    return text.isdecimal() and len(text) <= LONGEST_NUMBER and least <= int(text) <= most


def parse_port(text: str) -> int:
    """A port from 1 to 65535. Raises ValueError for anything else."""
    if not is_within(text, 1, 65_535):
        raise ValueError(f"is {text!r}, not a port between 1 and 65535")
    return int(text)


def parse_mail_address(text: str) -> str:
    """Raises ValueError for what is no mail address."""
    if not is_mail_address(text):
        raise ValueError(f"is {text!r}, not an address like licensing@example.com")
    return text


def is_seconds(text: str, largest: int) -> bool:
    """Whether this is a number of seconds from 1 to the largest."""
    try:
        return 1 <= float(text) <= largest
    except ValueError:
        return False


def parse_seconds(text: str) -> float:
    """Seconds from 1 to a day. Raises ValueError for anything else."""
    if not is_seconds(text, A_DAY):
        raise ValueError(f"is {text!r}, not a number of seconds between 1 and {A_DAY}")
    return float(text)


def parse_paces(text: str) -> Mapping[str, float]:
    """Seconds by collector out of "people:3600, rooms:86400"; a week at most.

    The complaint repeats the text as a whole: in a piece of it no address would show, nor its password be hidden.
    """
    paces: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, seconds = part.rpartition(":")
        if not name.strip() or not is_seconds(seconds, A_WEEK):
            raise ValueError(
                f"is {text!r}, not a number of seconds between 1 and {A_WEEK} for each, like people:3600"
            )
        if name.strip() in paces:
            raise ValueError(f"gives {name.strip()!r} two paces")
        paces[name.strip()] = float(seconds)
    return MappingProxyType(paces)


def parse_settle_seconds(text: str) -> int:
    """Whole seconds from 0 to a day. Raises ValueError for anything else."""
    if not is_within(text, 0, A_DAY):
        raise ValueError(f"is {text!r}, not a whole number of seconds between 0 and {A_DAY}")
    return int(text)


def parse_workers(text: str) -> int:
    """A number from 1 to 64. Raises ValueError for anything else."""
    if not is_within(text, 1, 64):
        raise ValueError(f"is {text!r}, not a whole number between 1 and 64")
    return int(text)


def parse_messages_source(text: str) -> str:
    """One of MESSAGE_SOURCES, in small letters. Raises ValueError for anything else."""
    if text.lower() not in MESSAGE_SOURCES:
        raise ValueError(f"is {text!r}, not one of {', '.join(MESSAGE_SOURCES)}")
    return text.lower()


def parse_seats_by(text: str) -> str:
    """One of GROUPED_BY, in small letters. Raises ValueError for anything else."""
    if text.lower() not in GROUPED_BY:
        raise ValueError(f"is {text!r}, not one of {', '.join(GROUPED_BY)}")
    return text.lower()


def parse_path(text: str) -> Path:
    """A path; ~ is the home of a user. Raises ValueError for a user who is not known, and for control characters."""
    try:
        path = Path(text).expanduser()
    except RuntimeError as error:
        raise ValueError(f"is {text!r}, in the home of nobody known here") from error
    if not text.isprintable():
        raise ValueError(f"is {text!r}, not a path")
    return path


def parse_database(text: str) -> str:
    """A path or an SQLAlchemy URL. Raises ValueError for control characters."""
    if "://" not in text:
        return str(parse_path(text))
    if not text.isprintable():
        raise ValueError("holds a character that no address holds")
    return text
