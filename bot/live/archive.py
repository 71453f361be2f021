"""Takes the posts and edits of approved channels into the archive as they arrive."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable
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

from bot.app import App
from bot.handlers.asking import Context, Handler
from bot.live.approval import Approval
from bot.live.conversion import channel_of, post_of, told_at
from bot.live.copies import Copies
from bot.live.texts import live_texts
from bot.notices import tell_owners
from bot.rendering.bubble import Bubble
from bot.rendering.compose import clean
from bot.services import Services
from bot.texts import Catalogue
from db import Admission, Gap, LiveChannel
from model.errors import ArchiveBusy, LetopisError
from model.posts import Post

_log = logging.getLogger(__name__)


_REST = timedelta(seconds=1)
"""Between attempts to write into an archive that another process is writing."""
_ATTEMPTS = 600


class LiveArchive:
    """Hears channels before the gate does: posts have no author whom it could let in.

    `on_news` is called after each change of the archive; `rest` is how long to wait for another
    process that writes into it, `attempts` how often.
    """

    def __init__(
        self,
        services: Services,
        *,
        on_news: Callable[[], object],
        rest: timedelta = _REST,
        attempts: int = _ATTEMPTS,
    ) -> None:
        self._services = services
        self._approval = Approval(services)
        self._on_news = on_news
        self._rest = rest.total_seconds()
        self._attempts = attempts
        self._copies = Copies(
            services.media, wanted=services.config.copy_media, keep=self._save_with_copy
        )

    def start(self, application: App) -> None:
        """Begin to fetch what is attached to posts."""
        self._copies.start(application)

    async def stop(self) -> None:
        """Fetch no more."""
        await self._copies.stop()

    def handlers(self) -> list[Handler]:
        """Return the handlers that stand before the gate; they keep what they handle."""
        return [
            MessageHandler(filters.UpdateType.CHANNEL_POSTS, self._take_post),
            ChatMemberHandler(self._take_standing, ChatMemberHandler.MY_CHAT_MEMBER),
        ]

    def buttons(self) -> list[Handler]:
        """Return the handlers of the owners' buttons, which stand behind the gate."""
        return [self._approval.handler()]

    async def _take_post(self, update: Update, context: Context) -> None:
        message = update.effective_message
        assert message
        channel = await asyncio.to_thread(self._services.bot_store.live.find, message.chat.id)
        if channel and channel.status is Admission.APPROVED:
            await self._keep(message, channel, context.bot)
        raise ApplicationHandlerStop

    async def _take_standing(self, update: Update, context: Context) -> None:
        chat = update.effective_chat
        assert chat
        if chat.type == ChatType.CHANNEL:
            await self._approval.take_standing(update, context)
        raise ApplicationHandlerStop

    async def _keep(self, message: Message, channel: LiveChannel, bot: Bot) -> None:
        try:
            await self._save(message)
        except LetopisError as exc:
            _log.error("post %s of channel %s was not archived: %s", *_name(message), exc)
            compose = functools.partial(_refusal, message.chat, str(exc))
            await tell_owners(bot, compose, services=self._services, spoken=channel.language)
        else:
            self._on_news()
            self._copies.want(message)

    async def _save_with_copy(self, message: Message, copy: str) -> None:
        await self._save(message, copy=copy)
        self._on_news()

    async def _save(self, message: Message, *, copy: str | None = None) -> None:
        """Save a post, however long an import keeps the archive to itself.

        `copy` names the copy of its file, if there is one.

        Raises:
            LetopisError: The archive cannot be written.
        """
        for _ in range(self._attempts):
            try:
                await asyncio.to_thread(self._write, message, copy)
            except ArchiveBusy:
                _log.info("the archive is busy; post %s of channel %s waits", *_name(message))
                await asyncio.sleep(self._rest)
            else:
                return
        await asyncio.to_thread(self._write, message, copy)

    def _write(self, message: Message, copy: str | None) -> None:
        store, as_of = self._services.store, told_at(message)
        channel_id = store.resolve_channel(channel_of(message.chat), as_of=as_of)
        last_id = store.last_message_id(channel_id)
        store.save(channel_id, [_with_copy(post_of(message), copy)], as_of=as_of)
        if last_id is not None and last_id + 1 < message.message_id:
            gap = Gap(
                chat_id=message.chat.id,
                first_id=last_id + 1,
                last_id=message.message_id - 1,
                channel_id=channel_id,
            )
            self._services.bot_store.live.add_gap(gap, now=self._services.clock())


def _with_copy(post: Post, copy: str | None) -> Post:
    """Return a post whose file is kept; a live post has one file at most."""
    return replace(post, media=tuple(replace(each, copy=copy) for each in post.media))


def _name(message: Message) -> tuple[int, int]:
    return message.message_id, message.chat.id


def _refusal(chat: Chat, reason: str, texts: Catalogue) -> Bubble:
    return Bubble(body=clean(live_texts(texts).refused.format(channel=chat.title, reason=reason)))
