"""Addresses as they can be shown: in messages, documents, logs, status and reports no password is ever repeated."""

import re
from urllib.parse import unquote_plus

HIDDEN = "***"
SECRET_NAME = re.compile(r"pass|pwd|secret|token|credential|signature|auth|key|^sig$|^code$", re.IGNORECASE)
"""Names of parameters whose values are not shown, even where that hides more than a secret."""
PARAMETER = re.compile(r"[?&;#](?P<name>[^=?&;#\s]+)=")
PAIR = re.compile(
    r"(?P<name>\w*(?:pass|pwd|secret|token|credential)\w*)(?P<between>[\"']?\s*[=:]\s*)"
    r"(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^\s&]+)",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"(?:(?<![a-z0-9+.-])[a-z0-9+.-]+:/|(?:postgres\w*|https?)(?:\+\w+)?:)[^\s'\"<>]*", re.IGNORECASE
)
WORD_OF_LIBPQ = re.compile(r"(?P<name>\bpassword)(?P<between>=)[^\s&'\"]+", re.IGNORECASE)
BEGINNING = re.compile(r"(?P<scheme>[^:/?#]*)(?P<mark>:/*|/*)(?P<rest>.*)", re.DOTALL)
WEB = ("http", "https")
SERVICE = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://", re.IGNORECASE)


def shown_address(address: str) -> str:
    """One address without its secrets; it need not be one that can be understood.

    Whatever stands between the scheme and the last @ counts as a user and a password: passwords hold any character.
    """
    begun = BEGINNING.fullmatch(address)
    if begun is None:
        return PAIR.sub(hidden_pair, address)
    user, at, place = begun["rest"].rpartition("@")
    name, colon, _ = user.partition(":")
    if at and (begun["scheme"].lower() in WEB or begun["mark"] == ":"):
        user = HIDDEN
    elif colon:
        user = f"{name}:{HIDDEN}"
    parts = re.split("(?=&)", f"{begun['scheme']}{begun['mark']}{user}{at}{place}")
    shown = "".join(map(without_secret_parameter, parts))
    return shown if ":" in begun["mark"] else PAIR.sub(hidden_pair, shown)


def shown_service(url: str) -> str:
    """The scheme of a URL whose rest may be secret, whatever it is: of some services the path is the password.

    Empty where the text does not begin as a URL does, so that any of it may be that.
    """
    begun = SERVICE.match(url)
    return f"{begun['scheme']}://…" if begun else ""


def without_secrets(text: str) -> str:
    """A text by somebody else, a driver for instance, without the secrets of the addresses that it repeats."""
    return PAIR.sub(hidden_pair, with_shown_addresses(text))


def with_shown_addresses(text: str) -> str:
    """A text of our own without the secrets of the addresses in it, also of one as libpq takes it (password=…)."""
    return WORD_OF_LIBPQ.sub(hidden_pair, ADDRESS.sub(lambda found: shown_address(found[0]), text))


def without_secret_parameter(part: str) -> str:
    """What stands before the next & of an address: from the value of a secret on all of it may belong to that."""
    for found in PARAMETER.finditer(part):
        if is_secret(found["name"]):
            return f"{part[: found.end()]}{HIDDEN}"
    return part


def hidden_pair(found: re.Match[str]) -> str:
    """A name and its value, which is hidden."""
    return f"{found['name']}{found['between']}{HIDDEN}"


def is_secret(name: str) -> bool:
    """Whether a parameter's value is not to be shown."""
    return bool(SECRET_NAME.search(unquote_plus(name)))
