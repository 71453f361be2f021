"""The forms of one word have one term, whatever the stemmers make of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pymorphy3 import MorphAnalyzer  # type: ignore[import-untyped]

from search.analysis import chunks_holding, fold, stem, terms_of
from search.inflection.compiler import table_text, write_table
from search.inflection.russian import Table, russian_term, stem_by_rules
from search.mapped import map_file
from tests.sample.channel import read_channel

_LEFT_OUT = frozenset(
    # The last three are spellings that nobody types: новою, побыстрей.
    ("Name", "Surn", "Patr", "Geox", "Orgn", "Abbr", "Arch", "Infr", "Apro", "V-oy", "V-ey", "V-ej")
)


@pytest.mark.parametrize(
    "forms",
    [
        "система системы систем системой",
        "столбец столбца столбцы столбцов",
        "узел узлы узлов",
        "день дня дни дней",
        "корень корня корни",
        "опыт опыта опытом",
        "канал каналов каналы",
        "человек люди людей",
        "знать знает знал знают знаю",
        "использовать использую использует используют использовал использующий",
        "доступный доступен доступна",
        "ошибка ошибок",
        "matrix matrices",
        "child children",
        "run ran running",
        "llm llms",
    ],
)
def test_forms_of_a_word_have_one_term(forms: str) -> None:
    """Regular or not, in Russian and English."""
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("при", "прием"),
        ("тем", "то"),
        ("рис", "рисует"),
        ("орган", "организация"),
        ("день", "дело"),
        ("css", "cs"),
    ],
)
def test_unlike_words_have_terms_of_their_own(one: str, other: str) -> None:
    """A preposition is not a verb's imperative, and rice does not draw."""
    assert stem(one) != stem(other)


@pytest.mark.parametrize("written", ["LLMs", "GPUs", "VMs"])
def test_plural_of_an_acronym_is_one_term(written: str) -> None:
    """It is not taken for camel case."""
    assert terms_of(written).atoms == terms_of(written[:-1]).atoms
    assert terms_of(written).beside == ()


@pytest.mark.parametrize(
    ("term", "text"), [("человек", "Люди ждут."), ("run", "It ran."), ("child", "two children")]
)
def test_form_unlike_its_term_is_found_in_a_text(term: str, text: str) -> None:
    """Highlighting looks at all forms of a term."""
    assert len(list(chunks_holding(text, {term}))) == 1


@pytest.mark.parametrize(("kind", "share"), [("NOUN", 0.995), ("INFN", 0.985), ("ADJF", 0.985)])
def test_forms_of_the_words_in_posts_meet(kind: str, share: float) -> None:
    """Of all pairs of forms of the sample's nouns, verbs, adjectives, nearly all have one term."""
    pairs = [pair for forms in _paradigms(kind) for pair in combinations(forms, 2)]
    met = sum(stem(one) == stem(other) for one, other in pairs)

    assert len(pairs) > 5000
    assert met >= share * len(pairs)


def _paradigms(kind: str) -> Iterator[set[str]]:
    analyzer = MorphAnalyzer(lang="ru")
    texts = " ".join(message.post.text for message in read_channel().messages)
    words = {form for form in fold(texts).split() if analyzer.word_is_known(form)}
    known = {analyzer.parse(word)[0].normalized for word in words}
    for lemma in sorted(parse for parse in known if kind in parse.tag):
        yield {
            each.word.replace("ё", "е")
            for each in lemma.lexeme
            if _LEFT_OUT.isdisjoint(str(each.tag).replace(" ", ",").split(","))
        }


_WORDS = st.text("абв", min_size=3, max_size=6)


@given(st.dictionaries(_WORDS, _WORDS))
@example({"абв": "вба", "абва": "абвб"})
def test_table_gives_each_form_its_term(terms: dict[str, str]) -> None:
    """However the forms and terms begin."""
    table = Table(table_text(terms).encode())

    assert {form: table.term_of(form) for form in terms} == terms


def test_what_is_compiled_is_up_to_date(tmp_path: Path) -> None:
    """What the compiler writes now for some words is what the table says."""
    write_table(tmp_path / "table.txt", beginning="систем")
    fresh = Table(map_file(tmp_path / "table.txt"))

    for form in ("систем", "систему", "систематизируя"):
        assert fresh.term_of(form) == russian_term(form) != stem_by_rules(form)
