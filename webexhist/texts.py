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
CELL_BEGINS = re.compile("(?<=[;\t\n])(?![;\t\n])")
"""Behind what divides cells or lines for a spreadsheet that does not go by commas, as those of many languages."""
APOSTROPHE = "'"
QUOTE = '"'
BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and signs of which nothing is seen: fillers, selectors of a variant, a braille cell without dots."""
JOINS_BEFORE = re.compile("[\u200c\u200d\u0e33\u0eb3\uff9e\uff9f\U0001f3fb-\U0001f3ff]")
"""What belongs to the letter before it besides marks: joiners, vowels and signs that take room, colors of skin."""
JOINS_AFTER = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u200d\U000110bd\U000110cd]")
"""What the next letter belongs to besides a virama: signs in front of numbers, and the joiner."""
JAMO = re.compile("[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]")
"""Parts of Korean syllables."""
VIRAMA = 9
"""Its combining class: in Indic scripts it joins the letters on both sides."""
MOST_JOINED = 8
"""So many that take room: a family of four has them in its colors, and no syllable has more."""
ZERO_WIDTH_SPACE, ZERO_WIDTH_JOINERS = "\u200b", "\u200c\u200d"
MOST_NAMED = 8
"""Characters of a text without anything to see that are named in its place."""


def shown(text: str) -> str:
    """The text as a page can show it: bidirectional and invisible controls left out, other controls as spaces."""
    # Nothing that is printable is one of them, and nearly all texts are.
    return text if text.isprintable() else CONTROLS.sub(" ", UNWRITTEN.sub("", text))


def breakable(text: str) -> str:
    """The text with places where a line may end in what is joined for longer than any script joins.

    Browsers end lines between clusters of characters only (UAX 29), and nothing bounds one: a page would be as wide.
    """
    if text.isascii():
        return text
    pieces, length, before = [], 0, ""
    for character in text:
        room = 0 if unicodedata.category(character) in ("Mn", "Me") or character in ZERO_WIDTH_JOINERS else 1
        length = length + room if before and are_joined(before, character) else room
        if length > MOST_JOINED:
            pieces.append(ZERO_WIDTH_SPACE)
            length = room
        pieces.append(character)
        before = character
    return "".join(pieces)


def are_joined(before: str, character: str) -> bool:
    """Whether no line ends between two characters, as they belong to one cluster."""
    if unicodedata.category(character)[0] == "M" or JOINS_BEFORE.match(character):
        return True
    if unicodedata.combining(before) == VIRAMA or JOINS_AFTER.match(before):
        return True
    return bool(JAMO.match(before) and JAMO.match(character))


def storable(text: str) -> str:
    """The text with U+FFFD in place of every character that cannot be stored; the same object where there is none."""
    return UNSTORABLE.sub("\ufffd", text) if UNSTORABLE.search(text) else text


def folded(text: str) -> str:
    """The text to compare names by: small letters, single spaces, accents as one character with their letters."""
    return " ".join(unicodedata.normalize("NFC", text.casefold()).split())


def visible(text: str) -> str:
    """The same; where nothing of it could be seen, or clicked, its characters by their numbers: U+200B U+3164."""
    seen = shown(text)
    if is_visible(seen) or not text:
        return seen
    numbers = " ".join(f"U+{ord(character):04X}" for character in text[:MOST_NAMED])
    return numbers if len(text) <= MOST_NAMED else f"{numbers} …"


def is_visible(text: str) -> bool:
    """Whether anything of a text can be seen."""
    return any(map(is_seen, text))


def on_one_line(text: str) -> str:
    """The text as it is shown, on a line that nothing in it ends."""
    return shown(text).replace("\n", " ").replace("\t", " ")


def one_line(text: str) -> str:
    """The same without white space around it, and with single spaces within."""
    return " ".join(shown(text).split())


def json_text(value: object, indent: int | None = 1) -> str:
    """JSON with every character of the names in it, but controls as escapes. Days and amounts become text."""
    text = json.dumps(value, indent=indent, ensure_ascii=False, default=str)
    return ESCAPED.sub(lambda found: json.dumps(found[0])[1:-1], text)


def spreadsheet_text(text: str) -> str:
    """The text as it is shown, with an apostrophe before what a spreadsheet would take for a formula.

    Spreadsheets pass over leading white space and what is not seen, and take full-width signs for the usual ones.
    Those that divide cells by semicolons or tabs begin one within this text (OWASP, CSV Injection).
    """
    parts = CELL_BEGINS.split(shown(text))
    return "".join(f"{APOSTROPHE}{part}" if is_formula(part) else part for part in parts)


def as_written(cell: str) -> str:
    """The cell without the apostrophes that keep spreadsheets from taking it for a formula."""
    parts = CELL_BEGINS.split(cell)
    return "".join(part[1:] if part[:1] == APOSTROPHE and is_formula(part[1:]) else part for part in parts)


def is_formula(part: str) -> bool:
    """Whether a spreadsheet could take a cell for a formula, also where it drops quotes before it.

    One that begins with the apostrophe gets another, so that what is read back is what was written.
    """
    plain = part.lstrip(APOSTROPHE)
    signs = (each for each in unicodedata.normalize("NFKC", plain) if is_seen(each) and each != QUOTE)
    return next(signs, "") in FORMULA_STARTS or plain[:1] in ("\t", "\n")


def is_seen(character: str) -> bool:
    """Whether it is neither white space nor a character without a form, such as a soft hyphen."""
    is_letter = not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc")
    return is_letter and not BLANK.match(character)
