"""Why a record could not be read is said in the person's language."""

from __future__ import annotations

import pytest

from i18n import ENGLISH, RUSSIAN
from i18n.import_problems import say_problem
from ingest.complexity import TOO_COMPLEX
from ingest.desktop import page
from ingest.macos import source as macos
from ingest.telegram_json import source as telegram_json
from ingest.web_preview import source as web

SENTENCES = [
    page._NOT_UTF_8,
    page._NO_NUMBER,
    page._CUT,
    macos._NOT_UTF_8,
    telegram_json._CHANGED,
    telegram_json._NO_DATE,
    web._TOO_BIG,
    web._NOT_UTF_8,
    TOO_COMPLEX,
    "Nothing on the page says when the message was posted.",
    "The file breaks off here; export the channel again to get the rest.",
    "The file is damaged here and what follows was not read; export the channel again.",
    "The page cannot be read: No such file or directory.",
    "The message has no body.",
    "The message has no date.",
    "The date “32.13.2024” cannot be read.",
    "The date “x” cannot be read: export again with the app in English or Russian.",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_problem_is_told_in_russian(sentence: str) -> None:
    """Every sentence that a reader of exports gives has a Russian one."""
    told = say_problem(sentence, RUSSIAN)
    assert told != sentence
    assert "{" not in told


def test_problem_keeps_what_it_names() -> None:
    """A date is shown as it stands; what nobody foresaw, and English, stay as they are."""
    assert say_problem("The date “{0}” cannot be read.", RUSSIAN) == "не читается дата «{0}»"
    assert say_problem("It is odd.", RUSSIAN) == "It is odd."
    assert say_problem(SENTENCES[0], ENGLISH) == SENTENCES[0]
