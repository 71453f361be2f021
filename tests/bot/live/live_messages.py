"""Messages of a channel as Telegram delivers them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from telegram import Message

CHANNEL_ID = 1500000001
CHAT_ID = -1001500000001
CHAT = {"id": CHAT_ID, "type": "channel", "title": "Дневник", "username": "dnevnik"}
SENT = datetime(2025, 1, 2, 10, tzinfo=UTC)
_PERSON = {"id": 1, "is_bot": False, "first_name": "Вера", "language_code": "ru"}
_BOT = {"id": 1, "is_bot": True, "first_name": "Letopis"}


def post_json(number: int = 7, text: str = "", **more: Any) -> dict[str, Any]:
    """Return a message of the channel; an `edit_date` says how many seconds later."""
    sent = int(SENT.timestamp())
    if "edit_date" in more:
        more["edit_date"] += sent
    words = {"text": text} if text else {}
    return {
        "message_id": number,
        "date": sent,
        "chat": CHAT,
        "sender_chat": CHAT,
        **words,
        **more,
    }


def message(number: int = 7, text: str = "", **more: Any) -> Message:
    """Return a message of the channel as the library reads it."""
    return Message.de_json(post_json(number, text, **more), None)


def post_update(number: int, text: str = "", **more: Any) -> dict[str, Any]:
    """Return the update that brings a post, or the edit of one."""
    kind = "edited_channel_post" if "edit_date" in more else "channel_post"
    return {"update_id": number, kind: post_json(number, text, **more)}


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds of which nobody is told."""
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110  # nobody is told
            await asyncio.sleep(0.01)


def standing_update(
    new: str,
    *,
    old: str = "left",
    chat: dict[str, Any] | None = None,
    by: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the update that tells what the bot has become in a chat."""
    return {
        "update_id": 1,
        "my_chat_member": {
            "chat": chat or CHAT,
            "from": by or _PERSON,
            "date": int(SENT.timestamp()),
            "old_chat_member": _member(old),
            "new_chat_member": _member(new),
        },
    }


def _member(status: str) -> dict[str, Any]:
    member: dict[str, Any] = {"user": _BOT, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        rights = (
            "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats "
            "can_restrict_members can_promote_members can_change_info can_invite_users "
            "can_post_stories can_edit_stories can_delete_stories"
        )
        member |= dict.fromkeys(rights.split(), False)
    return member
