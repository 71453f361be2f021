"""Archives posts and edits of approved channels as they arrive.

Whatever cannot be archived at once is kept in a spool and retried.
"""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from telegram import Bot, Chat, Message, Update
from telegram.constants import ChatType
from telegram.ext import (
    ApplicationHandlerStop,
    ChatMemberHandler,
    MessageHandler,
    filters,
)

from bot.live.approval import ChannelApproval
from bot.live.conversion import channel_of, effective_at, post_of
from bot.live.media_downloads import MediaDownloads
from bot.message.compose import clean
from bot.message.message import OutgoingMessage
from bot.owners.notices import notify_owners
from bot.routing import Context, Handler
from bot.services import Services
from bot.transport.app import App
from db import PostStore
from db.bot_live import ApprovalStatus, Gap, LiveChannel
from db.channels import is_same_mark
from db.identity import posted_at
from i18n import Catalogue
from i18n.live import live_texts
from i18n.messages import say
from model.errors import ArchiveBusy, LetopisError
from model.posts import Channel, Post

_log = logging.getLogger(__name__)


_REST = timedelta(seconds=1)
"""Between attempts to write to an archive that another process is writing to."""
_ATTEMPTS = 600
_RETRY = timedelta(minutes=1)
"""Between attempts to archive what is in the spool."""
_ASK_AFTER = timedelta(seconds=5)
"""How much later than a channel's first post the event may come that the bot was added."""


class LiveArchive:
    """Handles channel posts before the gate, since posts have no author to check.

    `on_news` is called after each change of the archive; `rest` is how long to wait for another
    process writing to it, `attempts` how often; `retry` is the interval for the spool, and
    `ask_after` how long to wait before asking owners about a channel known only by its posts.
    """

    def __init__(
        self,
        services: Services,
        *,
        on_news: Callable[[], object],
        rest: timedelta = _REST,
        attempts: int = _ATTEMPTS,
        retry: timedelta = _RETRY,
        ask_after: timedelta = _ASK_AFTER,
    ) -> None:
        self._services = services
        self._spool = services.spool
        self._approval = ChannelApproval(services, on_decision=self._wake)
        self._on_news = on_news
        self._rest = rest.total_seconds()
        self._attempts = attempts
        self._retry = retry.total_seconds()
        self._ask_after = ask_after.total_seconds()
        self._wanted = asyncio.Event()
        self._retrying: asyncio.Task[None] | None = None
        self._told_of: Chat | None = None
        self._archived_late = 0
        self._downloads = MediaDownloads(
            services.media, wanted=services.config.copy_media, keep=self._save_with_copy
        )

    def start(self, application: App) -> None:
        """Start copying attached files and archiving the spool."""
        self._downloads.start(application)
        self._spool.load()
        self._wake()
        self._retrying = asyncio.create_task(self._retry_on(application))

    async def stop(self) -> None:
        """Stop both."""
        if self._retrying:
            self._retrying.cancel()
            await asyncio.wait([self._retrying])
            self._retrying = None
        await self._downloads.stop()

    def handlers(self) -> list[Handler]:
        """Return the handlers that run before the gate; they stop further handling."""
        return [
            MessageHandler(filters.UpdateType.CHANNEL_POSTS, self._take_post),
            ChatMemberHandler(self._record_bot_status, ChatMemberHandler.MY_CHAT_MEMBER),
        ]

    def buttons(self) -> list[Handler]:
        """Return the handlers of the owners' buttons, which run after the gate."""
        return [self._approval.handler()]

    async def _take_post(self, update: Update, context: Context) -> None:
        message = update.effective_message
        assert message
        try:
            channel = await asyncio.to_thread(self._services.bot_store.live.find, message.chat.id)
        except Exception as exc:  # noqa: BLE001  # whatever fails, keep what was received
            # Whether its channel is approved is checked later, and reported if not.
            _log.error("post %s of channel %s waits: %s", *_name(message), exc)
            await asyncio.to_thread(self._spool.put, message)
        else:
            await self._take(message, channel, context.bot)
        raise ApplicationHandlerStop

    async def _take(self, message: Message, channel: LiveChannel | None, bot: Bot) -> None:
        if channel and channel.status is ApprovalStatus.APPROVED:
            try:
                await self._save(message)
                self._note_archived(message)
            except Exception as exc:  # noqa: BLE001  # as above
                await asyncio.to_thread(self._spool.put, message)
                await self._report_failure(message, exc, bot)
        elif channel is None or channel.status is ApprovalStatus.ASKED:
            await asyncio.to_thread(self._spool.put, message)
            if not self._spool.has_room(message.chat.id):
                _log.warning("post %s of channel %s is not kept: too many wait", *_name(message))
                self._spool.drop(message)
            if channel is None:
                asyncio.get_running_loop().call_later(self._ask_after, self._wake)
        else:
            self._spool.drop(message)

    async def _record_bot_status(self, update: Update, context: Context) -> None:
        chat = update.effective_chat
        assert chat
        if chat.type == ChatType.CHANNEL:
            await self._approval.record_bot_status(update, context)
        raise ApplicationHandlerStop

    def _note_archived(self, message: Message) -> None:
        self._spool.drop(message)
        self._on_news()
        self._downloads.enqueue(message)

    def _wake(self) -> None:
        """Retry the spool now, before it is due."""
        self._wanted.set()

    async def _retry_on(self, application: App) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._retry):
                    await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._archive_kept(application.bot)
            except Exception as exc:  # noqa: BLE001  # log it and carry on
                await application.process_error(None, exc)

    async def _archive_kept(self, bot: Bot) -> None:
        """Try each spooled post, and tell the owners when the trouble is over."""
        succeeded = True
        for message in await asyncio.to_thread(self._spool.waiting):
            try:
                self._archived_late += await self._archive_one(message, bot)
            except ArchiveBusy:
                await asyncio.sleep(self._rest)
                return self._wake()
            except Exception as exc:  # noqa: BLE001  # the others may still be archived
                succeeded = False
                await self._report_failure(message, exc, bot)
        if succeeded and self._told_of:
            compose = functools.partial(_recovery, self._archived_late)
            spoken = await self._spoken_in(self._told_of)
            self._told_of, self._archived_late = None, 0
            await notify_owners(bot, compose, services=self._services, spoken=spoken)
        return None

    async def _archive_one(self, message: Message, bot: Bot) -> bool:
        """Archive a spooled post if its channel is approved by now; return whether it was.

        Owners are asked about a channel known only by its posts.
        """
        channel = await asyncio.to_thread(self._services.bot_store.live.find, message.chat.id)
        if channel and channel.status is ApprovalStatus.APPROVED:
            await asyncio.to_thread(self._write, message, None)
            self._note_archived(message)
            return True
        if channel is None:
            await self._approval.ask(message.chat, bot)
        elif channel.status is ApprovalStatus.DENIED:
            self._spool.drop(message)
        return False

    async def _report_failure(self, message: Message, error: Exception, bot: Bot) -> None:
        """Tell the owners that posts are in the spool: once, until all are archived."""
        is_expected = isinstance(error, LetopisError)
        _log.error(
            "post %s of channel %s is not archived yet: %s",
            *_name(message),
            error,
            exc_info=None if is_expected else error,
        )
        if self._told_of is None:
            self._told_of = message.chat
            compose = functools.partial(_refusal, message.chat, error)
            spoken = await self._spoken_in(message.chat)
            await notify_owners(bot, compose, services=self._services, spoken=spoken)

    async def _spoken_in(self, chat: Chat) -> str | None:
        """Return the language of the person who added the bot to a channel, if readable."""
        try:
            channel = await asyncio.to_thread(self._services.bot_store.live.find, chat.id)
        except Exception as exc:  # noqa: BLE001  # this may be the very failure being reported
            _log.warning("the language of channel %s is unknown: %r", chat.id, exc)
            return None
        return channel.language if channel else None

    async def _save_with_copy(self, message: Message, copy: str) -> None:
        await self._save(message, copy=copy)
        self._on_news()

    async def _save(self, message: Message, *, copy: str | None = None) -> None:
        """Save a post, however long an import holds the archive.

        `copy` names the copy of its file, if there is one.

        Raises:
            LetopisError: The archive cannot be written.
        """
        for _ in range(self._attempts):
            try:
                await asyncio.to_thread(self._write, message, copy)
            except ArchiveBusy:
                _log.info("the archive is busy; post %s of channel %s waits", *_name(message))
                await asyncio.to_thread(self._spool.put, message)
                await asyncio.sleep(self._rest)
            else:
                return
        await asyncio.to_thread(self._write, message, copy)

    def _write(self, message: Message, copy: str | None) -> None:
        store, as_of = self._services.store, effective_at(message)
        post = _with_copy(post_of(message), copy)
        channel = channel_of(message.chat)
        others = _find_others(store, channel, post)
        channel_id = store.resolve_channel(channel, as_of=as_of, apart_from=others)
        last_id = store.last_message_id(channel_id)
        store.save(channel_id, [post], as_of=as_of)
        if last_id is not None and last_id + 1 < message.message_id:
            gap = Gap(
                chat_id=message.chat.id,
                first_id=last_id + 1,
                last_id=message.message_id - 1,
                channel_id=channel_id,
            )
            self._services.bot_store.live.add_gap(gap, now=self._services.clock())


def _find_others(store: PostStore, channel: Channel, post: Post) -> Sequence[int]:
    """Return the stored channels of the same title that a post shows to be different ones."""
    told = [(post.message_id, functools.partial(posted_at, post))]
    return [
        each.channel_id
        for each in store.find_candidates(channel)
        if not is_same_mark(each.channel, channel)
        and store.compare_times(each.channel_id, told).speaks_against
    ]


def _with_copy(post: Post, copy: str | None) -> Post:
    """Return a post with its copied file; a live post has at most one."""
    return replace(post, media=tuple(replace(each, copy=copy) for each in post.media))


def _name(message: Message) -> tuple[int, int]:
    return message.message_id, message.chat.id


def _recovery(archived: int, texts: Catalogue) -> OutgoingMessage:
    posts = texts.count(archived, texts.posts)
    return OutgoingMessage(body=clean(live_texts(texts).recovered.format(posts=posts)))


def _refusal(chat: Chat, error: Exception, texts: Catalogue) -> OutgoingMessage:
    reason = say(error.message, texts) if isinstance(error, LetopisError) else type(error).__name__
    return OutgoingMessage(
        body=clean(live_texts(texts).refused.format(channel=chat.title, reason=reason))
    )
