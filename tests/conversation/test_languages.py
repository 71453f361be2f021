"""The bot speaks the person's language, and its menu does."""

from __future__ import annotations

import pytest

from tests.conversation.running import RunningBot
from tests.standin.person import Person


@pytest.mark.parametrize(
    ("command", "russian", "english"),
    [
        ("/start", "Просто напишите, что ищете", "Just write what you are looking for"),
        ("/help", "Как искать", "How to search"),
        ("/code", "Какой код искать?", "Which code shall I look for?"),
        ("/tags", "Теги", "Tags"),
        ("/tags нетакоготега", "Тегов", "No tag"),
        ("/dance", "Такой команды нет", "There is no such command"),
        ("абракадабрикус", "ничего не нашлось", "Nothing was found"),
    ],
)
def test_answer_is_in_the_language_of_the_person(
    vera: Person, john: Person, command: str, russian: str, english: str
) -> None:
    """The same words are answered in Russian and in English."""
    assert russian in vera.asks(command).text
    assert english in john.asks(command).text


@pytest.mark.parametrize("language", ["de", "", "pt-br"])
def test_any_other_language_is_answered(bot: RunningBot, language: str) -> None:
    """Whoever speaks something else is answered too."""
    person = Person(bot.standin, 998, language_code=language)

    assert person.asks("/start").text


def test_code_command_finds_code_in_both_languages(vera: Person, john: Person) -> None:
    """The counts have their plurals."""
    assert "1 пост" in vera.asks("/code куздра").text.splitlines()[0]
    assert "1 post" in john.asks("/code куздра").text.splitlines()[0]


def test_menu_is_set_for_both_languages(bot: RunningBot) -> None:
    """The menu of commands is there for everyone, and in Russian for those who read it."""
    menus = {
        key[-1]: [entry["description"] for entry in commands]
        for key, commands in bot.standin.world.profile.items()
        if key[0] == "commands"
    }

    assert "найти посты по словам" in menus["ru"]
    assert "find posts by words" in menus[""]
