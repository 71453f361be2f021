"""Methods about chats and who is in them."""

from __future__ import annotations

from typing import Any

from bot.terminal.server import Call, JsonObject
from tests.standin.errors import ApiError
from tests.standin.things import Chat, User
from tests.standin.wire import read_json, to_integer
from tests.standin.world import BOT, World


def get_chat(world: World, call: Call) -> Any:
    """Describe a chat."""
    chat = world.readable_chat(call)
    return {
        **chat.as_json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            False,
        ),
    }


def get_chat_member(world: World, call: Call) -> Any:
    """Say how a person stands to a chat."""
    chat = world.readable_chat(call)
    user_id = to_integer(call.text("user_id"))
    if user_id <= 0:
        raise ApiError("Invalid user_id specified")
    if user_id not in world.users:
        raise ApiError("PARTICIPANT_ID_INVALID")
    if user_id == BOT.user_id:
        return as_member(BOT, chat.bot)
    status = world.members.get((chat.chat_id, user_id), "left")
    if chat.type == "channel" and chat.bot != "administrator":
        raise ApiError("CHAT_ADMIN_REQUIRED")
    return as_member(world.users[user_id], status)


def get_chat_administrators(world: World, call: Call) -> Any:
    """List a chat's administrators."""
    chat = world.readable_chat(call)
    if chat.type == "private":
        raise ApiError("Bad Request: there are no administrators in the private chat")
    return [
        as_member(world.users[user_id], status)
        for (chat_id, user_id), status in world.members.items()
        if chat_id == chat.chat_id and status in {"creator", "administrator"}
    ]


def leave_chat(world: World, call: Call) -> Any:
    """Leave a group or a channel."""
    chat = world.readable_chat(call)
    if chat.type == "private":
        raise ApiError("chat member status can't be changed in private chats")
    with world.change():
        change_standing(world, chat, "left", by=BOT)
    return True


def set_message_reaction(world: World, call: Call) -> Any:
    """Put a reaction under a message."""
    chat = world.writable_chat(call)
    message = world.get_message(chat, call, "message to react")
    given = read_json(call, "reaction", "Can't parse reaction types JSON object")
    world.report("reaction", chat.chat_id, message=message, reaction=given)
    return True


def change_standing(world: World, chat: Chat, status: str, *, by: User) -> None:
    """Change the bot's own standing in a chat and tell the bot so."""
    before, chat.bot = chat.bot, status
    world.push(
        "my_chat_member",
        {
            "chat": chat.as_json(),
            "from": by.as_json(),
            "date": int(world.clock.now()),
            "old_chat_member": as_member(BOT, before),
            "new_chat_member": as_member(BOT, status),
        },
    )


_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_messages",
    "can_edit_messages", "can_post_stories", "can_edit_stories", "can_delete_stories",
)  # fmt: skip


def as_member(user: User, status: str) -> JsonObject:
    """Return the Bot API's ChatMember."""
    status = {"unknown": "left", "deactivated": "left"}.get(status, status)
    member: JsonObject = {"user": user.as_json(), "status": status}
    match status:
        case "creator":
            member["is_anonymous"] = False
        case "administrator":
            member |= {"can_be_edited": False, "is_anonymous": False}
            member |= dict.fromkeys(_RIGHTS, True)
        case "kicked":
            member["until_date"] = 0
    return member


METHODS = {
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getchatadministrators": get_chat_administrators,
    "leavechat": leave_chat,
    "setmessagereaction": set_message_reaction,
}
