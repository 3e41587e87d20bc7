"""Hands a mail over to a mail server (RFC 5321), over TLS wherever that is not this machine.

Step by step, and not by `smtplib.send_message`, so that it is known of every failure whether the server may have
taken the mail. Nothing of the password is in any error.
"""

import binascii
import re
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from io import BufferedReader
from ipaddress import ip_address
from threading import Event
from typing import Any

from webexhist.delivery.errors import NotDeliveredError, UnconfirmedError
from webexhist.delivery.threads import start
from webexhist.said_by_others import said
from webexhist.texts import one_line

TLS_AT_ONCE = 465
"""On this port TLS begins with the first byte (RFC 8314); on all others by STARTTLS."""
SECONDS_OF_A_STEP = 30
SECONDS_OF_ALL = 300
"""However slowly the server answers; ten megabytes are sent in it at 300 kbit a second."""
MOST_SAID = 1024**2
"""Bytes of all replies of a server."""
_NO_CODE = -1
"""In place of the code of a reply that is none, as the library has it."""
LONGEST_REPLY = 200
"""Characters of a server's words that are repeated."""
AS_BYTES = SMTP.clone(cte_type="7bit")
"""Every server takes it."""
OWN_AUTHORITY = "for an authority of your own name its file in SSL_CERT_FILE"
BEGINS_WITH_DOT = re.compile(rb"^\.", re.MULTILINE)
"""A line of a dot alone would end the mail (RFC 5321, 4.5.2)."""
Begun = Callable[[smtplib.SMTP], None]
"""Is told of a connection before its first reply."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Who takes mails, and as whom they are handed over."""

    host: str
    port: int
    user: str = ""
    """Empty: without a login."""
    password: str = field(default="", repr=False)

    @property
    def place(self) -> str:
        """Host and port, as messages name it."""
        return f"{self.host}:{self.port}"


def hand_over(server: MailServer, message: EmailMessage, sender: str, recipient: str) -> None:
    """Hands a mail to the server.

    Raises:
        NotDeliveredError: the server did not take it.
        UnconfirmedError: it was handed over, and the server did not say that it took it.
    """
    content = message.as_bytes(policy=AS_BYTES)
    with _dialog(server) as (dialog, is_over):
        _require_positive(server, dialog.mail(sender), "the sender")
        _require_positive(server, dialog.rcpt(recipient), f"the recipient {recipient}")
        code, reply = dialog.docmd("DATA")
        if code != 354:
            raise _refused(server, "the mail", code, reply)
        dialog.send(BEGINS_WITH_DOT.sub(b"..", content) + b".\r\n")
        unconfirmed = UnconfirmedError(
            f"the mail server {server.place} was handed the mail, and did not say that it took it",
            "look whether it arrived, else send it --again",
        )
        try:
            code, reply = dialog.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise unconfirmed from error
        if is_over.is_set() or not 200 <= code < 600:
            raise unconfirmed  # what was cut off is no answer
        _require_positive(server, (code, reply), "the mail")


@contextmanager
def _dialog(server: MailServer) -> Iterator[tuple[smtplib.SMTP, Event]]:
    """A connection that is encrypted and logged in as it has to be; it ends in time, whatever the server does.

    The event says that its time is over.
    """
    connection: smtplib.SMTP | None = None
    try:
        with _ended_in_time() as (is_over, begun):
            connection = _connected(server, begun)
            _encrypt(server, connection)
            _log_in(server, connection)
            yield connection, is_over
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
    except ssl.SSLCertVerificationError as error:
        raise NotDeliveredError(
            f"the certificate of the mail server {server.place} is not trusted ({error.verify_message})",
            OWN_AUTHORITY,
        ) from error
    except smtplib.SMTPServerDisconnected as error:
        raise NotDeliveredError(
            f"the mail server {server.place} did not answer, or broke off",
            "see that smtp_host and smtp_port are right",
        ) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(server, "the connection", error.smtp_code, error.smtp_error) from error
    except OSError as error:
        reason = one_line(str(error.strerror or error)) or type(error).__name__
        raise NotDeliveredError(
            f"the mail server {server.place} cannot be reached ({reason})",
            "see that smtp_host and smtp_port are right",
        ) from error
    finally:
        if connection:
            connection.close()


class _Replies:
    """What a server says, as far as any has something to say."""

    def __init__(self, file: BufferedReader) -> None:
        self.file = file
        self.left = MOST_SAID

    def readline(self, size: int) -> bytes:
        """The next line. Raises OSError where there are more than any server has to say."""
        line = self.file.readline(size)
        self.left -= len(line)
        if self.left < 0:
            raise OSError("it says too much")
        return line

    def close(self) -> None:
        self.file.close()


class _Dialog(smtplib.SMTP):
    """Is known to those who may have to end it from before its first reply."""

    def __init__(self, begun: Begun, *place: Any, **options: Any) -> None:
        begun(self)
        super().__init__(*place, **options)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock:
            self.file = _Replies(self.sock.makefile("rb"))
        return super().getreply()


class _EncryptedDialog(_Dialog, smtplib.SMTP_SSL):
    """The same, encrypted from its first byte."""


def _connected(server: MailServer, begun: Begun) -> smtplib.SMTP:
    place = server.host, server.port
    if server.port == TLS_AT_ONCE:
        return _EncryptedDialog(begun, *place, timeout=SECONDS_OF_A_STEP, context=ssl.create_default_context())
    return _Dialog(begun, *place, timeout=SECONDS_OF_A_STEP)


@contextmanager
def _ended_in_time() -> Iterator[tuple[Event, Begun]]:
    """Takes the connection that was begun away from a server that sends a byte from time to time for ever."""
    is_over, is_done = Event(), Event()
    connections: list[smtplib.SMTP] = []

    def end() -> None:
        if is_done.wait(SECONDS_OF_ALL):
            return
        is_over.set()
        for connection in connections:
            with suppress(OSError):
                if connection.sock:
                    connection.sock.shutdown(socket.SHUT_RDWR)

    start(end)
    try:
        yield is_over, connections.append
    finally:
        is_done.set()


def _encrypt(server: MailServer, connection: smtplib.SMTP) -> None:
    """Begins TLS where the server offers it. Only to this machine anything is sent without."""
    connection.ehlo_or_helo_if_needed()
    if isinstance(connection.sock, ssl.SSLSocket):
        return
    if connection.has_extn("starttls"):
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo_or_helo_if_needed()  # it refuses by an error, where ehlo() passes a refusal over
    elif not _is_here(connection):
        raise NotDeliveredError(
            f"the mail server {server.place} offers no encryption (STARTTLS)",
            "nothing is sent without: name another smtp_port, like 465, or another server",
        )


def _is_here(connection: smtplib.SMTP) -> bool:
    return connection.sock is not None and ip_address(connection.sock.getpeername()[0]).is_loopback


def _log_in(server: MailServer, connection: smtplib.SMTP) -> None:
    if not server.user:
        return
    if not server.password.isascii():  # the library knows no other letters
        identity = b64encode(f"\0{server.user}\0{server.password}".encode()).decode()
        _require_positive(server, connection.docmd("AUTH", f"PLAIN {identity}"), "the login")
        return
    try:
        connection.login(server.user, server.password)
    except smtplib.SMTPAuthenticationError as error:
        raise _refused(server, "the login", error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException):
        raise
    except binascii.Error as error:  # what it challenges with cannot be read
        raise _refused(server, "the login", _NO_CODE, "") from error
    except smtplib.SMTPException as error:  # no way to log in, or none that is known
        raise NotDeliveredError(
            f"the mail server {server.place} offers no login that is known here",
            "leave smtp_user out, or name another",
        ) from error


def _require_positive(server: MailServer, answer: tuple[int, bytes], what: str) -> None:
    code, reply = answer
    if not 200 <= code < 300:
        raise _refused(server, what, code, reply)


def _refused(server: MailServer, what: str, code: int, reply: bytes | str) -> NotDeliveredError:
    if not 200 <= code < 600:
        return NotDeliveredError(
            f"what {server.place} answers to {what} is no answer of a mail server",
            "see that smtp_host and smtp_port are right",
        )
    words = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    answer = one_line(said(words, server.password))[:LONGEST_REPLY]
    if 400 <= code < 500:
        return NotDeliveredError(
            f"the mail server {server.place} does not take {what} now ({code} {answer})", "the next run tries again"
        )
    return NotDeliveredError(f"the mail server {server.place} refuses {what} ({code} {answer})", _next_step(what))


def _next_step(what: str) -> str:
    return "see smtp_user and smtp_password" if what == "the login" else "see what the server says"
