"""A suggestion stands in the query where the slip stood."""

from __future__ import annotations

import pytest

from bot.results.suggestions import suggested_queries
from search import Note, Remark


@pytest.mark.parametrize(
    ("query", "form", "other", "suggested"),
    [
        ("catbost", "catbost", "catboost", ["catboost"]),
        ("Catbost #ml -lgbm", "catbost", "catboost", ["catboost #ml -lgbm"]),
        ("Ёлка и ёлки", "елка", "ёмка", ["ёмка и ёлки"]),
        ("c++", "c++", "cpp", ["cpp"]),
        ("catbosts", "catbost", "catboost", []),
    ],
    ids=["alone", "among others", "with ё", "with signs", "not there"],
)
def test_suggested_word_takes_its_place(
    query: str, form: str, other: str, suggested: list[str]
) -> None:
    """Only the whole word is replaced, however it was written."""
    note = Note(code=Remark.DID_YOU_MEAN, values=(form, other))

    assert suggested_queries(query, [note, Note(code=Remark.UNCLOSED_QUOTE)]) == suggested
