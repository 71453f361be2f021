"""Words and figures written otherwise than in the post: glued, split, with other letters."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from search import Note, Remark, Searcher
from tests.search.making import a_post

Library = Callable[..., Searcher]

SAME = [
    ("Про машинное обучение", "машинноеобучение"),
    ("Обзор: random forest", "randomforest"),
    ("Как устроена нейронная сеть", "нейроннаясеть"),
    ("Пишет бэкенд", "бэк энд"),
    ("Ставим ClickHouse", "click house"),
    ("Пишем на C++20", "C++"),
    ("Пишем на C++20", "C++20"),
    ("Пишем на C++ 20", "C++20"),
    ("Пишем на С++17 и радуемся", "c++17"),
    ("Релиз v2.0.1 вышел", "2.0.1"),
    ("Релиз 2.0.1 вышел", "v2.0.1"),
    ("Релиз V2.3", "v2.3"),
    ("Релиз v2.0.1-rc1", "2.0.1-rc1"),
    ("Статья 1706.03762v5", "1706.03762"),
    ("Статья arxiv.org/abs/1706.03762", "1706.03762v7"),
    ("Статья https://arxiv.org/abs/1706.03762v2", "arXiv 1706.03762"),
    ("Набор из 1 000 000 строк", "1000000"),
    ("Набор из 1000000 строк", "1 000 000"),
    ("Набор из 1\u00a0000\u00a0000 строк", "1,000,000"),
    ("Набор из 1_000_000 строк", "1000000"),
    ("Смотрите AR-7", "AR7"),
    ("Смотрите AR7", "AR-7"),
    ("Модель T\u20115", "T5"),
    ("Модель T5", "T–5"),
    ("Закон 152-ФЗ", "ФЗ-152"),
    ("Закон № 152-ФЗ", "152 ФЗ"),
    ("Закон ФЗ № 152", "152-ФЗ"),
    ("Ловим OutOfMemory", "OutOfMemoryError"),
    ("Ловим OutOfMemory", "java.lang.OutOfMemoryError"),
    ("Ловим null pointer", "NullPointerException"),
    ("Ставим L\u0456nux", "linux"),
    ("Ставим Linux", "l\u0456nux"),
    ("Заголовок НТТР", "HTTP"),
    ("Заголовок HTTP", "НТТР"),
    ("Страница на РНР", "php"),
    ("\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
    ("\u0645\u064e\u0631\u0652\u062d\u064e\u0628\u064b\u0627", "\u0645\u0631\u062d\u0628\u0627"),
    ("Сло\u200eво и кот\u202cик", "слово котик"),
    ("Об\u02bcєкт", "об'єкт"),
    ("Об’єкт", "об\u02bcєкт"),
    ("Маршрут Москва–Питер", "Москва-Питер"),
    ("Про 机器学习", "学习"),
    ("Про 深度机器学习模型", "机器学习"),
    ("Релиз 🔥 сегодня", "🔥"),
]


@pytest.mark.parametrize(("text", "query"), SAME)
def test_a_post_is_found_however_its_words_are_written(
    library: Library, text: str, query: str
) -> None:
    """Both spellings mean the same."""
    answer = library(a_post(1, text), a_post(2, "Другое: C, 2.0, 7, 152, память, сеть")).search(
        query
    )

    assert answer.hits[0].archived.post.message_id == 1


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Пишем на C и 20", "C++20"),
        ("Релиз 20.1", "v2.0.1"),
        ("A/B тест", "ab"),
        ("Версия 3.11", "311"),
        ("Про 学机", "机器学习"),
    ],
)
def test_what_only_looks_similar_is_not_the_same(library: Library, text: str, query: str) -> None:
    """Signs that mean something are kept."""
    assert library(a_post(1, text)).search(query).total == 0


def test_glued_words_are_said(library: Library) -> None:
    """The answer says which words were searched."""
    answer = library(a_post(1, "random forest")).search("randomforest")

    said = Note(code=Remark.OTHER_SPELLING, values=("randomforest", "random forest"))
    assert said in answer.notes


def test_a_known_or_short_word_is_not_split(library: Library) -> None:
    """Only a long word that nothing explains is two words."""
    searcher = library(a_post(1, "Есть random, forest, randomforest, кот и лета"))

    assert searcher.search("randomforest").notes == ()
    assert searcher.search("котлета").total == 0


def test_an_author_is_who_wrote_a_post_not_who_shared_it(library: Library) -> None:
    """A repost is from where it came, as the counts say."""
    searcher = library(
        a_post(1, "Свой", author="Иван"), a_post(2, "Чужой", author="Иван", source="Data Secrets")
    )

    hits = searcher.search("from:Иван").hits

    assert [hit.archived.post.message_id for hit in hits] == [1]
