"""Posts with the same text are one hit, whatever is asked and on whichever page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.posts import PostKind
from search import Searcher
from tests.search.making import a_library, a_post, found

Library = Callable[..., Searcher]

ADVERT = "Набираем слушателей на курс по рекомендательным системам, старт осенью"
SHOUTED = "  НАБИРАЕМ слушателей на курс\nпо рекомендательным системам,  старт осенью"


def repeats(searcher: Searcher, query: str) -> list[tuple[int, list[int]]]:
    """Return the hits of a search, each with the posts that repeat it."""
    return [
        (hit.archived.post.message_id, [repeat.post.message_id for repeat in hit.repeats])
        for hit in searcher.search(query, limit=50).hits
    ]


def test_posts_with_the_same_text_are_one_hit(library: Library) -> None:
    """The best is shown with the others' dates; case and spaces make no other text."""
    searcher = library(a_post(1, ADVERT), a_post(2, "Курс валют"), a_post(3, SHOUTED))

    answer = searcher.search("курс")

    assert repeats(searcher, "курс") == [(2, []), (3, [1])]
    assert (answer.total, answer.complete, answer.posts) == (2, 2, 3)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Доброе утро!", "Доброе утро!", id="short"),
        pytest.param("", "", id="empty"),
        pytest.param(ADVERT, f"{ADVERT} 2025", id="a word more"),
    ],
)
def test_posts_that_only_resemble_each_other_stay_apart(
    library: Library, one: str, other: str
) -> None:
    """A greeting said twice is two posts, and so is a text with a word more."""
    assert repeats(library(a_post(1, one), a_post(2, other)), "") == [(2, []), (1, [])]


def test_lines_of_telegram_itself_stay_apart(library: Library) -> None:
    """What was pinned twice was pinned on two days."""
    line = f"Анна закрепила «{ADVERT}»"
    searcher = library(*(a_post(n, line, kind=PostKind.SERVICE) for n in (1, 2)))

    assert repeats(searcher, "is:service") == [(2, []), (1, [])]


def test_a_repeat_is_found_by_what_it_alone_has(library: Library) -> None:
    """A condition that the later or the earlier copy meets alone finds that copy."""
    searcher = library(a_post(1, ADVERT), a_post(5, ADVERT, source="Data Secrets"))

    assert repeats(searcher, "курс is:repost") == [(5, [1])]
    assert repeats(searcher, "курс is:original") == [(1, [5])]
    assert repeats(searcher, "курс before:2024-01-04") == [(1, [5])]
    assert repeats(searcher, "курс -from:secrets") == [(1, [5])]


def test_a_text_told_very_often_lists_its_last_repeats(library: Library) -> None:
    """However often it was said, an answer stays small."""
    searcher = library(*(a_post(number, ADVERT) for number in range(1, 81)))

    assert repeats(searcher, "курс") == [(80, list(range(30, 80)))]
    assert searcher.search("курс").posts == 80


def test_repeats_of_one_post_are_those_of_its_hit(library: Library) -> None:
    """A post is asked for its repeats as a search tells them; a short text has none."""
    searcher = library(a_post(3, ADVERT), a_post(1, ADVERT), a_post(2, ADVERT), a_post(4, "курс"))
    alike = {
        each.post.message_id: [other.post.message_id for other in searcher.repeats(each)]
        for each in searcher.store.newest(limit=10)
    }

    assert alike == {1: [2, 3], 2: [1, 3], 3: [1, 2], 4: []}


def test_a_post_is_not_similar_to_its_repeats(library: Library) -> None:
    """Neither the post's own copies nor copies of another post are shown beside it."""
    other = "Рекомендательные системы: курс для слушателей, и чем кончился старт осенью"
    searcher = library(
        a_post(1, ADVERT), a_post(2, other), a_post(3, ADVERT), a_post(4, other), a_post(5, "Хлеб")
    )
    ids = {post.post.message_id: post.post_id for post in searcher.store.newest(limit=10)}

    for number, expected in ((1, 4), (3, 4), (2, 3), (4, 3)):
        similar = searcher.similar(ids[number])
        assert [hit.archived.post.message_id for hit in similar] == [expected]


WORDS = ("граф", "узел", "ребро")
LONG = " и ещё сорок знаков, чтобы это был текст, а не возглас"


def _shelf() -> Iterator[object]:
    for number in range(1, 91):
        text = " ".join(WORDS[: 1 + number % 3]) + LONG * (number % 7 != 0)
        if number % 11 == 0:
            text += f" {number}"
        yield a_post(number, text, source="Гости" if number % 4 == 0 else None)


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def shelf(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Searcher]:
    """Search posts of which many share their text."""
    folder: Path = tmp_path_factory.mktemp("shelf")
    with a_library(folder, *_shelf(), engine=request.param) as searcher:  # type: ignore[arg-type]
        yield searcher


@given(
    words=st.lists(st.sampled_from(WORDS), max_size=2),
    condition=st.sampled_from(
        ["", "is:repost", "-is:repost", "after:2024-02", "before:2024-02-10", "-узел"]
    ),
    sort=st.sampled_from(["new", "old", "relevance"]),
    size=st.integers(1, 20),
)
def test_no_page_repeats_or_loses_a_text(
    shelf: Searcher, words: list[str], condition: str, sort: str, size: int
) -> None:
    """The pages of any size together show every text that was found, each once."""
    query = " ".join([*words, condition])
    answer = shelf.search(query, sort=sort, limit=1000)
    pages = [
        shelf.search(query, sort=sort, limit=size, offset=at)
        for at in range(0, answer.total + size, size)
    ]
    every = {post.post.message_id: post.post.text for post in shelf.store.newest(limit=100)}
    long = {number: text for number, text in every.items() if LONG in text}

    shown = [number for page in pages for number in found(page)]

    assert shown == found(answer)
    assert len(shown) == answer.total == len({long.get(number, number) for number in shown})
    assert {(page.total, page.complete, page.posts) for page in pages} == {
        (answer.total, answer.complete, answer.posts)
    }
    for hit in answer.hits:
        post = hit.archived.post
        alike = [number for number, text in sorted(long.items()) if text == post.text]
        assert [repeat.post.message_id for repeat in hit.repeats] == [
            number for number in alike if number != post.message_id
        ]


def test_all_that_is_found_is_listed_in_order(library: Library) -> None:
    """As a search lists it on its pages, with each of the posts that have the same text."""
    searcher = library(
        a_post(1, ADVERT), a_post(2, "Курс валют"), a_post(3, SHOUTED), a_post(4, "Погода")
    )
    posts = searcher.store.get(searcher.find_all("курс валют"))
    assert posts[0].post.message_id == 2
    assert sorted(archived.post.message_id for archived in posts) == [1, 2, 3]
    assert len(posts) == searcher.search("курс валют").posts
    assert len(searcher.find_all("курс", within=["on:2024-01-03"])) == 1
    assert searcher.find_all("курс", only_code=True) == ()
    assert searcher.find_all("-") == ()
