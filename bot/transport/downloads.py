"""Downloads files sent to the bot, into a folder readable only by its owner."""

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
"""Seconds between two chunks of the file."""


class TooBig(Exception):
    """The file is larger than Telegram allows for bots, whatever size was declared."""

    def __init__(self, size: int | None = None) -> None:
        super().__init__()
        self.size = size


class DownloadFailed(Exception):
    """Telegram refuses to deliver the file."""


def new_name() -> str:
    """Return a name for a file, independent of the one its sender gave."""
    return secrets.token_hex(8)


async def fetch(bot: Bot, file_id: str, target: Path, *, limit: int) -> None:
    """Download a file of at most `limit` bytes, complete or not at all.

    Raises:
        TooBig: It is larger.
        Unfetchable: It cannot be downloaded.
    """
    try:
        # A link expires after an hour, which the library reports as an invalid token.
        try:
            await _fetch(bot, file_id, target, limit)
        except InvalidToken:
            await _fetch(bot, file_id, target, limit)
    except TelegramError as exc:
        if isinstance(exc, BadRequest) and "file is too big" in exc.message.lower():
            raise TooBig from exc
        raise DownloadFailed from exc


def sweep(folder: Path, *, keep: Collection[str]) -> None:
    """Remove what earlier runs left."""
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name not in keep:
                path.unlink()


async def _fetch(bot: Bot, file_id: str, target: Path, limit: int) -> None:
    file = await bot.get_file(file_id)
    # A local Bot API server may return a path instead of a link.
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
    """Write a file readable only by its owner; it is renamed when complete."""
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with making(target.parent) as part:
        shutil.copyfileobj(content, part.file)
        part.put(target, replaces=True)
