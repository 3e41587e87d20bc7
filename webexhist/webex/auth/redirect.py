"""Receives on loopback what Webex has the browser bring back (RFC 8252, section 7.3)."""

import hmac
import queue
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from webexhist.errors import WebexhistError

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>webexhist</title>
<p style="font: 1.2rem system-ui; margin: 4rem">{text} You can close this page.</p></html>"""


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
    query = parse_qs(urlsplit(address).query)
    if not hmac.compare_digest(query.get("state", [""])[0].encode(), state.encode()):
        raise ForeignRedirect("this address belongs to another login", "start again: webexhist login")
    if "error" in query:
        reason = re.sub(r"[^a-z_]", "", query["error"][0])
        raise LoginError(f"Webex did not authorize webexhist ({reason})", HINTS.get(reason, ""))
    if "code" not in query:
        raise LoginError("the address holds no authorization code", "start again: webexhist login")
    return query["code"][0]


class Receiver:
    """Waits for the redirect of one login; what others send to its port is answered, and ignored."""

    def __init__(self, redirect_uri: str, state: str) -> None:
        self.path = urlsplit(redirect_uri).path or "/"
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
        LoginError: the port cannot be had.
    """
    receiver = Receiver(redirect_uri, state)
    port = urlsplit(redirect_uri).port or 80
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler_for(receiver))
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


def handler_for(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    """The handler of requests that a browser sends back to `receiver` after the login."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10
        server_version = "webexhist"
        sys_version = ""

        def do_GET(self) -> None:
            if urlsplit(self.path).path != receiver.path:
                return self.answer(404, "There is nothing here.")
            outcome = receiver.outcome_of(self.path)
            if isinstance(outcome, ForeignRedirect):
                return self.answer(400, "This does not belong to the login that is going on.")
            is_refused = isinstance(outcome, LoginError)
            self.answer(200, "Webex did not authorize webexhist." if is_refused else "webexhist is authorized.")
            return receiver.outcomes.put(outcome)

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
