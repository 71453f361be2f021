from collections.abc import Awaitable, Callable, Mapping
from typing import Any

class Base400(Exception):
    status: int

class NotFound(Base400): ...

class MultiParams:
    def get(self, name: str) -> str | None: ...

class Request:
    path: str
    args: MultiParams
    headers: Mapping[str, str]
    url_vars: Mapping[str, str]
    @classmethod
    def fake(cls, path_with_query_string: str) -> Request: ...

class Response:
    body: str
    status: int
    @classmethod
    def html(cls, body: str, status: int = ...) -> Response: ...
    @classmethod
    def json(cls, body: Mapping[str, Any], status: int = ...) -> Response: ...

async def asgi_send_redirect(send: Callable[[Any], Awaitable[None]], location: str) -> None: ...
