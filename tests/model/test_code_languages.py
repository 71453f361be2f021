"""A programming language has one name in the archive, whatever people call it."""

from __future__ import annotations

import pytest

from model.code_languages import file_extension, name_language


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("python", "python"),
        ("Python3", "python"),
        ("C++", "cpp"),
        (" sh ", "bash"),
        ("PostgreSQL", "sql"),
        ("Питон", "python"),
        ("docker", "dockerfile"),
        ("kt", "kotlin"),
        ("elixir", "elixir"),
        ("", ""),
        (" ", ""),
    ],
)
def test_label_means_one_name(label: str, expected: str) -> None:
    """The names that people give a language become one, and unknown ones are kept."""
    assert name_language(label) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [("python", "py"), ("C#", "cs"), ("shell", "sh"), ("elixir", "txt"), ("", "txt")],
)
def test_files_have_the_usual_extension(language: str, expected: str) -> None:
    """A language's files are named as its programmers name them, unknown ones as text."""
    assert file_extension(language) == expected
