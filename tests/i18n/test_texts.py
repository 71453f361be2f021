"""The bot's words, and the package that offers them.

Each language has its sentences in a file of `texts/`, by their names in the catalogue. After a
change of the catalogue `LETOPIS_WRITE_TEXTS=1 pytest tests/i18n/test_texts.py` writes them anew.
Other tests ask the catalogue, and quote no sentence.
"""

from __future__ import annotations

import os
import string
import subprocess
import sys
from pathlib import Path

import pytest

from i18n import ENGLISH, RUSSIAN, Catalogue
from i18n.messages import MESSAGES, say, say_rebuilt
from i18n.query_notes import say_completeness, say_found, say_notes
from model.messages import Code, Message
from search import CatchUp, Note, RebuildReason, Remark
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
    """Posts with all the words and near ones are counted apart."""
    assert say_found(31, 1, texts=RUSSIAN) == "1 пост и ещё 30 близких"
    assert say_found(31, 30, texts=RUSSIAN) == "30 постов и ещё 1 близкий"
    assert say_found(9, 0, texts=RUSSIAN) == "9 близких постов"
    assert say_found(31, 1, texts=ENGLISH) == "1 post and 30 near matches"
    assert say_found(9, 9, texts=ENGLISH) == "9 posts"
    assert say_completeness(9, 1, texts=ENGLISH) == []
    assert say_completeness(0, 0, texts=ENGLISH) == []
    assert say_completeness(9, 0, texts=ENGLISH) == [f"ℹ️ {ENGLISH.no_post_with_all}"]


@pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])
def test_every_message_has_its_sentence(texts: Catalogue) -> None:
    """Whatever is raised or noted is said in both languages, from the same fields."""
    own, other = MESSAGES[texts.code], MESSAGES[{"ru": "en", "en": "ru"}[texts.code]]
    assert list(own) == list(other)
    assert set(own) == set(Code)
    for code, words in own.items():
        assert fields_of(words) == fields_of(other[code]), code


def fields_of(words: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_a_message_is_put_into_words() -> None:
    """Numbers are written as the language does, and what the system says is translated."""
    many = Message.of(Code.ZIP_TOO_MANY, path=Path("a.zip"), most=100_000)
    assert say(many, RUSSIAN) == "В a.zip больше 100\u00a0000 файлов: распакуйте и укажите папку."
    assert say(many, ENGLISH).startswith("a.zip holds more than 100,000 files: ")
    lost = Message.of(Code.UNREADABLE, path="a", cause="No such file or directory")
    assert say(lost, RUSSIAN) == "a не читается: нет такого файла или папки."
    assert say(lost, ENGLISH) == "a cannot be read: No such file or directory."
    rare = Message.of(Code.UNREADABLE, path="a", cause="Too many levels")
    assert say(rare, RUSSIAN) == "a не читается: Too many levels."
    cut = Message.of(Code.BROKEN_PAGE, path="a", problem="The message has no number.")
    assert say(cut, RUSSIAN) == "a не импортировать: у записи нет номера."
    least = Message.of(Code.SETTING_LEAST, name="A", least="1")
    refused = Message.of(Code.SETTINGS_REFUSED, refusals=(least, least))
    assert say(refused, ENGLISH) == (
        "A setting is refused: A: it must be at least 1; A: it must be at least 1."
    )
    assert str(refused).startswith("settings_refused (refusals=setting_least (name=A, least=1); ")


@pytest.mark.parametrize("texts", [RUSSIAN, ENGLISH], ids=["ru", "en"])
@pytest.mark.parametrize("reason", RebuildReason)
def test_why_an_index_was_rebuilt_is_said(texts: Catalogue, reason: RebuildReason) -> None:
    """Each reason has its sentence."""
    done = CatchUp(documents=1, reason=reason, engine="tantivy", limit=20_000)
    assert "{" not in say_rebuilt(done, texts)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (RUSSIAN, "ℹ️ Искали также: «spark»; близкое по смыслу: «искра»."),
        (ENGLISH, "ℹ️ Also searched for: “spark”; with the same meaning: “искра”."),
    ],
    ids=["ru", "en"],
)
def test_what_else_was_searched_is_one_line(texts: Catalogue, said: str) -> None:
    """Other spellings and synonyms do not both begin with "Also searched for"."""
    spelling = Note(code=Remark.OTHER_SCRIPT, values=("спарк", "spark"))
    synonym = Note(code=Remark.SYNONYM, values=("спарк", "искра"))
    excluded = Note(code=Remark.EXCLUDED, values=("кот",))

    assert say_notes([synonym, excluded, spelling], texts=texts)[1] == said
    assert len(say_notes([synonym, spelling], texts=texts)) == 1
    assert say_notes([synonym], texts=texts)[0].endswith(texts.quoted("искра") + ".")
