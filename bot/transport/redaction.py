"""Keeps the bot's token out of every log line and traceback."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence

from model.printable import printable

# A token is the bot's id, a colon, and 35 characters; the colon arrives percent-encoded in the
# addresses of files.
_TOKEN = re.compile(r"(?<!\d)\d{6,}+(?::|%3A)[A-Za-z0-9_-]{30,}", re.IGNORECASE)
QUIET_LOGGERS = {
    # At DEBUG they print what people ask, and the posts that answer it.
    "telegram": logging.INFO,
    "sqlalchemy": logging.WARNING,
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "hpack": logging.WARNING,
    # It prints a gateway's page of HTML and a traceback at ERROR, then raises the error as well.
    "telegram.request": logging.CRITICAL,
}
"""Loggers that write whole addresses, with the token in them, or whole answers."""


def redact(text: str, *, secrets: Iterable[str] = ()) -> str:
    """Replace everything that looks like a token, and `secrets` whatever they look like."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "<token>")
    return _TOKEN.sub("<token>", text)


class RedactingFormatter(logging.Formatter):
    """Format as another formatter does, then redact the whole, traceback included."""

    def __init__(self, inner: logging.Formatter, *, secrets: Sequence[str] = ()) -> None:
        super().__init__()
        self._inner = inner
        self._redact: Callable[[str], str] = lambda text: redact(text, secrets=secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Format a record; no token is left in it, nor what a terminal would obey."""
        return printable(self._redact(self._inner.format(record)))


def install_redaction(*, secrets: Sequence[str] = ()) -> None:
    """Redact on every handler of the root logger, and quiet the loggers that print addresses.

    Call it after logging is configured. Twice does no harm.
    """
    for name, level in QUIET_LOGGERS.items():
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.getEffectiveLevel(), level))
    for handler in logging.getLogger().handlers:
        inner = handler.formatter or logging.Formatter()
        if not isinstance(inner, RedactingFormatter):
            handler.setFormatter(RedactingFormatter(inner, secrets=secrets))
