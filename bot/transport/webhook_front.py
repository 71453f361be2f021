"""A small HTTP server for one purpose: to take the updates that Telegram posts.

HTTP is Tornado's. The library's own handler over it answers what it cannot read with an error, so
that Telegram brings it again and again, compares the secret letter by letter, and logs wrong ones.
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
"""Bytes; an update is a few thousand."""
_HEAD = 16 << 10
_IDLE = 75.0
"""Seconds in which a connection's next request has to begin, its head complete."""
_SLOWEST = 20.0
"""Seconds in which its body has to arrive."""
_CONNECTIONS = 200
"""Telegram opens forty at most."""

Take = Callable[[bytes], Awaitable[None]]


class Front:
    """Listens at an address; `take` is called with the body of each update, and must not raise.

    Whoever does not know the path and the secret is told nothing. An update is confirmed once it
    has been taken, and Telegram brings it again until it is.
    """

    def __init__(self, *, path: str, secret: str, take: Take) -> None:
        given = {"path": path.encode(), "secret": secret.encode(), "take": take}
        self._server = _Server(
            Application([(".*", _Receiver, given)], log_function=lambda _handler: None),
            idle_connection_timeout=_IDLE,
            body_timeout=_SLOWEST,
            max_header_size=_HEAD,
            max_body_size=_BODY,
        )

    async def open(self, host: str, port: int) -> None:
        """Begin to listen.

        Raises:
            OSError: The address is taken, or is not this machine's.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        place = socket.create_server((host, port), family=family)
        place.settimeout(0)
        self._server.add_socket(place)

    async def close(self) -> None:
        """Take no more; what is half received is left to be brought again."""
        self._server.stop()
        await self._server.close_all_connections()


class _Server(HTTPServer):
    """Closes the oldest connection where there are too many: a crowd keeps nobody out."""

    def initialize(self, *arguments: Any, **settings: Any) -> None:
        """Begin without connections."""
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
class _Receiver(RequestHandler):
    """Takes one update; whatever is none of Telegram's is refused."""

    def initialize(self, path: bytes, secret: bytes, take: Take) -> None:
        """Begin with a request."""
        self._path, self._secret, self._take = path, secret, take
        self._body = bytearray()

    def set_default_headers(self) -> None:
        """Say nothing of who answers."""
        self.clear_header("Server")
        self.clear_header("Content-Type")

    def prepare(self) -> None:
        """Find out whether it is Telegram; the body of anybody else's request is not kept."""
        # A proxy may have taken the address's beginning away.
        path = self.request.path.encode()[-len(self._path) :]
        given = self.request.headers.get("X-Telegram-Bot-Api-Secret-Token", "").encode()
        is_path = hmac.compare_digest(path, self._path)
        self._is_known = hmac.compare_digest(given, self._secret) and is_path
        if self.request.method != "POST":
            self._refuse_strangers()

    def data_received(self, chunk: bytes) -> None:
        """Keep a part of the body."""
        if self._is_known:
            self._body += chunk

    async def post(self) -> None:
        """Take the whole."""
        self._refuse_strangers()
        await self._take(bytes(self._body))

    def _refuse_strangers(self) -> None:
        if not self._is_known:
            raise HTTPError(HTTPStatus.NOT_FOUND)

    def write_error(self, status_code: int, **_reason: Any) -> None:  # noqa: ARG002  # Tornado's
        """Answer with the number alone."""
        self.finish()

    def log_exception(self, *_exception: object) -> None:
        """Log nothing: a refusal is no event, and names what was tried."""
