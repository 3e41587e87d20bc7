"""Headers of every kind: no Link is followed to another host, no wait is endless, no clock ends the poll."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from searching import examples

from webexhist.simulator import SimulatedWebex, Trouble, World
from webexhist.simulator.faults.switches import Body, Status
from webexhist.webex.api.client import Services, WebexClient
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import Busy, OutOfTime, WebexError
from webexhist.webex.api.paging import next_address, origin
from webexhist.webex.api.retry import asked_wait
from webexhist.webex.api.transport import Transport
from webexhist.webex.api.workers import Workers

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
ASKED = "https://webexapis.com/v1/people?orgId=ORG&max=1000&excludeStatus=true"
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40)
"""What a line of HTTP can hold."""
ADDRESSES = ("https://webexapis.com", "/v1/people", "https,https://", "//evil.example", "@evil.example", "https://[")
PARTS = (":99999", "http:", "?max=null", "&after=x", "?", "#", "\\", "%00", "%zz", "\xff", "\u00e9")
PIECES = st.sampled_from((*'<>;,"= ', "rel", "next", "REL=next", "prev", "title=", *ADDRESSES, *PARTS))
LINKS = st.lists(PIECES | HEADER, max_size=14).map("".join)
DATES = st.builds(
    "{}, {} {} {} {}:{}:{} {}".format,
    st.sampled_from(["Mon", "", "Foo"]),
    st.integers(-1, 40),
    st.sampled_from(["Jan", "Dec", "Foo", "13"]),
    st.sampled_from([0, 1, 69, 1900, 1970, 2026, 9999, 10_000, 10**20]),
    st.integers(-1, 25),
    st.integers(-1, 61),
    st.integers(-1, 61),
    st.sampled_from(["GMT", "+1400", "-2359", "+9999", "", "XYZ", "-0000"]),
)


class Token:
    warnings = ()

    def access_token(self):
        return SimulatedWebex().access_token

    def renewed(self, rejected):
        return rejected


@pytest.fixture(scope="module")
def server():
    with SimulatedWebex(World()) as running:
        yield running


def transport(server, budget):
    return Transport((server.base_url,), Token(), Deadline(budget), 1)


@given(LINKS)
@settings(max_examples=examples(100, 3_000))
@example('<https://webexapis.com.evil.example/v1/people>; rel="next"')
@example('<https://webexapis.com@evil.example/v1/people>; rel="next"')
@example('<https,https://[>; rel="next"')
def test_a_next_address_is_text_with_an_origin_that_can_be_known(header):
    found = next_address(header, ASKED)
    assert found is None or isinstance(found, str)
    if found is not None and origin(found) == origin(ASKED):
        assert urlsplit(found).hostname == "webexapis.com"
        assert urlsplit(found).scheme == "https"


@given(LINKS)
@settings(max_examples=60)
def test_whatever_link_a_page_has_it_is_one_page_or_an_error(server, header):
    here = header.replace("https://webexapis.com", server.base_url)
    effect = Body(b'{"items": [{"id": "A"}]}', content_type=f"application/json\r\nLink: {here}")
    server.faults.troubles[:] = [Trouble(effect, "/v1/roles")]
    services = Services(*[server.base_url] * 3)
    with transport(server, 5) as asking, Workers(1) as workers:
        try:
            pages = list(WebexClient(services, asking, workers).pages("/v1/roles"))
        except WebexError as error:
            assert str(error).isprintable()
        else:
            assert pages[0] == [{"id": "A"}]


@given(HEADER | DATES | st.none() | st.integers().map(str))
@settings(max_examples=examples(100, 3_000))
def test_every_retry_after_is_a_number_of_seconds(header):
    assert 1 <= asked_wait(header, NOW) < float("inf")


@given(HEADER | st.integers(90, 10**12).map(str))
@settings(max_examples=30)
@example("rand(30),add(30)")
@example("Fri, 31 Dec 9999 23:59:59 -2359")
def test_every_retry_after_ends_with_the_budget(server, header):
    server.faults.troubles[:] = [Trouble(Status(429, header))]
    with transport(server, 0.9) as asking, pytest.raises((Busy, OutOfTime)):
        asking.get(f"{server.base_url}/v1/roles")


@given(HEADER | DATES | st.none())
@settings(max_examples=examples(100, 3_000))
@example("Fri, 31 Dec 9999 23:59:59 GMT")
@example("Mon, 01 Jan 1 00:00:00 +1400")
def test_every_date_of_a_server_is_one_or_none(server, header):
    asking = transport(server, 5)
    asking.server_clock.note(header)
    now = asking.server_clock.now()
    assert now is None or now.tzinfo is UTC
