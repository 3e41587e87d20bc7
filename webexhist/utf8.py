"""UTF-8 with the mark by which spreadsheets know it, and without."""

import codecs


def marked_utf8(text: str) -> bytes:
    """The text with the mark by which spreadsheets know UTF-8.

    Python has an encoding for that, but loads it when it is first used: unknown where no file can be opened any more.
    """
    return codecs.BOM_UTF8 + text.encode()


def utf8_text(content: bytes, errors: str = "strict") -> str:
    """The text of a file in UTF-8, with that mark or without."""
    return content.removeprefix(codecs.BOM_UTF8).decode(errors=errors)
