"""No address that comes from outside brings the token elsewhere, however it is written: somebody listens there."""

import pytest
import requests
from clients import FixedToken
from hypothesis import example, given, settings
from hypothesis import strategies as st
from listener import listener

from webexhist.setting_values import parse_url
from webexhist.simulator import SimulatedWebex, World
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import Refused, WebexError
from webexhist.webex.api.origins import origin, sent_request
from webexhist.webex.api.paging import next_address
from webexhist.webex.api.transport import Transport

TARGETS = [
    "http://127.0.0.1:{evil}/v1/roles",
    "http://localhost:{evil}/v1/roles",
    r"http://127.0.0.1:{evil}\@127.0.0.1:{own}/v1/roles",
    r"http://127.0.0.1:{evil}\\@127.0.0.1:{own}/v1/roles",
    r"http:\\127.0.0.1:{evil}/v1/roles",
    r"http:/\127.0.0.1:{evil}/v1/roles",
    r"http://127.0.0.1:{own}\.127.0.0.1:{evil}/v1/roles",
    "http://127.0.0.1:{own}@127.0.0.1:{evil}/v1/roles",
    "http://user:password@127.0.0.1:{own}/v1/roles",
    "http://@127.0.0.1:{own}/v1/roles",
    "http://127.0.0.1:{evil}#@127.0.0.1:{own}/v1/roles",
    "http://127.0.0.1:{evil}?@127.0.0.1:{own}/v1/roles",
    "http://127.0.0.1:{evil};@127.0.0.1:{own}/v1/roles",
    "//127.0.0.1:{evil}/v1/roles",
    "///127.0.0.1:{evil}/v1/roles",
    "http:127.0.0.1:{evil}/v1/roles",
    "http:/127.0.0.1:{evil}/v1/roles",
    "http:///127.0.0.1:{evil}/v1/roles",
    "127.0.0.1:{evil}/v1/roles",
    "/v1/roles",
    "ftp://127.0.0.1:{own}/v1/roles",
    "https://127.0.0.1:{own}/v1/roles",
    "ht\ttp://127.0.0.1:{evil}/v1/roles",
    "http://127.0.0.1:{own}\t/v1/roles",
    "http://127.0.0.1:{own}\r\n@127.0.0.1:{evil}/v1/roles",
    "http://127.0.0.1:{own}/v1/ro\nles",
    "http://127.0.0.1:{own}/v1/roles x",
    "http://127.0.0.1:{own}/v1/roles\x7f",
    "http://127.0.0.1:{own}/v1/\N{RIGHT-TO-LEFT OVERRIDE}roles",
    "http://127.0.0.1:{own}\N{NO-BREAK SPACE}.example/v1/roles",
    "http://127.0.0.1.:{own}/v1/roles",
    "http://localhost.:{own}/v1/roles",
    "http://127.0.0.1%2e:{own}/v1/roles",
    "http://%31%32%37.0.0.1:{own}/v1/roles",
    "http://127.1:{own}/v1/roles",
    "http://2130706433:{own}/v1/roles",
    "http://0x7f.0.0.1:{own}/v1/roles",
    "http://0177.0.0.1:{own}/v1/roles",
    "http://[::1]:{evil}/v1/roles",
    "http://[::ffff:127.0.0.1]:{own}/v1/roles",
    "http://[::1%25lo]:{own}/v1/roles",
    "http://[::1%lo]:{own}/v1/roles",
    "http://[127.0.0.1]:{own}/v1/roles",
    "http://127\N{IDEOGRAPHIC FULL STOP}0\N{IDEOGRAPHIC FULL STOP}0\N{IDEOGRAPHIC FULL STOP}1:{evil}/v1/roles",
    "http://\N{FULLWIDTH DIGIT ONE}27.0.0.1:{own}/v1/roles",
    "http://\N{MATHEMATICAL BOLD SMALL L}ocalhost:{evil}/v1/roles",
    "http://127.0.0.1:{own}:{evil}/v1/roles",
    "http://127.0.0.1:99999/v1/roles",
    "http://127.0.0.1:-1/v1/roles",
    "http://127.0.0.1:\N{ARABIC-INDIC DIGIT ONE}/v1/roles",
    "http://127.0.0.1:{own}/v1/../identity/roles",
    "http://127.0.0.1:{own}/v1/%2e%2e/identity/roles",
    "http://127.0.0.1:{own}/./v1/roles",
    "http://a..b:{own}/v1/roles",
    "http://{long}:{own}/v1/roles",
    "",
    "http://",
    "https,https,http://127.0.0.1:{evil}/",
]


@pytest.fixture(scope="module")
def server():
    with SimulatedWebex(World()) as running:
        yield running


@pytest.fixture(scope="module")
def elsewhere():
    with listener() as listening:
        yield listening


@pytest.fixture(scope="module")
def transport(server):
    with Transport((server.base_url,), FixedToken(server.access_token), Deadline(60), 1) as asking:
        yield asking


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("link", ["<{}>; rel=next", "<http,{}>; rel=next"])
def test_a_link_that_leads_elsewhere_is_not_followed(server, elsewhere, transport, target, link):
    address = target.format(evil=elsewhere.port, own=server.base_url.rpartition(":")[2], long="a" * 64)
    asked = f"{server.base_url}/v1/roles?max=10&orgId=x"
    before = len(server.requests)
    for followed in (address, next_address(link.format(address), asked)):
        if followed is None:
            continue
        with pytest.raises(Refused, match="the token is not sent there") as refused:
            transport.get(followed)
        assert "\n" not in str(refused.value)
    assert elsewhere.received == []
    assert len(server.requests) == before


@pytest.mark.parametrize("target", ["{0}/v1/roles", "{0}/v1/roles?a=b@c", "{0}/v1/roles#top", "{1}/v1/roles"])
def test_a_link_to_the_service_is_followed_however_its_name_is_written(transport, server, target):
    address = target.format(server.base_url, server.base_url.replace("http", "HTTP"))
    answer = transport.get(next_address(f"<{address}>; rel=next", f"{server.base_url}/v1/roles"))
    assert len(answer.body["items"]) == 6


def test_what_was_asked_for_is_not_lost_behind_a_fragment():
    found = next_address("<https://h/v1/people?after=1#top>; rel=next", "https://h/v1/people?orgId=ORG")
    assert found == "https://h/v1/people?after=1&orgId=ORG"


PIECES = st.sampled_from(
    [
        *(
            "http://",
            "https://",
            "HTTP:",
            "//",
            "/",
            "\\",
            "@",
            ":",
            "?",
            "#",
            ".",
            "%2e",
            "%40",
            "[",
            "]",
            "::1",
            ";",
        ),
        *("127.0.0.1", "localhost", "webexapis.com", "{evil}", "{own}", "user", "\t", "\n", "\x00", " ", ",", ";"),
        *("/v1/roles", "\u2100", "\u00ad", "\u3002", "\uff0f", "xn--", "0", "443", "80"),
    ]
)


@given(st.lists(PIECES, max_size=9).map("".join))
@settings(max_examples=400)
@example("http://127.0.0.1:{evil}\\@127.0.0.1:{own}/v1/roles")
def test_no_address_of_any_pieces_brings_the_token_elsewhere(server, elsewhere, target):
    own = server.base_url.rpartition(":")[2]
    address = target.replace("{evil}", str(elsewhere.port)).replace("{own}", own)
    with Transport((server.base_url,), FixedToken(server.access_token), Deadline(0.5), 1) as asking:
        try:
            asking.get(address)
        except WebexError as error:
            assert str(error).isprintable()
        else:
            assert requests.Request("GET", address).prepare().url.lower().startswith(f"{server.base_url}/")
    assert elsewhere.received == []


def test_origins_differ_by_scheme_host_and_port():
    same = [
        "https://webexapis.com/v1/x",
        "https://webexapis.com:443",
        "HTTPS://WebexAPIs.com/",
        "https://webexapis.com:0443",
    ]
    others = [
        "http://webexapis.com",
        "https://webexapis.com:444",
        "https://webexapis.com:0",
        "https://webexapis.com.",
        "",
    ]
    assert {origin(url) for url in same} == {"https://webexapis.com:443"}
    assert "https://webexapis.com:443" not in {origin(url) for url in others}
    assert origin("https://user@webexapis.com") == origin("https://[broken") == ""
    assert sent_request("http://[::1]:5/x", frozenset({origin("http://[::1]:5")})).url == "http://[::1]:5/x"


@pytest.mark.parametrize(
    "text",
    [
        "https://user:planted@webexapis.com",
        "https://planted@webexapis.com",
        "https://:planted@webexapis.com",
        "https://@webexapis.com",
        r"https://evil\@webexapis.com",
        "https://webexapis.com?access_token=planted",
        "https://webexapis.com#",
        "https://webexapis.com?",
        "https://webexapis.com:99999",
        "https://webexapis.com:0",
        "https://webexapis.com.",
        "https://a..b",
        "https://webex\tapis.com",
        "https://webexapis.com\N{RIGHT-TO-LEFT OVERRIDE}",
        "https://w\N{CYRILLIC SMALL LETTER IE}bexapis.com",
        "user:planted@webexapis.com",
        "https:/user:planted@webexapis.com",
        "http://localhost.evil.example",
        "http://127.0.0.1@evil.example",
    ],
)
def test_a_setting_that_is_no_plain_address_is_refused_without_repeating_a_password(text):
    with pytest.raises(ValueError, match=r"not an address like|over https only") as refused:
        parse_url(text)
    assert "planted" not in str(refused.value)


def test_a_setting_may_have_a_port_and_a_path():
    assert parse_url("https://[2001:db8::1]:8443/prefix/v1/") == "https://[2001:db8::1]:8443/prefix"
