"""An index written in commits of random sizes, compared term by term with brute force."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from search.deadline import no_deadline
from search.documents import GAP, Document
from search.engines import Snapshot
from search.expression import Expression, Field, Node, Phrase, Sort, Term

_PHRASES = 100

_Posts: TypeAlias = Mapping[str, set[int]]


def increments(rng: random.Random, *, posts: int, largest: int) -> Iterator[Sequence[Document]]:
    """Yield commits of 1 to `largest` documents, small sizes as often as large ones.

    A third of the documents replace earlier ones; some of these have no words and no facts left.
    """
    vocabulary = [f"слово{number}" for number in range(max(posts // 10, 20))]
    rarity = [1 / (rank + 1) for rank in range(len(vocabulary))]
    known = seq = 0
    while known < posts:
        batch: dict[int, Document] = {}
        for _ in range(round(math.exp(rng.uniform(0, math.log(largest))))):
            seq += 1
            changed = known and rng.random() < 1 / 3
            post_id = rng.randint(1, known) if changed else known + 1
            known = max(known, post_id)
            emptied = changed and rng.random() < 1 / 4
            words = [] if emptied else rng.choices(vocabulary, rarity, k=rng.randint(0, 40))
            sections = filter(None, (" ".join(words[:20]), " ".join(words[20:])))
            facts = set() if emptied else {f"tag={seq % 97}", f"day={seq // 50}"}
            # A later change of the same post comes in the place of its seq, as the archive has it.
            batch.pop(post_id, None)
            batch[post_id] = Document(
                post_id=post_id,
                seq=seq,
                posted=1_700_000_000 + rng.randrange(posts) * 60,
                text=f" {GAP} ".join(sections),
                beside=" ".join(rng.choices(vocabulary, k=rng.randint(0, 2)) if words else []),
                facts=frozenset(facts),
                twin=1 << 40 | seq % 1000 if seq % 5 == 0 else -post_id,
            )
        yield tuple(batch.values())


def compare(snapshot: Snapshot, live: Mapping[int, Document], rng: random.Random) -> int:
    """Compare what all terms and some phrases find with the documents; return how many queries."""
    assert snapshot.documents() == len(live)
    assert snapshot.last_seq() == max(document.seq for document in live.values())
    assert _newest(snapshot) == _by_time(live, live)
    words = _posts_of(live, lambda document: document.words)
    _compare_words(snapshot, live, words)
    facts = _posts_of(live, lambda document: document.facts)
    for fact, holding in facts.items():
        assert _newest(snapshot, Term(field=Field.FACTS, text=fact)) == _by_time(live, holding), (
            fact
        )
    counts = snapshot.terms(Field.FACTS, "", limit=len(facts) + 1)
    assert {count.text: count.documents for count in counts} == {
        fact: len(holding) for fact, holding in facts.items()
    }
    phrases = [_phrase(live, rng) for _ in range(_PHRASES)]
    for phrase in phrases:
        assert _newest(snapshot, Phrase(terms=phrase)) == _by_time(live, _in_a_row(live, phrase))
    return len(words) + len(facts) + len(phrases)


def _compare_words(snapshot: Snapshot, live: Mapping[int, Document], words: _Posts) -> None:
    """Compare posts, counts, scores and twins; a score depends on weights and lengths."""
    mean = sum(document.words.total() for document in live.values()) / len(live)
    for word, holding in words.items():
        expression = Expression(words=(Term(field=Field.WORDS, text=word),), repeats=True)
        found = snapshot.find(expression, offset=0, limit=len(live), deadline=no_deadline())
        assert found.total == found.posts == found.complete == len(holding), word
        assert {match.post_id for match in found.matches} == holding, word
        rarity = math.log(1 + (len(live) - len(holding) + 0.5) / (len(holding) + 0.5))
        for match in found.matches:
            document = live[match.post_id]
            weight, length = document.words[word], document.words.total()
            score = rarity * weight * 2.2 / (weight + 1.2 * (0.25 + 0.75 * length / mean))
            assert math.isclose(match.score, score, rel_tol=1e-4), (word, match, score)
            assert match.twin == document.twin


def _posts_of(live: Mapping[int, Document], terms: Callable[[Document], Iterable[str]]) -> _Posts:
    """Return the posts of each term."""
    posts: defaultdict[str, set[int]] = defaultdict(set)
    for post_id, document in live.items():
        for term in terms(document):
            posts[term].add(post_id)
    return posts


def _newest(snapshot: Snapshot, *required: Node) -> Sequence[int]:
    """Return the posts that meet all the conditions, the newest first."""
    expression = Expression(required=required, repeats=True, sort=Sort.NEW)
    limit = snapshot.documents()
    found = snapshot.find(expression, offset=0, limit=limit, deadline=no_deadline())
    return [match.post_id for match in found.matches]


def _by_time(live: Mapping[int, Document], ids: Iterable[int]) -> Sequence[int]:
    return sorted(ids, key=lambda post_id: (live[post_id].posted, post_id), reverse=True)


def _phrase(live: Mapping[int, Document], rng: random.Random) -> tuple[str, ...]:
    """Return two words that are adjacent in some document, or two that are in none."""
    words = live[rng.choice(list(live))].text.split()
    return rng.choice([pair for pair in pairwise(words) if GAP not in pair] or [("нет", "нет")])


def _in_a_row(live: Mapping[int, Document], phrase: Sequence[str]) -> Iterable[int]:
    row = f" {' '.join(phrase)} "
    return (post_id for post_id, document in live.items() if row in f" {document.text} ")
