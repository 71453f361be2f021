"""Keeps the bot's token out of all log output."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence

from model.printable import printable

# A token is the bot's id, a colon, and 35 characters; file addresses contain the colon
# percent-encoded.
_TOKEN = re.compile(r"(?<!\d)\d{6,}+(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)
QUIET_LOGGERS = {
    # At DEBUG they log queries and the posts in answers.
    "telegram": logging.INFO,
    "sqlalchemy": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "hpack": logging.WARNING,
    # Logs gateway error pages and tracebacks at ERROR, then raises the error as well.
    "telegram.request": logging.CRITICAL,
}
"""Loggers of whole addresses, which contain the token, or of whole answers."""


def redact(text: str, *, secrets: Iterable[str] = ()) -> str:
    """Replace everything that looks like a token, and the given `secrets`."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "<token>")
    return _TOKEN.sub("<token>", text)


class RedactingFormatter(logging.Formatter):
    """Formats like another formatter, then redacts everything, including tracebacks."""

    def __init__(self, inner: logging.Formatter, *, secrets: Sequence[str] = ()) -> None:
        super().__init__()
        self._inner = inner
        self._redact: Callable[[str], str] = lambda text: redact(text, secrets=secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Format a record without tokens and terminal control characters."""
        return printable(self._redact(self._inner.format(record)))


def install_redaction(*, secrets: Sequence[str] = ()) -> None:
    """Redact on every handler of the root logger, and silence loggers of addresses.

    Call it after configuring logging. Calling it twice is harmless.
    """
    for name, level in QUIET_LOGGERS.items():
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.getEffectiveLevel(), level))
    for handler in logging.getLogger().handlers:
        inner = handler.formatter or logging.Formatter()
        if not isinstance(inner, RedactingFormatter):
            handler.setFormatter(RedactingFormatter(inner, secrets=secrets))
