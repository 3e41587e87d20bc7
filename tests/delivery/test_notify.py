"""A service of messages is handed a text, or it is said whether it may have arrived."""

import time

import pytest
from raw_server import listening
from shortages import permit_threads

from webexhist.delivery import notify
from webexhist.delivery.errors import NotDeliveredError, UnconfirmedError
from webexhist.delivery.threads import start
from webexhist.errors import UsageError

HEAD = b"HTTP/1.1 200 OK\r\n"
MEGABYTE = 1024**2


def never_ending(beginning, then):
    """Answers so slowly that each piece still comes in time; not for ever, for somebody goes on listening."""

    def serve(connection):
        connection.recv(65_536)
        connection.sendall(beginning)
        for _ in range(60):
            time.sleep(0.05)
            connection.sendall(then)

    return serve


@pytest.mark.slow
@pytest.mark.parametrize(
    "serve", [never_ending(HEAD, b"X"), never_ending(HEAD + b"Content-Length: 9999\r\n\r\n", b"x")]
)
def test_a_service_whose_answer_does_not_end_is_left_in_time(serve, monkeypatch, capfd):
    monkeypatch.setattr(notify, "SECONDS_OF_ALL", 3)
    with listening(serve) as port, pytest.raises(UnconfirmedError, match="did not say that it took the message"):
        notify.notify(f"json://kim:horse-staple@127.0.0.1:{port}", "title", "text")
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_a_service_that_answers_more_than_any_is_left_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(notify, "MOST_MEMORY", 300 * MEGABYTE)
    monkeypatch.setattr(notify, "SECONDS_OF_ALL", 600)
    sent = []

    def serve(connection):
        connection.recv(65_536)
        connection.sendall(HEAD + b"\r\n")
        while len(sent) < 2_000:
            connection.sendall(bytes(MEGABYTE))
            sent.append(MEGABYTE)

    with listening(serve) as port, pytest.raises(UnconfirmedError, match="did not say that it took the message"):
        notify.notify(f"json://127.0.0.1:{port}", "title", "text")
    assert 0 < len(sent) < 300


@pytest.mark.slow
def test_no_redirect_of_a_service_is_followed():
    """The other place would be given what stands in headers, and would be asked by GET, without the message."""
    seen = []

    def elsewhere(connection):
        seen.append(connection.recv(65_536))
        connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")

    with listening(elsewhere) as other:

        def moved(connection):
            connection.recv(65_536)
            place = f"http://localhost:{other}/".encode()
            connection.sendall(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + place + b"\r\n\r\n")

        refused = r"the service of json://… refused the message \(302\)"
        with listening(moved) as port, pytest.raises(NotDeliveredError, match=refused):
            notify.notify(f"json://127.0.0.1:{port}?+X-Key=horse-staple", "title", "text")
    assert seen == []


@pytest.mark.parametrize(
    "url", ["json:/kim:horse@h", "json//:horse", "https:hooks/horse://x", "kim:horse@h://", "horse"]
)
def test_what_is_no_url_is_not_repeated(url):
    with pytest.raises(UsageError, match="this is no address of a service that is known"):
        notify.notify(url, "title", "text")


def test_where_there_are_no_more_threads_nothing_is_delivered(monkeypatch):
    permit_threads(monkeypatch, 0)
    with pytest.raises(NotDeliveredError, match="no thread can be started"):
        start(int)
