"""Methods that set how the bot presents itself: commands, descriptions, names, rights."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bot.terminal.server import Call
from tests.standin.errors import ApiError
from tests.standin.wire import read_json

if TYPE_CHECKING:
    from tests.standin.world import World

_COMMAND_LIMIT = 100
_SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat",
    "chat_administrators", "chat_member",
}  # fmt: skip
_LENGTHS = {"description": 512, "short_description": 120, "name": 64}


def set_my_commands(world: World, call: Call) -> Any:
    """Set the menu of commands for a scope and a language."""
    given = read_json(call, "commands", "Can't parse commands JSON object") or []
    if not isinstance(given, list):
        raise ApiError("Expected an Array of BotCommand")
    if len(given) > _COMMAND_LIMIT:
        raise ApiError("BOT_COMMANDS_TOO_MUCH")
    for command in given:
        _check_command(command)
    world.profile["commands", *world.menu_key(call)] = given
    return True


def delete_my_commands(world: World, call: Call) -> Any:
    """Remove the menu of a scope and a language."""
    world.profile.pop(("commands", *world.menu_key(call)), None)
    return True


def _check_command(given: object) -> None:
    if not isinstance(given, dict):
        raise ApiError("Can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(given.get(name), str):
            raise ApiError(f"Can't parse BotCommand: Can't find field \"{name}\"")
    if not re.fullmatch(r"[a-z0-9_]{1,32}", given["command"].removeprefix("/")):
        raise ApiError("BOT_COMMAND_INVALID")
    if not 1 <= len(given["description"]) <= 256:
        raise ApiError("BOT_COMMAND_DESCRIPTION_INVALID")


def read_scope(world: World, call: Call) -> tuple[str, str]:
    """Return to whom a menu of commands is shown: a scope, as JSON, and a language."""
    language = call.text("language_code")
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise ApiError("Invalid language code specified")
    scope = read_json(call, "scope", "Can't parse BotCommandScope JSON object")
    if scope is None:
        scope = {"type": "default"}
    refusal = "Can't parse BotCommandScope: "
    if not isinstance(scope, dict):
        raise ApiError(refusal + "BotCommandScope must be an Object")
    if scope.get("type") not in _SCOPES:
        raise ApiError(refusal + "Unsupported type specified")
    if scope["type"].startswith("chat"):
        if not scope.get("chat_id"):
            raise ApiError(refusal + "Empty chat_id specified")
        if int(scope["chat_id"]) not in world.places:
            raise ApiError("chat not found")
    return json.dumps(scope, sort_keys=True), language


def _setter(name: str) -> Any:
    def set_text(world: World, call: Call) -> Any:
        text = call.text(name)
        if len(text) > _LENGTHS[name]:
            raise ApiError(f"BOT_{name.upper()}_TOO_LONG")
        world.profile[name, call.text("language_code")] = text
        return True

    return set_text


def _getter(name: str) -> Any:
    def get_text(world: World, call: Call) -> Any:
        return {name: world.profile.get((name, call.text("language_code")), "")}

    return get_text


def set_rights(world: World, call: Call) -> Any:
    """Set which rights are proposed when the bot is made an administrator."""
    world.profile["rights", call.text("for_channels")] = read_json(
        call, "rights", "Can't parse ChatAdministratorRights JSON object"
    )
    return True


def set_menu_button(world: World, call: Call) -> Any:
    """Set what the button beside the input field does."""
    world.profile["menu_button", call.text("chat_id")] = read_json(
        call, "menu_button", "Can't parse menu button JSON object"
    )
    return True


METHODS = {
    "setmycommands": set_my_commands,
    "deletemycommands": delete_my_commands,
    "setmydescription": _setter("description"),
    "getmydescription": _getter("description"),
    "setmyshortdescription": _setter("short_description"),
    "getmyshortdescription": _getter("short_description"),
    "setmyname": _setter("name"),
    "getmyname": _getter("name"),
    "setmydefaultadministratorrights": set_rights,
    "setchatmenubutton": set_menu_button,
}
