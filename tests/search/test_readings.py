"""Readings: what looks like a condition never hides the posts that its words would find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from search import Answer, Note, Remark, Searcher
from tests.search.making import a_post

Library = Callable[..., Searcher]

COMMANDS = [
    "rm -rf build",
    "tar -xzf data.tar.gz",
    "ls -la",
    "docker run -it --rm ubuntu bash",
    "java -jar app.jar",
    "java -Xmx512m Main",
    "gcc -Wall main.c",
    "mvn -DskipTests=true package",
    "git commit -am wip",
]


def found(answer: Answer) -> list[int]:
    """Return the message numbers of the hits, best first."""
    return [hit.archived.post.message_id for hit in answer.hits]


def codes(answer: Answer) -> list[Remark]:
    """Return the codes of the notes."""
    return [note.code for note in answer.notes]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_pasted_command_finds_its_post_first(library: Library, command: str) -> None:
    """An option that a post has as typed is a word, and the answer says so."""
    searcher = library(
        *(a_post(number, f"Пример:\n{each}") for number, each in enumerate(COMMANDS))
    )

    answer = searcher.search(command)

    assert found(answer)[0] == COMMANDS.index(command)
    assert Remark.OPTION in codes(answer)


def test_an_exclusion_stays_one_and_is_said(library: Library) -> None:
    """A word after a minus is excluded, also where a post lists it after a dash."""
    searcher = library(a_post(1, "Данные в pandas"), a_post(2, "Данные и инструменты:\n-spark"))

    answer = searcher.search("данные -spark")

    assert found(answer) == [1]
    assert answer.notes == (Note(code=Remark.EXCLUDED, values=("spark",)),)


def test_an_option_can_be_excluded_after_all(library: Library) -> None:
    """The other reading of an option excludes the word."""
    searcher = library(a_post(1, "java -jar app.jar"), a_post(2, "java без архива"))

    (note,) = searcher.search("java -jar").notes

    assert note == Note(code=Remark.OPTION, values=("-jar",), instead='java -"jar"')
    assert found(searcher.search(note.instead)) == [2]


@pytest.mark.parametrize(
    "query",
    ["сжатие в 2000 раз", "compressed in 2000 times", "до 2000 года", "after 2030", "в 2015 году"],
)
def test_a_date_that_the_archive_does_not_reach_is_words(library: Library, query: str) -> None:
    """Where no post can be of that time, the date is searched for as words."""
    searcher = library(
        a_post(
            1, "Сжатие в 2000 раз, compressed 2000 times, история до 2000, прогноз на 2030, 2015"
        )
    )

    answer = searcher.search(query)

    assert found(answer) == [1]
    assert codes(answer)[0] is Remark.DATE_WORDS
    assert answer.notes[0].instead.count(":") == 1


def test_a_number_that_goes_on_in_a_post_is_no_date(library: Library) -> None:
    """A year of the archive is a number if a post has it before the same word."""
    searcher = library(
        a_post(1, "Модель сошлась за 2024 шага"), a_post(2, "Модель, шаги обучения и погода")
    )

    answer = searcher.search("модель за 2024 шага")

    assert found(answer)[0] == 1
    assert answer.notes[0].instead == "модель on:2024 шага"


def test_a_date_in_words_narrows_and_offers_its_words(library: Library) -> None:
    """A date that the archive reaches is a condition, with the words as the other reading."""
    searcher = library(
        a_post(1, "Итоги модели"),
        a_post(2, "Итоги: модель 2024", posted_at=datetime(2023, 3, 1, tzinfo=UTC)),
    )

    answer = searcher.search("итоги в 2024 году")

    assert found(answer) == [1]
    (note,) = answer.notes
    assert (note.code, note.instead) == (Remark.PERIOD, "итоги 2024")
    assert found(searcher.search(note.instead))[0] == 2


@pytest.mark.parametrize(
    ("query", "instead"),
    [
        ("итоги since 2023", "итоги 2023"),
        ("итоги before 2024", "итоги 2024"),
        ("итоги in January 2024", "итоги January 2024"),
        ("итоги last 300 days", 'итоги "last 300 days"'),
    ],
)
def test_the_other_reading_of_a_date_is_words(library: Library, query: str, instead: str) -> None:
    """The query for the other reading has no date in it."""
    searcher = library(
        a_post(1, "Итоги"), a_post(2, "Итоги", posted_at=datetime(2023, 3, 1, tzinfo=UTC))
    )

    answer = searcher.search(query)

    assert [note.instead for note in answer.notes] == [instead]
    assert Remark.PERIOD not in codes(searcher.search(instead))


def test_a_date_without_complete_posts_gives_way_to_its_words(library: Library) -> None:
    """If only the words find a post that has all of them, they are what was meant."""
    searcher = library(
        a_post(1, "Погода", posted_at=datetime(2023, 3, 1, tzinfo=UTC)),
        a_post(2, "Чемпионат мира 2023 и погода"),
    )

    assert found(searcher.search("чемпионат и погода в 2023"))[0] == 2


def test_a_date_narrows_where_its_words_find_no_more(library: Library) -> None:
    """If no post has all of the words either way, posts of the time are shown."""
    searcher = library(
        a_post(1, "Погода", posted_at=datetime(2023, 3, 1, tzinfo=UTC)), a_post(2, "Чемпионат")
    )

    assert found(searcher.search("чемпионат и погода в 2023")) == [1]


def test_a_question_may_ask_about_a_date(library: Library) -> None:
    """If no post of the time has all its words, other posts are not hidden; else it narrows."""
    searcher = library(
        a_post(1, "Погода", posted_at=datetime(2023, 3, 1, tzinfo=UTC)),
        a_post(2, "Чемпионат мира 2023 и его итоги"),
        a_post(3, "Итоги чемпионата"),
    )

    answer = searcher.search("Какая погода была на итогах чемпионата в 2023 году?")

    assert found(answer) == [2, 3, 1]
    assert (codes(answer)[0], answer.notes[0].instead) == (
        Remark.DATE_WORDS,
        "Какая погода была на итогах чемпионата on:2023?",
    )
    assert found(searcher.search("Какая была погода в 2023 году?")) == [1]


def test_a_date_is_words_in_an_empty_archive(searcher: Searcher) -> None:
    """An archive without posts reaches no time."""
    assert codes(searcher.search("погода в 2023")) == [Remark.DATE_WORDS]


def test_a_date_that_leaves_nothing_gives_way_before_other_conditions(library: Library) -> None:
    """The words of the date are searched for with the tag still in force."""
    searcher = library(
        a_post(1, "Новости #python"),
        a_post(2, "Новости"),
        a_post(3, "Погода", posted_at=datetime(2023, 3, 1, tzinfo=UTC)),
    )

    answer = searcher.search("новости #python за март 2023")

    assert found(answer) == [1]
    assert codes(answer) == [Remark.DATE_WORDS]
    assert answer.notes[0].instead == 'новости #python on:"март 2023"'


def test_a_time_without_an_operator_has_no_other_reading(library: Library) -> None:
    """Of relative times only the words are left if there is nothing."""
    searcher = library(a_post(1, "Новости", posted_at=datetime(2023, 3, 1, tzinfo=UTC)))

    answer = searcher.search("новости за прошлую неделю")

    assert found(answer) == [1]
    assert answer.notes[0] == Note(code=Remark.DATE_WORDS, values=("за прошлую неделю",))


@pytest.mark.parametrize("query", ["issue #42", "#42", "#include <iostream>", "#42 OR #7"])
def test_a_hash_of_code_is_no_tag(library: Library, query: str) -> None:
    """There are no tags of digits, and a tag that no post has leaves its word."""
    searcher = library(a_post(1, "Closes issue 42: #include <iostream>"), a_post(2, "Другое"))

    assert found(searcher.search(query)) == [1]


@pytest.mark.parametrize(
    "query",
    [
        "Сколько лет героям романа «Мастер и Маргарита»?",
        'how is the "Master and Margarita" structured in years',
    ],
)
def test_a_name_quoted_in_a_question_does_not_bar_other_posts(library: Library, query: str) -> None:
    """The quotation is words like the others, and the answer offers to require it."""
    searcher = library(
        a_post(1, "Лет героям: Мастеру и его Маргарите по тридцать. Master, years structured"),
        a_post(2, "Роман «Мастер и Маргарита», Master and Margarita in years"),
    )

    answer = searcher.search(query)

    assert set(found(answer)) == {1, 2}
    (note,) = [note for note in answer.notes if note.code is Remark.QUOTE_WORDS]
    assert found(searcher.search(note.instead)) == [2]


def test_a_phrase_is_required_where_nothing_is_asked(library: Library) -> None:
    """Quotation marks mean a row of words, in a question about nothing else too."""
    searcher = library(a_post(1, "выбор базы данных"), a_post(2, "данных базы, как выбор"))

    assert found(searcher.search('"базы данных" выбор')) == [1]
    assert found(searcher.search("что такое «базы данных»?")) == [1]


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ('"spark данные"', '"spark данные"'),
        ("данные #rust", "#rust"),
        ("данные #rust*", "#rust*"),
        ("данные has:video", "has:video"),
        ("данные on:2020", "on:2020"),
        ("данные from:Spark", "from:Spark"),
        ("данные -данные", "-данные"),
        ("данные (#rust OR (дан* has:video))", "#rust OR (дан* has:video)"),
        ('("spark данные" OR #rust)', '"spark данные" OR #rust'),
        ("has:video", "has:video"),
    ],
)
def test_conditions_that_leave_nothing_give_way_to_words(
    library: Library, query: str, condition: str
) -> None:
    """The answer names what was not met."""
    searcher = library(a_post(1, "Данные и spark; has no video"), a_post(2, "Погода"))

    answer = searcher.search(query)

    assert found(answer) == [1]
    assert answer.notes[-1] == Note(code=Remark.WORDS_ALONE, values=(condition,))


def test_nothing_is_found_where_the_words_find_nothing_either(library: Library) -> None:
    """The conditions stay as typed."""
    answer = library(a_post(1, "Погода")).search("xyzzyq has:video")

    assert answer.total == 0
    assert Remark.WORDS_ALONE not in codes(answer)


def test_chosen_filters_stay_in_force(library: Library) -> None:
    """A condition chosen by a button was not guessed: it may leave nothing."""
    searcher = library(a_post(1, "Данные"))

    assert searcher.search("данные", within=["has:video"]).total == 0


def test_every_page_and_count_has_the_same_reading(library: Library) -> None:
    """A page past the end and the facets read the query like the first page."""
    searcher = library(*(a_post(number, f"Данные {number}") for number in range(3)))

    assert searcher.search("данные has:video", offset=10).total == 3
    assert searcher.search("данные has:video", limit=0).total == 3
