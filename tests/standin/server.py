"""A stand-in for the Bot API server: real HTTP on loopback, the real server's rules and words."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, BinaryIO, Self, cast
from urllib.parse import unquote, urlsplit

from bot.terminal import methods as console_methods
from bot.terminal import server as console_server
from bot.terminal.server import Call, Method
from tests.standin import answering, editing, polling, profile, sending, uploading, visiting
from tests.standin.clock import Clock
from tests.standin.errors import ApiError, too_many_requests
from tests.standin.faults import Fault
from tests.standin.remote import Remote
from tests.standin.wire import read_body, read_call
from tests.standin.world import BOT, World

TOKEN = f"{BOT.user_id}:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsawT"

METHODS: Mapping[str, Method] = {
    **console_methods.METHODS,
    **polling.METHODS,
    **sending.METHODS,
    **editing.METHODS,
    **answering.METHODS,
    **uploading.METHODS,
    **profile.METHODS,
    **visiting.METHODS,
}

_BAD_GATEWAY = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body></body></html>\r\n"


class StandIn:
    """The server, from `start` to `close`; `world` is what it knows."""

    def __init__(self, *, token: str = TOKEN, clock: Clock | None = None) -> None:
        self.token = token
        self.clock = clock or Clock()
        self.world = World(self.clock, METHODS)
        self.remote = Remote(self)
        self.crashes: list[Exception] = []
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.standin = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.005,))
        self._thread.start()

    @property
    def url(self) -> str:
        """Return the address to give a bot in place of https://api.telegram.org."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def close(self) -> None:
        """End all connections and the server."""
        with self.world.change():
            self.world.closed = True
        if self.world.webhook.courier:
            self.world.webhook.courier.join()
        self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()
        self._thread.join()
        if self.crashes:
            raise ExceptionGroup("the stand-in has faults of its own", self.crashes)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    """Threads that are all joined in the end, and connections that can be ended for them."""

    daemon_threads = False
    standin: StandIn

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._open: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet: a bot that is killed leaves broken connections behind."""

    def hang_up(self) -> None:
        """End every connection, so that the threads behind them end."""
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Handler(BaseHTTPRequestHandler):
    """One connection; kept alive, answered in one piece."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the name is given)
        """Keep quiet: the addresses hold the token."""

    def _answer(self) -> None:
        address = urlsplit(self.path)
        body = read_body(cast("BinaryIO", self.rfile), self.headers)
        path = unquote(address.path)
        if path.startswith("/file/bot"):
            self._send_file(path)
            return
        try:
            if path.startswith("/sim/"):
                self._simulate(path, body)
                return
            token, method = self._split(path)
            self._check(token)
            call = read_call(method, address.query, self.headers, body)
            self._carry_out(call)
        except console_server.ApiError as error:
            self._refuse(error)
        except OSError:
            raise  # the bot has gone
        except Exception as error:  # noqa: BLE001 (a fault of the stand-in: told when it closes)
            self.server.standin.crashes.append(error)
            self._refuse(ApiError("stand-in crashed", code=500))

    def _simulate(self, path: str, body: bytes) -> None:
        remote = self.server.standin.remote
        result = remote.carry_out(path.removeprefix("/sim/"), json.loads(body or b"{}"))
        self._send(200, {"ok": True, "result": result})

    def _split(self, path: str) -> tuple[str, str]:
        match = re.fullmatch(r"/bot([^/]*)/(.*)", path, re.DOTALL)
        if match is None:
            raise ApiError("Not Found", code=404)
        return match[1], match[2].removesuffix("/")

    def _check(self, token: str) -> None:
        if not re.fullmatch(r"[1-9][0-9]*:[A-Za-z0-9_-]{10,}", token):
            raise ApiError("Unauthorized: invalid token specified", code=401)
        if token != self.server.standin.token:
            raise ApiError("Unauthorized", code=401)

    def _carry_out(self, call: Call) -> None:
        standin = self.server.standin
        with standin.world.change():
            standin.world.calls.append(call)
            fault = standin.world.faults.strike(call.method, call.args)
        if fault and self._suffer(fault):
            return
        result = standin.world.carry_out(call)
        if fault and fault.kind == "lose":
            self.close_connection = True
            return
        if not standin.world.closed:
            self._send(200, {"ok": True, "result": result})

    def _suffer(self, fault: Fault) -> bool:
        """Let a fault strike, and tell whether the call ends with it."""
        world = self.server.standin.world
        match fault.kind:
            case "flood":
                raise too_many_requests(int(fault.seconds))
            case "refuse":
                raise ApiError(fault.text, code=fault.code)
            case "gateway":
                self._send_raw(502, _BAD_GATEWAY, "text/html")
            case "drop":
                world.wait_for(lambda: False, fault.seconds)
                self.close_connection = True
            case "delay":
                world.wait_for(lambda: False, fault.seconds)
                return False
            case _:
                return False
        return True

    def _send_file(self, path: str) -> None:
        world = self.server.standin.world
        token, _, name = path.removeprefix("/file/bot").partition("/")
        link = world.links.get(name)
        if token != self.server.standin.token:
            self._refuse(ApiError("Unauthorized", code=401))
        elif link is None or link[1] < world.clock.now():
            self._refuse(ApiError("Not Found", code=404))
        else:
            self._send_raw(200, link[0].data, "application/octet-stream")

    def _refuse(self, error: console_server.ApiError) -> None:
        answer = error.as_json()
        wait = answer.get("parameters", {}).get("retry_after")
        self._send(error.code, answer, {} if wait is None else {"Retry-After": str(wait)})

    def _send(self, status: int, answer: object, headers: Mapping[str, str] | None = None) -> None:
        self._send_raw(status, json.dumps(answer).encode(), "application/json", headers)

    def _send_raw(
        self, status: int, body: bytes, kind: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        pace = self.server.standin.world.faults.bytes_per_second
        step = max(1, (pace or len(body) * 10) // 10) or 1
        for start in range(0, len(body), step):
            self.wfile.write(body[start : start + step])
            if pace:
                self.wfile.flush()
                time.sleep(0.1)
        self.wfile.flush()
