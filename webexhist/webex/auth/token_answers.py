"""Reads what Webex answers with tokens in it: by then the refresh token may be spent, so that nothing is thrown away.

An answer is one by its access token alone, in whatever form it stands. What cannot be read beside it is unknown.
"""

import codecs
import json
import math
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from webexhist.state.grant import Grant, is_sendable
from webexhist.utf8 import utf8_text

PIECE = re.compile(
    r'"(?P<name>[a-z_]{1,40})"\s*:\s*'
    r'(?P<value>"(?:[^"\\]|\\.)*"|[0-9]+(?=\s*[,}]))'
)
"""A value with its name, whatever stands around them; of a number its end too, for half of it is another one."""
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
"""A text as JSON writes it."""
FORM = re.compile(r"[?#]?[\w.-]+=[^\s\"<>{}]*")
"""Fields and nothing else: an address that is named in some other answer is none."""
BETWEEN_FIELDS = re.compile(r"[;\r\n]+(?=[\w.-]+=)")
"""What some programs write where others write an ampersand."""
TOKENS = ("access_token", "refresh_token", "device_code", "user_code")
NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]*)?")
SHORTEST_LIFETIME = 1.0
LONGEST_LIFETIME = 10**9
"""Seconds; no token lives for thirty years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAnswer:
    """What can be read in an answer; lifetimes in seconds."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    """Empty where none was given that could be sent back."""
    lifetime: float | None = None
    refresh_lifetime: float | None = None
    scopes: tuple[str, ...] = ()

    def grant(self, asked_at: datetime) -> Grant:
        """The grant; lifetimes count from the moment of asking, which errs on the safe side."""
        return Grant(
            access_token=self.access_token,
            refresh_token=self.refresh_token,
            issued_at=asked_at,
            expires_at=end_of(self.lifetime, asked_at),
            refresh_expires_at=end_of(self.refresh_lifetime, asked_at),
            scopes=self.scopes,
        )


def token_answer(content: bytes, *, is_whole: bool = True) -> TokenAnswer | None:
    """The answer in a body; None where it holds no access token. `is_whole`: nothing of the body is missing."""
    answer = answer_with("access_token", content, is_whole=is_whole)
    if answer is None:
        return None
    return TokenAnswer(
        access_token=token(answer.get("access_token")),
        refresh_token=token(answer.get("refresh_token")),
        lifetime=seconds(answer.get("expires_in"), SHORTEST_LIFETIME),
        refresh_lifetime=seconds(answer.get("refresh_token_expires_in"), SHORTEST_LIFETIME),
        scopes=scopes(answer.get("scope")),
    )


def answer_with(key: str, content: bytes, *, is_whole: bool = True) -> dict[str, object] | None:
    """What a body says, by name, read in the first way that shows a token of that name; None where none does."""
    texts = list(texts_within(text_of(content), key))
    readings = [json_object(text) for text in texts]
    readings += [pieces_of([*texts, content.decode(errors="replace")])]
    readings += [form(text if is_whole else text.rpartition("&")[0]) for text in texts]
    return next((reading for reading in readings if token(reading.get(key))), None)


def texts_within(text: str, key: str, depth: int = 3) -> Iterator[str]:
    """A text, and those in it that are written as JSON texts and may hold an answer of their own."""
    yield text
    if depth == 0:
        return
    for written in TEXT.finditer(text):
        if key in written[0]:
            with suppress(ValueError):  # an escape that there is not
                yield from texts_within(LENIENT.decode(written[0]), key, depth - 1)


def json_object(text: str) -> dict[str, object]:
    """The JSON object that a text begins with; an empty one where it is none."""
    try:
        answer, _what_follows = LENIENT.raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def pieces_of(texts: Iterable[str]) -> dict[str, object]:
    """What can be read of an answer that was cut off, or stands within something else."""
    found = []
    for text in texts:
        for piece in PIECE.finditer(text):
            with suppress(ValueError):  # an escape that there is not
                found.append((piece["name"], LENIENT.decode(piece["value"])))
    return by_name(found)


def form(text: str) -> dict[str, object]:
    """The fields of an answer that is written as a form is sent; whether the last of them is whole cannot be seen.

    A plus sign is a space, but in a token, which holds none: there it was not escaped.
    """
    written = BETWEEN_FIELDS.sub("&", text.strip())
    if not FORM.fullmatch(written):
        return {}
    fields, literal = (
        parse_qsl(each.lstrip("?#"), keep_blank_values=True) for each in (written, written.replace("+", "%2B"))
    )
    pairs = zip(fields, literal, strict=True)
    return by_name((name, kept if name in TOKENS else value) for (name, value), (_, kept) in pairs)


def text_of(content: bytes) -> str:
    """The text of a body, whatever letters it is damaged in."""
    if content.startswith(codecs.BOM_UTF8):
        return utf8_text(content, "replace")
    return content.decode(json.detect_encoding(content), "replace")


def by_name(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """The last value of each name; but no token gives way to what is none."""
    values: dict[str, object] = {}
    for name, value in pairs:
        if token(value) or not token(values.get(name)):
            values[name] = value
    return values


def token(value: object) -> str:
    """A token that a request can carry, without the white space around it; empty where it is none."""
    found = value.strip() if isinstance(value, str) else ""
    return found if is_sendable(found) else ""


def seconds(value: object, least: float) -> float | None:
    """Seconds out of a number, or a number as text; None where that is less than `least` or absurd."""
    if isinstance(value, str) and (number := NUMBER.fullmatch(value.strip())):
        value = float(number[0])  # strip() removes more than float() passes over
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return None
    return float(value) if least <= value < LONGEST_LIFETIME else None


def scopes(value: object) -> tuple[str, ...]:
    """The scopes in a text or a list of texts."""
    texts = value if isinstance(value, list) else [value]
    words = [word for text in texts if isinstance(text, str) for word in text.split()]
    return tuple(dict.fromkeys(word for word in words if token(word)))


def end_of(lifetime: float | None, asked_at: datetime) -> datetime | None:
    """When a token ends that lives for `lifetime` seconds; None where that is unknown or no time."""
    try:
        return None if lifetime is None else asked_at + timedelta(seconds=lifetime)
    except OverflowError:  # a clock at the end of all time
        return None


LENIENT = json.JSONDecoder(object_pairs_hook=by_name, parse_int=float, strict=False)
"""Numbers of any length: Python refuses to make whole numbers of more than 4,300 digits. Texts with line ends."""
