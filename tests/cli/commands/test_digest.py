"""`webexhist digest`: the mail as it arrives at a real server on loopback, once."""

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from entering import enter
from histories import license_of
from mail_server import UP_TO_THE_MAIL, Postman, answering, mail_server
from raw_server import listening

from webexhist.contract_kinds import ContractKind
from webexhist.delivery import smtp
from webexhist.store.entered.contracts import Contract

EVIL = "Acme\r\nBcc: mallory@example.com"
ROOM, SUITE = license_of("Room\r\nBcc: eve@example.com"), license_of("Webex Meetings Suite")
TO_ANNA = ("digest", "--to", "mail:anna@example.com")


@pytest.fixture
def postman():
    with mail_server(Postman()) as postman:
        yield postman


@pytest.fixture
def of_acme(poller):
    """Polls a customer whose name ends a header."""
    return replace(poller, organization=replace(poller.organization, name=EVIL))


@pytest.fixture
def run(run, of_acme, postman, monkeypatch):
    """On 2 November 2026: 13 of 10 devices were assigned in October, of a customer that is entered as named users."""
    monkeypatch.setenv("WEBEXHIST_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("WEBEXHIST_SMTP_PORT", str(postman.port))
    monkeypatch.setenv("WEBEXHIST_SMTP_FROM", "licensing@example.com")
    for day in ("10-30", "10-31", "11-01", "11-02"):
        of_acme.poll(f"2026-{day} 06:00", {ROOM: (10, 13), SUITE: (100, 40)})
    enter(of_acme.engine, [Contract("Sub100001", kind=ContractKind.NAMED)])
    run.go_by(lambda: datetime(2026, 11, 2, 12, tzinfo=UTC))
    return run


def test_the_month_is_sent_once_with_its_report_and_then_only_what_becomes_urgent(run, of_acme, postman):
    done = run(*TO_ANNA)
    subject = "Webex licensing October 2026, 1 decision: Acme Bcc: mallory@example.com"
    assert done.stdout == f"anna@example.com: {subject}. It is marked as sent: once more with --again.\n"
    (mail,) = postman.mails
    (envelope,) = postman.received
    assert (envelope.mail_from, envelope.rcpt_tos) == ("licensing@example.com", ["anna@example.com"])
    assert run("digest", "--to", "Anna@example.com").stdout.startswith(
        "Nothing to send"
    )  # the same, as timers name it
    assert (mail["Subject"].strip(), mail["From"], mail["To"], mail["Bcc"]) == (
        subject,
        "licensing@example.com",
        "anna@example.com",
        None,
    )
    text, page = mail.get_body(), next(mail.iter_attachments())
    lines = text.get_content().splitlines()
    assert lines[:3] == ["Acme Bcc: mallory@example.com", "1 decision at the end of October 2026.", ""]
    assert lines[3:5] == ["1. over", "   Room Bcc: eve@example.com is over what was purchased by 3 units: 13 of 10"]
    assert max(map(len, lines)) <= 76
    assert (page.get_filename(), page.get_content_type()) == ("webexhist-2026-10.html", "text/html")
    assert page.get_content().lower().startswith("<!doctype html>") and "October 2026" in page.get_content()

    nothing = run(*TO_ANNA).stdout
    assert nothing.startswith(
        "Nothing to send: 2026-10 was marked as sent at 2026-11-02 12:00 UTC, and nothing became urgent"
    )
    # 40 seats whose purchase lapsed: sent alone, once, without a report.
    of_acme.poll("2026-11-03 06:00", {ROOM: (10, 13), SUITE: (0, 40)})
    run.go_by(lambda: datetime(2026, 11, 3, 12, tzinfo=UTC))
    assert "Webex licensing, 1 new urgent decision: Acme Bcc: mallory@example.com." in run(*TO_ANNA).stdout
    urgent = postman.mails[1]
    assert "none purchased" in urgent.get_content() and "1. over" not in urgent.get_content()
    assert run(*TO_ANNA).stdout.startswith("Nothing to send")
    # What was accepted meanwhile is left out of the month, and what is urgent now is not.
    over = next(each["id"] for each in run("decisions", "--json").json if each["kind"] == "over")
    run("decisions", "accept", over, "--note", "Ordered")
    run(*TO_ANNA, "--again")
    again = postman.mails[2].get_body().get_content().replace("\r\n", "\n")
    assert "\n1 decision came since the end of October 2026:\n\n1. none purchased\n" in again
    assert "\n\nNo decision at the end of October 2026.\n" in again
    # Polls have ended: the month that followed is sent all the same, and that nobody polls any more.
    run.go_by(lambda: datetime(2027, 1, 1, 12, tzinfo=UTC))
    run(*TO_ANNA)
    silent = postman.mails[3].get_body().get_content()
    assert "is not polled since 3 November 2026" in silent and "at the end of November 2026" in silent
    assert run(*TO_ANNA).stdout.startswith("Nothing to send: 2026-12 was marked as sent at 2027-01-01 12:00 UTC")
    assert run("db", "check").code == 0


def test_what_was_refused_is_sent_by_the_next_run_and_what_may_have_arrived_is_not(run, postman, monkeypatch):
    postman.answers["RCPT"] = "451 4.7.1 Greylisted"
    failed = run(*TO_ANNA)
    assert failed.code == 1
    assert failed.line == (
        f"the mail server 127.0.0.1:{postman.port} does not take the recipient anna@example.com now"
        " (451 4.7.1 Greylisted): the next run tries again"
    )
    postman.answers.clear()
    assert run(*TO_ANNA).code == 0
    assert len(postman.received) == 1
    # A server that takes the mail and does not say so: it is not sent twice.
    monkeypatch.setattr(smtp, "SECONDS_OF_A_STEP", 0.2)
    with listening(answering(*UP_TO_THE_MAIL)) as port:
        monkeypatch.setenv("WEBEXHIST_SMTP_PORT", str(port))
        unconfirmed = run("digest", "--to", "mail:bert@example.com")
    assert unconfirmed.code == 1 and "did not say that it took it: look whether it arrived" in unconfirmed.line
    assert run("digest", "--to", "mail:bert@example.com").stdout.startswith("Nothing to send")


def test_what_cannot_be_meant_is_one_line(run, monkeypatch):
    no_address = "what follows mail: is no address of a mail: write --to mail:anna@example.com"
    for to, said in (
        ("mail:anna", no_address),
        ("mail:anna@example.com\r\nBcc: eve@example.com", no_address),
        ("mail:https://hooks.example.com/services/secret", no_address),
        ("secret", "--to is neither an address nor a URL: write --to mail:anna@example.com, or a URL"),
        ("json:kim:secret@h://x", "--to is neither an address nor a URL: write --to mail:anna@example.com, or a URL"),
        ("nothing://secret", "nothing://… is no address of a service that is known: see apprise's list of services"),
    ):
        failed = run("digest", "--to", to)
        assert (failed.code, failed.line) == (2, said)
    monkeypatch.delenv("WEBEXHIST_SMTP_HOST")
    failed = run(*TO_ANNA)
    assert (failed.code, failed.line) == (
        1,
        "no smtp_host is set: a mail needs a server: set it, see webexhist config show",
    )


class Service(BaseHTTPRequestHandler):
    """Takes messages, or answers as it is asked to."""

    status = 200
    received: list[dict[str, str]] = []  # noqa: RUF012  (of each test's own class)

    def do_POST(self):
        self.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def service():
    class Own(Service):
        received = []  # noqa: RUF012

    with HTTPServer(("127.0.0.1", 0), Own) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(60)


def test_a_service_of_messages_is_sent_a_short_text_and_its_url_is_not_shown(run, service):
    url = f"json://kim:horse-staple@127.0.0.1:{service.server_port}"
    service.RequestHandlerClass.status = 403
    failed = run("digest", "--to", url)
    assert (failed.code, failed.line) == (
        1,
        "the service of json://… refused the message (403): see that the URL is right; the next run tries again",
    )
    service.RequestHandlerClass.status = 200
    done = run("digest", "--to", url)
    assert done.stdout.startswith(
        "json://…: Webex licensing October 2026, 1 decision: Acme Bcc: mallory@example.com."
    )
    assert "horse" not in done.stdout + done.stderr + failed.stderr
    sent = service.RequestHandlerClass.received[-1]
    assert sent["title"] == "Webex licensing October 2026, 1 decision: Acme Bcc: mallory@example.com"
    assert sent["message"].startswith("- over: Room Bcc: eve@example.com is over what was purchased by 3 units")
    assert run("digest", "--to", url).stdout.startswith("Nothing to send")
    assert len(service.RequestHandlerClass.received) == 2
