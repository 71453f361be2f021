"""Plain text as Telegram counts it, and one line of it."""

from __future__ import annotations


def utf16_length(text: str) -> int:
    """Count a text as Telegram does: in UTF-16 units, an emoji being two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, length: int) -> str:
    """Return a text of one line, cut at a word with an ellipsis where it is longer."""
    line = " ".join(text.split())
    if utf16_length(line) <= length:
        return line
    head = line[: length - 1]
    while utf16_length(head) > length - 1:
        head = head[:-1]
    words = head if line[len(head)] == " " else head.rpartition(" ")[0]
    return (words if len(words) > length // 2 else head).rstrip() + "…"
