"""Sends files whole or in part: a browser asks for parts of a film to jump within it."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_CHUNK = 1 << 16


async def send_file(
    send: Any, path: Path, headers: Mapping[str, str], *, asked: str | None
) -> None:
    """Send a file, or the part of it that a `Range` header asks for."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        part = read_range(asked or "", size)
        told = {**headers, "accept-ranges": "bytes", "content-length": f"{len(part)}"}
        if len(part) == size:
            status = 200
        else:
            status = 206 if part else 416
            told["content-range"] = (
                f"bytes {part[0]}-{part[-1]}/{size}" if part else f"bytes */{size}"
            )
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        file.seek(part.start)
        for start in range(part.start, part.stop, _CHUNK):
            chunk = await asyncio.to_thread(file.read, min(_CHUNK, part.stop - start))
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def read_range(header: str, size: int) -> range:
    """Return the bytes of a file that are asked for, none if it has no such part.

    All of it, as HTTP has it, if the header is empty, not understood or asks for several parts.
    """
    found = _RANGE.fullmatch(header)
    if found is None or found[0] == "bytes=-":
        return range(size)
    first, last = found.groups()
    if not first:
        return range(max(size - int(last), 0), size)
    if last and int(last) < int(first):
        return range(size)
    return range(int(first), min(int(last) + 1, size) if last else size)
