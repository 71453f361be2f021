"""Inline mode: finds posts from within any chat."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telegram import (
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.ext import InlineQueryHandler

from bot.config import Access
from bot.message.html import to_html
from bot.people import texts_of
from bot.results.channels import channel_names, name_of
from bot.results.inline_view import InlineResult, inline_result
from bot.results.listing_view import opening_of
from bot.routing import Context, Handler
from bot.services import Services
from bot.transport.deep_links import read_target
from bot.transport.delivery import keyboard
from i18n import Locale
from model.errors import ArchiveError, LetopisError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model.posts import ArchivedPost

_log = logging.getLogger(__name__)

_PAGE = 20
_PRIVATE_CACHE = 10
_PUBLIC_CACHE = 120
"""Seconds for which Telegram caches an answer."""
_OFFSET = re.compile(r"\d{1,6}", re.ASCII)


def handlers(services: Services) -> list[Handler]:
    """Return the handlers of this subject."""
    return [InlineQueryHandler(_Inline(services).answer)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    results: Sequence[InlineResult]
    total: int


class _Inline:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def answer(self, update: Update, context: Context) -> None:
        """Answer with a page of posts: matches, or the newest for an empty query."""
        query = update.inline_query
        assert query
        start = int(query.offset) if _OFFSET.fullmatch(query.offset) else 0
        locale = self._services.locale(texts_of(query.from_user, context))
        words = query.query.strip()
        try:
            page = await self._services.run(lambda: self._find(words, start, locale))
        except (TimeoutError, LetopisError) as exc:
            _log.warning("an inline query was not answered: %s", str(exc) or "it took too long")
            await query.answer([], cache_time=0, is_personal=True)
            if isinstance(exc, ArchiveError):
                raise
            return
        behind = start + len(page.results)
        # The library would send an empty text as "[]", and Telegram would request that page.
        following = str(behind) if page.results and behind < page.total else None
        # Shared answers would show one person's results of a private archive to another.
        is_public = self._services.config.access is Access.PUBLIC
        await query.answer(
            [_article(result) for result in page.results],
            cache_time=_PUBLIC_CACHE if is_public else _PRIVATE_CACHE,
            is_personal=not is_public,
            next_offset=following,
        )

    def _find(self, words: str, start: int, locale: Locale) -> _Page:
        channels, store = channel_names(self._services), self._services.store

        def result(archived: ArchivedPost, excerpt: str) -> InlineResult:
            return inline_result(archived, excerpt, locale, channel=name_of(archived, channels))

        if not words:
            newest = store.newest(limit=_PAGE, offset=start)
            results = [result(post, opening_of(post.post).text) for post in newest]
            return _Page(results=results, total=store.count_messages())
        if named := read_target(words):
            results = [result(post, opening_of(post.post).text) for post in store.get([named])]
            return _Page(results=results, total=len(results))
        answer = self._services.searcher.search(words, limit=_PAGE, offset=start)
        results = [result(hit.archived, hit.excerpt.text) for hit in answer.hits]
        return _Page(results=results, total=answer.total)


def _article(result: InlineResult) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(
        id=result.result_id,
        title=result.title,
        description=result.description,
        input_message_content=InputTextMessageContent(
            to_html(result.message.body),
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=keyboard(result.message.rows),
    )
