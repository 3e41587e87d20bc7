"""HTTP/1.1 on loopback. Connections stay open, and each answer is sent at once."""

import contextlib
import os
import socket
import struct
from collections.abc import Iterator
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote

from webexhist.simulator.faults.switches import CutOff, Effect, Hang, Reset, Slow, Trickle
from webexhist.simulator.http.exchange import Request
from webexhist.simulator.http.request_log import LoggedRequest, RequestLog
from webexhist.simulator.service import Service


class SimulatedServer(ThreadingHTTPServer):
    """Listens on a port of 127.0.0.1."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, service: Service, requests: RequestLog, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.service = service
        self.requests = requests
        self.connections: set[socket.socket] = set()

    @property
    def base_url(self) -> str:
        """The address of the server, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def stop(self) -> None:
        """Stops the server and closes its connections."""
        self.service.delays.stop()
        self.shutdown()
        self.server_close()
        for connection in tuple(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """Reads requests from a connection and writes the answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: SimulatedServer

    def setup(self) -> None:
        """Registers the connection, so that the server can close it when it stops."""
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        """Removes the connection."""
        self.server.connections.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def handle(self) -> None:
        """Serves the connection until one side closes it. A client that closes it causes no error."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        """Answers a GET."""
        self._serve()

    def do_POST(self) -> None:
        """Answers a POST or any other method that writes."""
        self._serve()

    do_PUT = do_PATCH = do_DELETE = do_POST  # noqa: N815 - the base class finds them by these names

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the base class names it so
        """Writes nothing: the request log has it all."""

    def _serve(self) -> None:
        service = self.server.service
        received_at = service.delays.now()
        request = self._read(service)
        self.server.requests.add(LoggedRequest(request.method, request.path, request.raw_query))
        effect = service.effect_on(request)
        if isinstance(effect, Reset):
            self._reset()
        elif isinstance(effect, Hang):
            self._pause(effect.seconds)
            self.close_connection = True
        else:
            self._answer(service, request, effect, received_at)

    def _read(self, service: Service) -> Request:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length).decode() if length else ""
        return Request(
            method=self.command,
            path=unquote(path),
            raw_query=query,
            query=dict(parse_qsl(query, keep_blank_values=True)),
            form=dict(parse_qsl(body, keep_blank_values=True)),
            authorization=self.headers.get("Authorization", ""),
            base_url=f"http://{self.headers.get('Host', '')}",
            moment=service.simulation.now(),
        )

    def _answer(self, service: Service, request: Request, effect: Effect | None, received_at: float) -> None:
        tracking_id = service.tracking_id()
        answer = service.answer(request, tracking_id, effect)
        dated = service.simulation.faults.date_header
        headers = {
            **({"Date": format_datetime(request.moment, usegmt=True)} if dated else {}),
            "TrackingID": tracking_id,
            "Cache-Control": "no-cache",
            "Content-Type": answer.content_type,
            "Content-Length": str(len(answer.content)),
            **answer.headers,
        }
        status = f"HTTP/1.1 {answer.status} {_reason(answer.status)}"
        head = "\r\n".join([status, *(f"{name}: {value}" for name, value in headers.items()), "", ""])
        delay = service.simulation.faults.latency_seconds + (effect.seconds if isinstance(effect, Slow) else 0)
        # The time that this machine needs for an answer is part of the latency.
        self._pause(received_at + delay - service.delays.now())
        for piece in self._pieces(head.encode("latin-1"), answer.content, effect):
            self.wfile.write(piece)

    def _pieces(self, head: bytes, content: bytes, effect: Effect | None) -> Iterator[bytes]:
        """Yields the pieces that are written one by one."""
        if isinstance(effect, CutOff):
            self.close_connection = True
            yield head + content[: len(content) // 2]
        elif isinstance(effect, Trickle):
            yield head
            for start in range(0, len(content), effect.piece):
                self._pause(effect.seconds)
                yield content[start : start + effect.piece]
        else:
            yield head + content

    def _reset(self) -> None:
        """Resets the connection instead of closing it."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def _pause(self, seconds: float) -> None:
        if seconds > 0:
            self.server.service.delays.wait(seconds)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
