"""How the Bot API words its refusals: an error code, a prefix, and a lower-cased first letter."""

from __future__ import annotations

_PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    500: "Internal Server Error",
}

# Telegram's own names for refusals, of which the Bot API makes sentences.
_SENTENCES = {
    "MESSAGE_NOT_MODIFIED": (
        "message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    ),
    "MESSAGE_DELETE_FORBIDDEN": "message can't be deleted",
    "QUERY_ID_INVALID": ("query is too old and response timeout expired or query ID is invalid"),
    "REPLY_MARKUP_TOO_LONG": "reply markup is too long",
}


class ApiError(Exception):
    """A call that the server refuses; `description` is the text that the bot is given."""

    def __init__(self, message: str, *, code: int = 400, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.description = describe(message, code)
        self.retry_after = retry_after


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
