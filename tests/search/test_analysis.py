"""Words, identifiers, tags and addresses become terms that text and query agree on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import chunks, chunks_holding, fold, stem


def terms(text: str) -> set[str]:
    """Return all the terms of a text."""
    return {piece.term for chunk in chunks(text) for piece in chunk.pieces}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("модели", "МОДЕЛЬЮ", id="russian inflection and case"),
        pytest.param("память", "памяти", id="a noun that ends like a verb"),
        pytest.param("запись", "записями", id="a noun that ends like a verb of oneself"),
        pytest.param("ошибок", "ошибка", id="a vowel that comes and goes"),
        pytest.param("ячеек", "ячейка", id="a vowel for a short i"),
        pytest.param("точек", "точка", id="a vowel after a hushing letter"),
        pytest.param("список", "списка", id="a vowel that is in the first form"),
        pytest.param("ядер", "ядро", id="a vowel of one word only"),
        pytest.param("trained", "training", id="english inflection"),
        pytest.param("tokenization", "tokenizer", id="what has been made of a token"),
        pytest.param("ещё", "еще", id="yo is ye"),
        pytest.param("за\u0301мок", "замок", id="a stress mark is no letter"),
        pytest.param("и\u0306од", "йод", id="a decomposed letter"),
        pytest.param("𝗣𝘆𝘁𝗵𝗼𝗻", "python", id="letters from a font generator"),
        pytest.param("по\u00adиск", "поиск", id="a soft hyphen"),
        pytest.param("cтолбец", "столбец", id="a Latin letter in a Russian word"),
        pytest.param("dоcker", "docker", id="a Russian letter in a Latin word"),
        pytest.param("С++", "C++", id="a Russian C"),
        pytest.param("С#", "c#", id="a Russian C sharp"),
        pytest.param("f-строки", "f-строка", id="a compound of two scripts"),
        pytest.param("GPT-4o", "gpt4o", id="a hyphen or none"),
        pytest.param("group_by", "groupby", id="an underscore or none"),
        pytest.param("zeroGrad", "zero_grad", id="camel case or snake case"),
        pytest.param("ReadCSV", "read-csv", id="camel case with an abbreviation"),
        pytest.param("scikit-learn", "scikit\u2011learn", id="a hyphen that does not break"),
    ],
)
def test_two_spellings_share_a_term(one: str, other: str) -> None:
    """Spellings that a reader takes for one word have a term in common."""
    assert terms(one) & terms(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("ИИ", "и", id="an abbreviation is no conjunction"),
        pytest.param("йод", "иод", id="short i is a letter of its own"),
        pytest.param("C++", "C", id="C++ is not C"),
        pytest.param("C#", "C", id="C# is not C"),
        pytest.param("A/B", "ab", id="A/B is not ab"),
        pytest.param("3.11", "311", id="3.11 is not 311"),
        pytest.param(".NET", "net", id="the platform is not the net"),
        pytest.param("tokenization", "token", id="a token is no tokenization"),
        pytest.param("organization", "organ", id="an organ is no organization"),
    ],
)
def test_two_words_stay_apart(one: str, other: str) -> None:
    """Spellings that a reader keeps apart share no term."""
    assert not terms(one) & terms(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("np.linalg.norm", {"nplinalgnorm", "np", "linalg", "norm"}, id="dotted name"),
        pytest.param("#llm_system_design", {"llm", "system", "design"}, id="tag"),
        pytest.param("resnet50", {"resnet", "resnet50"}, id="name with a number"),
        pytest.param("k8s", {"k8s"}, id="letters around a digit"),
        pytest.param("https://arxiv.org/abs/1706", {"arxiv", "org", "1706"}, id="address"),
        pytest.param("std::vector", {"stdvector", "std", "vector"}, id="scope"),
        pytest.param("__init__", {"init"}, id="underscores around"),
        pytest.param("R²", {"r2"}, id="superscript"),
    ],
)
def test_the_parts_of_a_compound_are_terms(text: str, expected: set[str]) -> None:
    """What is written as one can be found by its parts and as a whole."""
    assert expected <= terms(text)


@pytest.mark.parametrize("text", ["", " ", "…", "—!?", "_", "https://", "\u0301"])
def test_a_text_without_words_has_no_chunks(text: str) -> None:
    """Punctuation, emoji and lone marks are no words."""
    assert not list(chunks(text))


def test_a_long_chain_is_not_joined() -> None:
    """A path of many names gives its names, not one endless term."""
    assert max(map(len, terms("/".join("abcdefg" for _ in range(30))))) <= 64


def test_chunks_can_be_asked_for_by_their_terms() -> None:
    """Only the chunks that hold a term are made, each with its position among all."""
    first, second, last = chunks_holding("один read_csv, три и четыре", {"read", "три", "четыр"})

    assert (first.text, second.text, last.text) == ("read_csv", "три", "четыре")
    assert (first.position, second.position, last.position) == (1, 3, 5)


def test_folding_keeps_short_i() -> None:
    """A folded text is casefolded with ё as е and й as it is."""
    assert fold("Ёж и Йод Ⅷ") == "еж и йод viii"


@pytest.mark.parametrize(("word", "expected"), [("k8s", "k8s"), ("модели", "модел")])
def test_a_stem_is_made_for_words_of_one_script(word: str, expected: str) -> None:
    """Names with digits are left as they are."""
    assert stem(word) == expected


@given(st.text())
def test_every_chunk_stands_where_it_says(text: str) -> None:
    """Chunks are ordered, do not overlap, and lie within the text."""
    last = 0
    for chunk in chunks(text):
        assert last <= chunk.start < chunk.end <= len(text)
        assert chunk.atoms
        last = chunk.end


_chunky = st.text("аЕёЖсС acCeyYzZ_GH19.-/#+'\n ї№", max_size=60)


@given(_chunky, st.data())
def test_chunks_are_found_by_what_they_hold(text: str, data: st.DataObject) -> None:
    """Whatever keys are sought, the chunks are those of the whole text that have any of them."""
    everything = list(chunks(text))
    known = sorted({key for chunk in everything for p in chunk.pieces for key in (p.term, p.form)})
    keys = frozenset(data.draw(st.lists(st.sampled_from([*known, "нет", "c++"]), max_size=3)))

    found = list(chunks_holding(text, keys))

    held = [
        chunk
        for chunk in everything
        if any(piece.term in keys or piece.form in keys for piece in chunk.pieces)
    ]
    assert found == held


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("dying", "die"),
        ("Её", "ее"),
        ("zeroGrad", "grad"),
        ("SQLзапрос", "запрос"),
        ("pd.READ_csv", "readcsv"),
        ("z_grad", "zgrad"),
        ("3/11", "3.11"),
        ("Сat", "cat"),
        ("Ёжик", "ежик"),
        ("на С++ и", "c++"),
        ("(.NET)", ".net"),
        ("ｐａｎｄａｓ", "panda"),
        ("resnet50", "resnet"),
        ("#градиентный_спуск", "спуск"),
    ],
)
def test_a_word_is_found_wherever_it_begins(text: str, key: str) -> None:
    """Parts, joined spellings, look-alike letters and odd stems are all met."""
    assert [chunk.pieces for chunk in chunks_holding(text, {key})]
