"""What the way to Webex can do to a poll."""

import ssl
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from handed_time import SkippedTime
from raw_server import HEAD, listening

from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import Unreachable, WebexError
from webexhist.webex.api.transport import Transport

SELF_SIGNED = Path(__file__).with_name("self_signed.pem")
"""A certificate for localhost and its key, made for these tests: it guards nothing."""
WAY = "check base_url, network and proxy"


def encrypted_by_itself(connection):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    with context.wrap_socket(connection, server_side=True) as encrypted:
        encrypted.recv(65_536)


def answering(content):
    def serve(connection):
        connection.recv(65_536)
        connection.sendall(content)

    return serve


def test_a_name_that_nobody_knows(host):
    polled = host.poll(base_url="https://webexapis.invalid")
    assert (polled.code, polled.message) == (1, f"GET /v1/organizations: the host's name is not known: {WAY}")
    assert host.snapshots() == 0


def test_a_certificate_that_the_environment_names_is_trusted(monkeypatch):
    def answer(connection):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(SELF_SIGNED)
        with context.wrap_socket(connection, server_side=True) as encrypted:
            answering(HEAD + b"Content-Length: 2\r\n\r\n{}")(encrypted)

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(SELF_SIGNED))
    with listening(answer) as port:
        url = f"https://localhost:{port}"
        assert Transport((url,), Token(), Deadline(5, SkippedTime()), 1).get(f"{url}/v1/roles").body == {}


@pytest.mark.parametrize(
    "pieces", [b"-5\r\n{}\r\n0\r\n\r\n", b"2\r\n{}\r\n-1\r\n", b"f" * 30 + b"\r\n{}", b"zz\r\n{}"]
)
def test_a_body_in_pieces_of_no_length_is_no_answer(pieces):
    with listening(answering(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + pieces)) as port:
        assert str(failure_of(f"http://127.0.0.1:{port}")) == f"GET /v1/roles: the connection broke: {WAY}"


def test_each_way_to_fail_is_reported_by_its_name(host, unused_port, monkeypatch):
    """Side by side, for each is tried four times."""
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{unused_port}")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    untrusted = "the certificate or the encryption was refused"
    with listening(encrypted_by_itself) as encrypted:
        ways = {
            f"https://127.0.0.1:{unused_port}": "the connection was refused",
            f"https://127.0.0.1:{encrypted}": untrusted,
            f"https://localhost:{encrypted}": untrusted,
            host.server.base_url.replace("http", "https"): untrusted,
            "https://webexapis.invalid": "the proxy did not let the request through",
        }
        with ThreadPoolExecutor(len(ways)) as pool:
            failures = dict(zip(ways, pool.map(failure_of, ways), strict=True))
    ways |= {url: f"GET /v1/roles: {reason}: {WAY}" for url, reason in ways.items()}
    ways["https://webexapis.invalid"] = ways["https://webexapis.invalid"].replace(
        WAY, "check https_proxy and the network"
    )
    assert failures == ways
    assert len(host.server.requests) == 0


def failure_of(url):
    with pytest.raises(Unreachable) as raised:
        Transport((url,), Token(), Deadline(10, SkippedTime()), 1).get(f"{url}/v1/roles")
    return str(raised.value)


RAW = {
    "nothing": b"",
    "no HTTP": b"\x00\xff\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "a status that is none": b"HTTP/1.1 abc OK\r\n\r\n",
    "half a head": HEAD,
    "a head without end": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000,
    "too many heads": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1_000 + b"\r\n",
    "a length that is none": HEAD + b"Content-Length: many\r\n\r\n{}",
    "a negative length": HEAD + b"Content-Length: -5\r\n\r\n{}",
    "less than announced": HEAD + b"Content-Length: 500\r\n\r\n{}",
    "a chunk that is none": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "half a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1000\r\n{",
    "a packing that nobody knows": HEAD + b"Content-Encoding: br\r\nContent-Length: 2\r\n\r\n\xff\xff",
    "letters beyond ASCII": HEAD
    + "Link: <\xff>; rel=next\r\nDate: \xff\r\nContent-Length: 2\r\n\r\n[]".encode("latin-1"),
    "a status beyond all": b"HTTP/1.1 999 Hm\r\nContent-Length: 2\r\n\r\n{}",
    "nothing but what comes before an answer": b"HTTP/1.1 102 Processing\r\n\r\n" * 200,
    "an end to everything": b"HTTP/1.1 204 No Content\r\n\r\n",
}


@pytest.mark.parametrize("content", RAW.values(), ids=RAW)
def test_what_is_no_proper_answer_is_reported_as_an_error_of_webex(content):
    with listening(answering(content)) as port:
        url = f"http://127.0.0.1:{port}"
        transport = Transport((url,), Token(), Deadline(10, SkippedTime()), 1)
        try:
            answer = transport.get(f"{url}/v1/roles")
        except WebexError as error:
            assert "\n" not in str(error)
        else:
            assert answer.body in ({}, []), "nothing but what was sent"


def test_headers_that_are_none_are_repeated_nowhere(caplog, capfd):
    head = b"HTTP/1.1 200 OK\r\nhorse-staple and no colon\r\nContent-Length: 2\r\n\r\n{}"
    with caplog.at_level(1), listening(answering(head)) as port:
        url = f"http://127.0.0.1:{port}"
        Transport((url,), Token(), Deadline(10, SkippedTime()), 1).get(f"{url}/v1/roles")
    assert "horse" not in caplog.text + "".join(capfd.readouterr())


@pytest.mark.parametrize("status", [100, 102, 103, 150])
def test_what_comes_before_an_answer_is_passed_over(status):
    before = f"HTTP/1.1 {status} Wait\r\nLink: </a>; rel=next\r\n\r\n".encode()
    with listening(answering(before * 3 + HEAD + b"Content-Length: 2\r\n\r\n[]")) as port:
        url = f"http://127.0.0.1:{port}"
        answer = Transport((url,), Token(), Deadline(10, SkippedTime()), 1).get(f"{url}/v1/roles")
    assert (answer.body, answer.link, answer.sent) == ([], "", 1)


class Token:
    warnings = ()

    def access_token(self):
        return "synthetic"

    def renewed(self, rejected):
        return rejected
