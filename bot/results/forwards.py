"""The handler of forwarded posts: each opens its own card, with the posts that are like it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from telegram import Message, MessageOriginChannel, Update
from telegram.ext import MessageHandler, filters

from bot.results.cards import answer_post, answer_similar
from bot.results.listing import search_words
from bot.routing import Context, Handler, read_message, reporting_errors
from bot.services import Services
from bot.transport.chat_ids import telegram_id_of
from model.posts import Channel

if TYPE_CHECKING:
    from datetime import datetime

    from db import StoredChannel
    from model.posts import ArchivedPost

_FORWARDED = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & filters.FORWARDED


def handlers(services: Services) -> list[Handler]:
    """Return the handler of this subject; it must come before the search handlers."""
    return [MessageHandler(_FORWARDED, _Forwards(services).answer)]


class _Forwards:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._albums: dict[int, str | None] = {}
        """The album that each chat sent last: its posts arrive one by one, and have one card."""

    async def answer(self, update: Update, context: Context) -> None:
        """Open the post; if the archive has none, search for its words."""
        message = update.message
        assert message
        album_id = message.media_group_id
        is_rest = album_id is not None and self._albums.get(message.chat_id) == album_id
        self._albums[message.chat_id] = album_id
        if is_rest:
            return
        words = message.text or message.caption or ""
        request = read_message(message, words, context)
        async with reporting_errors(message, request.texts):
            find = functools.partial(_find_post, message, words, self._services)
            found = await self._services.run(find)
            if found is None:
                otherwise = request.texts.cards.not_archived
                await search_words(request, services=self._services, otherwise=otherwise)
            else:
                await answer_post(found.post_id, request, self._services)
                await answer_similar(found, request, self._services)


def _find_post(message: Message, words: str, services: Services) -> ArchivedPost | None:
    """Find a forwarded post by where it is from, or else by its text."""
    origin = message.forward_origin
    if isinstance(origin, MessageOriginChannel):
        channel = Channel(
            title=origin.chat.title or "",
            username=origin.chat.username,
            telegram_id=telegram_id_of(origin.chat.id),
        )
        for stored in services.store.find_candidates(channel):
            found = services.store.find(stored.channel_id, origin.message_id)
            if found and _is_same(stored, channel, found, origin.date):
                return found
    alike = services.searcher.same_text(words)
    return alike[0] if alike else None


def _is_same(
    stored: StoredChannel, channel: Channel, found: ArchivedPost, posted_at: datetime
) -> bool:
    """Return whether it is that post: by its channel's id or name, or by its time of posting."""
    known = stored.channel
    is_named = known.telegram_id == channel.telegram_id or (
        known.username is not None and known.username == channel.username
    )
    return is_named or found.post.posted_at == posted_at
