"""The queue of uploads, processed one after the other in the background."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta

from telegram import Bot, Document, Message

from bot.imports import views
from bot.imports.channel_choice import Candidate, find_candidates, only_fitting
from bot.imports.job import Cancelled, ImportJob, JobTiming, uploads_folder
from bot.indexing.updater import IndexUpdater
from bot.services import Services
from bot.transport.app import App
from bot.transport.downloads import new_name, sweep
from db.bot_uploads import Upload, UploadStatus
from i18n import Catalogue
from i18n.imports import upload_texts
from ingest.import_messages import TOO_DEMANDING, Done, Refused, SourceInfo, Stopped, TaskKind
from model.messages import Code
from workers.lines import read_line, write_line

_log = logging.getLogger(__name__)


_WAITING = 10
"""Maximum number of waiting files."""
_KEPT = timedelta(days=2)
"""How long a file waits for its owner's decision."""
_ATTEMPTS = 3
_BY_NAME = {
    Code.ACCOUNT,
    Code.SEVERAL_CHANNELS,
    Code.SEVERAL_CHATS,
    Code.AMBIGUOUS_CHANNEL,
    Code.OTHER_CHAT,
    Code.DOUBTFUL_CHAT,
    Code.UNNAMED_CHANNEL,
}
"""States in which choosing a channel helps."""


class ImportQueue:
    """Takes uploads, previews them, asks, imports."""

    def __init__(self, services: Services, *, timing: JobTiming | None = None) -> None:
        self._services = services
        self._uploads = services.bot_store.uploads
        self._timing = timing or JobTiming()
        self._queue: asyncio.Queue[int] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._job: ImportJob | None = None
        self._again: set[int] = set()

    async def start(self, application: App) -> None:
        """Resume earlier uploads, and start processing."""
        application.bot_data[ImportQueue] = self
        await self._resume(application.bot)
        self._task = asyncio.create_task(self._work(application))

    async def stop(self) -> None:
        """Stop processing; the current batch is completed, the rest waits for the next start."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def drain(self) -> None:
        """Wait until everything that is left waits for somebody's decision."""
        await self._queue.join()

    async def receive(self, document: Document, message: Message, texts: Catalogue) -> None:
        """Accept a file, and show its state."""
        limit, words = self._services.config.upload_limit, upload_texts(texts)
        if document.file_size and document.file_size > limit:
            await message.reply_text(views.too_big(document.file_size, limit, texts))
            return
        if len(await asyncio.to_thread(self._uploads.all)) >= _WAITING:
            await message.reply_text(words.too_many)
            return
        assert message.from_user
        add = functools.partial(
            self._uploads.add,
            user_id=message.from_user.id,
            chat_id=message.chat.id,
            bubble_id=0,
            file_id=document.file_id,
            name=views.shown_name(document.file_name or ""),
            file=new_name(),
            now=self._services.clock(),
        )
        upload_id = await asyncio.to_thread(add)
        job = await self._open(upload_id, message.get_bot())
        assert job
        await job.show_text(words.queued if self._job else words.fetching)
        self._queue.put_nowait(upload_id)

    async def find(self, upload_id: int) -> Upload | None:
        """Return an upload, unless it is finished."""
        return await asyncio.to_thread(self._uploads.find, upload_id)

    async def confirm(self, upload_id: int, bot: Bot) -> bool:
        """Confirm an import; return whether the upload was waiting for that."""
        if not await self._move(upload_id, UploadStatus.CONFIRMED, UploadStatus.OFFERED):
            return False
        job = await self._open(upload_id, bot)
        assert job
        await job.show_text(job.words.queued if self._job else job.words.confirmed)
        self._queue.put_nowait(upload_id)
        return True

    async def ask_again(self, upload: Upload, bot: Bot) -> bool:
        """Ask again which channel is meant; return whether that is still possible."""
        if not await self._move(upload.upload_id, UploadStatus.ASKED, UploadStatus.OFFERED):
            return False
        job = await self._open(upload.upload_id, bot)
        assert job
        await self._ask(job, upload.title or "")
        return True

    async def candidates(self, title: str) -> Sequence[Candidate]:
        """Return the channels that a title may mean."""
        return await asyncio.to_thread(self._find_candidates, title)

    async def choose(self, upload: Upload, channel: str, bot: Bot) -> bool:
        """Set the channel an owner chose; return whether the question was open.

        It is remembered for the title; if the question was about a file, only for that file.
        """
        if not await self._move(upload.upload_id, UploadStatus.NEW, UploadStatus.ASKED):
            return False
        job = await self._open(upload.upload_id, bot)
        assert job
        if upload.title:
            await job.call_store(
                self._uploads.remember_channel,
                upload.title,
                channel,
                by=upload.user_id,
                now=self._services.clock(),
            )
        await job.call_store(self._uploads.choose, upload.upload_id, channel, title=upload.title)
        await job.show_text(job.words.queued if self._job else job.words.examining)
        self._queue.put_nowait(upload.upload_id)
        return True

    async def cancel(self, upload: Upload, bot: Bot) -> bool:
        """Cancel an upload; return whether it ended at once."""
        if self._job and self._job.upload.upload_id == upload.upload_id:
            self._job.cancel()
            return False
        job = await self._open(upload.upload_id, bot)
        if job:
            await job.finish(views.status(job.words.cancelled, job.upload, job.texts))
        return True

    async def awaiting_channel(self, chat_id: int) -> Sequence[Upload]:
        """Return the uploads of a chat with an open question on the channel, latest first."""
        waiting = await asyncio.to_thread(self._uploads.all)
        return [
            upload
            for upload in reversed(waiting)
            if upload.chat_id == chat_id and upload.status is UploadStatus.ASKED
        ]

    # Work

    async def _resume(self, bot: Bot) -> None:
        """Resume interrupted uploads; drop those left undecided for too long."""
        now, folder = self._services.clock(), uploads_folder(self._services)
        uploads = await asyncio.to_thread(self._uploads.all)
        await asyncio.to_thread(sweep, folder, keep={upload.file for upload in uploads})
        # Interrupted ones first: until then nothing else is imported under the same name.
        for upload in sorted(uploads, key=lambda upload: not upload.attempts):
            if upload.status in {UploadStatus.ASKED, UploadStatus.OFFERED}:
                if upload.created_at < now - _KEPT:
                    await self.cancel(upload, bot)
                continue
            if upload.status is UploadStatus.CONFIRMED:
                self._again.add(upload.upload_id)
            self._queue.put_nowait(upload.upload_id)

    async def _work(self, application: App) -> None:
        while True:
            upload_id = await self._queue.get()
            try:
                self._job = await self._open(upload_id, application.bot)
                if self._job:
                    await self._process(self._job, application)
            except Exception as exc:  # noqa: BLE001  # the upload waits for the next start
                await application.process_error(None, exc)
            finally:
                self._job = None
                self._queue.task_done()

    async def _process(self, job: ImportJob, application: App) -> None:
        try:
            async with aclosing(job):
                if job.upload.status is UploadStatus.CONFIRMED:
                    job.is_again = job.upload.upload_id in self._again
                    await self._import_or_report(job, application)
                else:
                    await self._preview(job)
            job.check()  # it may have been cancelled while it was shown, or while its worker ended
        except Cancelled:
            await job.finish(views.status(job.words.cancelled, job.upload, job.texts))
        except Exception as exc:  # noqa: BLE001  # log it and carry on
            await application.process_error(None, exc)
            await job.finish(views.status(job.words.broken, job.upload, job.texts))

    async def _preview(self, job: ImportJob) -> None:
        """Inspect a file and preview its changes, and ask the owner."""
        if not await job.fetch():
            return
        job.check()
        await job.show_text(job.words.examining)
        info = await job.read(TaskKind.INSPECT)
        if isinstance(info, SourceInfo):
            if not await self._resolve_channel(job, info):
                return
            outcome = await job.read(TaskKind.PREVIEW)
        else:
            outcome = info
        if isinstance(outcome, Done):
            await self._offer(job, outcome, info)
            return
        assert isinstance(outcome, Refused)
        await self._refuse(job, outcome, title=info.title if isinstance(info, SourceInfo) else "")

    async def _refuse(self, job: ImportJob, refused: Refused, *, title: str) -> None:
        """Ask which channel a file is of where that can help, else end with the reason."""
        if refused.reason not in _BY_NAME:
            await job.finish(views.refusal(refused, job.upload, job.texts))
            return
        known: Sequence[Candidate] = ()
        if refused.reason == Code.DOUBTFUL_CHAT:
            known = [each for each in await self.candidates(title) if each.fits]
        await job.call_store(self._uploads.ask, job.upload.upload_id, "")
        question = views.named_question(refused, job.upload, job.texts, candidates=known)
        await job.show(question)

    async def _offer(self, job: ImportJob, done: Done, info: object) -> None:
        job.check()
        if not done.files_read:
            await job.finish(views.nothing_new(done, job.upload, job.texts))
            return
        assert isinstance(info, SourceInfo)
        outgoing = views.preview(done, info.size, job.upload, job.locale)
        await job.call_store(
            self._uploads.move,
            job.upload.upload_id,
            UploadStatus.OFFERED,
            instead_of=(UploadStatus.NEW,),
        )
        await job.show(outgoing)

    async def _resolve_channel(self, job: ImportJob, info: SourceInfo) -> bool:
        """Determine the channel of a title; ask if it is unknown."""
        is_named = info.username or info.telegram_id is not None
        if is_named or job.upload.channel is not None:
            return True
        channel = await job.call_store(self._uploads.channel_of, info.title)
        if channel is None:
            only = only_fitting(await self.candidates(info.title))
            if only is None:
                await self._ask(job, info.title)
                return False
            channel = only.as_argument
        await job.call_store(self._uploads.choose, job.upload.upload_id, channel, title=info.title)
        return True

    async def _ask(self, job: ImportJob, title: str) -> None:
        await job.call_store(self._uploads.ask, job.upload.upload_id, title)
        found = await self.candidates(title)
        await job.show(views.question(title, found, job.upload, job.texts))

    async def _import_or_report(self, job: ImportJob, application: App) -> None:
        """Import a file, or finish what is left for an imported one."""
        kept = await job.call_store(self._uploads.report_of, job.upload.upload_id)
        if kept is None:
            await self._import(job, application)
            return
        await self._make_searchable(read_line(kept.encode(), (Done,)), job, application)

    async def _import(self, job: ImportJob, application: App) -> None:
        """Import a file into the archive, and report."""
        if job.upload.attempts >= _ATTEMPTS:
            await job.finish(views.refusal(TOO_DEMANDING, job.upload, job.texts))
            return
        if not await job.fetch():
            return
        job.check()
        latest = await asyncio.to_thread(self._services.store.latest_import)
        after = await job.call_store(
            self._uploads.count_attempt, job.upload.upload_id, latest=latest
        )
        outcome = await job.read(TaskKind.IMPORT, after=after)
        updater = application.bot_data[IndexUpdater]
        if isinstance(outcome, Done) and views.is_news(outcome):
            # The bot may end before the posts are indexed; the report is then completed at the next
            # start.
            report = write_line(outcome).decode()
            await job.call_store(self._uploads.keep_report, job.upload.upload_id, report)
            await self._make_searchable(outcome, job, application)
            return
        updater.wake()
        if isinstance(outcome, Done):
            compose = views.report if outcome.files_read else views.nothing_new
            outgoing = compose(outcome, job.upload, job.texts)
        elif isinstance(outcome, Stopped):
            outgoing = views.stopped(outcome, job.upload, job.texts)
        else:
            assert isinstance(outcome, Refused)
            await self._refuse(job, outcome, title=job.upload.title or "")
            return
        await job.finish(outgoing)

    async def _make_searchable(self, done: Done, job: ImportJob, application: App) -> None:
        """Report the import, and whether its posts can be found yet."""
        updater = application.bot_data[IndexUpdater]
        report = functools.partial(views.report, done, job.upload, job.texts)
        await job.show(report(is_searchable=False))
        seq = await asyncio.to_thread(self._services.store.last_seq)
        running = asyncio.create_task(updater.run_once(application))
        try:
            while not (await asyncio.wait([running], timeout=self._timing.rest.total_seconds()))[0]:
                await job.show(report(is_searchable=False, indexing=updater.indexing))
        finally:
            running.cancel()
            await asyncio.wait([running])
        await job.finish(report(is_searchable=updater.has_indexed(seq)))

    async def _open(self, upload_id: int, bot: Bot) -> ImportJob | None:
        upload = await self.find(upload_id)
        if upload is None:
            return None
        person = await self._services.people.find(upload.user_id)
        texts = self._services.people.texts(upload.user_id, person.spoken if person else None)
        return ImportJob(
            upload,
            texts,
            services=self._services,
            bot=bot,
            timing=self._timing,
        )

    async def _move(self, upload_id: int, status: UploadStatus, instead_of: UploadStatus) -> bool:
        move = functools.partial(self._uploads.move, upload_id, status, instead_of=(instead_of,))
        return await asyncio.to_thread(move)

    def _find_candidates(self, title: str) -> Sequence[Candidate]:
        store = self._services.store
        return find_candidates(
            title,
            stored=store.channels(),
            titled={each.channel_id for each in store.find_channels(title)},
            live=self._services.bot_store.live.approved(),
        )
