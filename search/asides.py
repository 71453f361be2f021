"""Finds what a search matched beside a post's text: a poll, a file's name, an address, a source."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from model.posts import LinkKind, Post
from search.highlight import Excerpt, Sought, find_marks, make_excerpt

_MOST = 2
_LENGTH = 120


class AsideKind(StrEnum):
    """Where a match outside the text is."""

    POLL = "poll"
    FILE = "file"
    LINK = "link"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A passage outside a post's text that was matched, with its marks."""

    kind: AsideKind
    excerpt: Excerpt


def find_asides(post: Post, sought: Sought, *, told: Collection[str]) -> tuple[Aside, ...]:
    """Return the first two matches outside a post's text, of terms not `told` by its text."""
    return tuple(islice(_find(post, sought, told), _MOST))


def _find(post: Post, sought: Sought, told: Collection[str]) -> Iterator[Aside]:
    for kind, text in _beside(post):
        marks = find_marks(text, sought)
        if any(mark.term not in told for mark in marks):
            yield Aside(kind=kind, excerpt=make_excerpt(text, marks, length=_LENGTH))


def _beside(post: Post) -> Iterator[tuple[AsideKind, str]]:
    """Yield what `search.documents` indexes besides the text; of a link, the whole address."""
    if post.poll:
        if post.text.strip():
            yield AsideKind.POLL, post.poll.question
        for answer in post.poll.answers:
            yield AsideKind.POLL, answer.text
    for media in post.media:
        if media.title:
            yield AsideKind.FILE, media.title
    for link in post.links:
        if link.kind is LinkKind.WEB and link.host not in post.text:
            yield AsideKind.LINK, link.url
    if post.forward:
        yield AsideKind.SOURCE, post.forward.name
