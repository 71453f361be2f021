from collections.abc import Callable
from typing import Any, TypeVar, overload

from datasette.utils.asgi import NotFound as NotFound
from datasette.utils.asgi import Request as Request
from datasette.utils.asgi import Response as Response

_F = TypeVar("_F", bound=Callable[..., Any])

@overload
def hookimpl(function: _F) -> _F: ...
@overload
def hookimpl(*, wrapper: bool) -> Callable[[_F], _F]: ...
