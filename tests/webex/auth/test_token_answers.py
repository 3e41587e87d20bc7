"""Answers with an access token and odd things beside it: the token is stored and used, and nothing else matters."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from authorized import CONFIGURED, Authorized
from hypothesis import example, given, settings
from hypothesis import strategies as st
from json_bodies import VALUES
from raw_server import HEAD, listening
from searching import examples

from webexhist.simulator import Trouble
from webexhist.simulator.faults.switches import Body, Status
from webexhist.webex.api.errors import Refused, Unreachable, WebexError
from webexhist.webex.auth.device import device_code, grant_for_device
from webexhist.webex.auth.login import Login
from webexhist.webex.auth.token_answers import token_answer
from webexhist.webex.collectors import wanted_scopes

NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
SCOPES = wanted_scopes()
SPACED = "spark:a spark:b"
TOKENS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.integers().map(str),
    st.sampled_from(["1209599", "1209599.0", " 60 ", "1e3", "-1", "soon", "9" * 5_000, 1e400, True, None, 0]),
)
BESIDE = st.dictionaries(
    st.sampled_from(["refresh_token", "expires_in", "refresh_token_expires_in", "scope", "token_type", "error", "x"]),
    NUMBERS | TOKENS | VALUES | st.lists(TOKENS, max_size=3),
)


@pytest.fixture
def authorized(simulated):
    return Authorized(simulated())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (1209599, 1209599),
        ("1209599", 1209599),
        (" 1209599 ", 1209599),
        ("1209599\x1f", 1209599),
        ("1209599.0", 1209599),
        (1209599.0, 1209599),
        (60.5, 60.5),
        (0.5, None),
        (0, None),
        (-1, None),
        ("-1", None),
        ("soon", None),
        ("1e9", None),
        ("\u0663", None),
        (10**9, None),
        (10**30, None),
        (float("inf"), None),
        (float("nan"), None),
        (True, None),
        (None, None),
        ([60], None),
        ({"seconds": 60}, None),
    ],
)
def test_a_lifetime_is_read_from_numbers_and_texts_of_them_or_unknown(value, seconds):
    body = json.dumps({"access_token": "x", "expires_in": value, "refresh_token_expires_in": value}).encode()
    grant = token_answer(body).grant(NOON)
    end = None if seconds is None else NOON + timedelta(seconds=seconds)
    assert (grant.expires_at, grant.refresh_expires_at) == (end, end)


@pytest.mark.parametrize(
    ("value", "scopes"),
    [
        ("spark:a spark:b", ("spark:a", "spark:b")),
        (["spark:a", "spark:b spark:c", 5, None], ("spark:a", "spark:b", "spark:c")),
        ("", ()),
        (5, ()),
        ({"spark:a": True}, ()),
        ("spark:a \u202e", ("spark:a",)),
    ],
)
def test_scopes_are_read_from_a_text_or_a_list_or_unknown(value, scopes):
    assert token_answer(json.dumps({"access_token": "x", "scope": value}).encode()).scopes == scopes


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"access_token": "x"}',
        '{"access_token": "x"}'.encode("utf-16"),
        b'{"access_token": "x", "scope": "\xff\xfe"}',
        b'{"access_token": "x", "expires_in": ' + b"9" * 5_000 + b"}",
        b'{"access_token": "x", "expires_in": NaN}',
        b'{"access_token": "x", "refresh_token": "caf\xc3\xa9"}',
        b'{"access_token": "x", "refresh_token": 5}',
        b'{"access_token": "x", "scope": "spark:a\nspark:b\tspark:c\x00"}',
        b'{"access_token": " x\\n", "refresh_token": "a\\nb"}',
        b' {"access_token": "x"}\n<!-- 0.02 s -->',
    ],
)
def test_a_body_that_is_damaged_beside_the_token_gives_the_token(body):
    answer = token_answer(body)
    assert (answer.access_token, answer.refresh_token) == ("x", "")
    assert "x" not in repr(answer)


@pytest.mark.parametrize(
    "body",
    [
        b'[{"access_token": "x", "refresh_token": "r"}]',
        b'{"data": {"access_token": "x", "refresh_token": "r"}}',
        b')]}\',\n{"access_token": "x", "refresh_token": "r"}',
        b'\0{"access_token": "x", "refresh_token": "r"}',
        b'{"access_token": "x", "refresh_token": "r",}',
        b'{"access_token": "x", "refresh_token": "r", "scope": "spark:a spa',
        b'{"access_token": "x", "refresh_token": "\\u0072", "expires_in": 12',
        b'{"access_token": "x", "refresh_token": "r", "scope": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b'{"access_token": "x", "access_token": null, "refresh_token": "r", "refresh_token": ""}',
        b'{"access_token": {}, "access_token": "old", "access_token": "x", "refresh_token": "r"}',
    ],
)
def test_tokens_that_are_there_whole_are_read_whatever_is_around_them(body):
    answer = token_answer(body)
    assert (answer.access_token, answer.refresh_token, answer.lifetime) == ("x", "r", None)


@pytest.mark.parametrize(
    "body",
    [
        b"access_token=x&refresh_token=r&expires_in=60&scope=spark%3Aa+spark:b",
        b"\n?scope=spark%3Aa+spark%3Ab&token_type=Bearer&expires_in=60&refresh_token=r&access_token=x\r\n",
        b"access_token=&access_token=x&refresh_token=r&refresh_token=&expires_in=60&scope=spark:a spark:b".replace(
            b" ", b"%20"
        ),
        b"access_token=x;refresh_token=r;expires_in=60;scope=spark:a+spark:b",
        b"access_token=x\r\nrefresh_token=r\r\nexpires_in=60\r\nscope=spark:a+spark:b\r\n",
        json.dumps(json.dumps({"access_token": "x", "refresh_token": "r", "expires_in": 60, "scope": SPACED})),
        json.dumps(
            json.dumps(json.dumps({"access_token": "x", "refresh_token": "r", "expires_in": 60, "scope": SPACED}))
        ),
        json.dumps(
            {"body": json.dumps({"access_token": "x", "refresh_token": "r", "expires_in": 60, "scope": SPACED})}
        ),
        json.dumps([json.dumps("access_token=x&refresh_token=r&expires_in=60&scope=spark:a+spark:b")]),
    ],
)
def test_forms_and_json_within_json_are_answers_too(body):
    answer = token_answer(body if isinstance(body, bytes) else body.encode())
    assert (answer.access_token, answer.refresh_token, answer.lifetime) == ("x", "r", 60)
    assert answer.scopes == ("spark:a", "spark:b")


@pytest.mark.parametrize("written", ["a+b/c==", "a%2Bb%2Fc%3D%3D", "a%2bb/c=%3D"])
def test_a_token_in_a_form_keeps_its_signs(written):
    answer = token_answer(f"\ufeffrefresh_token={written}&access_token={written}&scope=spark:a+spark:b".encode())
    assert (answer.access_token, answer.refresh_token) == ("a+b/c==", "a+b/c==")
    assert answer.scopes == ("spark:a", "spark:b")


@pytest.mark.parametrize(
    "body",
    [
        b"access_token=",
        b"token=x",
        b"<a href='?access_token=x&refresh_token=r'>",
        b"see https://elsewhere.example/#access_token=x",
        b'{"error": "https://elsewhere.example/?a=b&access_token=x&c=d"}',
        b'{"error": "the access_token=x is no good"}',
        b"access_token=caf%C3%A9",
    ],
)
def test_an_address_or_a_sentence_with_a_token_in_it_is_no_answer(body):
    assert token_answer(body) is None


def broken_off(form):
    def serve(connection):
        connection.recv(65536)
        connection.sendall(HEAD + b"Content-Length: 500\r\n\r\n" + form)

    return serve


def test_of_a_form_that_broke_off_the_field_where_it_did_is_not_taken(authorized):
    with (
        listening(broken_off(b"scope=a&access_token=ab")) as port,
        pytest.raises(Unreachable, match="the connection broke"),
    ):
        authorized.tokens(base_url=f"http://127.0.0.1:{port}").renewed(CONFIGURED)
    with listening(broken_off(b"access_token=abc&refresh_token=de")) as port:
        tokens = authorized.tokens(base_url=f"http://127.0.0.1:{port}")
        assert tokens.renewed(CONFIGURED) == "abc"
    assert tokens.current().refresh_token == authorized.refresh_token


BEFORE = {
    "one": b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
    "several": b"HTTP/1.1 100 Continue\r\n\r\n" + b"HTTP/1.1 102 Processing\r\n\r\n" * 5,
    "one of no kind that is known": b"HTTP/1.1 199 Hm\r\nContent-Length: 7\r\n\r\n",
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_what_comes_before_the_answer_loses_no_token(authorized, before):
    body = b'{"access_token": "x", "refresh_token": "r"}'

    def serve(connection):
        connection.recv(65536)
        connection.sendall(before + HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)

    with listening(serve) as port:
        assert authorized.tokens(base_url=f"http://127.0.0.1:{port}").renewed(CONFIGURED) == "x"
    assert authorized.stored["refresh_token"] == "r"


BROKEN = [
    "http://",
    "http://[::1/x",
    "https://h:99999999/",
    "https://h:port/",
    "gopher:\\x",
    "//",
    "\xff",
    "",
    "http://a b/",
]


@pytest.mark.parametrize("location", BROKEN)
@pytest.mark.parametrize("status", [301, 303, 307])
def test_a_redirect_to_an_address_that_is_none_is_told_as_a_redirect(authorized, location, status):
    def serve(connection):
        connection.recv(65536)
        head = f"HTTP/1.1 {status} Go\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(head.encode("latin-1"))

    with listening(serve) as port:
        url = f"http://127.0.0.1:{port}"
        with pytest.raises(Refused, match=f"answered {status}: redirects are not followed"):
            authorized.tokens(base_url=url).renewed(CONFIGURED)
        with pytest.raises(Refused, match=f"answered {status}: redirects are not followed"):
            device_code(authorized.settings(base_url=url), SCOPES)


@pytest.mark.parametrize("status", [302, 500, 502, 503, 999])
def test_tokens_in_an_answer_that_failed_are_not_lost(authorized, status):
    body = Body(b'{"access_token": "x", "refresh_token": "r"}', status)
    authorized.polled.server.faults.troubles.append(Trouble(body, path="/v1/access_token"))
    assert authorized.tokens().renewed(CONFIGURED) == "x"
    assert authorized.stored["refresh_token"] == "r"


@pytest.mark.parametrize("status", [400, 401, 403, 429])
def test_an_answer_that_the_request_was_wrong_gives_no_tokens(authorized, status):
    body = Body(b'{"access_token": "x", "refresh_token": "r"}', status)
    authorized.polled.server.faults.troubles.append(Trouble(body, path="/v1/access_token"))
    with pytest.raises(WebexError, match=f"answered {status}"):
        authorized.tokens().renewed(CONFIGURED)


ENDS = {"negative": b"-5\r\nxx\r\n", "huge": b"f" * 20 + b"\r\nxx", "no number": b"zz\r\n", "none": b""}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_token_in_pieces_that_end_in_none_is_not_lost(authorized, end):
    body = b'{"access_token": "x", "refresh_token": "r"}'

    def serve(connection):
        connection.recv(65536)
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(body), body) + end)

    with listening(serve) as port:
        assert authorized.tokens(base_url=f"http://127.0.0.1:{port}").renewed(CONFIGURED) == "x"
    assert authorized.stored["refresh_token"] == "r"


CODE = {
    "device_code": "d",
    "user_code": "u+1",
    "verification_uri": "https://login.example/x",
    "expires_in": 300,
    "interval": 1,
}
ANSWERS = {
    "JSON": json.dumps(CODE),
    "odd lifetimes": json.dumps(CODE | {"expires_in": "300", "interval": 1.0, "scope": [None], "error": {}}),
    "a form": urlencode(CODE),
    "a form that did not escape": "&".join(f"{name}={value}" for name, value in CODE.items()),
    "JSON in JSON": json.dumps({"body": json.dumps(CODE)}),
    "JSON that broke off": json.dumps(CODE | {"scope": "x"})[:-5],
    "wrapped": f"cb({json.dumps([CODE])});",
    "damaged": ")]}',\n" + json.dumps(CODE),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", ANSWERS.values(), ids=ANSWERS)
def test_the_code_of_a_device_is_read_in_every_form_that_tokens_are(authorized, text, encoding):
    body = Body(text.encode(encoding), 201)
    authorized.polled.server.faults.troubles.append(Trouble(body, path="/v1/device/authorize"))
    code = device_code(authorized.settings(), SCOPES)
    assert (code.device_code, code.user_code, code.address) == ("d", "u+1", "https://login.example/x")
    assert (code.seconds, code.interval) == (300, 1)


def test_a_clock_at_the_end_of_all_time_is_no_reason_to_lose_a_token():
    end = datetime.max.replace(tzinfo=UTC)
    assert token_answer(b'{"access_token": "x", "expires_in": 60}').grant(end).expires_at is None


@given(TOKENS, BESIDE)
@settings(max_examples=examples(25, 600))
@example("x", {"expires_in": "1209599"})
@example("x", {"error": "invalid_grant", "error_description": "planted"})
@example("x", {"scope": ["a"], "refresh_token": None})
def test_whatever_comes_beside_it_a_usable_token_is_stored_and_used(authorized, access_token, beside):
    authorized.file.unlink(missing_ok=True)
    answer = Body(json.dumps(beside | {"access_token": access_token}).encode())
    authorized.polled.server.faults.troubles[:] = [Trouble(answer, path="/v1/access_token")]

    assert authorized.tokens().renewed(CONFIGURED) == access_token
    assert authorized.stored["access_token"] == access_token
    assert authorized.stored["refresh_token"], "the old one where none came"
    authorized.polled.server.faults.troubles[:] = [Trouble(Status(500), path="/v1/access_token")]
    assert authorized.tokens().access_token() == access_token


@pytest.mark.parametrize("status", [200, 201, 203])
@pytest.mark.parametrize("beside", [{"expires_in": "60"}, {"expires_in": "soon", "scope": ["a"], "error": "x"}])
def test_odd_answers_serve_a_login_by_code_and_by_device(authorized, beside, status):
    body = Body(json.dumps({"access_token": "x", "refresh_token": "r"} | beside).encode(), status)
    authorized.polled.server.device_grants.interval_seconds = 0.05
    code = device_code(authorized.settings(), SCOPES)
    for path in ("/v1/access_token", "/v1/device/token"):
        authorized.polled.server.faults.troubles.append(Trouble(body, path=path))
    login = Login(authorized.settings(), SCOPES, "http://localhost:6001/redirect")
    by_code = login.grant_for("code", authorized.polled.clock)
    by_device = grant_for_device(authorized.settings(), code, authorized.polled.clock)
    assert by_code == by_device
    assert (by_code.access_token, by_code.refresh_token) == ("x", "r")
