"""Merges two accounts of one post; pure decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import TypeVar

from db.values import PostVersion
from model.posts import (
    Forward,
    LanguageSource,
    Media,
    MediaKind,
    Poll,
    PollAnswer,
    Post,
    Precision,
    Snippet,
)
from model.rich_text import RichText, Span, SpanKind


class TextSet:
    """A set of texts with a fast check whether any of them reads the same as another text."""

    def __init__(self, contents: Iterable[RichText] = ()) -> None:
        self._texts: set[str] = set()
        self._words: set[str] = set()
        for content in contents:
            self.add(content)

    def add(self, content: RichText) -> None:
        """Add a text."""
        self._texts.add(content.text)
        self._words.add(_words(content))

    def __contains__(self, content: RichText) -> bool:
        return content.text in self._texts or _words(content) in self._words


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPost:
    """A stored post, the date of its source, and its earlier texts."""

    post: Post
    as_of: datetime
    earlier: TextSet = field(default_factory=TextSet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What to store next; `earlier` is a text to keep as a version."""

    post: Post
    as_of: datetime
    earlier: PostVersion | None = None


def revise(known: StoredPost, incoming: Post, *, as_of: datetime) -> Revision:
    """Decide what to store when a source dated `as_of` has a post that is already known.

    An older source never reverts a post: it fills in unknown fields, and a differing text becomes
    an earlier version.
    """
    if as_of < known.as_of:
        merged, lost = merge(incoming, known.post), incoming
        losing = PostVersion(content=incoming.content, as_of=as_of)
    else:
        merged, lost = merge(known.post, incoming), known.post
        losing = PostVersion(content=known.post.content, as_of=known.as_of)
    is_news = not (
        lost.is_withheld
        or reads_the_same(losing.content, merged.content)
        or losing.content in known.earlier
    )
    return Revision(
        post=merged,
        as_of=max(as_of, known.as_of),
        earlier=losing if is_news else None,
    )


def reads_the_same(one: RichText, other: RichText) -> bool:
    """Return whether texts are equal up to whitespace and custom emoji placeholders.

    Formats differ in both even if nobody edited the post.
    """
    return one.text == other.text or _words(one) == _words(other)


def _words(content: RichText) -> str:
    text, end, pieces = content.text, 0, []
    for span in content.spans:
        if span.kind is SpanKind.CUSTOM_EMOJI and span.start >= end:
            pieces.append(text[end : span.start])
            end = span.end
    pieces.append(text[end:])
    return "".join("".join(pieces).split())


def merge(older: Post, newer: Post) -> Post:
    """Return the newer account of a post, with unknown fields filled in from the older one."""
    newer = _with_withheld(newer, older)
    precise = older if newer.precision is Precision.DAY else newer
    worded, other = (older, newer) if _is_flat(newer, older) else (newer, older)
    return replace(
        newer,
        posted_at=precise.posted_at,
        precision=precise.precision,
        content=_merge_content(other.content, worded.content),
        author=_known(newer.author, older.author),
        via_bot=_known(newer.via_bot, older.via_bot),
        edited_at=_known(newer.edited_at, older.edited_at),
        reply_to=_known(newer.reply_to, older.reply_to),
        forward=_merge_forward(older.forward, newer.forward),
        media=_merge_media(older.media, newer.media),
        poll=_merge_poll(older.poll, newer.poll),
        reactions=_known(newer.reactions, older.reactions),
        views=_known(newer.views, older.views),
        album_id=_known(newer.album_id, older.album_id),
        hashtags=worded.hashtags,
        snippets=_merge_snippets(other.snippets, worded.snippets),
        links=worded.links,
    )


def _with_withheld(newer: Post, older: Post) -> Post:
    """Keep what the newer source knows to exist but does not show."""
    if not newer.is_withheld:
        return newer
    return replace(
        newer,
        content=older.content,
        media=older.media,
        hashtags=older.hashtags,
        snippets=older.snippets,
        links=older.links,
    )


_Value = TypeVar("_Value")


def _known(newer: _Value | None, older: _Value | None) -> _Value | None:
    return older if newer is None else newer


def _is_flat(newer: Post, older: Post) -> bool:
    """Return whether one account of a text only lacks the formatting of the other, or its nesting.

    Exports write bold words around a link one after the other, and code in a quote as a quote; live
    posts and web pages nest them. tdl writes plain text.
    """
    flat, nested = newer.content, older.content
    if flat.text != nested.text or _has_nesting(flat.spans):
        return False
    if _is_plain(flat):
        return not _is_plain(nested)
    return _has_nesting(nested.spans) and all(
        any(map(partial(_covers, span), nested.spans)) for span in flat.spans
    )


def _is_plain(content: RichText) -> bool:
    """Return whether a text has no formatting; hashtags are found in plain text too."""
    return all(span.kind is SpanKind.HASHTAG for span in content.spans)


def _has_nesting(spans: Sequence[Span]) -> bool:
    """Return whether spans overlap; they are ordered by start."""
    return any(after.start < before.end for before, after in pairwise(spans))


def _covers(part: Span, whole: Span) -> bool:
    return whole.kind is part.kind and whole.start <= part.start and part.end <= whole.end


def _merge_content(older: RichText, newer: RichText) -> RichText:
    """Keep the span details that only one of the sources has.

    These are the language label of a code block, and whether a quote opens folded.
    """
    known = _said(older)
    if not known:
        return newer
    told = _said(newer)
    return RichText(
        newer.text,
        tuple(
            replace(span, value=known[stretch])
            if not span.value
            and (stretch := _stretch(span, newer)) in known
            and stretch not in told
            else span
            for span in newer.spans
        ),
    )


def _said(content: RichText) -> Mapping[tuple[SpanKind, str], str]:
    return {_stretch(span, content): span.value for span in content.spans if span.value}


def _stretch(span: Span, content: RichText) -> tuple[SpanKind, str]:
    """Identify a span by its words; formats differ about a trailing line break."""
    return span.kind, content.text_of(span).rstrip("\n")


def _merge_snippets(older: Sequence[Snippet], newer: tuple[Snippet, ...]) -> tuple[Snippet, ...]:
    """Keep a language label given by the author if the same code arrives without one."""
    labels, told = _snippet_labels(older), _snippet_labels(newer)
    return tuple(
        replace(snippet, language=labels[snippet.code], language_source=LanguageSource.LABEL)
        if snippet.code in labels and snippet.code not in told
        else snippet
        for snippet in newer
    )


def _snippet_labels(snippets: Iterable[Snippet]) -> Mapping[str, str | None]:
    return {
        snippet.code: snippet.language
        for snippet in snippets
        if snippet.language_source is LanguageSource.LABEL
    }


def _merge_forward(older: Forward | None, newer: Forward | None) -> Forward | None:
    if older is None or newer is None:
        return newer or older
    return Forward(
        name=newer.name or older.name,
        posted_at=_known(newer.posted_at, older.posted_at),
        username=_known(newer.username, older.username),
        message_id=_known(newer.message_id, older.message_id),
    )


def _merge_media(older: tuple[Media, ...], newer: tuple[Media, ...]) -> tuple[Media, ...]:
    """Fill in attachments one by one if both sources list the same ones."""
    if not newer or all(each.kind is MediaKind.OTHER and not each.path for each in newer):
        # Nobody can take an attachment off a post: the source does not know it, or not its kind.
        return older or newer
    if list(map(_shape, older)) != list(map(_shape, newer)):
        return newer
    return tuple(map(_merge_attachment, older, newer))


def _shape(media: Media) -> MediaKind:
    """Return a kind on which all formats agree: web pages cannot tell a short video from a GIF."""
    return MediaKind.VIDEO if media.kind is MediaKind.ANIMATION else media.kind


def _merge_attachment(older: Media, newer: Media) -> Media:
    known = {
        each.name: getattr(older, each.name)
        for each in fields(Media)
        if each.name != "note" and getattr(newer, each.name) is None
    }
    if older.size is not None and newer.size == _as_pages_show(older.size):
        known["size"] = older.size
    # A file that an earlier export included exists, whatever a later one says about its absence.
    note = None if newer.path is None and older.path is not None else newer.note
    return replace(newer, note=note, **known)


def _as_pages_show(size: int) -> int:
    """Return the bytes that an HTML export shows as `1.3 MB`: truncated to tenths of a unit."""
    unit = 1024 * 1024 if size >= 1024 * 1024 else 1024
    return round(size * 10 // unit * unit / 10)


def _merge_poll(older: Poll | None, newer: Poll | None) -> Poll | None:
    if older is None or newer is None:
        return newer or older
    votes = {place: each.voters for place, each in _by_text(older.answers)}
    return Poll(
        question=newer.question,
        answers=tuple(
            PollAnswer(text=each.text, voters=_known(each.voters, votes.get(place)))
            for place, each in _by_text(newer.answers)
        ),
        details=newer.details or older.details,
        total_voters=_known(newer.total_voters, older.total_voters),
    )


def _by_text(answers: Sequence[PollAnswer]) -> Iterator[tuple[tuple[str, int], PollAnswer]]:
    """Yield the answers with their texts, numbered where several say the same."""
    met: Counter[str] = Counter()
    for each in answers:
        met[each.text] += 1
        yield (each.text, met[each.text]), each
