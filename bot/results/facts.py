"""The details of a post: date, source, counts, attachments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.message.compose import Piece, join, plain_link
from i18n import Catalogue, Locale
from model.posts import ArchivedPost, Post, Precision
from model.rich_text import RichText
from model.text import shorten

_DOT = " · "
_TAGS_SHOWN = 5
_REACTIONS_SHOWN = 5
_REPEATS_SHOWN = 3


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


def card_facts(archived: ArchivedPost, locale: Locale, *, channel: str) -> str:
    """Return what a card shows about a post, on one to three lines."""
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
    lines = [_DOT.join(first), _DOT.join(second), attached(post, texts)]
    return "\n".join(filter(None, lines))


def attached(post: Post, texts: Catalogue) -> str:
    """Return the line on a post's attachments, or `""`."""
    return texts.attached.format(items=media_words(post, texts)) if post.media else ""


def media_words(post: Post, texts: Catalogue) -> str:
    """Name a post's attachments, each kind once with its count."""
    return texts.list_joint.join(_count_words(texts.media[media.kind] for media in post.media))


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
