"""Service messages of live channels, worded as in imports."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from telegram import Message

from ingest.telegram_json.service import service_text


def service_line(message: Message) -> str | None:
    """Return the text of a service message, or `None` for an ordinary post."""
    action = _action(message)
    if action is None:
        return None
    return service_text(action, actor=message.chat.title or "", in_channel=True)


def _action(message: Message) -> dict[str, object] | None:
    """Return a service message in the form of a JSON export."""
    written = (write(message) for write in _ACTIONS)
    return next((action for action in written if action), None)


def _created(message: Message) -> dict[str, object] | None:
    if not message.channel_chat_created:
        return None
    return {"action": "create_channel", "title": message.chat.title}


def _renamed(message: Message) -> dict[str, object] | None:
    title = message.new_chat_title
    return {"action": "edit_group_title", "title": title} if title else None


def _timer(message: Message) -> dict[str, object] | None:
    timer = message.message_auto_delete_timer_changed
    if timer is None:
        return None
    # Not by attribute, here and below: the library is changing the types of times.
    return {"action": "set_messages_ttl", "period": timer.to_dict()["message_auto_delete_time"]}


def _call_ended(message: Message) -> dict[str, object] | None:
    call = message.video_chat_ended
    return {"action": "group_call", "duration": call.to_dict()["duration"]} if call else None


def _bare(field: str, action: str) -> Callable[[Message], dict[str, object] | None]:
    return lambda message: {"action": action} if getattr(message, field) else None


_ACTIONS: Sequence[Callable[[Message], dict[str, object] | None]] = (
    _created,
    _renamed,
    _timer,
    _call_ended,
    _bare("new_chat_photo", "edit_group_photo"),
    _bare("delete_chat_photo", "delete_group_photo"),
    _bare("pinned_message", "pin_message"),
    _bare("video_chat_started", "group_call"),
)
