"""A digest as a mail: its decisions as text, and the single-file report attached (RFC 5322)."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from webexhist.export.digest_text import body, subject
from webexhist.review.digest import Digest

LARGEST_PAGE = 4 * 1024 * 1024
"""Bytes of an attached page; what is larger is zipped, to a tenth: mail servers take ten megabytes, some less."""


def digest_mail(
    digest: Digest, page: tuple[str, str] | None, *, sender: str, recipient: str, now: datetime
) -> EmailMessage:
    """The mail. `page` is the name of the report's file and its text; None where none goes along."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, recipient, as_header(subject(digest))
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"  # so that nobody's absence answers it (RFC 3834)
    name, content = attached(*page) if page else (None, b"")
    mail.set_content(body(digest, name), cte="quoted-printable")  # readable also as it stands
    if name:
        if name.endswith(".zip"):
            mail.add_attachment(content, maintype="application", subtype="zip", filename=name)
        else:
            mail.add_attachment(content, maintype="text", subtype="html", filename=name, params={"charset": "utf-8"})
    return mail


def as_header(text: str) -> str:
    """The text, in which nothing is an encoded word (RFC 2047): one in a name would be read as what it stands for."""
    return text.replace("=?", "= ?")


def attached(name: str, text: str) -> tuple[str, bytes]:
    """The name and the bytes of the file that goes along, zipped where the page is large."""
    content = text.encode()
    if len(content) <= LARGEST_PAGE:
        return name, content
    zipped = BytesIO()
    with ZipFile(zipped, "w", ZIP_DEFLATED) as archive:
        archive.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return f"{name}.zip", zipped.getvalue()
