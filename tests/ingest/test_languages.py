"""The language of a piece of code: by its label, or by what gives it away."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.languages import guess_language, name_language
from tests.ingest.code_samples import LabelledSnippet, labelled_snippets

SNIPPETS = labelled_snippets()


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


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("python", "python"),
        ("Python3", "python"),
        ("C++", "cpp"),
        (" sh ", "bash"),
        ("PostgreSQL", "sql"),
        ("haskell", "haskell"),
        ("", None),
        (" ", None),
    ],
)
def test_label_means_one_name(label: str, expected: str | None) -> None:
    """The names that authors give a language become one, and unknown ones are kept."""
    assert name_language(label) == expected


@pytest.mark.parametrize(
    "code",
    ["", "x", "df", "hello world", "{}", '["', '{"a": 1', "a = b;", "[" * 5000 + '""' + "]" * 5000],
)
def test_unclear_code_has_no_language(code: str) -> None:
    """Too little, or what many languages share, is not guessed at."""
    assert guess_language(code) is None


@given(st.text())
def test_no_text_is_too_strange(code: str) -> None:
    """Any text gets an answer."""
    assert guess_language(code) is None or guess_language(code) in name_all()


def name_all() -> set[str]:
    """Return every language that can be told."""
    return {snippet.language for snippet in SNIPPETS if snippet.language}
