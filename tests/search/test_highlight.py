"""An excerpt shows the passage that answers, and marks the words in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Excerpt, Searcher
from search.expression import Expression, Field, Phrase, Term
from search.highlight import find_marks, make_excerpt, sought_by
from tests.search.making import a_library, a_post

FILLING = "Слова ни о чём тянутся и тянутся. " * 30


def marked(excerpt: Excerpt) -> list[str]:
    """Return the highlighted words."""
    return [excerpt.text[start:end] for start, end in excerpt.highlights]


def excerpt_of(text: str, *terms: str, length: int = 300) -> Excerpt:
    """Make the excerpt of a text for some terms."""
    words = tuple(Term(field=Field.WORDS, text=term) for term in terms)
    return make_excerpt(text, find_marks(text, sought_by(Expression(words=words))), length=length)


CASES = [
    ("Обучаем большие модели", "большая модель", ["большие", "модели"]),
    ("Берём read_csv и читаем", "read_csv", ["read_csv"]),
    ("Зовём zeroGrad каждый шаг", "zero", ["zero"]),
    ("База данных и данные", '"база данных"', ["База данных"]),
    ("Дообучение и обучение", "дообуч*", ["Дообучение"]),
    ("Разбор #llm_system_design тут", "#llm_system_design", ["llm_system_design"]),
    ("Разбор #ml_ops и #ml_dev", "#ml*", ["ml_ops", "ml_dev"]),
    ("Вызов\ndf.groupby()", "code:groupby", ["groupby"]),
    ("Слово за́мок с ударением", "замок", ["за́мок"]),
    ("Жирный 𝗣𝘆𝘁𝗵𝗼𝗻 шрифт", "python", ["𝗣𝘆𝘁𝗵𝗼𝗻"]),
    ("Про Kafka и потоки", "кафка -spark", ["Kafka"]),
    ("Ничего особенного", "is:original", []),
    ("", "is:original", []),
]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Search the texts of the cases."""
    posts = [a_post(number, text) for number, (text, _, _) in enumerate(CASES, start=1)]
    posts[7] = a_post(8, "Вызов", code="df.groupby()")
    with a_library(tmp_path_factory.mktemp("shelf"), *posts) as searcher:
        yield searcher


@pytest.mark.parametrize(("text", "query", "expected"), CASES)
def test_the_words_that_matched_are_marked(
    shelf: Searcher, text: str, query: str, expected: list[str]
) -> None:
    """What is marked is what the search found, in the letters of the text."""
    hits = shelf.search(query, limit=50).hits
    (hit,) = (hit for hit in hits if hit.archived.post.text == text)

    assert marked(hit.excerpt) == expected


def test_a_phrase_is_marked_where_it_stands_together() -> None:
    """The words of a phrase are not marked apart."""
    text = "данные базы, база данных"
    sought = sought_by(Expression(required=(Phrase(terms=("баз", "дан")),)))

    assert [text[mark.start : mark.end] for mark in find_marks(text, sought)] == ["база данных"]


def test_a_short_text_is_shown_whole() -> None:
    """What fits is shown without ellipses and without the space around it."""
    assert excerpt_of("\n  Про графы \n", "граф") == Excerpt(
        text="Про графы", highlights=((4, 9),), offset=3
    )


def test_a_long_text_is_cut_around_the_best_passage() -> None:
    """The passage that has most of the words is shown, from the beginning of a sentence."""
    text = f"Граф здесь. {FILLING}Граф и мост вместе. {FILLING}"

    excerpt = excerpt_of(text, "граф", "мост")

    assert excerpt.text.startswith("…")
    assert excerpt.text.endswith("…")
    assert "Граф и мост вместе." in excerpt.text
    assert marked(excerpt) == ["Граф", "мост"]
    assert len(excerpt.text) <= 302


def test_a_text_is_shown_from_its_beginning_without_marks() -> None:
    """Where nothing is to be marked, the beginning speaks for the post."""
    excerpt = excerpt_of(f"Начало. {FILLING}", "нет")

    assert excerpt.text.startswith("Начало.")
    assert excerpt.highlights == ()


def test_a_match_at_the_end_shows_the_end() -> None:
    """The last passage fills the excerpt and has no ellipsis after it."""
    excerpt = excerpt_of(f"{FILLING}Тут граф", "граф")

    assert excerpt.text.endswith("Тут граф")
    assert len(excerpt.text) > 200


def test_a_word_longer_than_an_excerpt_is_cut_in_it() -> None:
    """Where there is no space to cut at, letters stay with their marks."""
    text = "я\u0301" * 400 + " граф " + "👨\u200d👩\u200d👧" * 200

    excerpt = excerpt_of(text, "граф", length=100)

    assert marked(excerpt) == ["граф"]
    assert not unicodedata.combining(excerpt.text.lstrip("…")[0])


def test_flags_are_not_torn() -> None:
    """A cut among flags falls between two of them."""
    excerpt = excerpt_of("🇷🇺" * 300, length=51)

    assert len(excerpt.text.rstrip("…")) % 2 == 0


def test_a_letter_is_not_torn_from_its_mark() -> None:
    """A cut that would fall between the two falls before both."""
    excerpt = excerpt_of("и\u0301" * 200, length=51)

    assert excerpt.text == "и\u0301" * 25 + "…"


def test_overlapping_marks_become_one() -> None:
    """A name and its part are marked together."""
    assert marked(excerpt_of("Берём read_csv", "readcsv", "read")) == ["read_csv"]


def test_a_mark_takes_in_what_belongs_to_its_last_letter() -> None:
    """Signs that stand on a letter are marked with it."""
    text = "слово\u0489 дальше"

    (highlight,) = excerpt_of(text, "слов").highlights

    assert highlight == (0, 6)


_LETTERS = "абвя\u0301\u0306 abc.\n_-#👩\u200d💻🇷🇺🏽\ufe0f"


@given(st.text(alphabet=_LETTERS, max_size=400), st.integers(1, 80))
def test_an_excerpt_is_part_of_the_text(text: str, length: int) -> None:
    """Between its ellipses an excerpt is the text itself, marked in order without overlaps."""
    excerpt = excerpt_of(text, "абв", "а", "abc", "b", length=length)
    inner = excerpt.text
    if not text.startswith("…"):
        inner = inner.removeprefix("…").removesuffix("…")

    assert inner in text
    last = 0
    for start, end in excerpt.highlights:
        assert last <= start < end <= len(excerpt.text)
        last = end
