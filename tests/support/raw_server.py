"""A server on loopback that sends exactly the bytes that a test wants."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Listens until the block ends; every connection is served in turn. Gives the port.

    A connection that the other side forgot ends with the block.
    """
    accepted: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept_all, args=(listener, serve, accepted), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        for connection in accepted[-1:]:
            with suppress(OSError):  # it has ended
                connection.shutdown(socket.SHUT_RD)
        thread.join(60)


def accept_all(
    listener: socket.socket, serve: Callable[[socket.socket], None], accepted: list[socket.socket]
) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        accepted.append(connection)
        with connection:
            connection.settimeout(60)
            try:
                serve(connection)
            except OSError:
                continue
