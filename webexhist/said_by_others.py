"""What others say who were sent a secret, as it can be repeated: some say what they were sent."""

import html
import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from itertools import groupby
from urllib.parse import quote

from webexhist.redact import HIDDEN, without_secrets

LONGEST = 2000
"""Characters that are looked at."""
PIECE = 6
"""Characters of a secret, or of what it is encoded as, that nobody else's words hold by chance."""
SHORTEST_ENCODED = 4
"""Characters of a short secret's encoding that are looked for."""
HEX, BASE64 = re.compile(r"[0-9a-fA-F]{16,}"), re.compile(r"[A-Za-z0-9+/=_-]{20,}")
"""How what proves that a secret is known is written: MD5 and SCRAM."""
Letters = list[tuple[str, int]]
"""With the place in the text that each comes from."""


def said(words: str, *sent: str) -> str:
    """The beginning of what somebody says who was sent these secrets, without them; an empty one is none.

    Whole words are hidden: those that hold a piece of a secret, however it is cut, folded, quoted, spaced or encoded,
    and those that look like what is made of one for a proof. Secrets of addresses are hidden in any case.
    """
    begun, secrets = words[:LONGEST], [secret for secret in sent if secret]
    if not secrets:
        return without_secrets(begun)
    held = set(_places(_characters(begun), {piece for secret in secrets for piece in _pieces(_characters(secret))}))
    encoded = {piece for secret in secrets for form in _forms(secret) for piece in _pieces(_alphanumeric(form))}
    held.update(_places(_alphanumeric(begun), {piece for piece in encoded if len(piece) >= SHORTEST_ENCODED}))
    tokens = [
        (not held.isdisjoint(range(*word.span())) or _is_proof(word[0]), word[0])
        for word in re.finditer(r"\S+", begun)
    ]
    shown = (
        HIDDEN if hidden else " ".join(word for _, word in run) for hidden, run in groupby(tokens, lambda of: of[0])
    )
    return without_secrets(" ".join(shown))


def _forms(secret: str) -> Iterator[str]:
    """How a secret may be written."""
    as_json, as_html, as_python = json.dumps(secret), html.escape(secret), ascii(secret)
    yield from (secret, secret[::-1], as_json, as_html, as_python)
    for content in {secret.encode(errors="replace"), secret.encode("latin-1", errors="replace")}:
        percent = quote(content, safe="")
        yield from (percent, quote(percent, safe=""), content.decode("latin-1"))
        for each_byte in ("%02x", "x%02x", "0x%02x", "u00%02x", "%03o", "%d"):
            yield "".join(each_byte % byte for byte in content)
        for before in range(3):  # what was sent before it, so many bytes over the last three
            yield b64encode(bytes(before) + content).decode().rstrip("=")[(0, 2, 3)[before] :]


def _characters(text: str) -> Letters:
    """Every character of a text, in whatever case."""
    return [(letter, at) for at, character in enumerate(text) for letter in character.casefold()]


def _alphanumeric(text: str) -> Letters:
    """The letters and digits of a text, in whatever case, without accents: what encodings and separators leave."""
    return [
        (letter, at)
        for at, character in enumerate(text)
        for letter in unicodedata.normalize("NFKD", character).casefold()
        if letter.isalnum()
    ]


def _pieces(letters: Letters) -> Iterator[str]:
    """Everything of so many letters in a row; all of a text that has fewer."""
    text = "".join(letter for letter, _ in letters)
    return (text[at : at + PIECE] for at in range(max(1, len(text) - PIECE + 1)))


def _places(letters: Letters, pieces: set[str]) -> Iterator[int]:
    """Where in a text its letters make a piece."""
    text = "".join(letter for letter, _ in letters)
    for length in {len(piece) for piece in pieces} - {0}:
        for at in range(len(text) - length + 1):
            if text[at : at + length] in pieces:
                yield from range(letters[at][1], letters[at + length - 1][1] + 1)


def _is_proof(word: str) -> bool:
    """Whether a word holds what looks like a digest, in hex or in base64."""
    in_hex = any(not run.isdigit() and not run.isalpha() for run in HEX.findall(word))
    return in_hex or any(
        re.search("[a-z]", run) and re.search("[A-Z]", run) and re.search("[0-9]", run)
        for run in BASE64.findall(word)
    )
