"""Texts of a search's posts as a file: the fields, and both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ExportTexts:
    """Names in braces are filled in with `str.format`."""

    button: str
    choose: str
    """Above the formats."""
    formats: Mapping[str, str]
    """By suffix."""
    writing: str
    first_of: str
    """If the file holds only the first posts of a search: {posts} of {total}."""
    no_python: str
    """If there is nothing for a notebook."""


RUSSIAN_EXPORT = ExportTexts(
    button="💾 Файлом",
    choose="В каком виде прислать файл?",
    formats={
        "md": "Markdown",
        "ipynb": "Jupyter: код на Python",
        "csv": "CSV: таблица",
        "jsonl": "JSON: для программ",
    },
    writing="Собираю файл…",
    first_of="Первые {posts} из {total}.",
    no_python="В этих постах нет кода на Python.",
)

ENGLISH_EXPORT = ExportTexts(
    button="💾 As a file",
    choose="Which kind of file?",
    formats={
        "md": "Markdown",
        "ipynb": "Jupyter: code in Python",
        "csv": "CSV: a table",
        "jsonl": "JSON: for programs",
    },
    writing="Writing the file…",
    first_of="The first {posts} of {total}.",
    no_python="These posts have no code in Python.",
)
