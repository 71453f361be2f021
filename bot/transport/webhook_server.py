"""A small HTTP server for Telegram's updates only.

Uses Tornado's HTTP server. The library's own handler on top of it answers unreadable updates with
an error, so Telegram repeats them forever, compares the secret in variable time, and logs wrong
ones.
"""

from __future__ import annotations

import hmac
import socket
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.web import Application, HTTPError, RequestHandler, stream_request_body

_BODY = 1 << 20
"""Bytes; an update has a few thousand."""
_HEAD = 16 << 10
_IDLE = 75.0
"""Seconds for a connection's next request to begin and complete its head."""
_SLOWEST = 20.0
"""Seconds for the body."""
_CONNECTIONS = 200
"""Telegram opens at most forty."""

Take = Callable[[bytes], Awaitable[None]]


class WebhookServer:
    """Listens on an address; `take` is called with the body of each update, and must not raise.

    Requests without the path and secret get no information. An update is confirmed once it has been
    taken; until then Telegram repeats it.
    """

    def __init__(self, *, path: str, secret: str, take: Take) -> None:
        given = {"path": path.encode(), "secret": secret.encode(), "take": take}
        self._server = _Server(
            Application([(".*", _UpdateHandler, given)], log_function=lambda _handler: None),
            idle_connection_timeout=_IDLE,
            body_timeout=_SLOWEST,
            max_header_size=_HEAD,
            max_body_size=_BODY,
        )

    async def open(self, host: str, port: int) -> None:
        """Start listening.

        Raises:
            OSError: The address is in use, or not this machine's.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        place = socket.create_server((host, port), family=family)
        place.settimeout(0)
        self._server.add_socket(place)

    async def close(self) -> None:
        """Stop; incomplete requests will be repeated by Telegram."""
        self._server.stop()
        await self._server.close_all_connections()


class _Server(HTTPServer):
    """Closes the oldest connection if there are too many, so that idle ones block nobody."""

    def initialize(self, *arguments: Any, **settings: Any) -> None:
        """Start without connections."""
        super().initialize(*arguments, **settings)
        self._open: list[IOStream] = []

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """Serve a new connection."""
        self._open = [each for each in self._open if not each.closed()]
        if len(self._open) >= _CONNECTIONS:
            self._open.pop(0).close()
        self._open.append(stream)
        super().handle_stream(stream, address)


@stream_request_body
class _UpdateHandler(RequestHandler):
    """Receives one update, and refuses everything else."""

    def initialize(self, path: bytes, secret: bytes, take: Take) -> None:
        """Initialise a request."""
        self._path, self._secret, self._take = path, secret, take
        self._body = bytearray()

    def set_default_headers(self) -> None:
        """Do not name the server software."""
        self.clear_header("Server")
        self.clear_header("Content-Type")

    def prepare(self) -> None:
        """Check that it is Telegram; the body of other requests is discarded."""
        # A proxy may have stripped the beginning of the path.
        path = self.request.path.encode()[-len(self._path) :]
        given = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token", "").encode()
        is_path = hmac.compare_digest(path, self._path)
        self._is_known = hmac.compare_digest(given, self._secret) and is_path
        if self.request.method != "POST":
            self._refuse_strangers()

    def data_received(self, chunk: bytes) -> None:
        """Collect a chunk of the body."""
        if self._is_known:
            self._body += chunk

    async def post(self) -> None:
        """Process the complete body."""
        self._refuse_strangers()
        await self._take(bytes(self._body))

    def _refuse_strangers(self) -> None:
        if not self._is_known:
            raise HTTPError(HTTPStatus.NOT_FOUND)

    def write_error(self, status_code: int, **_reason: Any) -> None:  # noqa: ARG002  # Tornado's
        """Answer with the status code alone."""
        self.finish()

    def log_exception(self, *_exception: object) -> None:
        """Log nothing: refusals are not events, and the log would contain what was tried."""
