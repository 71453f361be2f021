"""Measuring and shortening plain text."""

from __future__ import annotations


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, as Telegram counts; most emoji take two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, length: int) -> str:
    """Return the text as one line, cut at a word boundary with an ellipsis if too long."""
    line = " ".join(text.split())
    if utf16_length(line) <= length:
        return line
    head = line[: length - 1]
    while utf16_length(head) > length - 1:
        head = head[:-1]
    words = head if line[len(head)] == " " else head.rpartition(" ")[0]
    return (words if len(words) > length // 2 else head).rstrip() + "…"
