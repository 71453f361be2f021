"""A search finds the posts that a reader would expect, in the order that helps most."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import PostStore
from model.posts import Channel, MediaKind, PostKind, Snippet, SnippetOrigin
from search import Facet, Note, PostIndex, Remark, Searcher
from search.facets import condition_for
from tests.search.making import START, TODAY, a_library, a_post, found
from tests.search.test_parsing import HOSTILE
from tests.searchers import patient_searcher

Library = Callable[..., Searcher]


TEXTS = (
    "Обучаем большие модели",
    "Training large models",
    "Ещё одна ёмкая заметка",
    "Объём данных",
    "Пишем на C++",
    "Пишем на C#",
    "Пишем на C",
    "Провели A/B тест",
    "Вышел Python 3.11",
    "Сравнили GPT-4o",
    "Собрали k8s",
    "Ловушка f-строки",
    "pd.read_csv падает",
    "Зовите read_csv",
    "Разбор #llm_system_design",
    "Разбор #Ozon",
    "Озон в атмосфере",
    "Про дообучение моделей",
    "zero_grad и step",
    "Как выбрать базу данных",
    "Данные базы",
    "База больших данных",
    "Про базы данных",
    "Про нейросети и графы",
    "Что это",
    "Про spark и hadoop",
    "Про #spark данные",
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Search all the texts of the tables below."""
    posts = (a_post(number, text) for number, text in enumerate(TEXTS, start=1))
    with a_library(tmp_path_factory.mktemp("shelf"), *posts) as searcher:
        yield searcher


@pytest.mark.parametrize(
    ("text", "query"),
    [
        pytest.param("Обучаем большие модели", "большая модель", id="Russian inflection"),
        pytest.param("Training large models", "train model", id="English inflection"),
        pytest.param("Ещё одна ёмкая заметка", "еще емкий", id="yo typed as ye"),
        pytest.param("Объём данных", "обьем OR объем", id="yo in the text"),
        pytest.param("Пишем на C++", "c++", id="C++"),
        pytest.param("Пишем на C#", "C#", id="C#"),
        pytest.param("Провели A/B тест", "a/b", id="A/B"),
        pytest.param("Вышел Python 3.11", "3.11", id="version"),
        pytest.param("Сравнили GPT-4o", "gpt4o", id="model name"),
        pytest.param("Собрали k8s", "k8s", id="letters and digits"),
        pytest.param("Ловушка f-строки", "f-строка", id="two scripts"),
        pytest.param("pd.read_csv падает", "read_csv", id="name behind a dot"),
        pytest.param("Зовите read_csv", "readCsv", id="another naming style"),
        pytest.param("Разбор #llm_system_design", "system", id="word of a tag"),
        pytest.param("Разбор #llm_system_design", "#llm_system_design", id="tag"),
        pytest.param("Разбор #llm_system_design", "#llm*", id="tag prefix"),
        pytest.param("Разбор #Ozon", "#ozon", id="tag in another case"),
        pytest.param("Про дообучение моделей", "дообуч*", id="prefix"),
        pytest.param("Про дообучение моделей", "дообучени*", id="prefix longer than the stem"),
        pytest.param("zero_grad и step", "zero_gr*", id="prefix of a compound"),
        pytest.param("Как выбрать базу данных", '"базы данных"', id="phrase in another form"),
        pytest.param("Про нейросети и графы", "кошка OR граф", id="one side of an or"),
        pytest.param("Что это", "что это", id="stop words alone"),
        pytest.param("Про нейросети и графы", "(белая кошка) | (граф нейросеть)", id="groups"),
        pytest.param("Про нейросети и графы", "(кошка (граф OR кот)) OR граф", id="nested groups"),
        pytest.param("Данные базы", "(данные -про -как -больше)", id="minus in a group"),
        pytest.param("Про базы данных", "базы (#ozon OR (данных про))", id="tag in a group"),
        pytest.param("Разбор #Ozon", "(#ozon) OR #spark", id="conditions joined"),
        pytest.param("Про spark и hadoop", "(спарк хадуп) OR кошка", id="sound in a group"),
        pytest.param("Про spark и hadoop", "#ozon OR спарк", id="sound beside a tag"),
        pytest.param("Что это", "(что это) OR кошка", id="stop words in a group"),
    ],
)
def test_a_post_is_found(shelf: Searcher, text: str, query: str) -> None:
    """What a reader takes for the same words is the same to the search."""
    answer = shelf.search(query, limit=100)

    assert text in {hit.archived.post.text for hit in answer.hits}
    assert 0 < answer.total < len(TEXTS)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        pytest.param("Данные базы", '"базы данных"', id="phrase in another order"),
        pytest.param("База больших данных", '"базы данных"', id="phrase with a word between"),
        pytest.param("Пишем на C", "C++", id="C is not C++"),
        pytest.param("Озон в атмосфере", "#озон", id="word is no tag"),
        pytest.param("Про spark и hadoop", "hadoop данные -spark", id="excluded word"),
        pytest.param("Про базы данных", 'данные -"базы данных"', id="excluded phrase"),
        pytest.param("Про #spark данные", "данные -#spark", id="excluded tag"),
        pytest.param("Про #spark данные", "данные -(про spark)", id="excluded group"),
        pytest.param("Данные базы", "данные -(про OR базы)", id="excluded choice"),
        pytest.param("Пишем на C", "(пишем c++) OR кошка", id="group met in part"),
        pytest.param("Про spark и hadoop", "#spark OR (spark -hadoop)", id="minus in a choice"),
    ],
)
def test_a_post_is_not_found(shelf: Searcher, text: str, query: str) -> None:
    """What a reader would call something else is not found."""
    answer = shelf.search(query, limit=100)

    assert text in TEXTS
    assert text not in {hit.archived.post.text for hit in answer.hits}


_TRACE = """Traceback (most recent call last):
  File "/usr/lib/python3.11/site-packages/app/main.py", line 57, in <module>
    run()
  File "/usr/lib/python3.11/site-packages/app/work.py", line 12, in run
    frame = load(path, on_bad_lines=mode)
pandas.errors.ParserError: Error tokenizing data. C error: Expected 3 fields"""


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(_TRACE, id="a stack trace"),
        pytest.param(
            "подскажите пожалуйста кто сталкивался с тем что при чтении файла со строками разной "
            "длины pandas падает с ParserError и как это вообще можно обойти",
            id="a long question, told by its last words",
        ),
        pytest.param(f"{'подскажите 12 the файл нет ' * 3} раз два три четыре ParserErr*", id="*"),
    ],
)
def test_of_a_long_query_the_telling_words_count(library: Library, query: str) -> None:
    """However far down they are, and however many words are in nearly every post."""
    common = "подскажите пожалуйста кто сталкивался: чтение файла, строки разной длины, line, File"
    searcher = library(
        a_post(1, "Что делать, если read_csv даёт ParserError"),
        *(a_post(number, f"{common}, {number}") for number in range(2, 9)),
    )

    assert found(searcher.search(query))[0] == 1


@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
@pytest.mark.parametrize(
    ("query", "others"),
    [
        pytest.param("оконные функции", "функции и оконные рамы", id="two words"),
        pytest.param("как работать с окнами", "окна: работать как с ними", id="with small words"),
        pytest.param("аконные функцыи", "функции и оконные рамы", id="corrected"),
        pytest.param("window функции", "функции, window", id="two scripts"),
    ],
)
def test_words_in_a_row_come_first(tmp_path: Path, engine: str, query: str, others: str) -> None:
    """A post with the words as a phrase comes before short ones that have them, on all pages."""
    texts = [
        "Здесь разберём оконные функции подробно и с примерами, а также window функции",
        "Расскажу ниже, как работать с окнами в большом доме и что из этого выходит",
    ]
    posts = [a_post(number, text) for number, text in enumerate([*texts, others, others + "!"], 1)]
    with a_library(tmp_path, *posts, engine=engine) as searcher:
        whole = found(searcher.search(query))
        paged = [found(searcher.search(query, limit=1, offset=at)) for at in range(len(whole))]

    assert whole[0] in {1, 2}
    assert paged == [[number] for number in whole]


@pytest.mark.parametrize("query", ['"базы данных"', '"базы данных" has:link', "базы OR #ozon"])
@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
def test_a_phrase_is_ranked(tmp_path: Path, engine: str, query: str) -> None:
    """A post about it comes before newer ones that mention it; required words rank as well."""
    url = "https://a.org/b"
    posts = (
        a_post(1, "Базы данных\nБазы данных: как выбрать", url=url),
        a_post(2, "Среди прочего и многого другого были базы данных, о них потом", url=url),
    )
    with a_library(tmp_path, *posts, engine=engine) as searcher:
        answer = searcher.search(query)

    assert found(answer) == [1, 2]
    assert answer.hits[0].score > answer.hits[1].score > 0


CATALOGUE = (
    a_post(1, "Код на питоне", code="df = pd.read_csv(path)", language="python"),
    a_post(2, "Запрос", code="SELECT 1", language="sql"),
    a_post(3, "Имя", code="pandas", origin=SnippetOrigin.INLINE),
    a_post(4, "Ссылка", url="https://www.arxiv.org/abs/1706.03762"),
    a_post(5, "Снимок", media=MediaKind.PHOTO),
    a_post(6, "Ролик", media=MediaKind.VIDEO_MESSAGE),
    a_post(7, "Отчёт", media=MediaKind.FILE, file_name="quarterly_report.pdf"),
    a_post(8, poll=("Какой бустинг лучше?", "catboost", "lightgbm")),
    a_post(9, "Чужое", source="Data Secrets"),
    a_post(10, "Опечатка"),
    a_post(10, "Правка"),
    a_post(11, "Ответ", reply_to=1, author="Анна Иванова"),
    a_post(12, "Анна Иванова закрепила сообщение", kind=PostKind.SERVICE),
    a_post(13, "С меткой #ml", via_bot="gif_bot"),
    a_post(14, "Вызов", code="torch.no_grad()", origin=SnippetOrigin.INLINE),
    a_post(15, "Старое", source="Архив", source_username=None),
)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Search the catalogue."""
    with a_library(tmp_path_factory.mktemp("catalogue"), *CATALOGUE) as searcher:
        yield searcher


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("has:code", {1, 2}),
        ("has:snippet", {1, 2, 3, 14}),
        ("has:link", {4}),
        ("has:photo", {5}),
        ("has:video", {6}),
        ("has:file", {7}),
        ("has:media", {5, 6, 7}),
        ("has:poll", {8}),
        ("has:tag", {13}),
        ("lang:python", {1}),
        ("lang:py,sql", {1, 2}),
        ("code:read_csv", {1}),
        ("code:read", {1}),
        ("code:no_grad", {14}),
        ('code:"csv path"', {1}),
        ("code:нет", set()),
        ('from:"data secrets"', {9}),
        ("from:secrets", {9}),
        ("from:@source_channel", {9}),
        ("автор:иванова", {11}),
        ("from:gif_bot", {13}),
        ("from:архив", {15}),
        ("site:arxiv.org", {4}),
        ("site:https://www.arxiv.org/list", {4}),
        ("is:repost", {9, 15}),
        ("is:edited", {10}),
        ("is:reply", {11}),
        ("is:service", {12}),
        ("is:original has:media", {5, 6, 7}),
        ("отчёт OR report", {7}),
        ("quarterly", {7}),
        ("lightgbm", {8}),
        ("arxiv", {4}),
        ("channel:data_notes has:poll", {8}),
        ("channel:заметки has:poll", {8}),
        ('канал:"заметка данных" has:poll', {8}),
        ("канал:1 has:poll", {8}),
        ("закрепила", set()),
        ("закрепила is:service", {12}),
        ("on:2024-01-06", {5}),
        ("after:2024-01-14", {13, 14, 15}),
        ("before:2024-01-03", {1}),
        ("after:2024-01-05 before:2024-01-07", {4, 5}),
        ("в январе -has:media", {1, 2, 3, 4, 8, 9, 10, 11, 13, 14, 15}),
        ("в прошлом году", set()),
        ("-lang:python,sql has:snippet", {3, 14}),
        ("has:snippet -(lang:python OR lang:sql)", {3, 14}),
        ("(lang:python) OR (has:poll -lang:sql)", {1, 8}),
        ("(есть:медиа -есть:фото) | (от:secrets это:репост)", {6, 7, 9}),
        ("-(has:media OR has:code OR after:2024-01-09)", {3, 4}),
        ("-(is:original after:2024-01-03)", {1, 9, 15}),
        ("has:photo OR (-has:code -has:media before:2024-01-05)", {3, 5}),
        ("has:photo OR -after:2024-01-02", {5}),
        ("-on:2024-01-06 after:2024-01-05 before:2024-01-08", {4, 6}),
        ("-в январе 2024", set()),
        ("-site:arxiv.org -code:read_csv -channel:нет before:2024-01-06", {2, 3}),
        ("(is:service закрепила) OR has:poll", {8, 12}),
        ("(on:2024-01-06 OR on:2024-01-07) -has:photo", {6}),
        ("-from:secrets is:repost", {15}),
        ("-tag:ml,нет -#м* after:2024-01-13", {14, 15}),
    ],
)
def test_conditions_narrow_down(catalogue: Searcher, query: str, expected: set[int]) -> None:
    """Each operator finds the posts that it describes."""
    answer = catalogue.search(query, limit=50)

    assert set(found(answer)) == expected
    assert answer.total == len(expected)


def test_only_code_is_a_condition_too(catalogue: Searcher) -> None:
    """The switch of the faces and the operator are the same."""
    assert found(catalogue.search("", only_code=True)) == found(catalogue.search("has:code"))


def test_a_missing_post_can_be_asked_for(library: Library, store: PostStore) -> None:
    """A post that the channel no longer has is found, and is:missing finds it alone."""
    searcher = library(a_post(1, "слово"), a_post(2, "слово"))
    store.mark_missing(1, {2}, first_id=1, last_id=2, at=TODAY + timedelta(hours=1))
    searcher.index.catch_up()

    assert found(searcher.search("слово")) == [2, 1]
    assert found(searcher.search("слово is:missing")) == [1]


@pytest.mark.parametrize(
    ("query", "tags"),
    [
        pytest.param("#озон", ("#ozon",), id="the other alphabet"),
        pytest.param("#щящт", ("#ozon",), id="the other keyboard"),
        pytest.param("тег:wildberies", ("#wildberries",), id="a letter left out"),
        pytest.param("#llm_system_desgn", ("#llm_system_design",), id="in a tag of several words"),
        pytest.param("стажировка #oozn", ("#ozon",), id="beside a word"),
    ],
)
def test_a_mistyped_tag_is_read_as_one_that_there_is(
    library: Library, query: str, tags: tuple[str, ...]
) -> None:
    """A tag that no post has is the one it looks or sounds like, and the answer says so."""
    searcher = library(
        a_post(1, "стажировка #ozon"),
        a_post(2, "стажировка #wildberries"),
        a_post(3, "собеседование #llm_system_design"),
        a_post(4, "озон, wildberries, llm system design: стажировка"),
    )

    answer = searcher.search(query)

    assert [f"#{tag}" for hit in answer.hits for tag in hit.archived.post.hashtags] == list(tags)
    assert [note.values[1:] for note in answer.notes if note.values[0][0] == "#"] == [tags]


@pytest.mark.parametrize("query", ["#ни_на_что_не_похожий", "#___", "-#озон", "#озо*"])
def test_a_tag_is_not_read_otherwise(library: Library, query: str) -> None:
    """A tag like none is not found, what is excluded is meant as typed, and so is a beginning."""
    searcher = library(a_post(1, "про #ozon"))

    answer = searcher.search(query)

    excluded = query.startswith("-")
    assert found(answer) == ([1] if excluded else [])
    assert [note.code for note in answer.notes] == ([Remark.EXCLUDED] if excluded else [])


@pytest.mark.parametrize("named", ["мечта", "заметки о мечте"])
def test_an_unknown_channel_is_remarked_on(library: Library, named: str) -> None:
    """For a channel that is not in the archive all are searched, and the answer says why."""
    answer = library(a_post(1, "слово")).search(f'слово channel:"{named}"')

    assert answer.total == 1
    assert Note(code=Remark.UNKNOWN_CHANNEL, values=(named,)) in answer.notes
    assert Note(code=Remark.WORDS_ALONE, values=(f"channel:{named}",)) in answer.notes


def test_a_channel_is_found_by_its_whole_title_first(library: Library, store: PostStore) -> None:
    """A title that is part of another one still names its own channel."""
    searcher = library(a_post(1, "слово"))
    other = store.resolve_channel(Channel(title="Заметки", username="other"))
    store.save(other, [a_post(7, "слово")], as_of=TODAY)
    searcher.index.catch_up()

    assert found(searcher.search("слово channel:заметки")) == [7]


def test_posts_with_all_the_words_come_first(library: Library) -> None:
    """However often one word occurs, a post with both comes before."""
    searcher = library(
        a_post(1, "Редкий зверь по имени catboost. " * 5),
        a_post(2, "Обычный текст, где между делом catboost встретился с gpu и ничего больше"),
        a_post(3, "gpu " * 30),
    )

    answer = searcher.search("catboost gpu")

    assert found(answer)[0] == 2
    assert (answer.total, answer.complete) == (3, 1)


def test_the_newer_of_two_equal_posts_comes_first(library: Library) -> None:
    """Equal matches are ordered by time, then by key."""
    searcher = library(
        a_post(1, "Про графы", posted_at=START),
        a_post(2, "Про графы", posted_at=START + timedelta(days=5)),
        a_post(3, "Про графы", posted_at=START),
    )

    assert found(searcher.search("граф")) == [2, 3, 1]


def test_a_title_and_a_tag_weigh_more(library: Library) -> None:
    """A post about something comes before one that mentions it."""
    filling = "\nЗаметка обо всём понемногу и ни о чём: погода, дорога, обед"
    searcher = library(
        a_post(1, f"Kafka в деле{filling}"),
        a_post(2, f"Разное #kafka{filling}"),
        a_post(3, f"Разное{filling}, немного kafka"),
    )

    assert found(searcher.search("kafka"))[-1] == 3


def test_neighbouring_words_count_more_where_they_are_near(library: Library) -> None:
    """Of posts with the same words, one that has them together comes first, though older."""
    filling = "погода дорога обед ужин завтра снова опять рядом выше"
    searcher = library(
        a_post(1, f"{filling}. Дообучали одну большую модель. {filling}"),
        a_post(2, f"Большую {filling} одну модель {filling} дообучали"),
    )

    assert found(searcher.search("большая модель дообучили")) == [1, 2]


def test_stop_words_do_not_count(library: Library) -> None:
    """A question finds what it is about, not other questions."""
    searcher = library(a_post(1, "Как это так и что это"), a_post(2, "Обучение catboost"))

    assert found(searcher.search("как и что обучить catboost")) == [2]


@pytest.mark.parametrize(
    "asked",
    [
        "Подскажите, пожалуйста, кто-нибудь знает, как обучить catboost?",
        "Скажите, как называется обучение catboost",
        "please, does anyone know what catboost is?",
    ],
)
def test_politeness_does_not_count(library: Library, asked: str) -> None:
    """A question put politely finds what it is about."""
    searcher = library(
        a_post(1, "Подскажите, пожалуйста, кто-нибудь знает, как называется это?"),
        a_post(2, "Please, does anyone know how?"),
        a_post(3, "Обучение catboost"),
    )

    answer = searcher.search(asked)

    assert (found(answer), answer.complete) == ([3], 1)


@pytest.mark.parametrize(
    ("sort", "expected"), [("new", [3, 2, 1]), ("old", [1, 2, 3]), ("relevance", [1, 3, 2])]
)
def test_the_order_can_be_chosen(library: Library, sort: str, expected: list[int]) -> None:
    """The order is the argument's, else the query's, else by relevance."""
    searcher = library(
        a_post(1, "граф граф граф"), a_post(2, "граф и ещё"), a_post(3, "граф тут и")
    )

    assert found(searcher.search("граф", sort=sort)) == expected
    assert found(searcher.search(f"граф sort:{sort}")) == expected


@pytest.mark.parametrize("query", ["", "   ", "sort:new", "-кошка", "has:link OR is:original"])
def test_a_query_without_words_lists_the_newest(library: Library, query: str) -> None:
    """Without words, everything that meets the conditions is listed, newest first."""
    assert found(library(a_post(1, "раз"), a_post(2, "два")).search(query)) == [2, 1]


@pytest.mark.parametrize("query", ["?!", "→", "«»"])
def test_a_text_without_words_finds_nothing(library: Library, query: str) -> None:
    """Punctuation and emoji are no wish to see everything."""
    answer = library(a_post(1, "раз →")).search(query)

    assert answer.total == 0
    assert answer.notes[-1].code is Remark.NOTHING_TO_SEARCH


def test_pages_follow_one_another(library: Library) -> None:
    """Pages of any size make up the whole answer, each with the exact total."""
    searcher = library(
        *(a_post(number, f"граф {'узел ' * (number % 7)}") for number in range(1, 40))
    )
    whole = found(searcher.search("граф узел", limit=100))

    for size in (1, 7, 38, 39, 40):
        pages = [searcher.search("граф узел", limit=size, offset=at) for at in range(0, 45, size)]
        assert [number for page in pages for number in found(page)] == whole
        assert {page.total for page in pages} == {39}


def test_a_page_of_nothing_is_empty(library: Library) -> None:
    """Limits and offsets below zero ask for nothing and for the start."""
    searcher = library(a_post(1, "граф"))

    assert found(searcher.search("граф", limit=-1)) == []
    assert found(searcher.search("граф", offset=-1)) == [1]


def test_matching_snippets_come_first(library: Library) -> None:
    """Of a post's snippets the one with the sought name leads."""
    post = a_post(1, "Два куска: df.groupby('a')", code="import os")
    code = "df.groupby('a')"
    other = Snippet(origin=SnippetOrigin.DETECTED, code=code, start=11, end=11 + len(code))
    searcher = library(replace(post, snippets=(*post.snippets, other)))

    (hit,) = searcher.search("groupby").hits

    assert [snippet.code for snippet in hit.snippets] == [code, "import os"]
    assert hit.snippet_marks == (((3, 10),), ())


def test_days_begin_where_the_reader_is(store: PostStore, index: PostIndex, save: Library) -> None:
    """A day of a query is a day of the searcher's zone."""
    save(a_post(1, "ночь", posted_at=datetime(2024, 3, 4, 22, 30, tzinfo=UTC)))
    moscow = patient_searcher(store, index, zone=timezone(timedelta(hours=3)), clock=lambda: TODAY)

    assert found(moscow.search("ночь on:2024-03-05")) == [1]
    assert not moscow.matching("ночь on:2024-03-04")


def test_the_day_is_todays_by_default(store: PostStore, index: PostIndex, save: Library) -> None:
    """Without a clock of its own a searcher counts from now."""
    save(a_post(1, "слово", posted_at=datetime.now(UTC)))

    assert found(patient_searcher(store, index).search("слово за последние 2 дня")) == [1]


def test_threads_get_the_same_answers(library: Library) -> None:
    """Searches side by side do not disturb one another."""
    searcher = library(*(a_post(number, f"граф номер {number}") for number in range(1, 30)))
    queries = [f"граф {number}" for number in range(1, 30)] * 3
    alone = [found(searcher.search(query)) for query in queries]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda query: found(searcher.search(query)), queries))

    assert together == alone


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_answered(catalogue: Searcher, text: str) -> None:
    """No text makes a search fail."""
    answer = catalogue.search(text)

    assert answer.total >= len(answer.hits)
    assert answer.took_ms >= 0


def test_the_beginnings_of_a_query_share_what_they_stand_for(library: Library) -> None:
    """All of them together are widened to 512 spellings; one alone has them all to itself."""
    consonants = "бвгджзклмнпрстфхцчшщ"
    words = [f"гр{one}{other}" for one in consonants[:15] for other in consonants]
    searcher = library(*(a_post(number, word) for number, word in enumerate(words, start=1)))

    assert [searcher.search(text).total for text in ("гр*", "гр* зы*")] == [300, 256]


@given(st.text(alphabet='абвеёопрт abcder#-"*:|,OR ', max_size=40))
def test_every_text_is_answered(catalogue: Searcher, text: str) -> None:
    """Searching is total."""
    answer = catalogue.search(text)

    assert len(answer.hits) == min(answer.total, 5)


def test_a_search_that_takes_too_long_says_so(
    store: PostStore, index: PostIndex, save: Library
) -> None:
    """Past its time limit a search answers with what it has, and is not counted any further."""
    save(a_post(1, "граф"), a_post(2, "узел"))
    hasty = Searcher(store, index, clock=lambda: TODAY, time_limit=-1)
    answer = hasty.search("граф узел", facets=list(Facet))
    assert answer.notes[-1] == Note(code=Remark.CUT_SHORT)
    assert answer.facets == {}
    assert hasty.matching("граф") == patient_searcher(store, index).matching("граф")

    moments = iter([0, 0, 0, 0, 1, 2, 9, 9, 9])
    slow = Searcher(store, index, clock=lambda: TODAY, time_limit=1, timer=lambda: next(moments))
    answer = slow.search("граф", facets=list(Facet))
    assert found(answer) == [1]
    assert answer.notes[-1] == Note(code=Remark.CUT_SHORT)
    assert list(answer.facets) == [Facet.YEAR, Facet.MONTH]


def test_an_empty_archive_is_searched(searcher: Searcher) -> None:
    """Nothing is found where there is nothing."""
    assert searcher.search("граф OR гра* #ml").hits == searcher.search("").hits == ()


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (Facet.LANGUAGE, {"python": 1, "sql": 1}),
        (Facet.TAG, {"ml": 1}),
        (Facet.MONTH, {"2024-01": 14}),
        (Facet.SITE, {"arxiv.org": 1}),
        (Facet.CHANNEL, {"1": 14}),
        (Facet.YEAR, {"2024": 14}),
        (Facet.SOURCE, {"Data Secrets": 1, "Архив": 1, "Анна Иванова": 1}),
        (
            Facet.HAS,
            {"code": 2, "snippet": 4, "link": 1, "photo": 1, "poll": 1, "tag": 1}
            | {"media": 3, "file": 1, "video": 1},
        ),
    ],
)
def test_matches_are_counted(catalogue: Searcher, by: Facet, expected: dict[str, int]) -> None:
    """The matches of a search are counted by what they have, beside its hits or alone."""
    counts = catalogue.facets("", by=by)

    assert {count.value: count.posts for count in counts} == expected
    assert catalogue.search("", facets=[by]).facets == {by: counts}
    assert catalogue.facets("кот", by=by) == catalogue.facets("?!", by=by) == ()


@pytest.mark.parametrize("by", Facet)
@pytest.mark.parametrize("query", ["", "код OR ссылка", "-has:media", "имя |"])
def test_a_count_is_kept_as_a_condition(catalogue: Searcher, by: Facet, query: str) -> None:
    """To ask for what was counted finds as many posts as the count said."""
    for count in catalogue.facets(query, by=by):
        answer = catalogue.search(query, within=[count.condition])
        assert answer.posts == count.posts
        assert catalogue.facets(query, by=by, within=[count.condition])


@pytest.mark.parametrize(
    ("by", "value", "expected"),
    [
        (Facet.YEAR, "2024", "on:2024"),
        (Facet.MONTH, "2024-03", "on:2024-03"),
        (Facet.TAG, "llm_design", "#llm_design"),
        (Facet.TAG, "c++", "tag:c++"),
        (Facet.LANGUAGE, "python", "lang:python"),
        (Facet.LANGUAGE, "plain text", 'lang:"plain text"'),
        (Facet.HAS, "code", "has:code"),
        (Facet.SITE, "arxiv.org", "site:arxiv.org"),
        (Facet.CHANNEL, "1", "channel:1"),
        (Facet.SOURCE, "Data Secrets", 'from:"Data Secrets"'),
        (Facet.SOURCE, 'ООО "Рога, копыта"', 'from:"ООО Рога копыта"'),
    ],
)
def test_a_value_is_said_in_the_query_language(by: Facet, value: str, expected: str) -> None:
    """A condition can be typed as it is given."""
    assert condition_for(by, value) == expected


def test_times_are_counted_latest_first(library: Library) -> None:
    """Of years and months the latest count, not the fullest."""
    moments = [datetime(2020 + number // 2, 1 + number, 5, tzinfo=UTC) for number in range(1, 8)]
    searcher = library(
        *(a_post(n, "граф", posted_at=moment) for n, moment in enumerate(moments, start=1))
    )
    years, months = (
        [count.value for count in searcher.facets("граф", by=by, limit=2)]
        for by in (Facet.YEAR, Facet.MONTH)
    )

    assert (years, months) == (["2023", "2022"], ["2023-08", "2023-07"])


def test_channels_are_shown_by_their_titles(library: Library) -> None:
    """A channel's key is for the query, its title for the reader."""
    (count,) = library(a_post(1, "граф")).facets("граф", by=Facet.CHANNEL)

    assert (count.value, count.label, count.condition) == ("1", "Заметки о данных", "channel:1")


def test_a_thing_that_cannot_be_asked_for_is_not_counted(library: Library) -> None:
    """A contact is an attachment, but no word of the query language; a dash is no name."""
    searcher = library(a_post(1, "Телефон", media=MediaKind.CONTACT, author="—"))

    assert [count.value for count in searcher.facets("", by=Facet.HAS)] == ["media"]
    assert searcher.facets("", by=Facet.SOURCE) == ()


def test_similar_posts_share_telling_words(library: Callable[..., Searcher]) -> None:
    """Posts on the same subject are similar, the post itself and common words aside."""
    searcher = library(
        a_post(1, "Как обучить catboost на gpu и подобрать параметры бустинга"),
        a_post(2, "Параметры бустинга catboost для gpu, кратко"),
        a_post(3, "Как испечь хлеб на закваске"),
        a_post(4, "Бустинг catboost: gpu против cpu, и параметры"),
        a_post(5, "Слово"),
    )
    ids = {post.post.message_id: post.post_id for post in searcher.store.newest(limit=10)}

    similar = searcher.similar(ids[1])

    assert {hit.archived.post.message_id for hit in similar} == {2, 4}
    assert [hit.archived.post.message_id for hit in searcher.similar(ids[1], limit=1)] == [
        similar[0].archived.post.message_id
    ]
    assert similar[0].excerpt.highlights
    assert searcher.similar(ids[5]) == ()
    assert searcher.similar(999) == ()
