"""Spellings are found by their text, beginning, sound and likeness, wherever they are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from search.analysis import stem
from search.memory_vocabulary import KnownWords
from search.phonetics import sounds_of
from search.spellings import Form, FormCounts, FormIndex, is_word
from search.transliteration import skeleton_of
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
FORMS = [Form(text=text, term=stem(text), documents=times) for text, times in SPELLINGS.items()]


@pytest.fixture
def forms(tmp_path: Path) -> FormIndex:
    """Keep the spellings in an index."""
    index = FormIndex(tmp_path, create=True)
    count(index, SPELLINGS)
    return index


def count(index: FormIndex, spellings: Mapping[str, int], *, seed: int = 1) -> None:
    """Add documents that hold spellings so many times."""
    index.add(FormCounts.of(Counter(spellings).elements()).forms(), seed=seed)


def texts(forms: Iterable[Form]) -> Sequence[str]:
    """Return the spellings alone."""
    return [form.text for form in forms]


def test_spellings_are_found(forms: FormIndex) -> None:
    """Every question has its answer, most frequent first and equal ones by the alphabet."""
    assert forms.get("кафка") == Form(text="кафка", term="кафк", documents=9)
    assert forms.get("каф") is None
    assert texts(forms.sounding(["kafk"], latin=False)) == ["кафка", "кафки"]
    assert texts(forms.sounding(["kafk"], latin=True)) == ["kafka", "kafkas"]
    assert texts(forms.with_skeleton("ktbst", latin=True)) == ["catboost"]
    assert texts(forms.like("кафка", slips=1)) == ["кафка", "кафки"]
    assert texts(forms.like("окт", slips=1)) == []
    assert texts(forms.with_terms_like("переобучн", slips=1)) == ["переобучение", "переобучения"]


def test_two_letters_swapped_are_one_slip(forms: FormIndex) -> None:
    """A transposition counts as one, and only so many slips are forgiven."""
    assert texts(forms.like("акфка", slips=1)) == ["кафка"]
    assert texts(forms.like("переобчуенеи", slips=1)) == []
    assert texts(forms.like("переобчуенеи", slips=2)) == ["переобучение"]


def test_a_beginning_finds_what_its_term_has_lost(forms: FormIndex) -> None:
    """Spellings are found that begin so where their terms, being stems, do not."""
    assert texts(forms.beginning("градиентна", limit=5)) == ["градиентная"]
    assert texts(forms.beginning("градиент", limit=5)) == []
    assert texts(forms.beginning("пере", limit=5)) == []
    assert texts(forms.beginning("ошибо", limit=5)) == ["ошибок"]
    assert texts(forms.beginning("ошиб", limit=5)) == []


def test_counts_grow_with_the_archive(forms: FormIndex, tmp_path: Path) -> None:
    """Known spellings are counted on and new ones come in; another reader sees both."""
    reader = FormIndex(tmp_path)
    count(forms, {"кафка": 4, "новое": 1})

    assert reader.refresh()
    assert reader.get("кафка") == Form(text="кафка", term="кафк", documents=13)
    assert texts(reader.like("новое", slips=1)) == ["новое"]
    assert texts(reader.like("кафка", slips=1)) == ["кафка", "кафки"]
    assert not reader.refresh()


@pytest.mark.slow
def test_a_count_that_hardly_grows_is_right_on_average(tmp_path: Path) -> None:
    """A thousand documents more, one at a time, are about a thousand more."""
    index = FormIndex(tmp_path, create=True)
    count(index, {f"слово{number}": 320 for number in range(20)})

    for seed in range(50):
        count(index, {f"слово{number}": 1 for number in range(20)}, seed=seed)

    found = [index.get(f"слово{number}") for number in range(20)]
    total = sum(form.documents for form in found if form is not None)
    assert 20 * 345 < total < 20 * 395


def test_nothing_new_writes_nothing(forms: FormIndex, tmp_path: Path) -> None:
    """Without documents no commit is made."""
    before = (tmp_path / "forms" / "meta.json").read_bytes()

    count(forms, {})

    assert (tmp_path / "forms" / "meta.json").read_bytes() == before


def test_spellings_that_are_not_there_are_not_opened(tmp_path: Path) -> None:
    """Opening makes no index of an empty folder."""
    with pytest.raises(FileNotFoundError):
        FormIndex(tmp_path)


_latin = st.text("abdkost", min_size=3, max_size=9)
_cyrillic = st.text("абдкостйь", min_size=3, max_size=9)
_words = _latin | _cyrillic


@given(st.dictionaries(_words, st.integers(1, 5), max_size=30), st.lists(_words, max_size=8))
def test_words_in_memory_and_in_an_index_answer_alike(
    tmp_path_factory: pytest.TempPathFactory, spellings: dict[str, int], asked: list[str]
) -> None:
    """Both places give the same spellings in the same order, slips as brute force counts them."""
    index = FormIndex(tmp_path_factory.mktemp("forms"), create=True)
    count(index, spellings)
    kept = [Form(text=text, term=stem(text), documents=n) for text, n in spellings.items()]
    known = KnownWords({form.term: 1 for form in kept}, kept)

    for word in [*asked, *list(spellings)[:4]]:
        assert index.get(word) == known.form(word)
        for latin in (True, False):
            sounds = list(sounds_of(word))
            by_sound = index.sounding(sounds, latin=latin)
            assert set(by_sound) == set(known.sounding(sounds, latin=latin))
            about = {
                form
                for form in index.sounding_about(sounds, latin=latin)
                if any(OSA.distance(a, b) <= 1 for a in sounds for b in sounds_of(form.text))
            }
            assert about == set(known.sounding_about(sounds, latin=latin))
            for skeleton in map(skeleton_of, sounds):
                by_consonants = index.with_skeleton(skeleton, latin=latin)
                assert by_consonants == list(known.with_skeleton(skeleton, latin=latin))
        for slips in (1, 2):
            near = [form for form in index.like(word, slips=slips) if is_word(form.text)]
            assert near == list(known.like(word, slips=slips))
            assert set(near) == {form for form in kept if OSA.distance(word, form.text) <= slips}
            assert set(index.with_terms_like(word, slips=slips)) == {
                form for form in kept if OSA.distance(word, form.term) <= slips
            }


def vocabulary(counts: Mapping[str, int] | None = None) -> Vocabulary:
    """Return a vocabulary of the spellings, of which some may have outlived their posts."""
    terms = {form.term: form.documents for form in reversed(FORMS)} if counts is None else counts
    return Vocabulary(KnownWords(terms, FORMS))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("кафак", {"кафка": 1}, id="two letters swapped"),
        pytest.param("каыка", {"кафка": 1}, id="another letter"),
        pytest.param("переобочиние", {"переобучение": 2}, id="two slips in a long word"),
        pytest.param("котки", {"котик": 1}, id="one slip of five letters"),
        pytest.param("кто", {}, id="too short to tell"),
        pytest.param("catbost", {"catboost": 1}, id="a letter less"),
        pytest.param("переабучений", {"переобучение": 1}, id="by the stem, with another ending"),
        pytest.param("а" * 40, {}, id="too long to be a word"),
    ],
)
def test_slips_are_forgiven(typed: str, meant: dict[str, int]) -> None:
    """Only the nearest spellings of the same script are returned, and how far they are."""
    assert vocabulary().slips(typed) == meant


def test_words_sound_alike() -> None:
    """The other script's spellings are found by sound, by consonants, by neither."""
    known = vocabulary()

    assert known.sounding_like("кафка", latin=True) == ["kafka", "kafkas"]
    assert known.sounding_nearly_like("кэтбуст", latin=True) == {"catboost": 1}
    assert known.sounding_nearly_like("око", latin=True) == {}
    assert known.sounding_but_for_a_slip("катббуст", latin=True) == ["catboost"]
    assert known.sounding_but_for_a_slip("катвуст", latin=True) == ["catboost"]
    assert known.sounding_but_for_a_slip("капка", latin=True) == []


def test_words_are_counted() -> None:
    """Frequent terms are less telling than rare ones, and unknown ones are counted as none."""
    known = vocabulary()

    assert (known.count("кафк"), known.count("нет")) == (9, 0)
    assert (known.frequency("кафка"), known.frequency("нет")) == (9, 0)
    assert known.rarity(1) > known.rarity(9) > 0
    assert list(known.beginning("переоб", limit=5)) == [stem("переобучение")]


def test_a_spelling_whose_posts_changed_is_no_word() -> None:
    """Where the archive has lost a term, its spellings are not suggested."""
    lost = vocabulary({})

    assert lost.slips("кафак") == {}
    assert lost.sounding_like("kafka", latin=False) == []
    assert lost.sounding_nearly_like("catboost", latin=False) == {}
