"""The examples of the greeting are of the archive, and each of them finds something."""

from __future__ import annotations

import pytest

from bot.start.examples import example_queries
from i18n import Catalogue
from model.posts import Post
from tests.bot.channel import coded, written
from tests.bot.conftest import Filled
from tests.bot.sentences import ENGLISH, RUSSIAN

_NOVELS = [
    written(1, "Глава первая\n\nГраф молчал. Старый дуб стоял у дороги. #глава"),
    written(2, "Глава вторая\n\nНаташа пела, и старый дуб зазеленел. #глава #наташа"),
    written(3, "Глава третья\n\nСнова зима. #глава"),
]


def _examples(filled: Filled, posts: list[Post], texts: Catalogue = RUSSIAN) -> list[str]:
    store, searcher = filled(posts)
    examples = example_queries(store, texts)
    assert all(searcher.search(query).complete for query, _ in examples)
    return [query for query, _ in examples]


@pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])
def test_novels_have_examples_of_novels(filled: Filled, texts: Catalogue) -> None:
    """A word of the titles, two words in a row, tags; no code where there is none."""
    found = _examples(filled, _NOVELS, texts)

    assert found == ["глава", '"старый дуб"', "#глава -#наташа"]


def test_code_gives_no_words(filled: Filled) -> None:
    """Words of code are no example of prose; its language is one of code."""
    posts = [coded(number, f"Урок {number}", [("import numpy", "python")]) for number in (1, 2)]

    assert _examples(filled, posts) == ["урок", "есть:код язык:python"]
    assert _examples(filled, posts, ENGLISH)[-1] == "has:code lang:python"


@pytest.mark.parametrize(
    ("posts", "found"),
    [
        pytest.param([], [], id="no posts"),
        pytest.param([written(1, "Синица прилетела")], ["прилетела"], id="one post"),
        pytest.param(
            [written(1, "Утро\n\nСиница"), written(2, "Вечер\n\nСиница")],
            ["синица"],
            id="word of texts",
        ),
        pytest.param([written(1, "42"), written(2, "и в о")], [], id="no words"),
        pytest.param(
            [written(1, "#кот"), written(2, "#кот")], ["#кот"], id="tag that stands alone"
        ),
    ],
)
def test_little_archives_have_what_examples_they_can(
    filled: Filled, posts: list[Post], found: list[str]
) -> None:
    """What no post has is no example."""
    assert _examples(filled, posts) == found
