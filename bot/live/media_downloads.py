"""Downloads attached files of live posts one by one, in the background."""

from __future__ import annotations

import asyncio
import logging
import mimetypes
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from telegram import Bot, Message

from bot.config import UPLOAD_LIMIT, CopyMedia
from bot.transport.app import App
from bot.transport.downloads import DownloadFailed, TooBig, fetch
from model.errors import LetopisError

if TYPE_CHECKING:
    from ingest import MediaStore

_log = logging.getLogger(__name__)

_KINDS = {
    # Animations are also sent as documents, so they come first.
    "animation": ".mp4",
    "video": ".mp4",
    "video_note": ".mp4",
    "voice": ".ogg",
    "audio": ".mp3",
    "sticker": ".webp",
    "document": "",
}

Keep = Callable[[Message, str], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedFile:
    """A file at Telegram; `suffix` is the extension of its copy."""

    file_id: str
    unique_id: str
    size: int
    suffix: str
    is_photo: bool = False


class MediaDownloads:
    """Downloads files; failures are logged, and the post stays without a copy.

    `keep` is called with the message and the name of the copy in the media store.
    """

    def __init__(self, media: MediaStore | None, *, wanted: CopyMedia, keep: Keep) -> None:
        self._media = media
        self._wanted = wanted
        self._keep = keep
        self._queue: asyncio.Queue[tuple[Message, AttachedFile]] = asyncio.Queue()
        self._fetched: dict[str, str] = {}
        self._task: asyncio.Task[None] | None = None

    def enqueue(self, message: Message) -> None:
        """Queue a post's file, if such files are wanted."""
        attached = find_attached(message)
        if attached and self._wants(attached):
            self._queue.put_nowait((message, attached))

    def start(self, application: App) -> None:
        """Start downloading."""
        if self._media:
            self._task = asyncio.create_task(self._fetch_on(application, self._media))

    async def stop(self) -> None:
        """Stop downloading."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        if self._queue.qsize():
            _log.warning("%s attached files are left without a copy", self._queue.qsize())

    def _wants(self, attached: AttachedFile) -> bool:
        if not self._media or self._wanted is CopyMedia.NO or attached.size > UPLOAD_LIMIT:
            return False
        return self._wanted is CopyMedia.ALL or attached.is_photo

    async def _fetch_on(self, application: App, media: MediaStore) -> None:
        while True:
            message, attached = await self._queue.get()
            try:
                await self._keep(message, await self._copy(attached, application.bot, media))
            except (TooBig, DownloadFailed, LetopisError, OSError) as exc:
                _log.warning(
                    "the file of post %s of channel %s was not copied: %s",
                    message.message_id,
                    message.chat.id,
                    str(exc.__cause__ or exc) or "it is too big",
                )
            except Exception as exc:  # noqa: BLE001  # log it and carry on
                await application.process_error(None, exc)

    async def _copy(self, attached: AttachedFile, bot: Bot, media: MediaStore) -> str:
        """Return the name of a file's copy, which an edit of the text does not change."""
        name = self._fetched.get(attached.unique_id)
        if name is None:
            with tempfile.TemporaryDirectory(prefix="letopis-") as folder:
                path = Path(folder) / "file"
                await fetch(bot, attached.file_id, path, limit=UPLOAD_LIMIT)
                name = await asyncio.to_thread(_store, path, attached.suffix, media)
            self._fetched[attached.unique_id] = name
        return name


def find_attached(message: Message) -> AttachedFile | None:
    """Return the file attached to a message, the largest size of a photo."""
    if message.photo:
        photo = max(message.photo, key=lambda size: size.width * size.height)
        return AttachedFile(
            file_id=photo.file_id,
            unique_id=photo.file_unique_id,
            size=photo.file_size or 0,
            suffix=".jpg",
            is_photo=True,
        )
    kind = next((kind for kind in _KINDS if getattr(message, kind)), None)
    if kind is None:
        return None
    file = getattr(message, kind)
    named = PurePosixPath(getattr(file, "file_name", None) or "").suffix
    guessed = mimetypes.guess_extension(getattr(file, "mime_type", None) or "")
    return AttachedFile(
        file_id=file.file_id,
        unique_id=file.file_unique_id,
        size=file.file_size or 0,
        suffix=named or guessed or _KINDS[kind],
    )


def _store(path: Path, suffix: str, media: MediaStore) -> str:
    return media.keep_bytes(path.read_bytes(), suffix)
