"""A small HTTP server for one purpose: to take the updates that Telegram posts."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

import h11

_log = logging.getLogger(__name__)

_BODY = 1 << 20
"""Bytes; an update is a few thousand."""
_HEAD = 16 << 10
_IDLE = 75.0
"""Seconds for which a connection may rest between requests."""
_SLOWEST = 20.0
"""Seconds for which a request may be under way."""
_FAREWELL = 2.0
_CONNECTIONS = 100
"""Telegram opens forty at most."""
_CHUNK = 64 << 10


class Front:
    """Listens at an address; `take` is called with the body of each update, and may raise.

    Whoever does not know the path and the secret is told nothing. An update is confirmed once it
    has been taken, and Telegram brings it again until it is.
    """

    def __init__(self, *, path: str, secret: str, take: Callable[[bytes], None]) -> None:
        self._path = path.encode()
        self._secret = secret.encode()
        self._take = take
        self._server: asyncio.Server | None = None
        self._at_work: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def open(self, host: str, port: int) -> None:
        """Begin to listen.

        Raises:
            OSError: The address is taken, or is not this machine's.
        """
        # In two steps: cancelled in the midst of one, it would listen on and be nobody's to close.
        self._server = await asyncio.start_server(self._serve, host, port, start_serving=False)
        await self._server.start_serving()

    async def close(self) -> None:
        """Take no more; what is half received is left to be brought again."""
        self._is_closed = True
        if self._server is None:
            return
        self._server.close()
        for task in tuple(self._at_work):
            task.cancel()
        if self._at_work:
            await asyncio.wait(self._at_work)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        if self._is_closed or len(self._at_work) >= _CONNECTIONS:
            writer.close()
            return
        self._at_work.add(task)
        try:
            await _Conversation(
                reader, writer, refusal=self._refusal, receive=self._receive
            ).carry_on()
        except (OSError, TimeoutError, h11.ProtocolError) as exc:
            _log.debug("a connection ended: %r", exc)
        except asyncio.CancelledError:
            # At the end of the program; the library would show it as a fault.
            _log.debug("a connection was closed")
        finally:
            self._at_work.discard(task)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _refusal(self, request: h11.Request) -> HTTPStatus | None:
        """Tell why a request is none of Telegram's, before its body is read."""
        path = request.target.partition(b"?")[0]
        given = dict(request.headers).get(b"x-telegram-bot-api-secret-token", b"")
        # A proxy may have taken the address's beginning away.
        is_path = hmac.compare_digest(path[-len(self._path) :], self._path)
        if not (hmac.compare_digest(given, self._secret) and is_path):
            return HTTPStatus.NOT_FOUND
        return None if request.method == b"POST" else HTTPStatus.METHOD_NOT_ALLOWED

    def _receive(self, body: bytes) -> None:
        try:
            self._take(body)
        except (ValueError, TypeError, KeyError, AttributeError):
            # Brought again it would be no better, and would hold up the others.
            _log.exception("an update that makes no sense was passed over")


class _Conversation:
    """One connection: request by request, until either side has had enough."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        refusal: Callable[[h11.Request], HTTPStatus | None],
        receive: Callable[[bytes], None],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._refusal = refusal
        self._receive = receive
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEAD)

    async def carry_on(self) -> None:
        """Answer requests as long as they come.

        Raises:
            TimeoutError: The other side is too slow.
            ProtocolError: It does not speak HTTP.
        """
        while True:
            async with asyncio.timeout(_IDLE):
                request = await self._next()
            if not isinstance(request, h11.Request):
                return
            async with asyncio.timeout(_SLOWEST):
                await self._say(self._refusal(request) or await self._accept())
            if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                await self._listen_out()
                return
            self._http.start_next_cycle()

    async def _listen_out(self) -> None:
        """Let the other side finish: closed in the midst of it, it would not read the answer."""
        async with asyncio.timeout(_FAREWELL):
            while await self._reader.read(_CHUNK):
                pass

    async def _accept(self) -> HTTPStatus:
        """Read a body and hand it on, or give it up once it is too long."""
        body = bytearray()
        while isinstance(event := await self._next(), h11.Data):
            body += event.data
            if len(body) > _BODY:
                _log.error("an update of more than %s bytes was refused", _BODY)
                return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        self._receive(bytes(body))
        return HTTPStatus.OK

    async def _next(self) -> h11.Event | type[h11.PAUSED]:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                self._send(h11.InformationalResponse(status_code=100, headers=[]))
            self._http.receive_data(await self._reader.read(_CHUNK))
        assert not isinstance(event, type) or event is h11.PAUSED
        return event

    async def _say(self, status: HTTPStatus) -> None:
        headers = [("Content-Length", "0")]
        if self._http.their_state is not h11.DONE:
            headers.append(("Connection", "close"))
        self._send(h11.Response(status_code=status, headers=headers, reason=status.phrase))
        self._send(h11.EndOfMessage())
        await self._writer.drain()

    def _send(self, event: h11.Event) -> None:
        data = self._http.send(event)
        assert data is not None
        self._writer.write(data)
