"""`lang:` finds code by any name of its language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from search import Searcher
from tests.search.making import a_library, a_post, found


@pytest.fixture(scope="module")
def snippets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Search snippets under the names that archives hold, of older versions too."""
    languages = ("dockerfile", "sql", "python", "kotlin", "hs", "Elixir")
    posts = [
        a_post(number, "Код", code=f"x = {number}", language=language)
        for number, language in enumerate(languages, start=1)
    ]
    with a_library(tmp_path_factory.mktemp("snippets"), *posts) as searcher:
        yield searcher


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lang:dockerfile", [1]),
        ("lang:docker", [1]),
        ("lang:postgres", [2]),
        ("язык:скл", [2]),
        ("lang:Python3", [3]),
        ("язык:питон", [3]),
        ("lang:kt", [4]),
        ("lang:haskell", [5]),
        ("lang:hs", [5]),
        ("lang:elixir", [6]),
    ],
)
def test_any_name_finds_the_language(snippets: Searcher, query: str, expected: list[int]) -> None:
    """Aliases mean the same in a query as in the label of a snippet."""
    assert found(snippets.search(query)) == expected
