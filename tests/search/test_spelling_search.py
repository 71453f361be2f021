"""The spellings of the trade are found as people type them, and only by what they mean."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from search import Searcher
from tests.search.making import a_library, a_post

TEXTS = (
    "Считаем df.groupby по городам",
    "Читаем pd.read_csv кусками",
    "Забыли optimizer.zeroGrad в цикле",
    "Таблица user_events_daily",
    "Константа MAX_RETRY_COUNT",
    "Пишем на C++",
    "Пишем на C#",
    "Удобная f-строка",
    "Вышел Python 3.11",
    "Сравнили GPT-4o",
    "Провели A/B тест",
    "Кластер k8s",
    "Канал https://t.me/data_notes/15",
    "Статья https://arxiv.org/abs/1706",
    "Огонь 🔥 пожар",
    "Разбор #llm_system_design",
    "Йод и ёлка",
    "Пишем numpy руками",
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Search all the texts."""
    posts = (a_post(number, text) for number, text in enumerate(TEXTS))
    with a_library(tmp_path_factory.mktemp("shelf"), *posts) as searcher:
        yield searcher


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("groupby", TEXTS[0]),
        ("df.groupby", TEXTS[0]),
        ("read csv", TEXTS[1]),
        ("pd.read_csv", TEXTS[1]),
        ("zero_grad", TEXTS[2]),
        ("grad", TEXTS[2]),
        ("user events", TEXTS[3]),
        ("max retry count", TEXTS[4]),
        ("maxRetryCount", TEXTS[4]),
        ("c++", TEXTS[5]),
        ("с#", TEXTS[6]),
        ("f-строки", TEXTS[7]),
        ("python 3.11", TEXTS[8]),
        ("gpt-4o", TEXTS[9]),
        ("gpt4o", TEXTS[9]),
        ("a/b", TEXTS[10]),
        ("k8s", TEXTS[11]),
        ("t.me/data_notes", TEXTS[12]),
        ("arxiv.org", TEXTS[13]),
        ("пожар 🔥", TEXTS[14]),
        ("#llm_system_design", TEXTS[15]),
        ("system design", TEXTS[15]),
        ("елка", TEXTS[16]),
        ("numpy", TEXTS[17]),
    ],
)
def test_a_spelling_is_found(shelf: Searcher, query: str, text: str) -> None:
    """The post that has it comes first, and has all the words."""
    answer = shelf.search(query)

    assert answer.hits[0].archived.post.text == text
    assert answer.complete >= 1


@pytest.mark.parametrize("query", ['"иод"', "311", '"nump"'])
def test_a_spelling_is_not_taken_for_another(shelf: Searcher, query: str) -> None:
    """A letter, a dot or a mangled stem makes another word."""
    assert not shelf.matching(query)
