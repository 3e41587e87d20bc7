"""A mail is handed to a real mail server on loopback, or it is said whether it may have arrived."""

import socket
from base64 import b64encode
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from urllib.parse import quote

import pytest
from mail_server import UP_TO_THE_MAIL, Postman, answering, mail_server, self_made_certificate
from raw_server import listening

from webexhist.delivery import smtp
from webexhist.delivery.errors import NotDeliveredError, UnconfirmedError
from webexhist.delivery.smtp import MailServer, hand_over

PASSWORD = "horse staple = 4711"
SENDER, RECIPIENT = "licensing@example.com", "anna@example.com"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_made_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def trusted(certificate, monkeypatch):
    file, tls = certificate
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return tls


def mail(text="Grüße\n.\n..\n.dot\n"):
    message = EmailMessage(policy=POLICY)
    message["From"], message["To"], message["Subject"] = SENDER, RECIPIENT, "Größe"
    message.set_content(text)
    return message


def sent_to(postman, host="localhost", user="", password=""):
    hand_over(MailServer(host, postman.port, user, password), mail(), SENDER, RECIPIENT)


def test_it_arrives_encrypted_with_a_login_and_every_line_as_it_was(trusted):
    with mail_server(Postman(user="anna", password=PASSWORD), trusted) as postman:
        sent_to(postman, user="anna", password=PASSWORD)
    (envelope,), (arrived,) = postman.received, postman.mails
    assert (envelope.mail_from, envelope.rcpt_tos, postman.were_encrypted) == (SENDER, [RECIPIENT], [True])
    assert arrived["Subject"] == "Größe"
    assert arrived.get_content().replace("\r\n", "\n") == "Grüße\n.\n..\n.dot\n"


def test_a_password_may_hold_any_letters(trusted):
    password = "Größe \N{ROCKET}"
    with mail_server(Postman(user="anna", password=password), trusted) as postman:
        sent_to(postman, user="anna", password=password)
        with pytest.raises(NotDeliveredError, match="refuses the login") as failed:
            sent_to(postman, user="anna", password=f"{password}!")
    assert len(postman.received) == 1 and "Größe" not in str(failed.value)


def test_on_its_port_tls_begins_at_once(trusted, monkeypatch):
    with mail_server(Postman(), trusted, at_once=True) as postman:
        monkeypatch.setattr(smtp, "TLS_AT_ONCE", postman.port)
        sent_to(postman)
    assert len(postman.received) == 1


def test_to_this_machine_it_goes_without_encryption_where_there_is_none():
    with mail_server(Postman()) as postman:
        sent_to(postman)
    assert postman.were_encrypted == [False]


def test_a_certificate_that_nobody_trusts_is_sent_nothing(certificate):
    _, tls = certificate
    said = r"is not trusted .*self-signed certificate.*SSL_CERT_FILE"
    postman = Postman(user="anna", password=PASSWORD)
    with mail_server(postman, tls), pytest.raises(NotDeliveredError, match=said):
        sent_to(postman, user="anna", password=PASSWORD)
    assert postman.received == []


def test_to_another_machine_nothing_is_sent_without_encryption():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            pytest.skip("this host has no address but loopback")
        own = asked.getsockname()[0]
    postman = Postman()
    with mail_server(postman, host=own), pytest.raises(NotDeliveredError, match=r"offers no encryption \(STARTTLS\)"):
        sent_to(postman, host=own)
    assert postman.received == []


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"AUTH": f"535 5.7.8 anna, {PASSWORD}: no"}, "refuses the login (535 5.7.8 anna, *** no): see smtp_user"),
        ({"AUTH": f"535 {b64encode(PASSWORD.encode()).decode()}"}, "refuses the login (535 ***)"),
        ({"AUTH": f"535 {b64encode(PASSWORD.encode()).decode()[3:-5]} is no"}, "refuses the login (535 *** is no)"),
        ({"AUTH": f"535 no {quote(PASSWORD).upper()}"}, "refuses the login (535 no ***)"),
        ({"AUTH": f"535 not {PASSWORD.encode().hex()} here"}, "refuses the login (535 not *** here)"),
        ({"RCPT": "451 4.7.1 Greylisted,\x1b[2J wait"}, "anna@example.com now (451 4.7.1 Greylisted, [2J wait)"),
        ({"RCPT": "550 5.1.1 Nobody here"}, "refuses the recipient anna@example.com (550 5.1.1 Nobody here)"),
        ({"DATA": "552 5.3.4 Too large"}, "refuses the mail (552 5.3.4 Too large)"),
    ],
)  # fmt: skip
def test_what_the_server_refuses_was_not_delivered_and_the_password_is_not_shown(answers, said, trusted):
    user = "anna" if "AUTH" in answers else ""
    postman = Postman(answers, user=user, password="another")
    with mail_server(postman, trusted), pytest.raises(NotDeliveredError) as failed:
        sent_to(postman, user=user, password=PASSWORD if user else "")
    assert said in str(failed.value) and PASSWORD not in str(failed.value)
    assert postman.received == []


@pytest.mark.parametrize(
    ("serve", "error"),
    [
        (answering(), NotDeliveredError),
        (answering(then=b"220-here\r\n"), NotDeliveredError),
        (answering(b"220 here\r\n", then=b"x"), NotDeliveredError),
        (answering(*UP_TO_THE_MAIL), UnconfirmedError),
        (answering(*UP_TO_THE_MAIL, then=b"2"), UnconfirmedError),
    ],
)
def test_a_server_that_hangs_is_left_in_time_and_it_is_said_whether_the_mail_may_have_arrived(
    serve, error, monkeypatch
):
    monkeypatch.setattr(smtp, "SECONDS_OF_A_STEP", 0.2)
    monkeypatch.setattr(smtp, "SECONDS_OF_ALL", 0.3)
    with listening(serve) as port, pytest.raises(error):
        hand_over(MailServer("127.0.0.1", port), mail(), SENDER, RECIPIENT)


@pytest.mark.parametrize("replies", [(), UP_TO_THE_MAIL[:1]])
def test_a_server_that_has_more_to_say_than_any_is_not_listened_to(replies):
    flood = b"250-here\r\n" * 20_000
    with listening(answering(*replies, then=flood)) as port, pytest.raises(NotDeliveredError, match="or broke off"):
        hand_over(MailServer("127.0.0.1", port), mail(), SENDER, RECIPIENT)


GREETED = UP_TO_THE_MAIL[:2]


def hanging_up(*replies: bytes):
    """Answers line for line, and is gone."""

    def serve(connection):
        with connection.makefile("rb") as lines:
            for reply in replies:
                connection.sendall(reply)
                lines.readline()

    return serve


@pytest.mark.parametrize("answered", range(len(UP_TO_THE_MAIL)))
def test_a_server_that_hangs_up_before_it_has_the_mail_did_not_take_it(answered):
    with listening(hanging_up(*UP_TO_THE_MAIL[:answered])) as port, pytest.raises(NotDeliveredError) as failed:
        hand_over(MailServer("127.0.0.1", port), mail(), SENDER, RECIPIENT)
    assert "did not answer, or broke off" in str(failed.value) or "cannot be reached (Connection reset" in str(
        failed.value
    )


@pytest.mark.parametrize(
    ("replies", "said"),
    [
        ([b"554 5.7.1 not from there\r\n"], "refuses the connection (554 5.7.1 not from there)"),
        ([b"421 4.3.2 later\r\n"], "does not take the connection now (421 4.3.2 later): the next run tries again"),
        ([b"220 here\r\n", b"501 who?\r\n", b"504 who?\r\n"], "refuses the connection (504 who?)"),
        (
            [b"220 here\r\n", b"250-here\r\n250 STARTTLS\r\n", b"454 4.7.0 no TLS now\r\n"],
            "does not take the connection now (454 4.7.0 no TLS now)",
        ),
        ([b"220 here\r\n", b"250-here\r\n250 AUTH GSSAPI\r\n"], "offers no login that is known here"),
        ([*GREETED], "offers no login that is known here"),
        (
            [b"220 here\r\n", b"250-here\r\n250 AUTH LOGIN\r\n", b"334 login\r\n"],
            "answers to the login is no answer of a mail server: see that smtp_host and",
        ),
        ([b"HTTP/1.1 400 Bad Request\r\n"], "is no answer of a mail server: see that smtp_host and"),
    ],
)
def test_a_server_that_wants_nothing_to_do_with_it_is_reported_in_its_words(replies, said):
    server = answering(*replies, b"221 bye\r\n")
    with listening(server) as port, pytest.raises(NotDeliveredError) as failed:
        hand_over(MailServer("127.0.0.1", port, "anna", PASSWORD), mail(), SENDER, RECIPIENT)
    assert said in str(failed.value)


def test_a_refusal_after_encryption_began_is_reported_in_its_words(trusted):
    def replying(connection, *replies):
        with connection.makefile("rb") as lines:
            for reply in replies:
                lines.readline()
                connection.sendall(reply)

    def serve(connection):
        connection.sendall(b"220 here\r\n")
        replying(connection, b"250-here\r\n250 STARTTLS\r\n", b"220 go\r\n")
        with trusted.wrap_socket(connection, server_side=True) as encrypted:
            replying(encrypted, b"554 not you\r\n", b"554 nor so\r\n", b"")

    with listening(serve) as port, pytest.raises(NotDeliveredError, match=r"refuses the connection \(554 nor so\)"):
        hand_over(MailServer("localhost", port, "anna", PASSWORD), mail(), SENDER, RECIPIENT)


def test_where_nobody_listens_it_is_said_which_settings_to_look_at(unused_port):
    with pytest.raises(NotDeliveredError, match=r"cannot be reached .*refused.*see that smtp_host and smtp_port"):
        hand_over(MailServer("127.0.0.1", unused_port), mail(), SENDER, RECIPIENT)
