"""The bot's words, and the package that offers them."""

from __future__ import annotations

import subprocess
import sys

import pytest

import bot


def test_the_package_has_only_what_it_names() -> None:
    """A name that the package does not offer is an error, though others come when asked for."""
    with pytest.raises(AttributeError, match="nothing"):
        bot.nothing  # noqa: B018  # to look it up is the test


def test_the_words_come_without_telegrams_library() -> None:
    """A search in the terminal says what the bot would, and does not wait for its library."""
    script = "import sys, bot.rendering.notes, bot.texts; sys.exit('telegram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
