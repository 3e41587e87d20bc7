"""What lets a driver in, or refuses it, as a PostgreSQL server does (protocol 3.0), and repeats what it is sent."""

import socket
from collections.abc import Callable

Wording = Callable[[str], str]
"""Makes of the password what the server says."""
ENCRYPTION = b"\x04\xd2\x16\x2f", b"\x04\xd2\x16\x30"
"""What a client asks for, TLS or GSSAPI, before it begins."""


def refusing(worded: Wording) -> Callable[[socket.socket], None]:
    """Asks for the password in clear, and refuses it."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(error(worded(password_of(connection)), "28P01"))

    return serve


def failing(worded: Wording) -> Callable[[socket.socket], None]:
    """Lets everybody in, and refuses every statement."""

    def serve(connection: socket.socket) -> None:
        password = password_of(connection)
        connection.sendall(message(b"R", bytes(4)) + parameter("server_encoding", "UTF8") + ready())
        while connection.recv(65536):
            connection.sendall(error(worded(password), "42501") + ready())

    return serve


def password_of(connection: socket.socket) -> str:
    """Lets the client begin, unencrypted, and send its password."""
    while (begun := connection.recv(65536))[4:8] in ENCRYPTION:
        connection.sendall(b"N")
    if not begun:
        raise OSError("it asked whether anybody is there")
    connection.sendall(message(b"R", (3).to_bytes(4, "big")))
    return connection.recv(65536)[5:-1].decode()


def message(kind: bytes, content: bytes) -> bytes:
    return kind + (len(content) + 4).to_bytes(4, "big") + content


def parameter(name: str, value: str) -> bytes:
    return message(b"S", f"{name}\0{value}\0".encode())


def ready() -> bytes:
    return message(b"Z", b"I")


def error(words: str, code: str) -> bytes:
    return message(b"E", f"SERROR\0VERROR\0C{code}\0M{words}\0\0".encode())
