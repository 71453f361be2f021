"""The details of a post: date, source, counts, attachments."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

from bot.message.compose import Piece, clean, join, plain_link
from i18n import Catalogue, Locale
from model.posts import ArchivedPost, Media, Post, Precision
from model.rich_text import RichText
from model.text import shorten

_DOT = " · "
_TAGS_SHOWN = 5
_REACTIONS_SHOWN = 5
_REPEATS_SHOWN = 3
_SIGNS_LENGTH = 40


def list_facts(archived: ArchivedPost, locale: Locale, *, channel: str, snippets: int) -> str:
    """Return what a list shows of a post: date, channel, tags, amount of code."""
    post, texts = archived.post, locale.texts
    facts = [
        _date(post, locale),
        channel,
        " ".join(f"#{shorten(tag, 40)}" for tag in post.hashtags[:_TAGS_SHOWN]),
        texts.count(snippets, texts.snippets) if snippets else "",
        "🗑" if archived.missing_since else "",
    ]
    return _DOT.join(filter(None, facts))


def repeat_facts(repeats: Sequence[ArchivedPost], locale: Locale) -> Sequence[RichText]:
    """Return the line on other posts with the same text, as linked dates."""
    if not repeats:
        return ()
    texts = locale.texts
    days: list[Piece] = [
        plain_link(_date(repeat.post, locale), repeat.url) for repeat in repeats[:_REPEATS_SHOWN]
    ]
    more = len(repeats) - _REPEATS_SHOWN
    ending = " " + texts.cards.more_repeats.format(number=more) if more > 0 else ""
    return (join([f"♻ {texts.cards.repeated} ", join(days, by=texts.list_joint), ending]),)


def card_facts(
    archived: ArchivedPost, locale: Locale, *, channel: str, photo_trouble: str = ""
) -> RichText:
    """Return what a card shows about a post, on one to three lines.

    `photo_trouble` says why not all of its photos are shown.
    """
    post, texts = archived.post, locale.texts
    first = [_moment(post, locale)]
    if post.views is not None:
        first.append(f"👁 {texts.number(post.views)}")
    first += [
        f"{shorten(reaction.emoji, 20)} {texts.number(reaction.count)}"
        for reaction in (post.reactions or ())[:_REACTIONS_SHOWN]
    ]
    second = [f"📢 {channel}"] if channel else []
    if post.forward:
        second.append(texts.forwarded.format(name=shorten(post.forward.name, 80)))
    if post.author:
        second.append(f"✍ {shorten(post.author, 80)}")
    if archived.edited and post.edited_at:
        second.append(texts.edited.format(date=locale.day(post.edited_at)))
    if archived.missing_since:
        second.append(f"🗑 {texts.missing}")
    lines = [clean(line) for line in (_DOT.join(first), _DOT.join(second)) if line]
    if post.media:
        before, after = texts.attached.split("{items}")
        items = plain_link(media_words(post, texts), archived.url)
        reason = f" — {photo_trouble}" if photo_trouble else ""
        lines.append(join([before, items, after, reason]))
    return join(lines, by="\n")


def title_without_words(post: Post, texts: Catalogue) -> str:
    """Return a title for a post without letters: its signs, what it holds, where it is from."""
    signs = shorten(clean(post.text).text, _SIGNS_LENGTH)
    held = [signs if is_visible(signs) else "", media_words(post, texts)]
    parts = [*filter(None, held)] or [texts.untitled]
    if post.forward:
        parts.append(texts.forwarded.format(name=shorten(post.forward.name, 60)))
    title = _DOT.join(parts)
    return title[:1].upper() + title[1:]


def is_visible(text: str) -> bool:
    """Return whether a text shows anything."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)


def media_words(post: Post, texts: Catalogue) -> str:
    """Name a post's attachments, each once with its count."""
    return texts.list_joint.join(_count_words(_media_word(media, texts) for media in post.media))


def _media_word(media: Media, texts: Catalogue) -> str:
    """Name an attachment by its kind, with its title or its length."""
    word = texts.media[media.kind]
    if media.title:
        return f"{word} {shorten(media.title, 60)}"
    if media.duration:
        minutes, seconds = divmod(media.duration, 60)
        return f"{word} {minutes}:{seconds:02}"
    return word


def _count_words(words: Iterable[str]) -> Iterable[str]:
    for word, count in Counter(words).items():
        yield f"{word} ×{count}" if count > 1 else word


def _date(post: Post, locale: Locale) -> str:
    if post.precision is Precision.DAY:
        # If only its day is known, it is at midnight UTC: another zone would shift the day.
        return locale.texts.day(post.posted_at)
    return locale.day(post.posted_at)


def _moment(post: Post, locale: Locale) -> str:
    if post.precision is Precision.DAY:
        return _date(post, locale)
    return locale.minute(post.posted_at)
