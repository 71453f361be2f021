"""The bot's words, and the package that offers them."""

from __future__ import annotations

import subprocess
import sys

import pytest

import bot
from bot.rendering.notes import say_completeness
from bot.texts import ENGLISH, RUSSIAN


def test_the_package_has_only_what_it_names() -> None:
    """A name that the package does not offer is an error, though others come when asked for."""
    with pytest.raises(AttributeError, match="nothing"):
        bot.nothing  # noqa: B018  # to look it up is the test


def test_the_words_come_without_telegrams_library() -> None:
    """A search in the terminal says what the bot would, and does not wait for its library."""
    script = "import sys, bot.rendering.notes, bot.texts; sys.exit('telegram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_how_many_posts_have_every_word_is_said_in_good_grammar() -> None:
    """One post is no number of first ones."""
    assert say_completeness(9, 1, texts=RUSSIAN) == ["ℹ️ Все слова сразу — только в первом."]
    assert say_completeness(9, 2, texts=RUSSIAN) == ["ℹ️ Все слова сразу — в первых 2."]
    assert say_completeness(9, 1, texts=ENGLISH) == ["ℹ️ The first one alone has all of the words."]
    assert say_completeness(9, 9, texts=ENGLISH) == []
