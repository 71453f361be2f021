"""The page on the query language promises nothing that does not work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model.posts import MediaKind
from search import Remark, Searcher
from tests.search.making import a_library, a_post

PAGE = Path(__file__).parents[2] / "docs" / "query-language.md"

MARCH = datetime(2024, 3, 5, 12, tzinfo=UTC)
POSTS = (
    a_post(1, "Обучаем большие модели #ozon #llm_design"),
    a_post(2, "Training models"),
    a_post(3, "Читаем pd.read_csv", code="df = pd.read_csv(path)", language="python"),
    a_post(4, "Пишем на C++, C#, .NET, Python 3.11: A/B тест, GPT-4o, k8s и f-строка"),
    a_post(5, "Как выбрать базу данных"),
    a_post(6, "Сравнили pandas и polars"),
    a_post(7, "Про дообучение"),
    a_post(8, "Kafka и catboost: задача"),
    a_post(9, "Квантование"),
    a_post(10, "Синтез речи"),
    a_post(11, "Ссылка", url="https://export.arxiv.org/abs/1"),
    a_post(12, "Чужое", source="Data Secrets"),
    a_post(13, "Вчера", posted_at=datetime(2024, 6, 19, 9, tzinfo=UTC)),
    a_post(14, "Март", posted_at=MARCH),
    a_post(15, "Неделя", posted_at=datetime(2024, 6, 12, 9, tzinfo=UTC)),
    a_post(17, "Ищем через git log -S"),
    a_post(19, "random forest, v2.0.1, 1706.03762v5, 1 000 000, T5, ФЗ-152 и ClickHouse"),
    a_post(45, "Пост с номером"),
    a_post(18, "Запуск: java -jar app.jar"),
    a_post(16, "Снимок", media=MediaKind.PHOTO),
)


def _queries() -> Iterator[str]:
    """Yield the queries of the page's tables: all code in a row but in its last cell."""
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| `"):
            cells = re.split(r"(?<!\\)\|", line)[1:-2]
            for cell in cells:
                yield from (query.replace("\\|", "|") for query in re.findall(r"`([^`]+)`", cell))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Search an archive that has something for every query."""
    with a_library(tmp_path_factory.mktemp("shelf"), *POSTS) as searcher:
        yield searcher


def test_the_page_has_its_examples() -> None:
    """The tables are found as tables."""
    assert len(set(_queries())) > 60


@pytest.mark.parametrize("query", sorted(set(_queries())))
def test_an_example_works(shelf: Searcher, query: str) -> None:
    """Every documented query is understood without a complaint and finds something."""
    answer = shelf.search(query)

    assert answer.total > 0
    assert {note.code for note in answer.notes} <= {
        Remark.EXCLUDED,
        Remark.PERIOD,
        Remark.OPTION,
        Remark.OTHER_LAYOUT,
        Remark.OTHER_SCRIPT,
        Remark.OTHER_SPELLING,
        Remark.SYNONYM,
    }
