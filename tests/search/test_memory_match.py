"""A few posts in memory match what the index would find among them, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from db import PostStore
from model.posts import MediaKind, PostKind
from search import MemoryMatcher, Remark, Searcher, open_index
from search.expression import Expression
from tests.new_databases import new_archive
from tests.search.making import CHANNEL, TODAY, a_post
from tests.search.test_engines import CORPUS, expressions, judge
from tests.search.test_parsing import HOSTILE
from tests.searchers import patient_searcher

QUERIES = (
    "",
    "модели",
    "большие модели",
    "большие модели -медленно",
    "ьщвудш",
    "кафка",
    "kafka spark",
    "kafak",
    '"большие модели"',
    '"модели большие"',
    "модел*",
    "#ozon",
    "#oz*",
    "tag:ozon,spark",
    "has:code",
    "has:code lang:python модели",
    "code:read_csv",
    "read_csv",
    "from:Сосед",
    "site:arxiv.org",
    "channel:data_notes модели",
    "channel:nowhere",
    "is:service",
    "is:repost OR is:edited",
    "after:2024-01-04 before:2024-01-07",
    "за прошлый год",
    "как",
    "большие OR kafka",
    "sort:old модели",
    "has:photo",
    "!!!",
)


def _posts(store: PostStore) -> None:
    posts = (
        a_post(1, "Большие модели #Ozon", code="pd.read_csv('a')", language="python"),
        a_post(2, "Большая модель, и притом медленно"),
        a_post(3, "Про Kafka и Spark #spark", url="https://www.arxiv.org/abs/1"),
        a_post(4, "Озон и Кафка", source="Соседний канал"),
        a_post(5, "Модель", media=MediaKind.PHOTO),
        a_post(5, "Модели", media=MediaKind.PHOTO),
        a_post(6, "Канал создан", kind=PostKind.SERVICE),
        a_post(7, "Как читать", poll=("Что больше?", "Модели", "Графы")),
    )
    store.save(store.resolve_channel(CHANNEL), posts, as_of=TODAY)


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def searcher(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Searcher]:
    """Search a few posts of every kind."""
    folder: Path = tmp_path_factory.mktemp("in_memory")
    with new_archive(folder / "archive.db") as store:
        _posts(store)
        index = open_index(folder / "index", store, engine=request.param)
        index.catch_up()
        yield patient_searcher(store, index, clock=lambda: TODAY)
        index.close()


@given(expressions())
def test_a_handful_agrees_with_brute_force(expression: Expression) -> None:
    """Any expression matches what the judge of the engines calls complete."""
    _, complete = judge(replace(expression, minimum=len(expression.words)))

    assert MemoryMatcher(CORPUS).complete(expression) == complete


@pytest.mark.parametrize("query", [*QUERIES, *HOSTILE])
def test_a_handful_matches_as_the_index_does(searcher: Searcher, query: str) -> None:
    """All posts at once, one by one, and the whole index: the same ones match a text."""
    store = searcher.store
    posts = store.changed_since(0)

    at_once = searcher.matching(query, among=searcher.in_memory(posts))
    one_by_one = [searcher.matching(query, among=searcher.in_memory([post])) for post in posts]

    answer = searcher.search(query, limit=100)
    listed = {hit.archived.post_id for hit in answer.hits}
    assert at_once == searcher.matching(query)
    assert at_once == frozenset().union(*one_by_one)
    assert at_once <= listed
    dropped = Remark.WORDS_ALONE in {note.code for note in answer.notes}
    assert len(at_once) == (0 if dropped else answer.complete)


def test_a_post_that_is_not_indexed_can_match(searcher: Searcher) -> None:
    """Only the words of the index are asked for, not the post itself."""
    (post,) = searcher.store.get([3])
    unknown = replace(post, post_id=99)

    assert searcher.matching("kafka", among=searcher.in_memory([unknown])) == {99}
    assert searcher.matching("кафка", among=searcher.in_memory([unknown])) == {99}


def test_posts_with_some_of_the_words_do_not_match(searcher: Searcher) -> None:
    """Where a search would list what comes near, only what has every word matches."""
    assert searcher.search("kafka модели").total > 0
    assert searcher.matching("kafka модели") == frozenset()


def test_any_posts_are_shown_as_hits(searcher: Searcher) -> None:
    """Posts are shown in the order given, with the words that matched."""
    hits = searcher.hits("большие модели", [5, 99, 1])

    assert [hit.archived.post_id for hit in hits] == [5, 1]
    (first, second) = (hit.excerpt for hit in hits)
    assert [first.text[start:end] for start, end in first.highlights] == ["Модели"]
    assert [second.text[start:end] for start, end in second.highlights] == ["Большие", "модели"]


def test_nothing_is_shown_of_no_posts(searcher: Searcher) -> None:
    """No posts are no hits."""
    shown: Callable[[str, Sequence[int]], object] = searcher.hits

    assert shown("модели", []) == ()
