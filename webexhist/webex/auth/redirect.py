"""Receives on loopback what Webex has the browser bring back (RFC 8252, section 7.3)."""

import _thread
import hmac
import queue
import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from webexhist.addresses import is_plain_address
from webexhist.errors import UsageError, WebexhistError
from webexhist.redact import shown_address
from webexhist.setting_values import LOOPBACK_HOSTS

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>webexhist</title>
<p style="font: 1.2rem system-ui; margin: 4rem">{text} You can close this page.</p></html>"""

LARGEST_PORT = 65_535
LONGEST_REASON = 40
"""Characters; the longest word of RFC 6749, 4.1.2.1, has 25."""
HINTS = {
    "access_denied": "log in as an administrator and accept what is asked for",
    "invalid_scope": "enable the scopes listed above for the integration at developer.webex.com",
}


class LoginError(WebexhistError):
    """The login did not come to its end."""


class ForeignRedirect(LoginError):
    """A redirect that this login did not ask for."""


def code_from_redirect(address: str, state: str) -> str:
    """The authorization code in an address that Webex redirected to (RFC 6749, sections 4.1.2 and 10.12).

    Raises:
        ForeignRedirect: its state is not the one of this login.
        LoginError: it brings a refusal, or no code.
    """
    query = parse_qs(address.partition("?")[2].partition("#")[0])
    if not hmac.compare_digest(query.get("state", [""])[0].encode(errors="replace"), state.encode()):
        raise ForeignRedirect("this address belongs to another login", "start again: webexhist login")
    if "error" in query:
        reason = re.sub(r"[^a-z_]", "", query["error"][0])[:LONGEST_REASON]
        raise LoginError(f"Webex did not authorize webexhist ({reason})", HINTS.get(reason, ""))
    if "code" not in query:
        raise LoginError("the address holds no authorization code", "start again: webexhist login")
    return query["code"][0]


def place_on_this_machine(redirect_uri: str) -> tuple[str, int, str]:
    """The host, the port and the path that a redirect address leads to.

    Raises:
        UsageError: it does not lead to this machine by plain http, or no browser asks for it as it stands.
    """
    parts = urlsplit(redirect_uri) if is_plain_address(redirect_uri) and redirect_uri.isascii() else None
    port = number_of_port(parts.netloc) if parts else None
    if parts is None or port is None or parts.scheme != "http" or parts.hostname not in LOOPBACK_HOSTS:
        raise UsageError(f"{shown_address(redirect_uri)!r} does not lead to this machine", "use --code with it")
    return parts.hostname, port, parts.path or "/"


def number_of_port(netloc: str) -> int | None:
    """The port of a host with its port, 80 where none is named; None where it is none."""
    named = re.search(r":([0-9]+)$", netloc)
    port = int(named[1]) if named else 80
    return port if 1 <= port <= LARGEST_PORT else None


class Receiver:
    """Waits for the redirect of one login; what others send to its port is answered, and ignored."""

    def __init__(self, path: str, state: str) -> None:
        self.path = path
        self.state = state
        self.outcomes: queue.SimpleQueue[str | LoginError] = queue.SimpleQueue()

    def code(self, seconds: float) -> str:
        """The authorization code, waited for at most `seconds`.

        Raises:
            LoginError: nobody came back in time, or Webex brought a refusal.
        """
        try:
            outcome = self.outcomes.get(timeout=seconds)
        except queue.Empty:
            raise LoginError(
                f"nobody logged in within {seconds:.0f} seconds",
                "try again; where the browser is on another host use --device or --code",
            ) from None
        if isinstance(outcome, LoginError):
            raise outcome
        return outcome

    def outcome_of(self, target: str) -> str | LoginError:
        """The code that a request brings, or why it brings none."""
        try:
            return code_from_redirect(target, self.state)
        except LoginError as error:
            return error


@contextmanager
def listening(redirect_uri: str, state: str) -> Iterator[Receiver]:
    """Listens at the redirect address, on this machine only, until the block ends.

    Raises:
        UsageError: it is no address of this machine.
        LoginError: the port cannot be had.
    """
    host, port, path = place_on_this_machine(redirect_uri)
    receiver = Receiver(path, state)
    try:
        server = LoopbackServer(host, port, handler_for(receiver))
    except OSError as error:
        raise LoginError(
            f"cannot listen on port {port} for the browser's return ({error.strerror})",
            "use --code, or another --redirect-uri that the integration knows too",
        ) from error
    waiting = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    try:
        waiting.start()
    except RuntimeError as error:
        server.server_close()
        raise LoginError(f"cannot wait for the browser's return ({error})", "use --code") from error
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()


class LoopbackServer(ThreadingHTTPServer):
    """Listens on this machine only, where the named host is looked for."""

    def __init__(self, host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__(("::1" if ":" in host else "127.0.0.1", port), handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Waits for a visitor who says nothing beside the next one, where the system permits a thread for him."""
        try:
            _thread.start_new_thread(self.process_request_thread, (request, client_address))
        except RuntimeError:
            self.process_request_thread(request, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing of visitors who leave before they are answered."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def handler_for(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    """The handler of requests that a browser sends back to `receiver` after the login."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10
        server_version = "webexhist"
        sys_version = ""

        def do_GET(self) -> None:
            if self.path.partition("?")[0] != receiver.path:
                self.answer(404, "There is nothing here.")
                return
            outcome = receiver.outcome_of(self.path)
            if isinstance(outcome, ForeignRedirect):
                self.answer(400, "This does not belong to the login that is going on.")
                return
            is_refused = isinstance(outcome, LoginError)
            try:
                self.answer(200, "Webex did not authorize webexhist." if is_refused else "webexhist is authorized.")
            finally:  # what a browser brought counts, though it waits for no answer
                receiver.outcomes.put(outcome)

        def answer(self, status: int, text: str) -> None:
            page = PAGE.format(text=text).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name for it
            """Logs nothing: the request line holds the code."""

    return Handler
