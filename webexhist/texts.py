"""Other people's text: names that Webex lists, made harmless where they are shown. They are kept as they are."""

import json
import re
import unicodedata

DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Unicode's bidirectional controls: they turn around what stands beside a name (UAX 9; Unicode TR 36, 2.4)."""
INVISIBLE = "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
UNWRITTEN = re.compile(f"[{DIRECTIONS}{INVISIBLE}]")
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""They move cursors, ring bells, or are no characters at all; tabs and line ends are white space like any other."""
ESCAPED = re.compile(f"[\x7f-\x9f\u2028\u2029\ud800-\udfff{DIRECTIONS}{INVISIBLE}]")
"""What JSON lets through as it is and a terminal or an editor obeys."""
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""NUL, and the halves of surrogate pairs that JSON lets through as escapes: no database holds them."""
FORMULA_STARTS = frozenset("=+-@|%")


def shown(text: str) -> str:
    """The text as a page can show it: bidirectional and invisible controls left out, other controls as spaces."""
    # Nothing that is printable is one of them, and nearly all texts are.
    return text if text.isprintable() else CONTROLS.sub(" ", UNWRITTEN.sub("", text))


def storable(text: str) -> str:
    """The text with U+FFFD in place of every character that cannot be stored; the same object where there is none."""
    return UNSTORABLE.sub("\ufffd", text) if UNSTORABLE.search(text) else text


def folded(text: str) -> str:
    """The text to compare names by: small letters, single spaces, accents as one character with their letters."""
    return " ".join(unicodedata.normalize("NFC", text.casefold()).split())


def on_one_line(text: str) -> str:
    """The same on a line that nothing in it ends."""
    return shown(text).replace("\n", " ").replace("\t", " ")


def json_text(value: object, indent: int | None = 1) -> str:
    """JSON with every character of the names in it, but controls as escapes. Days and amounts become text."""
    text = json.dumps(value, indent=indent, ensure_ascii=False, default=str)
    return ESCAPED.sub(lambda found: json.dumps(found[0])[1:-1], text)


def spreadsheet_text(text: str) -> str:
    """The text as it is shown, after an apostrophe where a spreadsheet would take it for a formula.

    Spreadsheets pass over leading white space and what is not seen, and take full-width signs for the usual ones
    (OWASP, CSV Injection).
    """
    seen = (character for character in unicodedata.normalize("NFKC", shown(text)) if is_seen(character))
    is_formula = next(seen, "") in FORMULA_STARTS or text[:1] in ("\t", "\r", "\n")
    return f"'{shown(text)}" if is_formula else shown(text)


def as_written(cell: str) -> str:
    """The cell without the apostrophe that keeps spreadsheets from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_STARTS else cell


def is_seen(character: str) -> bool:
    """Whether it is neither white space nor a character without a form, such as a soft hyphen."""
    return not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc")
