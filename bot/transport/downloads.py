"""Fetches the file that was sent, into a folder of the home where only its owner may read."""

from __future__ import annotations

import asyncio
import io
import secrets
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError

from model.whole_files import making

_TIMEOUT = 60.0
"""Seconds between two portions of the file."""


class TooBig(Exception):
    """The file has more bytes than Telegram gives to bots, whatever was said of it."""

    def __init__(self, size: int | None = None) -> None:
        super().__init__()
        self.size = size


class Unfetchable(Exception):
    """Telegram does not give the file out."""


def new_name() -> str:
    """Return a name for a file; it owes nothing to the one its sender gave."""
    return secrets.token_hex(8)


async def fetch(bot: Bot, file_id: str, target: Path, *, limit: int) -> None:
    """Fetch a file of at most `limit` bytes; it is there whole, or not at all.

    Raises:
        TooBig: It has more.
        Unfetchable: It is not given out.
    """
    try:
        # A link is good for an hour. The library takes its end for that of the token.
        try:
            await _fetch(bot, file_id, target, limit)
        except InvalidToken:
            await _fetch(bot, file_id, target, limit)
    except TelegramError as exc:
        if isinstance(exc, BadRequest) and "file is too big" in exc.message.lower():
            raise TooBig from exc
        raise Unfetchable from exc


def sweep(folder: Path, *, keep: Collection[str]) -> None:
    """Remove what earlier runs left behind."""
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name not in keep:
                path.unlink()


async def _fetch(bot: Bot, file_id: str, target: Path, limit: int) -> None:
    file = await bot.get_file(file_id)
    # A server of one's own may name a file on its disk instead of a link.
    source = Path(file.file_path or "")
    if source.is_absolute():
        await asyncio.to_thread(_copy, source, target, limit)
    else:
        content = await file.download_as_bytearray(read_timeout=_TIMEOUT)
        if len(content) > limit:
            raise TooBig(len(content))
        await asyncio.to_thread(_write, io.BytesIO(content), target)


def _copy(source: Path, target: Path, limit: int) -> None:
    size = source.stat().st_size
    if size > limit:
        raise TooBig(size)
    with source.open("rb") as original:
        _write(original, target)


def _write(content: BinaryIO, target: Path) -> None:
    """Write a file that only its owner may read; it gets its name when it is whole."""
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with making(target.parent) as part:
        shutil.copyfileobj(content, part.file)
        part.put(target, replaces=True)
