"""A link to a server that a test can cut: what is sent over it then goes nowhere."""

from __future__ import annotations

import asyncio
import threading
from types import TracebackType
from typing import Self


class Link:
    """Forwards connections to a port on this machine; a context manager with a thread of its own.

    Cut, it takes connections and bytes and answers nothing, like a router whose line is down.
    """

    def __init__(self, port: int) -> None:
        self.port = 0
        self._to = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._is_up = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._open())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> None:
        """Let nothing pass."""
        self._loop.call_soon_threadsafe(self._is_up.clear)

    def mend(self) -> None:
        """Let everything pass again, also what was held back."""
        self._loop.call_soon_threadsafe(self._is_up.set)

    async def _open(self) -> None:
        self._is_up.set()
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # the transports close now

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        await self._is_up.wait()
        there, thither = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers.add(thither)
        await asyncio.gather(self._pass(reader, thither), self._pass(there, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while received := await reader.read(65536):
                await self._is_up.wait()
                writer.write(received)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
            self._writers.discard(writer)

    def _run(self, work: object) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()  # type: ignore[arg-type]
