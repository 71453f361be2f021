"""Spellings are found by their text, beginning, sound and likeness, wherever they are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from search.analysis import stem
from search.phonetics import phonetic_keys, skeleton_of
from search.spelling_counts import SpellingCounts
from search.spellings import (
    By,
    Spelling,
    SpellingIndex,
    skeleton_key,
    sound_key,
)
from search.tag_corrections import MemoryWords
from search.vocabulary import Vocabulary

# The spellings of a small archive, most frequent first.
SPELLINGS = {
    "кафка": 9,
    "кафки": 3,
    "kafka": 5,
    "kafkas": 1,
    "катбуст": 4,
    "catboost": 4,
    "градиентный": 2,
    "градиентная": 1,
    "переобучение": 6,
    "переобучения": 2,
    "readcsv": 3,
    "3.11": 2,
    "озон": 2,
    "ozon": 1,
    "котик": 1,
    "ток": 1,
    "ошибок": 1,
}
FORMS = [Spelling(text=text, term=stem(text), documents=times) for text, times in SPELLINGS.items()]


@pytest.fixture
def index(tmp_path: Path) -> SpellingIndex:
    """Keep the spellings in an index."""
    index = SpellingIndex(tmp_path, create=True)
    count(index, SPELLINGS)
    return index


def count(index: SpellingIndex, spellings: Mapping[str, int], *, seed: int = 1) -> None:
    """Add documents that hold spellings so many times."""
    index.add(SpellingCounts.of(Counter(spellings).elements()).spellings(), seed=seed)


def texts(forms: Iterable[Spelling]) -> Sequence[str]:
    """Return the spellings alone."""
    return [form.text for form in forms]


def find(index: SpellingIndex, by: By, *keys: str, distance: int = 0) -> Sequence[str]:
    """Return the texts of the spellings that are found by some keys."""
    return texts(index.snapshot().find(by, keys, distance=distance))


def test_spellings_are_found(index: SpellingIndex) -> None:
    """By their text, their sound, its consonants, and a few slips, frequent ones first."""
    found = index.snapshot().find(By.TEXT, ["кафка", "каф"])
    assert found == [Spelling(text="кафка", term="кафк", documents=9)]
    assert find(index, By.SOUND, sound_key("kafk", latin=False)) == ["кафка", "кафки"]
    assert find(index, By.SOUND, sound_key("kafk", latin=True)) == ["kafka", "kafkas"]
    assert find(index, By.SOUND, skeleton_key("ktbst", latin=True)) == ["catboost"]
    assert find(index, By.TEXT, "кафка", distance=1) == ["кафка", "кафки"]
    assert find(index, By.TEXT, "окт", distance=1) == []
    assert find(index, By.TERM, "переобучн", distance=1) == ["переобучение", "переобучения"]


def test_two_letters_swapped_are_one_slip(index: SpellingIndex) -> None:
    """A transposition counts as one, and only so many slips are forgiven."""
    assert find(index, By.TEXT, "акфка", distance=1) == ["кафка"]
    assert find(index, By.TEXT, "переобчуенеи", distance=1) == []
    assert find(index, By.TEXT, "переобчуенеи", distance=2) == ["переобучение"]


def test_a_beginning_finds_what_its_term_has_lost(index: SpellingIndex) -> None:
    """Spellings are found that begin so where their terms, being stems, do not."""
    snapshot = index.snapshot()
    assert texts(snapshot.with_prefix("градиентна", limit=5)) == ["градиентная"]
    assert texts(snapshot.with_prefix("градиент", limit=5)) == []
    assert texts(snapshot.with_prefix("пере", limit=5)) == []
    assert texts(snapshot.with_prefix("ошибо", limit=5)) == ["ошибок"]
    assert texts(snapshot.with_prefix("ошиб", limit=5)) == []


def test_counts_grow_with_the_archive(index: SpellingIndex, tmp_path: Path) -> None:
    """Known spellings are counted on and new ones come in; another reader sees both."""
    other = SpellingIndex(tmp_path)
    count(index, {"кафка": 4, "новое": 1})

    found = other.snapshot().find(By.TEXT, ["кафка"])
    assert found == [Spelling(text="кафка", term="кафк", documents=13)]
    assert find(other, By.TEXT, "новое", distance=1) == ["новое"]
    assert find(other, By.TEXT, "кафка", distance=1) == ["кафка", "кафки"]


@pytest.mark.slow
def test_a_count_that_hardly_grows_is_right_on_average(tmp_path: Path) -> None:
    """A thousand documents more, one at a time, are about a thousand more."""
    index = SpellingIndex(tmp_path, create=True)
    count(index, {f"слово{number}": 320 for number in range(20)})

    for seed in range(50):
        count(index, {f"слово{number}": 1 for number in range(20)}, seed=seed)

    found = index.snapshot().find(By.TEXT, [f"слово{number}" for number in range(20)])
    total = sum(form.documents for form in found)
    assert 20 * 345 < total < 20 * 395


def test_nothing_new_writes_nothing(index: SpellingIndex, tmp_path: Path) -> None:
    """Without documents no commit is made."""
    before = (tmp_path / "forms" / "meta.json").read_bytes()

    count(index, {})

    assert (tmp_path / "forms" / "meta.json").read_bytes() == before


def test_spellings_that_are_not_there_are_not_opened(tmp_path: Path) -> None:
    """Opening makes no index of an empty folder."""
    with pytest.raises(FileNotFoundError):
        SpellingIndex(tmp_path)


_latin = st.text("abdkost", min_size=3, max_size=9)
_cyrillic = st.text("абдкостйь", min_size=3, max_size=9)
_words = _latin | _cyrillic
_BOTH = (True, False)


@given(st.dictionaries(_words, st.integers(1, 5), max_size=30), st.lists(_words, max_size=8))
def test_words_in_memory_and_in_an_index_answer_alike(
    tmp_path_factory: pytest.TempPathFactory, spellings: dict[str, int], asked: list[str]
) -> None:
    """Both places give the same spellings in the same order, slips as brute force counts them."""
    index = SpellingIndex(tmp_path_factory.mktemp("forms"), create=True)
    count(index, spellings)
    kept = [Spelling(text=text, term=stem(text), documents=n) for text, n in spellings.items()]
    known = MemoryWords({form.term: 1 for form in kept}, kept)

    snapshot = index.snapshot()

    for word in [*asked, *list(spellings)[:4]]:
        sounds = [sound_key(sound, latin=latin) for sound in phonetic_keys(word) for latin in _BOTH]
        skeletons = [
            skeleton_key(skeleton_of(sound), latin=latin)
            for sound in phonetic_keys(word)
            for latin in _BOTH
        ]
        for by, keys in (
            (By.TEXT, [word, *asked]),
            (By.TERM, [stem(word)]),
            (By.SOUND, sounds),
            (By.SOUND, skeletons),
        ):
            for distance in (0, 1, 2):
                found = snapshot.find(by, keys, distance=distance)
                assert found == known.spellings(by, keys, distance=distance)
        for slips in (1, 2):
            near = known.spellings(By.TEXT, [word], distance=slips)
            assert set(near) == {form for form in kept if OSA.distance(word, form.text) <= slips}


def vocabulary(counts: Mapping[str, int] | None = None) -> Vocabulary:
    """Return a vocabulary of the spellings, of which some may have outlived their posts."""
    terms = {form.term: form.documents for form in reversed(FORMS)} if counts is None else counts
    return Vocabulary(MemoryWords(terms, FORMS))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("кафак", {"кафка": 1}, id="two letters swapped"),
        pytest.param("каыка", {"кафка": 1}, id="another letter"),
        pytest.param("переобочиние", {"переобучение": 2}, id="two slips in a long word"),
        pytest.param("котки", {"котик": 1}, id="one slip of five letters"),
        pytest.param("кто", {}, id="too short to tell"),
        pytest.param("catbost", {"catboost": 1}, id="a letter less"),
        pytest.param(
            "переобочений", {"переобучение": 2, "переобучения": 2}, id="by the whole spelling first"
        ),
        pytest.param("переабучениями", {"переобучение": 1}, id="by the stem, with another ending"),
        pytest.param("а" * 40, {}, id="too long to be a word"),
    ],
)
def test_slips_are_forgiven(typed: str, meant: dict[str, int]) -> None:
    """Only the nearest spellings of the same script are returned, and how far they are."""
    assert vocabulary().typos(typed) == meant


def test_an_english_stem_is_no_word() -> None:
    """`curve` is two slips from `curl`, though its stem is one slip from it."""
    forms = [Spelling(text=text, term=stem(text), documents=1) for text in ("curve", "patches")]
    known = Vocabulary(MemoryWords({form.term: 1 for form in forms}, forms))

    assert known.typos("curl") == {}
    assert known.typos("potched") == {"patches": 1}


def test_words_sound_alike() -> None:
    """The other script's spellings are found by sound, by consonants, by neither."""
    known = vocabulary()

    assert known.same_sound("кафка", latin=True) == ["kafka", "kafkas"]
    assert known.near_sound("кэтбуст", latin=True) == {"catboost": 1}
    assert known.near_sound("око", latin=True) == {}
    assert known.near_sound_with_typo("катббуст", latin=True) == ["catboost"]
    assert known.near_sound_with_typo("катвуст", latin=True) == ["catboost"]
    assert known.near_sound_with_typo("капка", latin=True) == []


def test_words_are_counted() -> None:
    """Frequent terms are less telling than rare ones, and unknown ones are counted as none."""
    known = vocabulary()

    assert (known.count("кафк"), known.count("нет")) == (9, 0)
    assert known.frequencies(["кафка", "нет"]) == {"кафка": 9}
    assert known.idf(1) > known.idf(9) > 0


def test_a_spelling_whose_posts_changed_is_no_word() -> None:
    """Where the archive has lost a term, its spellings are not suggested."""
    lost = vocabulary({})

    assert lost.typos("кафак") == {}
    assert lost.same_sound("kafka", latin=False) == []
    assert lost.near_sound("catboost", latin=False) == {}


_TOKENS = st.lists(st.sampled_from(["граф", "Graph", "zeroGrad", "read_csv", "\ud800", "лес,"]))


@given(st.lists(_TOKENS, max_size=8))
@example([["граф", "Graph", "лес,"], ["граф"]])
def test_counts_are_the_same_in_files(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[str]]
) -> None:
    """What does not fit into memory is counted in files, exactly."""
    counted = [SpellingCounts(), SpellingCounts(tmp_path_factory.getbasetemp(), most=2)]
    for tokens in batches:
        for counts in counted:
            counts.add_all(SpellingCounts.of(tokens))

    here, moved = ({each.text: each for each in counts.spellings()} for counts in counted)

    assert moved == here
