"""The bot's words, and the package that offers them.

Each language has its sentences in a file of `texts/`, by their names in the catalogue. After a
change of the catalogue `LETOPIS_WRITE_TEXTS=1 pytest tests/i18n/test_texts.py` writes them anew.
Other tests ask the catalogue, and quote no sentence.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from i18n import ENGLISH, RUSSIAN, Catalogue
from i18n.query_notes import say_completeness
from tests.bot.wording import table

_APPROVED = Path(__file__).with_name("texts")


@pytest.mark.parametrize(
    ("texts", "name"), [(RUSSIAN, "russian.txt"), (ENGLISH, "english.txt")], ids=["ru", "en"]
)
def test_sentences_read_as_approved(texts: Catalogue, name: str) -> None:
    """Every sentence of a language reads as in its file, or is written there if asked for."""
    approved = _APPROVED / name
    if os.environ.get("LETOPIS_WRITE_TEXTS"):
        approved.write_text(table(texts), "utf-8")
    assert table(texts) == approved.read_text("utf-8")


@pytest.mark.slow
def test_the_words_come_without_telegrams_library() -> None:
    """A search in the terminal says what the bot would, and does not wait for its library."""
    script = "import sys, i18n.query_notes, i18n; sys.exit('telegram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_how_many_posts_have_every_word_is_said_in_good_grammar() -> None:
    """One post is no number of first ones."""
    assert say_completeness(9, 1, texts=RUSSIAN) == ["ℹ️ Все слова сразу — только в первом."]
    assert say_completeness(9, 2, texts=RUSSIAN) == ["ℹ️ Все слова сразу — в первых 2."]
    assert say_completeness(9, 1, texts=ENGLISH) == ["ℹ️ The first one alone has all of the words."]
    assert say_completeness(9, 9, texts=ENGLISH) == []
