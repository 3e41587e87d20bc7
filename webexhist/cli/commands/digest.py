"""`webexhist digest`: the month's decisions for people who read mails and messages."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.addresses import is_mail_address
from webexhist.cli import clock
from webexhist.cli.app import REVIEW, ConfigOption, DatabaseOption, OnOption, app
from webexhist.cli.output import print_line
from webexhist.cli.settings import load_settings
from webexhist.errors import ConfigError, UsageError
from webexhist.redact import shown_service

if TYPE_CHECKING:
    from webexhist.config import Settings
    from webexhist.digesting import NothingToSend
    from webexhist.review.digest import Digest

MAIL = "mail:"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is sent a digest."""

    address: str
    """Of a mail; empty where it is a URL."""
    url: str
    """Of a service; it may hold a password."""

    @classmethod
    def typed(cls, text: str) -> "Recipient":
        """Raises UsageError where it is neither an address nor a URL; it is not repeated: a URL may be a secret."""
        if text.startswith(MAIL) or is_mail_address(text):
            address = text.removeprefix(MAIL)
            if not is_mail_address(address):
                raise UsageError("what follows mail: is no address of a mail", "write --to mail:anna@example.com")
            return cls(address, "")
        if not shown_service(text) or not text.isprintable():
            raise UsageError("--to is neither an address nor a URL", "write --to mail:anna@example.com, or a URL")
        return cls("", text)

    @property
    def key(self) -> str:
        """The name under which the database marks what was sent there: it keeps no addresses and no passwords."""
        return sha256((self.address.lower() or self.url).encode()).hexdigest()

    @property
    def shown(self) -> str:
        """How messages name it: a mail address, or the scheme of a URL, whose rest may be secret."""
        return self.address or shown_service(self.url)


@app.command(rich_help_panel=REVIEW)
def digest(
    to: Annotated[
        str,
        typer.Option(
            metavar="mail:ADDRESS|URL", help="Who is sent it: by mail, or by a service of apprise (extra notify)."
        ),
    ],
    on: OnOption = None,
    again: Annotated[
        bool, typer.Option("--again", help="Send the digest of the month whatever was sent before.")
    ] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Send the decisions of the month once, and what becomes urgent later, once each.

    By mail with the whole review attached, or as a short message. Run it as often as you like, every morning for
    instance: what was sent is not sent again.

    Example: webexhist digest --to mail:anna@example.com
    """
    from webexhist.digesting import NothingToSend, send_once
    from webexhist.state.begun import Sending
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading

    recipient = Recipient.typed(to)
    settings = load_settings({"database": database}, config)
    prepared = by_mail(recipient, settings) if recipient.address else by_message(recipient)
    engine = open_existing(settings.database)
    with reading(engine) as history:
        now = clock.given_or_now(on, settings.state_dir, history)
    sent = send_once(engine, recipient.key, now, prepared, Sending(settings.state_dir, recipient.key), again=again)
    print_line(nothing_in_words(sent) if isinstance(sent, NothingToSend) else sent_in_words(sent, recipient))


def by_mail(recipient: Recipient, settings: "Settings") -> "Callable[[Digest], Callable[[], None]]":
    """Makes a mail of a digest, and gives what hands it to the mail server. Raises ConfigError where none is set."""
    from webexhist.delivery.smtp import MailServer, hand_over
    from webexhist.export.mail import digest_mail
    from webexhist.report.layouts import single_file_of

    if not settings.smtp_host:
        raise ConfigError("no smtp_host is set", "a mail needs a server: set it, see webexhist config show")
    server = MailServer(settings.smtp_host, settings.smtp_port, settings.smtp_user, settings.smtp_password)

    def prepared(due: "Digest") -> Callable[[], None]:
        page = None
        if due.month:
            file = single_file_of(due.month)
            page = (file.path, file.text)
        now = clock.now_at_webex(settings.state_dir)
        mail = digest_mail(due, page, sender=settings.smtp_from, recipient=recipient.address, now=now)
        return lambda: hand_over(server, mail, settings.smtp_from, recipient.address)

    return prepared


def by_message(recipient: Recipient) -> "Callable[[Digest], Callable[[], None]]":
    """Makes a short text of a digest, and gives what hands it to the service."""
    from webexhist.delivery.notify import notify
    from webexhist.export.digest_text import message, subject

    return lambda due: lambda: notify(recipient.url, subject(due), message(due))


def sent_in_words(sent: "Digest", recipient: Recipient) -> str:
    """What was sent, and that it is not sent again."""
    from webexhist.export.digest_text import subject

    return f"{recipient.shown}: {subject(sent)}. It is marked as sent: once more with --again."


def nothing_in_words(nothing: "NothingToSend") -> str:
    """Why nothing is sent."""
    return (
        f"Nothing to send: {nothing.turn} was marked as sent at {nothing.sent_at:%Y-%m-%d %H:%M} UTC, and nothing"
        " became urgent since. To send it once more: --again."
    )
