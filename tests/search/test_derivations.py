"""Derivations are recognised by their root, and find each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from search import Searcher
from search.analysis import stem
from search.derivations import derivations_of, root_of
from tests.search.making import a_post, found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("обучать", "обучение"),
        ("обученный", "обучению"),
        ("предсказать", "предсказание"),
        ("квантовать", "квантизация"),
        ("ранжировать", "ранжирование"),
        ("агентный", "агента"),
        ("вероятностный", "вероятности"),
        ("оценивать", "оценить"),
    ],
)
def test_words_of_one_family_share_a_root(one: str, other: str) -> None:
    """A verb, its noun and its adjective differ by what comes after the root."""
    assert root_of(stem(one)) == root_of(stem(other))
    assert stem(other) in {stem(one), *derivations_of(stem(one))}


@pytest.mark.parametrize("word", ["training", "код", "k8s"])
def test_other_words_have_no_family(word: str) -> None:
    """English has a stemmer that sees to it, and a short word no root."""
    assert root_of(word) == word
    assert derivations_of(word) == ()


def test_a_post_is_found_by_a_word_of_the_family(library: Callable[..., Searcher]) -> None:
    """The word itself ranks before its family."""
    searcher = library(
        a_post(1, "Как обучать модели"), a_post(2, "Про обучение"), a_post(3, "Ни о чём")
    )

    assert found(searcher.search("обучать")) == [1, 2]
    assert found(searcher.search("обучение")) == [2, 1]
