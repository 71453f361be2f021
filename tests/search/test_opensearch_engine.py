"""The engine on OpenSearch: commits, counts and what a cluster may do meanwhile."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.errors import IndexBusy, IndexUnavailable
from search.deadline import no_deadline
from search.engines import SCORE_STEP
from search.engines.opensearch_client import OpenSearchClient
from search.engines.opensearch_engine import OpenSearchEngine
from search.engines.opensearch_index import Head, OpenSearchIndex
from search.engines.opensearch_snapshot import OpenSearchSnapshot
from search.expression import Expression, Field, Sort, Term
from search.spellings import By, Spelling
from tests.search.test_engines import a_document


@pytest.fixture
def engine(tmp_path: Path, cluster: str) -> OpenSearchEngine:
    """Return an engine on an empty index."""
    client = OpenSearchClient(cluster)
    return OpenSearchEngine(tmp_path, OpenSearchIndex(client, client.name), create=True)


def test_lagging_copy_is_waited_for(engine: OpenSearchEngine, tmp_path: Path) -> None:
    """A copy that is behind the latest commit is asked again, and never called damaged."""
    engine.write([a_document(1, "a", seq=1)])
    words = engine.snapshot()._words
    expression = Expression(words=(Term(field=Field.WORDS, text="b"),), minimum=1)

    def commit_later(_seconds: float) -> None:
        waited.append(_seconds)
        engine.write([a_document(2, "b", seq=2)])

    waited: list[float] = []
    ahead = OpenSearchSnapshot(engine.index, Head(seq=2), words, wait=commit_later)
    assert ahead.find(expression, offset=0, limit=5, deadline=no_deadline()).total == 1
    assert len(waited) == 1

    never = OpenSearchSnapshot(engine.index, Head(seq=9), words, wait=waited.append)
    with pytest.raises(IndexUnavailable, match="behind"):
        never.find(expression, offset=0, limit=5, deadline=no_deadline())
    assert 2 < sum(waited) < 10


def test_post_with_an_endless_name_is_found(engine: OpenSearchEngine) -> None:
    """A value that OpenSearch cannot keep is left out, and its post and all others are kept."""
    longest = "я" * 8191
    facts = [f"from={longest}", f"source={longest}я", f"tag={'t' * 40_000}"]
    engine.write([a_document(1, "a " * 50_000, facts=facts), a_document(2, "a")])

    for node, count in (
        (Term(field=Field.WORDS, text="a"), 2),
        (Term(field=Field.FACTS, text=facts[0]), 1),
        (Term(field=Field.FACTS, text=facts[1]), 0),
    ):
        expression = Expression(required=(node,))
        found = engine.snapshot().find(expression, offset=0, limit=5, deadline=no_deadline())
        assert found.total == count


def test_values_of_facts_are_asked_for_once(
    engine: OpenSearchEngine, caplog: pytest.LogCaptureFixture
) -> None:
    """Unless there are very many; they come in the same order."""
    tags = ["tag=ab", "tag=a.", "tag=b", "is=x"]
    engine.write(a_document(n, "a", facts=tags[: n + 1]) for n in range(1, 4))
    caplog.set_level(logging.INFO, "opensearch")

    for values_kept, requests in ((9, 1), (2, 4)):
        words = engine.snapshot()._words
        caplog.clear()
        snapshot = OpenSearchSnapshot(engine.index, Head(seq=3), words, values_kept=values_kept)
        found = [
            [value.text for value in snapshot.terms(Field.FACTS, prefix, limit=2)]
            for prefix in ("tag=", "tag=a", "tag=a.")
        ]
        assert found == [["tag=a.", "tag=ab"], ["tag=a.", "tag=ab"], ["tag=a."]]
        assert len([r for r in caplog.records if r.name == "opensearch"]) == requests


def test_killed_write_is_written_again(engine: OpenSearchEngine) -> None:
    """What was sent before is neither seen nor counted, and counted once afterwards."""

    def killed() -> Iterator[object]:
        yield from (a_document(number, "a b", seq=number) for number in range(1, 1101))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.write(killed())  # type: ignore[arg-type]  # until it fails
    before = engine.snapshot()
    expression = Expression(words=(Term(field=Field.WORDS, text="a"),), minimum=1)
    assert before.find(expression, offset=0, limit=1, deadline=no_deadline()).total == 0

    engine.write(a_document(number, "a c", seq=number) for number in range(1, 1101))

    after = engine.snapshot()
    assert after.find(expression, offset=0, limit=1, deadline=no_deadline()).total == 1100
    assert after.counts(["a", "b", "c"]) == {"a": 1100, "b": 0, "c": 1100}
    assert (after.documents(), after.last_seq()) == (1100, 1100)


def test_count_that_is_about_says_so(engine: OpenSearchEngine) -> None:
    """Equal texts among very many posts are counted by digests, and the numbers are near."""
    engine.write(
        a_document(number, "a" if number % 2 else "a b", twin=number // 2 if number < 200 else None)
        for number in range(1, 1201)
    )
    snapshot = engine.snapshot()

    def about(*words: str) -> tuple[bool, int]:
        nodes = tuple(Term(field=Field.WORDS, text=word) for word in words)
        expression = Expression(words=nodes, minimum=len(nodes))
        found = snapshot.find(expression, offset=0, limit=5, deadline=no_deadline())
        assert found.total == pytest.approx(found.posts - (99 if words == ("a",) else 0), abs=3)
        return found.about, found.posts

    assert about("a") == (True, 1200)
    assert about("a", "b") == (False, 600)


@pytest.mark.slow
def test_all_of_very_many_posts_are_listed(engine: OpenSearchEngine) -> None:
    """Beyond what OpenSearch returns at once, each post comes once and in order."""
    count = 20_100
    engine.write(a_document(n, "a " * (1 + n % 9) + "b", twin=n // 2) for n in range(1, count))
    snapshot = engine.snapshot()
    words = (Term(field=Field.WORDS, text="a"),)

    for sort, repeats in ((Sort.NEW, True), (Sort.OLD, False), (Sort.RELEVANCE, True)):
        expression = Expression(words=words, minimum=1, sort=sort, repeats=repeats)
        found = snapshot.find(expression, offset=0, limit=sys.maxsize, deadline=no_deadline())
        ids = [match.post_id for match in found.matches]
        assert len(set(ids)) == len(ids) == (count - 1 if repeats else count // 2)
        if sort is Sort.RELEVANCE:
            ranks = [(int(each.score / SCORE_STEP), each.post_id // 2) for each in found.matches]
            assert ranks == sorted(ranks, reverse=True)
        else:
            assert ids == sorted(ids, reverse=sort is Sort.NEW)


def test_words_are_published_in_parts(engine: OpenSearchEngine, tmp_path: Path) -> None:
    """Neither many terms nor spellings that come late are lost or counted twice."""
    other = OpenSearchEngine(tmp_path / "other", engine.index, changes_kept=10)
    other.write(a_document(number, f"a w{number}") for number in range(1, 1101))
    spelling = Spelling(text="слово", term="слов", documents=1)
    other.spellings.add([spelling], seed=0)
    assert engine.snapshot().counts(["a", "w1", "w1100"]) == {"a": 1100, "w1": 1, "w1100": 1}
    assert engine.spellings.snapshot().find(By.TEXT, ["слово"]) == []

    other.finish()
    other.finish()

    assert engine.snapshot().counts(["a"]) == {"a": 1100}
    assert engine.spellings.snapshot().find(By.TEXT, ["слово"]) == [spelling]


def test_one_of_two_writers_succeeds(engine: OpenSearchEngine, tmp_path: Path) -> None:
    """The other one is told, and its older documents replace nothing."""
    other = OpenSearchEngine(tmp_path / "other", engine.index)

    def documents() -> Iterator[object]:
        yield a_document(1, "old", seq=1)
        other.write([a_document(1, "new", seq=2)])

    with pytest.raises(IndexBusy):
        engine.write(documents())  # type: ignore[arg-type]  # which are

    snapshot = engine.snapshot()
    assert snapshot.counts(["old", "new"]) == {"old": 0, "new": 1}
    expression = Expression(words=(Term(field=Field.WORDS, text="new"),), minimum=1)
    assert snapshot.find(expression, offset=0, limit=1, deadline=no_deadline()).total == 1
    assert engine.write([a_document(2, "old", seq=3)]) == 1
    assert engine.snapshot().counts(["old", "new"]) == {"old": 1, "new": 1}
