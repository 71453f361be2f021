"""Turns posts into documents for an engine: terms and facts."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from model.code_languages import name_language
from model.posts import MediaKind, PostKind
from model.searchable import Searchable
from search.analysis import fold
from search.tokens import Analysis, analyse, terms_in

Learn: TypeAlias = Callable[[AbstractSet[str]], object]

# Part of the index's version: an index with documents made by another version is rebuilt.
DOCUMENT_VERSION = 10

# Weights of one occurrence, tuned on graded queries (see benchmarks).
_TITLE_WEIGHT = 5
_TAG_WEIGHT = 3

# Separates sections so that no phrase crosses them; cannot be searched for.
GAP = "\u0001"
_SECTION_GAP = f"{GAP} " * 16
_LONGEST_TITLE = 200

# Shorter texts (`Доброе утро!`) are equal by chance and stay separate posts.
_SHORTEST_TWIN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What an engine stores for a post.

    `text` is the sequence of terms for phrases, separated by spaces, with `GAP` between sections;
    `beside` are further terms, each as often as it counts. `facts` are `name=value` terms for
    filters; `twin` is shared by all posts with the same text, and negative for a unique one.
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
        """Return all terms, repeated by weight: those of titles and tags several times."""
        return f"{self.text.replace(f'{GAP} ', '')} {self.beside}"

    @property
    def sequence(self) -> str:
        """Return all terms; those beside the text follow it, too far apart to match a phrase."""
        return f"{self.text} {GAP} {self.beside.replace(' ', f' {GAP} ')}"

    @property
    def words(self) -> Counter[str]:
        """Return each term's weight."""
        return Counter(self.counted.split())

    @property
    def positions(self) -> Mapping[str, Sequence[int]]:
        """Return the positions of the terms in `sequence`."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, term in enumerate(self.sequence.split()):
            if term != GAP:
                places[term].append(place)
        return places


def document_of(post: Searchable, *, learn: Learn | None = None) -> Document:
    """Return a post's document; `learn` is called with its distinct tokens."""
    text = analyse(post.text)
    sections = [text, *map(analyse, _asides(post))]
    title, tags = terms_in(post.title[:_LONGEST_TITLE]), "".join(map(terms_in, post.hashtags))
    # Terms of title and tags are in the text already; these are the additional occurrences.
    again = title * (_TITLE_WEIGHT - 1) + tags * (_TAG_WEIGHT - 1)
    if learn is not None:
        learn(dict.fromkeys(chain.from_iterable([each.tokens for each in sections])).keys())
    return Document(
        post_id=post.post_id,
        seq=post.seq,
        posted=int(post.posted_at.timestamp()),
        text=_SECTION_GAP.join([found.terms for found in sections]).rstrip(_SECTION_GAP),
        beside="".join([found.beside for found in sections]) + again,
        facts=frozenset(_facts(post)),
        twin=_twin(post, text),
    )


def twin_of(post: Searchable) -> int:
    """Return what posts with the same text share, ignoring case and whitespace."""
    return _twin(post, analyse(post.text))


def is_same_text(one: str, other: str) -> bool:
    """Return whether two texts are equal, ignoring case and whitespace."""
    return analyse(one).folded == analyse(other).folded


def _twin(post: Searchable, found: Analysis) -> int:
    text = found.folded
    if len(text) < _SHORTEST_TWIN or post.kind == PostKind.SERVICE:
        return -post.post_id
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def fact(name: str, value: object) -> str:
    """Return the term of a fact."""
    return f"{name}={value}"


def _asides(post: Searchable) -> Iterator[str]:
    """Yield texts that can be searched but are not part of the post's text."""
    yield from post.poll
    yield from post.titles
    if post.forwarded_from is not None:
        yield post.forwarded_from
    yield from dict.fromkeys(host for host in post.web_hosts if host not in post.text)


def _facts(post: Searchable) -> Iterator[str]:
    yield fact("kind", post.kind)
    yield fact("channel", post.channel_id)
    yield fact("message", post.message_id)
    yield fact("month", post.posted_at.strftime("%Y-%m"))
    for tag in post.hashtags:
        yield fact("tag", tag)
    for host in (*post.web_hosts, *post.other_hosts):
        for site in _sites(host):
            yield fact("site", site)
    yield from (fact("has", thing) for thing in _things(post))
    yield from (fact("is", state) for state in _states(post))
    for name in _names(post):
        yield fact("from", fold(name).strip())
        yield from _term_facts("from", name)
    source = _source(post)
    if source and terms_in(source):
        yield fact("source", " ".join(source.split()))
    for language in post.languages:
        yield fact("lang", name_language(fold(language)))
    for code in (*post.blocks, *post.inline):
        yield from _term_facts("code", code)


def _sites(host: str) -> Iterator[str]:
    """Yield a host and its parent domains, except the top-level one."""
    labels = host.casefold().split(".")
    for first in range(max(len(labels) - 1, 1)):
        yield ".".join(labels[first:])


_MEDIA_NAMES: Mapping[str, str] = {
    MediaKind.VIDEO_MESSAGE: "video",
    MediaKind.ANIMATION: "gif",
}


def _things(post: Searchable) -> Iterator[str]:
    if post.blocks or post.languages:
        yield "code"
    if post.blocks or post.inline:
        yield "snippet"
    if post.web_hosts:
        yield "link"
    if post.hashtags:
        yield "tag"
    if post.poll:
        yield "poll"
    if post.media:
        yield "media"
    for kind in post.media:
        yield _MEDIA_NAMES.get(kind, kind)


def _states(post: Searchable) -> Iterator[str]:
    yield "original" if post.forwarded_from is None else "repost"
    yield post.kind
    if post.is_edited:
        yield "edited"
    if post.is_reply:
        yield "reply"
    if post.is_missing:
        yield "missing"


def _names(post: Searchable) -> Iterator[str]:
    if post.forwarded_from is None:
        yield from filter(None, (post.author, post.via_bot))
    else:
        yield from filter(None, (post.forwarded_from, post.forwarded_username, post.via_bot))


def _source(post: Searchable) -> str | None:
    """Return the displayed origin of a post: the reposted channel, else its author."""
    return post.author if post.forwarded_from is None else post.forwarded_from


def _term_facts(name: str, text: str) -> Iterator[str]:
    yield from (fact(name, term) for term in terms_in(text).split())
