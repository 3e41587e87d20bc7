"""Links between pages: followed as they stand, mended where Webex has been seen to break them."""

from base64 import b64encode

import pytest

from webexhist.webex.api.errors import BadAnswer, Refused
from webexhist.webex.api.paging import address, following_page, halved_page, next_address, next_by_offset, origin

ASKED = "https://webexapis.com/v1/people?orgId=ORG&max=1000&excludeStatus=true"


def following(target: str) -> str:
    return f'<{target}>; rel="next"'


def test_the_next_address_is_used_to_the_letter():
    target = "https://webexapis.com/v1/people?orgId=ORG&max=500&excludeStatus=true&before&after=Y2lz"
    assert next_address(following(target), ASKED) == target


@pytest.mark.parametrize(
    "header",
    [
        "",
        '<https://webexapis.com/v1/people?max=10>; rel="first"',
        '<https://webexapis.com/v1/people?max=10>; rel="prev", <https://webexapis.com/v1/people>; rel="first"',
        "nonsense",
        '<https://webexapis.com/v1/next>; rel="nextish"',
    ],
)
def test_a_header_without_a_next_link_ends_the_list(header):
    assert next_address(header, ASKED) is None


def test_a_next_page_that_is_named_twice_is_one():
    target = f"{ASKED}&after=1"
    assert following_page(f"{following(target)}, {following(target)}", ASKED) == target


def test_next_is_found_among_other_links_and_commas_inside_addresses():
    target = "https://webexapis.com/v1/people?orgId=ORG&max=10&excludeStatus=true&id=a,b"
    header = f'<https://webexapis.com/v1/people?id=a,b>; rel="first", <{target}>; title="x"; REL=next'
    assert next_address(header, ASKED) == target


@pytest.mark.parametrize(
    "parameters",
    [
        "rel='next'",
        'title="a; rel=prev"; rel="next"',
        'title="a < b"; rel="next"',
        'title="<x>"; rel="next"',
        'title="a\\"; rel=prev"; rel="next"',
        'rel="first,next"',
        'rel="first"; rel="next"',
        'rel=" next "',
        'rel="n\\ext"',
        '\trel\t=\t"last next"',
    ],
)
def test_next_is_found_however_its_parameters_are_written(parameters):
    target = f"{ASKED}&after=1"
    assert following_page(f"<{target}>; {parameters}", ASKED) == target


@pytest.mark.parametrize(
    "header",
    [
        f'{ASKED}&after=1; rel="next"',
        f"<{ASKED}&after=1",
        f'<{ASKED}&after=1>; rel="ne',
        f'&lt;{ASKED}&after=1&gt;; rel="next"',
        f'%3C{ASKED}&after=1%3E; rel="next"',
        f'<{ASKED}&after=1>; rel:"next"',
        '<>; rel="next"',
        "<>; rel=",
        f"<{ASKED}&after=1>",
        f"<{ASKED}&after=1>; rel",
        f"<{ASKED}&after=1>; t",
        f'<{ASKED}>; rel="first", <{ASKED}&after=1>; titl',
        f'<{ASKED}&after=1>; rel="next;"',
        f"<{ASKED}&after=1>; rel=\u201cnext\u201d",
        f'<{ASKED}>; rel="first", next: {ASKED}&after=1',
        f'<{ASKED}>; rel="first"' + " " * 70_000,
        f'<{ASKED}&after=1>; rel="next", <{ASKED}&after=2>; rel="next"',
    ],
)
def test_a_header_that_may_name_a_next_page_and_cannot_be_read_does_not_end_the_list(header):
    with pytest.raises(BadAnswer, match="GET /v1/people has a Link header that cannot be read"):
        following_page(header, ASKED)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        '<https://h/p>; rev="next"; title="Next, the < page"',
        "<h>; rel=prev",
        "<h>; rel=https://h/next",
    ],
)
def test_a_header_without_a_next_page_ends_the_list(header):
    assert following_page(header, ASKED) is None


@pytest.mark.parametrize("target", ["https://[bad", "https://h:99999/v1/x", "/v1/people?after=1", "mailto:x", ""])
def test_a_target_that_is_no_address_of_the_service_is_one_to_be_refused(target):
    assert origin(next_address(following(target), ASKED)) != origin(ASKED)


@pytest.mark.parametrize(
    "noise", ["rel=", "rel= ", "<", "<https://h/x>;", "; rel=nextish", '<x>\\"', '<x>; a="', "'"]
)
def test_a_header_full_of_noise_is_read_in_one_go(noise):
    """Forty times as long as any server may send: read anew from each of its places it would take hours."""
    assert next_address(noise * (2_500_000 // len(noise)), ASKED) == ""
    assert not next_address(noise * (60_000 // len(noise)), ASKED)


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("https,https://h/v1/people?{all}&after=1", "https://h/v1/people?{all}&after=1"),
        ("https://h/v1/people?orgId=ORG&max=null&excludeStatus=true&after=1", "https://h/v1/people?{all}&after=1"),
        ("https://h/v1/people?after=1", "https://h/v1/people?after=1&{all}"),
        ("https://h/v1/people?max=500&after=1", "https://h/v1/people?max=500&after=1&orgId=ORG&excludeStatus=true"),
        ("https://h/v1/people", "https://h/v1/people?{all}"),
    ],
)
def test_what_webex_breaks_is_mended(broken, mended):
    everything = "orgId=ORG&max=1000&excludeStatus=true"
    found = next_address(following(broken.format(all=everything)), ASKED)
    assert found == mended.format(all=everything)


def test_the_place_of_the_page_before_is_not_carried_on():
    asked = "https://h/v1/devices?orgId=ORG&max=100&start=100"
    assert next_address(following("https://h/v1/devices?max=100&cursor=x"), asked) == (
        "https://h/v1/devices?max=100&cursor=x&orgId=ORG"
    )


def test_a_page_that_took_too_long_is_halved_down_to_ten_items():
    assert halved_page("https://h/p?max=1000&after=1") == "https://h/p?max=500&after=1"
    assert halved_page("https://h/p?after=1&max=20") == "https://h/p?after=1&max=10"
    assert halved_page("https://h/p?max=19") is None
    assert halved_page("https://h/p") is None


def test_an_origin_is_scheme_host_and_port():
    assert origin("https://webexapis.com/v1/x") == origin("https://webexapis.com:443") == "https://webexapis.com:443"
    assert origin("http://webexapis.com/") != origin("https://webexapis.com/")
    assert origin("https://webexapis.com.evil.example/") != origin("https://webexapis.com/")
    assert origin("https://[broken") == ""


def test_a_query_is_quoted():
    assert address("https://h", "/v1/x", {"orgId": "\ud800"}) == "https://h/v1/x?orgId=%3F"
    assert address("https://h", "/v1/x", {"a": "1 2&3", "from": "2026-01-01T00:00:00.000Z"}) == (
        "https://h/v1/x?a=1%202%263&from=2026-01-01T00:00:00.000Z"
    )


UUID = "4bd1f6ac-bbd0-4a8e-8fa2-3e5e6e0b7a11"
ENCODED = b64encode(f"ciscospark://us/ORGANIZATION/{UUID}".encode()).decode()


@pytest.mark.parametrize(
    "query",
    ["after=1", f"orgId={UUID}&after=1", f"orgId={ENCODED}&after=1", f"orgId={ENCODED.rstrip('=')}&max=5", "id=x"],
)
def test_a_page_of_the_same_list_is_followed_however_its_organization_is_written(query):
    target = following_page(following(f"https://h/v1/people?{query}"), f"https://h/v1/people?orgId={ENCODED}&max=10")
    assert target.startswith(f"https://h/v1/people?{query}")


@pytest.mark.parametrize(
    "target",
    [
        f"/v1/devices?orgId={UUID}&after=1",
        "/v1/people/me?after=1",
        "/v1/people%2Fme?after=1",
        "/v1/people;x?after=1",
        "/v1/people?orgId=another&after=1",
        f"/v1/people?orgId={UUID}&orgId=another",
        "/v1/people?orgId=&after=1",
        "/v1/people?ORGID=another&after=1",
        "/v1/people?org%49d=another",
    ],
)
def test_a_page_of_another_list_or_customer_is_refused(target):
    with pytest.raises(Refused, match="the next page of GET /v1/people "):
        following_page(following(f"https://h{target}"), f"https://h/v1/people?orgId={UUID}&max=10")


@pytest.mark.parametrize("place", ["https://analytics.h", "http://h", "https://h:8443"])
def test_a_page_of_another_service_is_refused_though_the_token_may_be_sent_there(place):
    with pytest.raises(Refused, match="another host or to plain http: the token is not sent there"):
        following_page(following(f"{place}/v1/people?orgId=ORG&after=1"), "https://h/v1/people?orgId=ORG&max=10")


@pytest.mark.parametrize(
    ("url", "items", "following"),
    [
        ("https://a/v1/x?max=100&offset=200&orgId=o", 100, "https://a/v1/x?max=100&offset=300&orgId=o"),
        ("https://a/v1/x?offset=0&max=100", 100, "https://a/v1/x?offset=100&max=100"),
        ("https://a/v1/x?offset=0&max=100", 99, None),
        ("https://a/v1/x?max=100", 100, None),
        ("https://a/v1/x?offset=0", 100, None),
        ("https://a/v1/x?offset=0&max=0", 0, None),
    ],
)
def test_the_page_after_a_full_one_is_found_by_its_offset(url, items, following):
    assert next_by_offset(url, "offset", items) == following
