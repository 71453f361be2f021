"""A word that the archive does not have is found by what it may stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from search import Note, Remark, Searcher
from search.analysis import stem
from search.keyboard_layout import other_layout
from search.phonetics import phonetic_key, skeleton_of
from search.spellings import Spelling
from search.tag_corrections import MemoryWords
from search.transliteration import in_cyrillic
from search.vocabulary import Vocabulary
from tests.search.making import a_library, a_post, found

TEXTS = (
    "Настраиваем Kafka для потоков",
    "Сравнили catboost и lightgbm",
    "Стажировка в Ozon Tech",
    "Задачи на собеседовании",
    "Документация по Kubernetes и docker",
    "Квантование больших моделей",
    "Код на Python и PyTorch",
    "Задача clustering на pandas",
    "База знаний отдела",
    "Старое хранилище",
    "Алгоритм дня",
    "Прогоняем pytest и считаем в duckdb",
    "Градиентный бустинг на деревьях",
    "Синтез речи по тексту в 2023",
    "Вайбкодинг по вечерам",
    "Пишем про агентов и их инструменты",
    "Старые звёзды на небе",
    "star wars смотрели",
    "Клиенты и серверы",
    "Как устроено дообучение",
    "Поиск по гиперпараметрам",
)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    """Search all the texts."""
    posts = (a_post(number, text) for number, text in enumerate(TEXTS, start=1))
    with a_library(tmp_path_factory.mktemp("shelf"), *posts) as searcher:
        yield searcher


@pytest.mark.parametrize(
    ("query", "word", "remark"),
    [
        pytest.param("кафка", "Kafka", Remark.OTHER_SCRIPT, id="a name in Russian letters"),
        pytest.param("кафки", "Kafka", Remark.OTHER_SCRIPT, id="and inflected"),
        pytest.param("катбуст", "catboost", Remark.OTHER_SCRIPT, id="as it sounds"),
        pytest.param("озон", "Ozon", Remark.OTHER_SCRIPT, id="a company"),
        pytest.param("докере", "docker", Remark.OTHER_SCRIPT, id="borrowed and inflected"),
        pytest.param("кубернетес", "Kubernetes", Remark.OTHER_SCRIPT, id="a plural that is none"),
        pytest.param("zadacha", "Задачи", Remark.OTHER_SCRIPT, id="Russian in Latin letters"),
        pytest.param("kvantovanie", "Квантование", Remark.OTHER_SCRIPT, id="and a long word"),
        pytest.param("agents", "агентов", Remark.OTHER_SCRIPT, id="English for a borrowed word"),
        pytest.param("питест", "pytest", Remark.OTHER_SCRIPT, id="nearly as it sounds"),
        pytest.param("дукдб", "duckdb", Remark.OTHER_SCRIPT, id="with another vowel"),
        pytest.param("rdfynjdfybt", "Квантование", Remark.OTHER_LAYOUT, id="English keyboard"),
        pytest.param(",ecnbyu", "бустинг", Remark.OTHER_LAYOUT, id="a letter under a comma"),
        pytest.param("лгиуктуеуы", "Kubernetes", Remark.OTHER_LAYOUT, id="Russian keyboard"),
        pytest.param("квонтование", "Квантование", Remark.OTHER_SPELLING, id="another letter"),
        pytest.param("cabtoost", "catboost", Remark.OTHER_SPELLING, id="two letters swapped"),
        pytest.param("kvamtovanie", "Квантование", Remark.OTHER_SPELLING, id="a slip in Latin"),
        pytest.param("kuberntes", "Kubernetes", Remark.OTHER_SPELLING, id="a letter left out"),
        pytest.param("дуктб", "duckdb", Remark.OTHER_SPELLING, id="a slip in a name said aloud"),
    ],
)
def test_an_unknown_word_is_understood(
    shelf: Searcher, query: str, word: str, remark: Remark
) -> None:
    """What was meant is found, and the answer says what was searched for."""
    answer = shelf.search(query)

    assert word in answer.hits[0].archived.post.text
    assert answer.notes[0].code is remark
    assert answer.notes[0].values[0].casefold() in query
    assert stem(answer.notes[0].values[1]) in answer.hits[0].archived.post.text.casefold()


@pytest.mark.parametrize(
    ("query", "word"),
    [
        pytest.param("gradient boosting", "Градиентный", id="an expression in English"),
        pytest.param("speech synthesis", "Синтез речи", id="none of whose words occur"),
        pytest.param("озвучка", "Синтез речи", id="a word for an expression"),
        pytest.param("fine-tuning", "дообучение", id="a compound for a word"),
        pytest.param("как вайб кодинг", "Вайбкодинг", id="two words for one"),
        pytest.param("гипер параметрам", "гиперпараметрам", id="a word torn apart"),
    ],
)
def test_an_expression_is_found_by_another(shelf: Searcher, query: str, word: str) -> None:
    """The glossary and the archive's own compounds join what means the same."""
    answer = shelf.search(query)

    assert word in answer.hits[0].archived.post.text
    assert answer.complete >= 1


@pytest.mark.parametrize(
    ("query", "word", "remark"),
    [
        pytest.param("cbyntp b htxb", "Синтез речи", Remark.OTHER_LAYOUT, id="a conjunction"),
        pytest.param("ht", "", None, id="two letters on their own"),
        pytest.param("cbyntp htxb 2023", "Синтез речи", Remark.OTHER_LAYOUT, id="a number beside"),
        pytest.param("ljrevtynfwbz docker", "docker", Remark.OTHER_LAYOUT, id="a good word beside"),
        pytest.param("cbyntp, htxb,", "Синтез речи", Remark.OTHER_LAYOUT, id="commas"),
        pytest.param("rkfcnthbpfwbz", "clustering", Remark.OTHER_LAYOUT, id="then the glossary"),
        pytest.param("gfylfc", "pandas", Remark.OTHER_LAYOUT, id="a name as it is said"),
        pytest.param("ljrl,", "duckdb", Remark.OTHER_LAYOUT, id="nearly as it sounds"),
        pytest.param("sintez i rechi", "Синтез речи", Remark.OTHER_SCRIPT, id="Latin letters"),
        pytest.param("klasterizacija", "clustering", Remark.OTHER_SCRIPT, id="to the glossary"),
        pytest.param("clustring", "clustering", Remark.OTHER_SPELLING, id="a slip in a term"),
        pytest.param("кластиризация", "clustering", Remark.OTHER_SPELLING, id="and in Russian"),
        pytest.param("bqaza znanii", "База знаний", Remark.OTHER_SPELLING, id="in both"),
        pytest.param("хранилещам", "хранилище", Remark.OTHER_SPELLING, id="with another ending"),
        pytest.param("алллгоритм", "Алгоритм", Remark.OTHER_SPELLING, id="letters held down"),
        pytest.param("алгаритм", "Алгоритм", Remark.OTHER_SPELLING, id="as it sounds, same script"),
        pytest.param("базза-знаний", "База знаний", Remark.OTHER_SPELLING, id="in a compound"),
        pytest.param("cbyntp-htxb", "Синтез речи", Remark.OTHER_LAYOUT, id="a compound"),
        pytest.param("it's", "", None, id="a mark that makes no word"),
        pytest.param("bol'shikh", "больших", Remark.OTHER_SCRIPT, id="a mark for a soft sign"),
        pytest.param("kod-pajton", "Код на Python", Remark.OTHER_SCRIPT, id="a compound in Latin"),
    ],
)
def test_corrected_words_are_expanded_again(
    shelf: Searcher, query: str, word: str, remark: Remark | None
) -> None:
    """A corrected word is expanded in its turn, and so are its neighbours."""
    answer = shelf.search(query)

    assert remark is None or word in answer.hits[0].archived.post.text
    assert answer.complete == (remark is not None)
    assert (answer.notes[0].code if answer.notes else None) is remark


@pytest.mark.parametrize(
    ("query", "absent"),
    [
        pytest.param("старые", "star", id="an adjective is not borrowed"),
        pytest.param("клиент", "агентов", id="a word that is there"),
        pytest.param('"код"', "Kafka", id="a word in quotes"),
        pytest.param("про -кафка", "Kafka", id="an excluded word"),
        pytest.param("кот", "Код", id="a short word has no slips"),
        pytest.param("ащк", "for", id="another keyboard, but no word either"),
        pytest.param("жж", "docker", id="two letters"),
        pytest.param("абракадабра", "Код", id="nothing like it"),
        pytest.param("k9s", "Kubernetes", id="a name with a digit"),
    ],
)
def test_good_words_are_not_corrected(shelf: Searcher, query: str, absent: str) -> None:
    """Words that are known, quoted, or too short are left as they are."""
    answer = shelf.search(query, limit=50)

    assert all(absent not in hit.archived.post.text for hit in answer.hits)


def test_the_word_itself_comes_first(library: Callable[..., Searcher]) -> None:
    """A match in the other script counts less than the word as typed."""
    searcher = library(a_post(1, "про кафку"), a_post(2, "про kafka"), a_post(3, "ни о чём"))

    assert found(searcher.search("кафка")) == [1, 2]
    assert found(searcher.search("kafka")) == [2, 1]


@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
@pytest.mark.parametrize(
    ("query", "typed", "guessed"),
    [
        pytest.param("android", "большая статья об Android и прочем", "андроид", id="a script"),
        pytest.param("thanks", "всем, кто пришёл на встречу, thanks", "танки", id="a sound"),
        pytest.param("обучать", "хотим обучать много и долго", "обучение", id="a derivation"),
        pytest.param("озвучка", "одна озвучка на весь вечер", "синтез речи", id="a synonym"),
        pytest.param("delegion", "тут одна delegation на всех", "religion", id="an unlikely slip"),
        pytest.param(
            "большой android", "большие статьи и рядом Android", "большой андроид", id="two words"
        ),
    ],
)
def test_what_was_typed_comes_before_what_was_guessed(
    tmp_path: Path, engine: str, query: str, typed: str, guessed: str
) -> None:
    """However short the posts are that have only a guess, and however many."""
    posts = [a_post(1, typed), *(a_post(number, f"{guessed} {number}") for number in range(2, 5))]
    with a_library(tmp_path, *posts, engine=engine) as searcher:
        answer = searcher.search(query)

    assert found(answer) == [1, 4, 3, 2]
    assert answer.complete == 4


def test_a_slip_is_nearer_than_an_ending_that_does_not_sound(
    library: Callable[..., Searcher],
) -> None:
    """A word that sounds like one of the other script but for its ending may be mistyped."""
    searcher = library(a_post(1, "create"), a_post(2, "критика"), a_post(3, "genetic"))

    assert found(searcher.search("критиа")) == [2, 1]
    assert found(searcher.search("генетикам")) == [3]


def test_slips_and_sounds_of_one_script_stand_by_how_frequent_they_are(
    library: Callable[..., Searcher],
) -> None:
    """What a mistyped word sounds like may be a slip itself, made once by an author."""
    searcher = library(
        a_post(1, "изменния"), a_post(2, "про изменения"), a_post(3, "ещё про изменения")
    )

    answer = searcher.search("изменеия")

    assert answer.notes[0].values[:2] == ("изменеия", "изменения")
    assert 1 in found(answer)


@pytest.mark.parametrize(
    ("typed", "meant", "others"),
    [
        pytest.param("сериалзаця", "сериализация", ["сериал"], id="letters left out"),
        pytest.param("delegion", "delegation", ["religion"] * 3, id="the letters that were typed"),
    ],
)
def test_whole_spellings_are_compared(
    library: Callable[..., Searcher], typed: str, meant: str, others: list[str]
) -> None:
    """Neither the stem of a misspelt word nor that of another decides what was meant."""
    searcher = library(
        a_post(1, f"про {meant}"),
        *(a_post(number, f"{other} {number}") for number, other in enumerate(others, start=2)),
    )

    assert searcher.search(typed).notes[0].values[1] == meant


def test_repeated_letters_are_a_typo_first(library: Callable[..., Searcher]) -> None:
    """A Latin word may be a typo in its own script as well as a Russian word."""
    searcher = library(a_post(1, "про дату"), a_post(2, "data"))

    assert found(searcher.search("datta")) == [2, 1]


def test_a_name_with_figures_or_points_is_read_from_the_other_keyboard(
    library: Callable[..., Searcher],
) -> None:
    """Beside words of letters, names such as these are turned round, if they are known."""
    searcher = library(a_post(1, "про n8n"), a_post(2, "про abp.io"), a_post(3, "про gpt-4o"))

    assert found(searcher.search("т8т")) == [1]
    assert found(searcher.search("физюшщ")) == [2]
    assert found(searcher.search("пзе-4щ")) == [3]
    assert found(searcher.search("т9т")) == []


@pytest.mark.parametrize(
    ("query", "word"),
    [
        pytest.param("вебвью", "WebView", id="view"),
        pytest.param("ньюслеттер", "newsletter", id="new"),
        pytest.param("патч", "patch", id="tch"),
        pytest.param("диспетчер", "dispatcher", id="tch within"),
    ],
)
def test_english_is_heard_as_russians_spell_it(
    library: Callable[..., Searcher], query: str, word: str
) -> None:
    """Some spellings of English sounds have letters of their own in Russian."""
    searcher = library(a_post(1, f"про {word}"), a_post(2, "ни о чём"))

    assert found(searcher.search(query)) == [1]


def test_a_name_of_the_glossary_is_found_in_three_letters(
    library: Callable[..., Searcher],
) -> None:
    """What the archive does not have may sound like a short word of it, known or not."""
    searcher = library(a_post(1, "считаем ROC"), a_post(2, "ни о чём"))

    assert found(searcher.search("рок аук")) == [1]


def test_a_choice_may_be_a_compound_that_nobody_knows(library: Callable[..., Searcher]) -> None:
    """A mistyped compound is taken apart in a condition as well."""
    searcher = library(a_post(1, "база знаний"), a_post(2, "ни о чём"))

    assert found(searcher.search('(базза-знаний) OR "кот"')) == [1]


def test_a_compound_that_nobody_wrote_is_read_as_its_words(
    library: Callable[..., Searcher],
) -> None:
    """Posts with some of them are found, as for words with a space between, in either script."""
    searcher = library(a_post(1, "база знаний"), a_post(2, "про Kafka"), a_post(3, "ни о чём"))

    answer = searcher.search("база-кафка")

    assert sorted(found(answer)) == [1, 2]
    assert answer.notes == (Note(code=Remark.OTHER_SCRIPT, values=("кафка", "kafka")),)


def test_a_compound_of_stop_words_is_a_stop_word(library: Callable[..., Searcher]) -> None:
    """Neither its words are looked for nor what its keys are on the other keyboard."""
    searcher = library(a_post(1, "bp, pf"), a_post(2, "из-за дождя"), a_post(3, "утечка памяти"))

    answer = searcher.search("утечка из-за чего-то")

    assert found(answer) == [3]
    assert answer.complete == 1
    assert answer.notes == ()


def test_an_english_compound_of_small_words_is_looked_for(
    library: Callable[..., Searcher],
) -> None:
    """`to-be` is a term of the trade, where `кто-то` is nobody."""
    searcher = library(a_post(1, "процесс to-be"), a_post(2, "процесс"))

    assert found(searcher.search("процесс to-be")) == [1, 2]
    assert searcher.search("процесс to-be").complete == 1


def test_the_phrase_of_a_compound_comes_first(library: Callable[..., Searcher]) -> None:
    """Who joins two words wants them side by side, before shorter posts that have both."""
    searcher = library(
        a_post(1, "агент для kafka"),
        a_post(2, "вот kafka агент, и о другом"),
        a_post(3, "ни о чём"),
    )

    assert found(searcher.search("агент kafka")) == [1, 2]
    assert found(searcher.search("kafka-агент")) == [2, 1]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("он-лайн", id="written as one word"),
        pytest.param("read.csv", id="joined by anything but a hyphen"),
    ],
)
def test_a_compound_that_is_one_word_stays_one(
    library: Callable[..., Searcher], query: str
) -> None:
    """A post with a part of it alone is not what is looked for."""
    searcher = library(a_post(1, "онлайн, read_csv"), a_post(2, "он и лайн"), a_post(3, "лайн csv"))

    assert 3 not in found(searcher.search(query))


def test_a_slip_is_of_a_word_of_the_archive_before_one_of_the_glossary(
    library: Callable[..., Searcher],
) -> None:
    """`датасет` is a word of the trade, but nobody here says it."""
    searcher = library(a_post(1, "про датосек"), a_post(2, "ни о чём"))

    answer = searcher.search("датосет")

    assert answer.notes[0].values == ("датосет", "датосек")
    assert found(answer) == [1]


def test_a_rare_word_brings_a_suggestion(library: Callable[..., Searcher]) -> None:
    """A word found once, and one letter from a frequent one, may be a slip."""
    searcher = library(
        a_post(1, "про трансформир"), *(a_post(number, "трансформер") for number in range(2, 9))
    )

    answer = searcher.search("трансформир")

    assert found(answer) == [1]
    assert answer.notes == (Note(code=Remark.DID_YOU_MEAN, values=("трансформир", "трансформер")),)


def test_a_rare_word_among_rare_ones_brings_none(library: Callable[..., Searcher]) -> None:
    """Two rare words that resemble each other are just two words."""
    searcher = library(a_post(1, "трансформир"), a_post(2, "трансформер"))

    assert searcher.search("трансформир").notes == ()


def test_a_word_is_known_as_soon_as_it_is_indexed(
    library: Callable[..., Searcher], save: Callable[..., None]
) -> None:
    """The vocabulary is that of the latest commit."""
    searcher = library(a_post(1, "кот"))
    assert found(searcher.search("катбуст")) == []

    save(a_post(2, "catboost"))
    searcher.index.catch_up()

    assert found(searcher.search("катбуст")) == [2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("кафка", "kafka"),
        ("яндекс", "yandex"),
        ("генерация", "generation"),
        ("дипсик", "deepseek"),
        ("спарк", "spark"),
        ("джанго", "django"),
        ("гугл", "google"),
    ],
)
def test_words_sound_alike(one: str, other: str) -> None:
    """A word sounds the same in both scripts."""
    assert phonetic_key(one) == phonetic_key(other)


def test_a_skeleton_remembers_a_first_vowel() -> None:
    """What begins with a vowel differs from what does not."""
    assert skeleton_of(phonetic_key("агент")) != skeleton_of(phonetic_key("гнт"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("novye", "новые"),
        ("yest", "ест"),
        ("obuchenie", "обучение"),
        ("shchetka", "щетка"),
        ("vektornyj", "векторный"),
        ("mashinnoe", "машинное"),
        ("proczess", "процесс"),
    ],
)
def test_latin_letters_are_read_as_russian(typed: str, meant: str) -> None:
    """Every custom of writing Russian in Latin letters is understood."""
    assert in_cyrillic(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ghbdtn", "привет"),
        ("`krf", "елка"),
        ("руддщ", "hello"),
        ("т8т", "n8n"),
        ("k8s", None),
        ("ёж", None),
    ],
)
def test_a_layout_is_turned_round(typed: str, meant: str | None) -> None:
    """A word typed on the other keyboard is read, if it is one word of letters."""
    assert other_layout(typed) == meant


def test_a_spelling_outlives_its_post() -> None:
    """Spellings whose term is gone are no words any more."""
    forms = [Spelling(text="котик", term="котик", documents=1)]
    vocabulary = Vocabulary(MemoryWords({}, forms))

    assert not vocabulary.typos("котики")
    assert not vocabulary.same_sound("kotik", latin=False)


def test_a_long_chain_of_words_is_not_taken_apart(library: Callable[..., Searcher]) -> None:
    """A compound that nobody writes does not become a thousand words."""
    searcher = library(a_post(1, "про кота"))

    assert found(searcher.search("кот-пёс")) == [1]
    assert found(searcher.search("кот" + "-пёс" * 1000)) == []
