"""Repairs known exporter faults in the bytes of a JSON export on the fly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

_BLOCK = 1 << 18
_BOM = b"\xef\xbb\xbf"
# A file without line breaks is buffered no further than this.
_MAX_HELD = 1 << 20
# The longest fault minus one byte: `\u2028` and two stray bytes.
_LONGEST_FAULT = 7
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)
_BARE_ID = re.compile(rb'("document_id": )(?!null\b)([^"\s][^"\r\n]{0,300}?)(?=,?\r?\n)')


def repaired_blocks(file: IO[bytes]) -> Iterator[bytes]:
    r"""Yield the file block by block; no fault crosses the end of a block.

    Three faults are known. Control characters are written `\x0C` instead of `\u000C`. Versions
    4.0.4 to 4.1.1 write `"document_id": stickers/sticker.webp` without quotes. U+2028 and U+2029
    are written `\u2028`, but the last two of their three bytes stay behind.
    """
    held, first = b"", True
    while block := file.read(_BLOCK):
        text = held + block
        if first:
            text, first = text.removeprefix(_BOM), False
        end = _whole_until(text)
        held = text[end:]
        if end:
            yield _repair(text[:end])
    if held:
        yield _repair(held)


def _whole_until(text: bytes) -> int:
    """Return how much of a block can be repaired without knowing what follows.

    JSON strings contain no raw line breaks, so no fault crosses one. A file without line breaks was
    not written by the exporter; there, an escape must not be cut in two.
    """
    line_end = text.rfind(b"\n") + 1
    if line_end or len(text) > _MAX_HELD:
        return line_end or len(text)
    backslash = text.rfind(b"\\", max(0, len(text) - _LONGEST_FAULT))
    if backslash < 0:
        return len(text)
    return len(text[: backslash + 1].rstrip(b"\\"))


def _repair(text: bytes) -> bytes:
    if b"\\x" in text:
        text = _ESCAPE.sub(_standard_escape, text)
    if b"\\u202" in text:
        text = text.replace(b"\\u2028\x80\xa8", b"\\u2028").replace(b"\\u2029\x80\xa9", b"\\u2029")
    if b'"document_id": ' in text:
        text = _BARE_ID.sub(rb'\1"\2"', text)
    return text


def _standard_escape(match: re.Match[bytes]) -> bytes:
    return b"\\u00" + match[1] if match[1] else match[0]
