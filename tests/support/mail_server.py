"""A real mail server on loopback (aiosmtpd), with a certificate of its own making."""

import asyncio
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Postman:
    """Takes mails as the server's handler, or answers with what a test wants."""

    answers: dict[str, str] = field(default_factory=dict)
    """To RCPT, to DATA or to AUTH, in place of taking it."""
    user: str = ""
    """Whom it wants to log in; empty: nobody."""
    password: str = ""
    received: list[Envelope] = field(default_factory=list)
    were_encrypted: list[bool] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.answers.get("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if answer := self.answers.get("DATA"):
            return answer
        self.received.append(envelope)
        self.were_encrypted.append(session.ssl is not None)
        return "250 OK"

    def authenticated(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and data == LoginPassword(self.user.encode(), self.password.encode())
        return AuthResult(success=right, handled=False, message=None if right else self.answers.get("AUTH"))

    @property
    def mails(self) -> list[EmailMessage]:
        """What arrived, parsed."""
        return [message_from_bytes(each.content, policy=default) for each in self.received]  # type: ignore[arg-type]


@contextmanager
def mail_server(
    postman: Postman, tls: ssl.SSLContext | None = None, *, at_once: bool = False, host: str = "127.0.0.1"
) -> Iterator[Postman]:
    """Runs the server until the block ends, with STARTTLS where it has a certificate, or TLS `at_once`."""
    loop = asyncio.new_event_loop()

    def protocol() -> SMTP:
        login = {"authenticator": postman.authenticated, "auth_required": True} if postman.user else {}
        starttls = None if at_once else tls
        return SMTP(
            postman, hostname="localhost", tls_context=starttls, auth_require_tls=tls is not None, loop=loop, **login
        )

    server = loop.run_until_complete(loop.create_server(protocol, host, 0, ssl=tls if at_once else None))
    postman.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield postman
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(60)
        loop.close()


def self_made_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate of localhost that its own key signed: the file to trust it by, and what a server shows."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context


def answering(*replies: bytes, then: bytes = b"") -> Callable[[socket.socket], None]:
    """Answers line for line, then sends the last bytes one after the other for ever, or nothing."""

    def serve(connection: socket.socket) -> None:
        with connection.makefile("rb") as lines:
            for reply in replies:
                connection.sendall(reply)
                if reply.startswith(b"354"):
                    while lines.readline() not in (b".\r\n", b""):
                        pass
                else:
                    lines.readline()
            while then:
                connection.sendall(then)
                time.sleep(0.01)
            lines.read()

    return serve


UP_TO_THE_MAIL = (b"220 here\r\n", b"250 here\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n")
