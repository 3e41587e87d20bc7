"""A service of messages is handed a text, or it is said whether it may have arrived."""

import time
from threading import Thread

import pytest
from raw_server import listening

from webexhist.delivery import notify
from webexhist.delivery.errors import NotDeliveredError, UnconfirmedError
from webexhist.delivery.threads import start
from webexhist.errors import UsageError

HEAD = b"HTTP/1.1 200 OK\r\n"


def never_ending(beginning, then):
    """Answers so slowly that each piece still comes in time; not for ever, for somebody goes on listening."""

    def serve(connection):
        connection.recv(65_536)
        connection.sendall(beginning)
        for _ in range(60):
            time.sleep(0.05)
            connection.sendall(then)

    return serve


@pytest.mark.parametrize(
    "serve", [never_ending(HEAD, b"X"), never_ending(HEAD + b"Content-Length: 9999\r\n\r\n", b"x")]
)
def test_a_service_whose_answer_does_not_end_is_left_in_time(serve, monkeypatch, capsys):
    monkeypatch.setattr(notify, "SECONDS_OF_ALL", 0.3)
    with listening(serve) as port, pytest.raises(UnconfirmedError, match="did not say that it took the message"):
        notify.notify(f"json://kim:horse-staple@127.0.0.1:{port}", "title", "text")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "url", ["json:/kim:horse@h", "json//:horse", "https:hooks/horse://x", "kim:horse@h://", "horse"]
)
def test_what_is_no_url_is_not_repeated(url):
    with pytest.raises(UsageError, match="this is no address of a service that is known"):
        notify.notify(url, "title", "text")


def test_where_there_are_no_more_threads_nothing_is_delivered():
    thread = Thread(target=int)
    start(thread)
    thread.join()
    with pytest.raises(NotDeliveredError, match="no thread can be started"):
        start(thread)  # the system says no in the same way
