"""Expressions of the glossary are found in a row of words, and lead to the others."""

from __future__ import annotations

import pytest

from search.glossary import COMPILED, Glossary, own_glossary
from search.glossary.compiler import compiled, own_groups
from search.glossary.source import read_groups


def a_glossary(*lines: str) -> Glossary:
    """Return a glossary of these lines."""
    return Glossary(compiled(read_groups(lines)))


def others_of(glossary: Glossary, text: str) -> list[tuple[str, ...]]:
    """Return the other expressions for each one that is found in a text."""
    return [synonyms.others for synonyms in glossary.synonyms(text.split())]


def test_the_longest_expression_is_taken() -> None:
    """Of expressions that begin alike the longest counts, and each word counts once."""
    glossary = a_glossary("neural network; нейросеть", "graph neural network; GNN # comment", "")

    (one, other) = glossary.synonyms(["graph", "neural", "network", "neural", "network"])

    assert (one.first, one.last, one.others) == (0, 3, ("GNN",))
    assert (other.first, other.last, other.others) == (3, 5, ("нейросеть",))


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("response", ("ответ",)),
        ("Responsibility", ("ответственность",)),
        ("responses", ("ответ", "ответственность")),
    ],
)
def test_a_spelling_goes_before_a_stem(word: str, others: tuple[str, ...]) -> None:
    """Expressions that only share a word's stem count where none is spelled as it is."""
    glossary = a_glossary("response; ответ", "responsibility; ответственность")

    assert others_of(glossary, word) == [others]


def test_a_narrow_expression_leads_to_a_broad_one_but_not_back() -> None:
    """Behind the arrow stands what is found too, but looks for nothing itself."""
    glossary = a_glossary("кончилось место; диск забит -> no space left; disk full")

    assert others_of(glossary, "диск забит") == [("no space left", "disk full")]
    assert others_of(glossary, "disk full") == []


def test_a_stop_word_at_an_end_belongs_to_an_expression() -> None:
    """What stands between two words tells nothing; without its first one, `под ключ` is a key."""
    glossary = a_glossary("под ключ; turnkey", "обучение с учителем; supervised learning")

    assert others_of(glossary, "ключ") == []
    assert others_of(glossary, "сделать под ключ") == [("turnkey",)]
    assert others_of(glossary, "обучение учителем") == [("supervised learning",)]


def test_an_expression_is_never_its_own_synonym() -> None:
    """Spellings of one expression are told apart from the others by their roots."""
    glossary = a_glossary("обучение; обучать; training")

    assert others_of(glossary, "обучению") == [("training",)]
    assert others_of(glossary, "training") == [("обучение", "обучать")]


def test_a_name_with_a_number_sign_is_no_comment() -> None:
    """A comment has a space in front, or begins the line."""
    glossary = a_glossary("# names", "C#; си шарп  # said aloud")

    assert others_of(glossary, "си шарп") == [("C#",)]


def test_an_empty_glossary_knows_nothing() -> None:
    """Without lines there are no synonyms, and no words."""
    glossary = a_glossary()

    assert others_of(glossary, "слово") == []
    assert glossary.vocabulary.count("слово") == 0
    assert glossary.vocabulary.slips("слово") == {}


def test_words_of_expressions_are_known_with_their_slips() -> None:
    """Those behind an arrow too, in any form."""
    words = a_glossary("размер батча -> batch size").vocabulary

    assert words.count("батч") == words.count("batch") == 1
    assert words.count("бат") == 0
    assert words.slips("бтача") == {"батча": 1}
    assert words.slips("бача") == {"батча": 1}


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("одно", id="one expression"),
        pytest.param("одно; одно", id="the same twice"),
        pytest.param("обучение; обучать", id="words of one root"),
        pytest.param("-> одно", id="nothing before the arrow"),
        pytest.param("одно; другое ->", id="nothing behind it"),
        pytest.param("как; способ", id="a stop word"),
        pytest.param("способ -> как", id="a stop word behind the arrow"),
        pytest.param("два сада три реки четыре моста пять; счёт", id="too long to be looked for"),
        pytest.param("a|b; выбор", id="a bar"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(line: str) -> None:
    """The sentence quotes it."""
    with pytest.raises(ValueError, match=r".") as refused:
        list(read_groups([line]))

    assert line in str(refused.value)


def test_what_is_compiled_is_up_to_date() -> None:
    """A search reads what was compiled from the text files as they are, by this analysis."""
    fresh = compiled(own_groups()) == COMPILED.read_bytes()

    assert fresh, "Run: python -m search.glossary.compiler"


def test_the_own_glossary_joins_languages() -> None:
    """What comes with Letopis knows the trade."""
    assert "машинное обучение" in others_of(own_glossary(), "machine learning")[0]
