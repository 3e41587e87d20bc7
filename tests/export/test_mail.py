"""What others name things, in the headers of a mail."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

from webexhist.export.mail import as_header


def test_a_name_that_is_written_as_an_encoded_word_stays_what_is_read():
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = as_header("1 decision: =?utf-8?q?a=0D=0ABcc:_eve=E2=80=AE?= é")
    read = message_from_bytes(mail.as_bytes(), policy=default)
    assert read["Subject"] == "1 decision: = ?utf-8?q?a=0D=0ABcc:_eve=E2=80=AE?= é"
    assert read.keys() == ["Subject"]
