"""Hostile queries are answered, and do no harm to the index."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from search import Facet
from tests.search.hostile import hostile_queries
from tests.search.making import a_library, a_post

WORDS = "граф узел ребро модель данные pandas read_csv groupby обучение kafka".split()  # noqa: SIM905
POSTS = [
    a_post(
        number,
        f"{' '.join(WORDS[number % 7 :])} №{number} #{WORDS[number % 10]}",
        code=None if number % 3 else f"df.groupby('{WORDS[number % 5]}')",
        language="python",
        source="Data Secrets" if number % 5 == 0 else None,
    )
    for number in range(1, 121)
]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_hostile_queries_are_answered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, engine: str
) -> None:
    """Hundreds of queries made of anything fail in nothing and have no index built anew."""
    with a_library(tmp_path, *POSTS, engine=engine) as searcher:
        caplog.set_level(logging.INFO, "search.index")
        for query in hostile_queries(seed=1, count=600, words=WORDS):
            answer = searcher.search(query, limit=3, facets=list(Facet))
            assert len(answer.hits) == min(answer.total, 3), query
            assert answer.complete <= answer.total <= answer.posts <= len(POSTS), query
    assert caplog.messages == []


@pytest.mark.slow
def test_hostile_queries_have_one_answer(tmp_path: Path) -> None:
    """Both engines find the same posts, whatever is asked."""
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    with (
        a_library(tmp_path / "one", *POSTS, engine="whoosh") as one,
        a_library(tmp_path / "other", *POSTS, engine="tantivy") as other,
    ):
        for query in hostile_queries(seed=2, count=300, words=WORDS):
            answers = [searcher.search(query, limit=200) for searcher in (one, other)]
            first, second = (
                {hit.archived.post.message_id for hit in answer.hits} for answer in answers
            )
            assert first == second, query
            assert answers[0].complete == answers[1].complete, query
