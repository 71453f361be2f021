"""A headless Chromium, driven over its own protocol."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from tornado.websocket import WebSocketClientConnection, websocket_connect


def find_chromium() -> str | None:
    """Return the browser's program, if there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Tab:
    """One page of the browser; `failures` are the errors of its scripts so far."""

    def __init__(self, connection: WebSocketClientConnection) -> None:
        self._connection = connection
        self._last = 0
        self._seen: list[str] = []
        self.failures: list[Any] = []

    async def call(self, method: str, **params: Any) -> Any:
        """Call a method of the protocol, and return its result."""
        self._last += 1
        await self._connection.write_message(
            json.dumps({"id": self._last, "method": method, "params": params})
        )
        return await self._read_until(lambda told: told.get("id") == self._last)

    async def open(self, address: str, *, width: int, scheme: str) -> None:
        """Open an address on a screen of this width and colour scheme, and wait for it."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        feature = {"name": "prefers-color-scheme", "value": scheme}
        await self.call("Emulation.setEmulatedMedia", features=[feature])
        self._seen.clear()
        await self.call("Page.navigate", url=address)
        if "Page.loadEventFired" not in self._seen:
            await self._read_until(lambda told: told.get("method") == "Page.loadEventFired")

    async def evaluate(self, expression: str) -> Any:
        """Return the value of an expression."""
        result = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return result["result"]["value"]

    def close(self) -> None:
        """End the connection; the browser goes on."""
        self._connection.close()

    async def _read_until(self, is_it: Any) -> Any:
        while True:
            message = await self._connection.read_message()
            assert message is not None, "the browser is gone"
            told = json.loads(message)
            self._seen.append(told.get("method", ""))
            if told.get("method") == "Runtime.exceptionThrown":
                self.failures.append(told["params"])
            if is_it(told):
                return told.get("result")


@contextmanager
def running_chromium(profile: Path) -> Iterator[str]:
    """Start the browser with a profile of its own, and yield the address of its protocol."""
    program = find_chromium()
    assert program is not None
    process = subprocess.Popen(
        [
            program,
            "--headless=new",
            "--no-sandbox",  # tests may run as root
            "--disable-gpu",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            "about:blank",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        port_file = profile / "DevToolsActivePort"
        while not (port_file.exists() and port_file.read_text()):
            assert process.poll() is None, "the browser did not start"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port_file.read_text().partition(chr(10))[0]}/json"
    finally:
        process.terminate()
        process.wait(timeout=20)


async def open_tab(browser: str) -> Tab:
    """Return the first page of a browser."""
    async with httpx.AsyncClient() as client:
        tabs = (await client.get(browser)).json()
    [address] = [each["webSocketDebuggerUrl"] for each in tabs if each["type"] == "page"]
    tab = Tab(await websocket_connect(address))
    await tab.call("Page.enable")
    await tab.call("Runtime.enable")
    return tab
