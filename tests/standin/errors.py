"""How the Bot API words its refusals: an error code, a prefix, and a lower-cased first letter."""

from __future__ import annotations

from bot.terminal import server as console_server
from bot.terminal.server import JsonObject

_PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    500: "Internal Server Error",
}

# Telegram's own names for refusals, of which the Bot API makes sentences.
_SENTENCES = {
    "MESSAGE_DELETE_FORBIDDEN": "message can't be deleted",
    "QUERY_ID_INVALID": ("query is too old and response timeout expired or query ID is invalid"),
    "REPLY_MARKUP_TOO_LONG": "reply markup is too long",
}


class ApiError(console_server.ApiError):
    """A refusal in Telegram's own terms, of which the Bot API makes a description."""

    def __init__(self, message: str, *, code: int = 400, retry_after: int | None = None) -> None:
        super().__init__(describe(message, code), code=code)
        self._retry_after = retry_after

    def as_json(self) -> JsonObject:
        """Return the body of the answer."""
        if self._retry_after is None:
            return super().as_json()
        return super().as_json() | {"parameters": {"retry_after": self._retry_after}}


def describe(message: str, code: int) -> str:
    """Return the description that the server makes of a message.

    The first letter is lower-cased, unless the second character is a capital or `_`: so that
    `BUTTON_DATA_INVALID` stays and `Can't parse…` becomes `can't parse…`.
    """
    message = _SENTENCES.get(message, message)
    prefix = _PREFIXES.get(code)
    if prefix is None or message.startswith(prefix):
        return message
    second = message[1:2]
    if second == "_" or "A" <= second <= "Z":
        return f"{prefix}: {message}"
    return f"{prefix}: {message[0].lower()}{message[1:]}"


def too_many_requests(retry_after: int) -> ApiError:
    """Return the flood refusal, which carries its waiting time in seconds."""
    message = f"Too Many Requests: retry after {retry_after}"
    return ApiError(message, code=429, retry_after=retry_after)
