"""Somebody who listens on loopback and keeps whatever reaches him."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Listener:
    """Accepts every connection, keeps what comes first, and answers nothing."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.socket.getsockname()[1])
        self.received: list[bytes] = []
        self.thread = threading.Thread(target=self.listen, daemon=True)

    def listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                with connection:
                    self.received.append(connection.recv(65_536))


@contextmanager
def listener() -> Iterator[Listener]:
    """A listener until the block ends."""
    listening = Listener()
    listening.thread.start()
    try:
        yield listening
    finally:
        listening.socket.shutdown(socket.SHUT_RDWR)
        listening.thread.join(60)
        listening.socket.close()
