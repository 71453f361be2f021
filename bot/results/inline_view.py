"""Composes inline results: the lines in the list, and the message that is sent."""

from __future__ import annotations

from dataclasses import dataclass

from bot.message.compose import bold, clean, cut, join
from bot.message.message import Button, OutgoingMessage
from bot.message.pages import head
from bot.results.facts import card_facts, is_visible, title_without_words
from bot.results.post_text import split_post
from i18n import Locale
from model.posts import ArchivedPost
from model.rich_text import RichText
from model.text import shorten

_TITLE_LENGTH = 100
_DESCRIPTION_LENGTH = 160
_TEXT_ROOM = 1500
"""Units of a post's text; twenty messages are sent in one answer."""
_SPANS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineResult:
    """One result: its lines in the list, and the complete message."""

    result_id: str
    title: str
    description: str
    message: OutgoingMessage


def inline_result(
    archived: ArchivedPost, excerpt: str, locale: Locale, *, channel: str
) -> InlineResult:
    """Compose a result; `excerpt` is the second line, after the date and the channel's name."""
    post, texts = archived.post, locale.texts
    fallback = title_without_words(post, texts)
    title = shorten(clean(post.title).text, _TITLE_LENGTH)
    behind = clean(excerpt).text.removeprefix(post.title)
    facts = [locale.day(post.posted_at), channel, shorten(behind, _DESCRIPTION_LENGTH)]
    original = (Button(label=texts.button_original, url=archived.url or ""),)
    return InlineResult(
        result_id=f"p{archived.post_id}",
        # Telegram refuses all results if a title is empty.
        title=title if is_visible(title) else fallback,
        description=" · ".join(filter(None, facts)),
        message=OutgoingMessage(
            body=_message(archived, locale, channel=channel),
            rows=(original,) if archived.url else (),
        ),
    )


def _message(archived: ArchivedPost, locale: Locale, *, channel: str) -> RichText:
    split = split_post(archived.post)
    heading = [bold(split.title)] if split.title.text.strip() else []
    # Only the beginning of a long post needs processing.
    opening = cut(split.rest, 0, 2 * _TEXT_ROOM)
    shown, is_whole = head(opening, room=_TEXT_ROOM, spans=_SPANS)
    text = shown if is_whole else join([cut(shown, 0, len(shown.text.rstrip())), "…"])
    above = join([*heading, card_facts(archived, locale, channel=channel)], by="\n")
    return join([above, text], by="\n\n") if text.text.strip() else above
