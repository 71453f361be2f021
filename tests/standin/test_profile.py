"""How a bot presents itself."""

from __future__ import annotations

import pytest

from tests.standin.person import Person
from tests.standin.raw import Ask


def test_commands_are_kept_by_scope_and_language(vera: Person, ask: Ask) -> None:
    """Each scope and each language has a menu of its own."""
    scope = {"type": "chat", "chat_id": 501}
    help_ = [{"command": "help", "description": "Help"}]
    ask("setMyCommands", commands=help_)
    ask("setMyCommands", commands=help_ * 2, scope=scope, language_code="ru")

    plain = ask("getMyCommands").result
    own = ask("getMyCommands", scope=scope, language_code="ru").result
    ask("deleteMyCommands")

    assert (plain, len(own)) == (help_, 2)
    assert ask("getMyCommands").result == []


@pytest.mark.parametrize(
    ("args", "refusal"),
    [
        ({"commands": {"a": 1}}, "expected an Array of BotCommand"),
        ({"commands": ["a"]}, "can't parse BotCommand: expected an Object"),
        (
            {"commands": [{"command": "a"}]},
            "can't parse BotCommand: Can't find field \"description\"",
        ),
        ({"commands": [{"command": "A", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "a" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            {"commands": [{"command": "a", "description": "x" * 257}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        ({"commands": [{"command": "a", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"language_code": "russian"}, "invalid language code specified"),
        ({"scope": []}, "can't parse BotCommandScope: BotCommandScope must be an Object"),
        ({"scope": {"type": "x"}}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"scope": {"type": "chat"}}, "can't parse BotCommandScope: Empty chat_id specified"),
        ({"scope": {"type": "chat", "chat_id": 9}}, "chat not found"),
    ],
)
def test_commands_are_refused(ask: Ask, args: dict[str, object], refusal: str) -> None:
    """Each fault of a menu has its own words."""
    assert ask("setMyCommands", **args).refusal == f"Bad Request: {refusal}"


@pytest.mark.parametrize(
    ("name", "length"), [("Description", 512), ("ShortDescription", 120), ("Name", 64)]
)
def test_description_is_kept(ask: Ask, name: str, length: int) -> None:
    """The texts about the bot are kept by language, up to their length."""
    field = {"ShortDescription": "short_description"}.get(name, name.lower())

    kept = ask(f"setMy{name}", language_code="ru", **{field: "x" * length})
    refused = ask(f"setMy{name}", **{field: "x" * (length + 1)})

    assert kept.result is True
    assert refused.refusal == f"Bad Request: BOT_{field.upper()}_TOO_LONG"
    assert ask(f"getMy{name}", language_code="ru").result == {field: "x" * length}
    assert ask(f"getMy{name}").result == {field: ""}


@pytest.mark.parametrize(
    "method", ["setMyDefaultAdministratorRights", "setChatMenuButton", "logOut", "close"]
)
def test_other_settings_are_accepted(ask: Ask, method: str) -> None:
    """Other settings are accepted."""
    assert ask(method, rights={}, menu_button={"type": "default"}).result is True
