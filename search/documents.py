"""Turn an archived post into the document that an engine keeps: its terms, forms and facts."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from model.posts import ArchivedPost, LinkKind, MediaKind, Post, PostKind, Snippet, SnippetOrigin
from search.analysis import fold, spellings, terms_of

# Part of the index's stamp: an index whose documents were made under another number is rebuilt.
DOCUMENT_VERSION = 5

# What one occurrence counts, measured with graded queries (see benchmarks).
_TEXT_WEIGHT = 1
_TITLE_WEIGHT = 5
_TAG_WEIGHT = 3
_CODE_WEIGHT = 1
_ASIDE_WEIGHT = 1

# Between sections, so that no phrase runs from one into the next.
_SECTION_GAP = 16
_LONGEST_TITLE = 200

# Shorter texts (`Доброе утро!`) are alike by chance and stay posts of their own.
_SHORTEST_TWIN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What an engine keeps of a post.

    `words` maps each term to its weight, a count of occurrences where a title or a tag counts more
    than once; `positions` says where the terms of the running text stand, for phrases; `forms` are
    the unstemmed spellings with their terms, the vocabulary; `facts` are `name=value` terms, for
    filters; `twin` is one number for all posts of the same text, and below zero for a post that
    has no like.
    """

    post_id: int
    seq: int
    posted: int
    words: Mapping[str, int]
    positions: Mapping[str, Sequence[int]]
    forms: Mapping[str, str]
    facts: frozenset[str]
    twin: int

    @property
    def length(self) -> int:
        """Return the document's length as BM25 counts it."""
        return sum(self.words.values())


def document_of(archived: ArchivedPost) -> Document:
    """Return a post's document."""
    post = archived.post
    text = _Words()
    text.add(post.text, weight=_TEXT_WEIGHT, places=True)
    for aside in _asides(post):
        text.add(aside, weight=_ASIDE_WEIGHT, places=True)
    text.add(post.title[:_LONGEST_TITLE], weight=_TITLE_WEIGHT - _TEXT_WEIGHT)
    for tag in post.hashtags:
        text.add(tag, weight=_TAG_WEIGHT - _TEXT_WEIGHT)
    facts = set(_facts(archived))
    for snippet in post.snippets:
        facts.update(_code_facts(snippet))
    return Document(
        post_id=archived.post_id,
        seq=archived.seq,
        posted=int(post.posted_at.timestamp()),
        words=text.weights,
        positions=text.positions,
        forms=text.forms,
        facts=frozenset(facts),
        twin=twin_of(archived),
    )


def twin_of(archived: ArchivedPost) -> int:
    """Return what a post shares with those of the same text, letter case and spaces aside."""
    text = "".join(fold(archived.post.text).split())
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


class _Words:
    """Gathers the terms of a post's sections."""

    def __init__(self) -> None:
        self.weights: defaultdict[str, int] = defaultdict(int)
        self.positions: defaultdict[str, list[int]] = defaultdict(list)
        self.forms: dict[str, str] = {}
        self._next = 0

    def add(self, text: str, *, weight: int, places: bool = False) -> None:
        """Take in a section; only one with places can be found by a phrase."""
        found = spellings(text)
        counts = Counter(found)
        known = {chunk: terms_of(chunk) for chunk in counts}
        weights, forms = self.weights, self.forms
        for chunk, terms in known.items():
            counted = weight * counts[chunk]
            for term in terms.atoms:
                weights[term] += counted
            for term in terms.beside:
                weights[term] += counted
            forms.update(terms.forms)
        if not places:
            return
        at, positions = self._next, self.positions
        for chunk in found:
            for term in known[chunk].atoms:
                positions[term].append(at)
                at += 1
        self._next = at + _SECTION_GAP


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
        if any(spellings(source)):
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
    for chunk in set(spellings(text)):
        terms = terms_of(chunk)
        yield from (fact(name, term) for term in terms.atoms + terms.beside)
