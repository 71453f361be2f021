"""Example queries from the archive itself: a frequent word, a phrase, tags, a language of code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from i18n import Catalogue
from search.analysis import stem
from search.stopwords import is_stop_word

if TYPE_CHECKING:
    from db import PostStore, TagCount
    from model.posts import Post

_POSTS = 60
_READ = 1000
"""Characters of a post that are looked at."""
_RUN = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
"""Words with nothing but single spaces between them."""
_TAG = re.compile(r"#\w+")
_SHORTEST = 4
_LONGEST = 24


def example_queries(store: PostStore, texts: Catalogue) -> Sequence[tuple[str, str]]:
    """Return queries that find something, each with what it shows; none for an empty archive.

    They are the most frequent tag, and what the newest posts have.
    """
    posts = [archived.post for archived in store.newest(limit=_POSTS)]
    found = (
        _word(posts),
        _phrase(posts),
        *_tags(posts, store.tag_counts(limit=1)),
        _code(posts, texts),
    )
    shown = zip(found, texts.examples, strict=True)
    return [(query, says) for query, says in shown if query]


def _word(posts: Sequence[Post]) -> str:
    """Return the word that the most posts have, preferably in their titles."""
    titles = [{*_words(_TAG.sub("\n", post.title))} for post in posts]
    texts = [{*_words(_prose(post))} for post in posts]
    return _of_several(titles) or _of_several(texts) or _of_several(texts, least=1)


def _of_several(texts: Iterable[Iterable[str]], *, least: int = 2) -> str:
    """Return the commonest form of the word that is in the most texts, if in at least so many."""
    forms = Counter(form for words in texts for form in words)
    stems: Counter[str] = Counter()
    for form, number in forms.items():
        stems[stem(form)] += number
    best = _most_common(stems)
    if stems[best] < least:
        return ""
    return _most_common(Counter({form: n for form, n in forms.items() if stem(form) == best}))


def _phrase(posts: Iterable[Post]) -> str:
    """Return two words in a row that several posts have, quoted."""
    pairs = Counter(pair for post in posts for pair in set(_pairs(_prose(post))))
    best = _most_common(pairs)
    return f'"{best}"' if pairs[best] > 1 else ""


def _tags(posts: Iterable[Post], counts: Sequence[TagCount]) -> tuple[str, str]:
    """Return the most frequent tag, alone or without another one that some of its posts have."""
    if not counts:
        return "", ""
    best = counts[0].tag
    beside = [{*post.hashtags} - {best} for post in posts if best in post.hashtags]
    others = Counter(tag for tags in beside for tag in tags)
    other = _most_common(Counter({tag: n for tag, n in others.items() if n < len(beside)}))
    return ("", f"#{best} -#{other}") if other else (f"#{best}", "")


def _code(posts: Iterable[Post], texts: Catalogue) -> str:
    languages = Counter(
        language for post in posts for language in {s.language for s in post.snippets} if language
    )
    best = _most_common(languages)
    return texts.example_code.format(language=best) if best else ""


def _prose(post: Post) -> str:
    """Return a post's text without code and tags."""
    text, end = "", 0
    for snippet in sorted(post.snippets, key=lambda snippet: snippet.start):
        text += post.text[end : snippet.start] + "\n"
        end = max(end, snippet.end)
    return _TAG.sub("\n", text + post.text[end:])[:_READ]


def _words(text: str) -> Iterator[str]:
    for run in _RUN.findall(text):
        for word in run.split():
            folded = word.casefold()
            if _SHORTEST <= len(folded) <= _LONGEST and not is_stop_word(folded):
                yield folded


def _pairs(text: str) -> Iterator[str]:
    for run in _RUN.findall(text):
        for first, second in pairwise(run.casefold().split()):
            if not is_stop_word(first) and not is_stop_word(second):
                yield f"{first} {second}"


def _most_common(counts: Counter[str]) -> str:
    """Return what is counted most, of equals the longest, then the first of the alphabet."""
    return min(counts, key=lambda item: (-counts[item], -len(item), item), default="")
