"""The language of a piece of code is recognised by its text."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest
from ingest.languages import guess_language
from tests.ingest.code_samples import LabelledSnippet, labelled_snippets

SNIPPETS = labelled_snippets()
RULES = tomllib.loads((Path(ingest.__file__).parent / "languages.toml").read_text(encoding="utf-8"))
WORDED = [
    pytest.param(rule[1], rule[2], table.get("ignore_case", False), id=f"{language} {number}")
    for language, table in RULES.items()
    for number, rule in enumerate(table["rules"])
    if len(rule) > 2
]


def test_parentheses_after_parentheses_end() -> None:
    """Each pair doubled the work once: forty of them, 130 characters, would never have ended."""
    assert guess_language("def f" + "(a)" * 40 + "!") is None
    assert (
        guess_language("  override def f[A](a: A)(b: Int => (Int, A)): Seq[A] = a :: b") == "scala"
    )


@pytest.mark.parametrize(
    "snippet", SNIPPETS, ids=[f"{number} {item.language}" for number, item in enumerate(SNIPPETS)]
)
def test_language_is_told(snippet: LabelledSnippet) -> None:
    """The language of a snippet is told by its code alone, and text has none."""
    assert guess_language(snippet.code) == snippet.language


def test_samples_are_many_and_of_many_languages() -> None:
    """The samples are enough to mean something."""
    counts = Counter(snippet.language for snippet in SNIPPETS)
    assert sum(counts.values()) >= 150
    assert sum(count >= 8 for language, count in counts.items() if language) >= 9


# How deep the JSON module follows depends on the Python.
_TOO_DEEP = "[" * 100_000 + '""' + "]" * 100_000


@pytest.mark.parametrize(
    "code",
    ["", "x", "df", "hello world", "{}", '["', '{"a": 1', "a = b;", _TOO_DEEP],
)
def test_unclear_code_has_no_language(code: str) -> None:
    """Too little, or what many languages share, is not guessed at."""
    assert guess_language(code) is None


@given(st.text())
def test_any_text_gets_an_answer(code: str) -> None:
    """Any text gets a language or none."""
    assert guess_language(code) is None or guess_language(code) in name_all()


def name_all() -> set[str]:
    """Return every language that can be told."""
    return {snippet.language for snippet in SNIPPETS if snippet.language}


@pytest.mark.parametrize(("pattern", "words", "ignores_case"), WORDED)
@given(data=st.data())
def test_what_a_rule_finds_holds_one_of_its_words(
    pattern: str, words: list[str], ignores_case: bool, data: st.DataObject
) -> None:
    """A text without the words of a rule is rightly passed over."""
    rule = re.compile(pattern, re.MULTILINE)
    found = rule.search(data.draw(st.from_regex(rule, alphabet=st.characters(codec="ascii"))))
    assert found
    text = found[0].lower() if ignores_case else found[0]
    assert any(word in text for word in words)
