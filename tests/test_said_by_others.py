"""What is repeated of others who were sent a secret holds no piece of it, however they write it."""

from base64 import b64encode
from html import escape
from json import dumps
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webexhist.said_by_others import LONGEST, PIECE, said

SECRET = "DbA5Ui@/:#9; 'DbB5\\é0\"Ui0"
CONTENT = SECRET.encode()
WRITTEN = {
    "as it is": SECRET,
    "without its beginning and end": SECRET[4:-3],
    "in capitals": SECRET.upper(),
    "in small letters": SECRET.lower(),
    "backwards": SECRET[::-1],
    "spaced": " ".join(SECRET),
    "folded": "\r\n".join(SECRET[at : at + 7] for at in range(0, len(SECRET), 7)),
    "quoted": repr(SECRET),
    "as JSON": dumps(SECRET),
    "as HTML": escape(SECRET),
    "in percent": quote(SECRET),
    "in percent twice": quote(quote(SECRET, safe=""), safe=""),
    "in percent throughout": "".join(f"%{byte:02X}" for byte in CONTENT),
    "in hex": CONTENT.hex(),
    "in hex with colons": CONTENT.hex(":"),
    "in escapes": "".join(f"\\x{byte:02x}" for byte in CONTENT),
    "in octal": "".join(f"\\{byte:03o}" for byte in CONTENT),
    "in entities": "".join(f"&#{byte};" for byte in CONTENT),
    "misread": CONTENT.decode("latin-1"),
    "in base64": b64encode(CONTENT).decode(),
    "in base64 behind others": b64encode(b"\0anna\0" + CONTENT).decode()[5:-6],
    "in base64 for addresses": b64encode(CONTENT, b"-_").decode(),
    "in base64 twice": b64encode(b64encode(CONTENT)).decode(),
    "as its MD5": "md5900150983cd24fb0d6963f7d28e17f72",
    "as a proof of SCRAM": "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts6kzVO4mC0fW6A4a0=",
}
PLAIN = (
    'connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: FATAL: no entry for user "anna"',
    'could not open file "base/16384/2601": No space left on device',
    "535 5.7.8 see https://support.example.com/mail/?p=BadCredentials 9f3aa1c2d4-gsmtp",
    "key 11111111-2222-4333-8444-555555555abc of 7123456789012345678 is there already",
)


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_a_secret_is_hidden_however_it_is_written(written):
    assert said(f"I do not take {written} from you", SECRET) == "I do not take *** from you"


@pytest.mark.parametrize("words", PLAIN)
def test_other_words_are_repeated_as_they_are(words):
    assert said(words, SECRET) == words


def test_a_short_secret_is_hidden_with_the_words_that_hold_it():
    assert said("not table: user abc, not 616263 or YWJj", "abc") == "not table: user *** not *** or ***"
    assert said("no !!!! here", "!!!!") == "no *** here"


def test_without_a_secret_only_those_of_addresses_are_hidden():
    assert said("no 900150983cd24fb0d6963f7d28e17f72 at https://u:p@h/", "") == (
        "no 900150983cd24fb0d6963f7d28e17f72 at https://***@h/"
    )


def test_no_more_is_looked_at_than_anybody_has_to_say():
    assert said("x" * LONGEST + SECRET, "another") == "x" * LONGEST


@given(st.text(min_size=PIECE), st.text(), st.text(), st.data())
def test_no_piece_of_any_secret_is_ever_repeated(secret, before, after, data):
    begin = data.draw(st.integers(0, len(secret) - PIECE))
    piece = secret[begin : data.draw(st.integers(begin + PIECE, len(secret)))]
    assert piece not in said(f"{before[:100]}{piece}{after}", secret) or piece.isspace() or piece in "***"
