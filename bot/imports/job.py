"""The processing of one upload: its file, its message, and the worker that reads it."""

from __future__ import annotations

import asyncio
import functools
import logging
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from telegram import Bot
from telegram.error import TelegramError

from bot.config import CopyMedia
from bot.imports import views
from bot.message.message import OutgoingMessage
from bot.services import Services
from bot.transport.delivery import edit_or_resend, send_to
from bot.transport.downloads import DownloadFailed, TooBig, fetch
from db.bot_uploads import Upload
from i18n import Catalogue, Locale
from i18n.imports import UploadTexts, upload_texts
from ingest.import_messages import (
    TOO_DEMANDING,
    ArchiveLocked,
    Done,
    ImportAnswer,
    ImportTask,
    Progress,
    Refused,
    SourceInfo,
    Stopped,
    TaskKind,
)
from model.addresses import address_text
from workers.worker import Worker, WorkerEnded

_log = logging.getLogger(__name__)

Outcome = SourceInfo | Done | Stopped | Refused
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTiming:
    """How often progress is shown, and limits on the time to read or wait."""

    rest: timedelta = timedelta(seconds=2.5)
    deadline: timedelta = timedelta(minutes=60)


class Cancelled(Exception):
    """The owner cancelled, and nothing was written."""


class ImportJob:
    """Steps in the processing of one upload, and what is shown of them."""

    def __init__(
        self,
        upload: Upload,
        texts: Catalogue,
        *,
        services: Services,
        bot: Bot,
        timing: JobTiming,
    ) -> None:
        self.upload = upload
        self.texts = texts
        self.is_again = False
        self._services = services
        self._bot = bot
        self._timing = timing
        self._shown: OutgoingMessage | None = None
        self._worker_context = AsyncExitStack()
        self._worker: Worker[ImportTask, ImportAnswer] | None = None
        # Later, it may have been chosen for its title alone.
        self._is_confirmed = upload.channel is not None
        self._is_importing = False
        self._is_cancelled = False
        self._is_over = False

    async def aclose(self) -> None:
        """End the process that reads the file."""
        await self._worker_context.aclose()

    @property
    def words(self) -> UploadTexts:
        """Return the texts on imports in the owner's language."""
        return upload_texts(self.texts)

    @property
    def locale(self) -> Locale:
        """Return the owner as a reader."""
        return self._services.locale(self.texts)

    @property
    def file(self) -> Path:
        """Return the path of the file, under a name of our own."""
        return uploads_folder(self._services) / self.upload.file

    async def show(self, outgoing: OutgoingMessage) -> None:
        """Show the state; failing to show it must not stop the import."""
        if outgoing == self._shown:
            return
        self._shown = outgoing
        upload = self.upload
        try:
            if upload.bubble_id:
                shown_in = await edit_or_resend(
                    upload.chat_id, upload.bubble_id, outgoing, self._bot
                )
            else:
                shown_in = await send_to(upload.chat_id, outgoing, self._bot)
        except TelegramError as exc:
            _log.info("the state of upload %s could not be shown: %s", upload.upload_id, exc)
            return
        if shown_in != upload.bubble_id:
            await self.call_store(
                self._services.bot_store.uploads.show_in, upload.upload_id, shown_in
            )

    async def show_text(self, words: str) -> None:
        """Show a sentence, with the button to cancel."""
        await self.show(views.status(words, self.upload, self.texts, can_end=True))

    async def finish(self, outgoing: OutgoingMessage) -> None:
        """Delete the upload and its file, and show the outcome."""
        self._is_over = True
        await self.call_store(self._services.bot_store.uploads.remove, self.upload.upload_id)
        await asyncio.to_thread(self._remove_file)
        await self.show(outgoing)

    async def call_store(self, write: Callable[..., T], *values: object, **more: object) -> T:
        """Update or query the store, and reload the upload."""
        found = await asyncio.to_thread(functools.partial(write, *values, **more))
        known = await asyncio.to_thread(
            self._services.bot_store.uploads.find, self.upload.upload_id
        )
        self.upload = known or self.upload
        return found

    async def fetch(self) -> bool:
        """Make sure the file is downloaded; report if it cannot be."""
        if self.file.exists():
            return True
        limit = self._services.config.upload_limit
        try:
            await fetch(self._bot, self.upload.file_id, self.file, limit=limit)
        except TooBig as exc:
            words = views.too_big(exc.size, limit, self.texts)
        except DownloadFailed as exc:
            _log.warning("upload %s could not be fetched: %s", self.upload.upload_id, exc.__cause__)
            words = self.words.unfetchable
        else:
            return True
        await self.finish(views.status(words, self.upload, self.texts))
        return False

    async def read(self, task: TaskKind, *, after: int | None = None) -> Outcome:
        """Have the worker process the file for a task, and return the outcome.

        Args:
            task: What to do.
            after: The archive's latest import before the first attempt at this one.

        Raises:
            Cancelled: The owner cancelled before anything was written.
        """
        self.check()
        self._is_importing = task is TaskKind.IMPORT
        try:
            async with asyncio.timeout(self._timing.deadline.total_seconds()):
                if self._worker is None:
                    start = self._services.workers.imports
                    self._worker = await self._worker_context.enter_async_context(start())
                self.check()
                return await self._carry_out(task, self._worker, after)
        except TimeoutError:
            self._end()
        except WorkerEnded:
            self.check()
        return TOO_DEMANDING

    def cancel(self) -> None:
        """Cancel the work: an import after its current batch, anything else at once."""
        self._is_cancelled = True
        self._end()

    def check(self) -> None:
        """Stop if the owner cancelled, unless it is finished already.

        Raises:
            Cancelled: It was cancelled.
        """
        if self._is_cancelled and not self._is_over:
            raise Cancelled

    def _end(self) -> None:
        if self._worker and self._is_importing:
            self._worker.stop()
        elif self._worker:
            self._worker.kill()

    async def _carry_out(
        self, task: TaskKind, worker: Worker[ImportTask, ImportAnswer], after: int | None
    ) -> Outcome:
        await worker.send(
            ImportTask(
                task=task,
                path=str(self.file),
                home=str(self._services.store.home),
                archive=address_text(self._services.store.address),
                name=self.upload.name,
                channel=self.upload.channel or None,
                is_confirmed=self._is_confirmed,
                copies=self._copies(),
                after=after,
            )
        )
        shown_at = 0.0
        while True:
            match answer := await worker.receive():
                case ArchiveLocked():
                    await self.show_text(self.words.waits)
                case Progress():
                    if time.monotonic() - shown_at >= self._timing.rest.total_seconds():
                        await self.show(self._progress(answer))
                        shown_at = time.monotonic()
                case outcome:
                    return outcome

    def _copies(self) -> str | None:
        """Return the folder for copies of attached files, if the settings ask for them."""
        media, wanted = self._services.media, self._services.config.copy_media
        return None if media is None or wanted is CopyMedia.NO else str(media.folder)

    def _remove_file(self) -> None:
        try:
            self.file.unlink(missing_ok=True)
        except OSError as exc:
            _log.warning("a file that was sent could not be removed: %s", exc)

    def _progress(self, now: Progress) -> OutgoingMessage:
        return views.progress(
            now,
            self.upload,
            self.texts,
            is_import=self._is_importing,
            is_again=self.is_again,
        )


def uploads_folder(services: Services) -> Path:
    """Return the folder of uploads, beside the archive."""
    return services.store.home / "uploads"
