"""Turn an archived post into the document that an engine keeps: its terms, forms and facts."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from model.posts import ArchivedPost, LinkKind, MediaKind, Post, PostKind, Snippet, SnippetOrigin
from search.analysis import fold
from search.tokens import Analysis, analyse

Learn: TypeAlias = Callable[[AbstractSet[str]], object]

# Part of the index's stamp: an index whose documents were made under another number is rebuilt.
DOCUMENT_VERSION = 5

# What one occurrence counts, measured with graded queries (see benchmarks).
_TITLE_WEIGHT = 5
_TAG_WEIGHT = 3

# Stands between sections, so that no phrase runs from one into the next; nobody can search for it.
GAP = "\u0001"
_SECTION_GAP = f"{GAP} " * 16
_LONGEST_TITLE = 200

# Shorter texts (`Доброе утро!`) are alike by chance and stay posts of their own.
_SHORTEST_TWIN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What an engine keeps of a post.

    `text` is the running text, for phrases: its terms with a space between, and `GAP` where no term
    stands; `beside` are the terms that count without standing in it, each as often as it counts.
    `facts` are `name=value` terms, for filters; `twin` is one number for all posts of the same
    text, and below zero for a post that has no like.
    """

    post_id: int
    seq: int
    posted: int
    text: str
    beside: str
    facts: frozenset[str]
    twin: int

    @property
    def counted(self) -> str:
        """Return all terms, each as often as it counts: a title's and a tag's several times."""
        return f"{self.text.replace(f'{GAP} ', '')} {self.beside}"

    @property
    def words(self) -> Counter[str]:
        """Return each term's weight."""
        return Counter(self.counted.split())

    @property
    def positions(self) -> Mapping[str, Sequence[int]]:
        """Return where the terms of the running text stand."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, term in enumerate(self.text.split()):
            if term != GAP:
                places[term].append(place)
        return places


def document_of(archived: ArchivedPost, *, learn: Learn | None = None) -> Document:
    """Return a post's document; `learn` is given its tokens, each once."""
    post = archived.post
    text, title = analyse(post.text), analyse(post.title[:_LONGEST_TITLE])
    sections = [text, *map(analyse, _asides(post))]
    tags = [analyse(tag) for tag in post.hashtags]
    # What stands in the text already, or beside it, counts so many times more.
    again = [title] * (_TITLE_WEIGHT - 1) + tags * (_TAG_WEIGHT - 1)
    if learn is not None:
        learn(dict.fromkeys(chain.from_iterable([each.tokens for each in sections])).keys())
    facts = set(_facts(archived))
    for snippet in post.snippets:
        facts.update(_code_facts(snippet))
    return Document(
        post_id=archived.post_id,
        seq=archived.seq,
        posted=int(post.posted_at.timestamp()),
        text=_SECTION_GAP.join([found.terms for found in sections]).rstrip(_SECTION_GAP),
        beside="".join(
            [found.beside for found in sections] + [found.terms + found.beside for found in again]
        ),
        facts=frozenset(facts),
        twin=_twin(archived, text),
    )


def twin_of(archived: ArchivedPost) -> int:
    """Return what a post shares with those of the same text, letter case and spaces aside."""
    return _twin(archived, analyse(archived.post.text))


def _twin(archived: ArchivedPost, found: Analysis) -> int:
    text = found.folded
    if len(text) < _SHORTEST_TWIN or archived.post.kind is PostKind.SERVICE:
        return -archived.post_id
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def has_code(post: Post) -> bool:
    """Say whether a post shows code: a block, recognised code, or inline code that is no word."""
    return any(map(is_real_code, post.snippets))


def is_real_code(snippet: Snippet) -> bool:
    """Say whether a snippet is more than a name in a monospace font."""
    if snippet.origin is not SnippetOrigin.INLINE:
        return True
    return any(not (char.isalnum() or char in "_-. ") for char in snippet.code)


def fact(name: str, value: object) -> str:
    """Return the term of a fact."""
    return f"{name}={value}"


def _asides(post: Post) -> Iterator[str]:
    """Yield what is to be found by its words and is no part of the text."""
    if post.poll is not None:
        yield post.poll.question
        yield from (answer.text for answer in post.poll.answers)
    yield from (media.title for media in post.media if media.title)
    if post.forward is not None:
        yield post.forward.name
    shown = post.text
    yield from dict.fromkeys(
        link.host for link in post.links if link.kind is LinkKind.WEB and link.host not in shown
    )


def _facts(archived: ArchivedPost) -> Iterator[str]:
    post = archived.post
    yield fact("kind", post.kind)
    yield fact("channel", archived.channel_id)
    yield fact("month", post.posted_at.strftime("%Y-%m"))
    for tag in post.hashtags:
        yield fact("tag", tag)
    for link in post.links:
        for site in _sites(link.host):
            yield fact("site", site)
    yield from (fact("has", thing) for thing in _things(post))
    yield from (fact("is", state) for state in _states(archived))
    for name in _names(post):
        yield fact("from", fold(name).strip())
        yield from _term_facts("from", name)
    for source in _sources(post):
        if analyse(source).terms:
            yield fact("source", " ".join(source.split()))


def _sites(host: str) -> Iterator[str]:
    """Yield a host and the domains it belongs to, except the top one."""
    labels = host.casefold().split(".")
    for first in range(max(len(labels) - 1, 1)):
        yield ".".join(labels[first:])


_MEDIA_NAMES = {
    MediaKind.VIDEO_MESSAGE: "video",
    MediaKind.ANIMATION: "gif",
}


def _things(post: Post) -> Iterator[str]:
    if has_code(post):
        yield "code"
    if post.snippets:
        yield "snippet"
    if any(link.kind is LinkKind.WEB for link in post.links):
        yield "link"
    if post.hashtags:
        yield "tag"
    if post.poll is not None:
        yield "poll"
    if post.media:
        yield "media"
    for media in post.media:
        yield _MEDIA_NAMES.get(media.kind, str(media.kind))


def _states(archived: ArchivedPost) -> Iterator[str]:
    post = archived.post
    yield "original" if post.forward is None else "repost"
    yield str(post.kind)
    if archived.edited:
        yield "edited"
    if post.reply_to is not None:
        yield "reply"
    if archived.missing_since is not None:
        yield "missing"


def _names(post: Post) -> Iterator[str]:
    if post.forward is not None:
        yield post.forward.name
        if post.forward.username:
            yield post.forward.username
    if post.author:
        yield post.author
    if post.via_bot:
        yield post.via_bot


def _sources(post: Post) -> Iterator[str]:
    """Yield where a post is from, as it is shown: the channel it repeats, else its author."""
    if post.forward is not None:
        yield post.forward.name
    elif post.author:
        yield post.author


def _code_facts(snippet: Snippet) -> Iterator[str]:
    if snippet.language:
        yield fact("lang", fold(snippet.language))
    yield from _term_facts("code", snippet.code)


def _term_facts(name: str, text: str) -> Iterator[str]:
    found = analyse(text)
    yield from (fact(name, term) for term in (found.terms + found.beside).split())
