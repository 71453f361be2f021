"""Service messages, worded as in HTML exports."""

from __future__ import annotations

from ingest.rich_text import as_exported
from ingest.telegram_json.actions import Action, Lines
from ingest.telegram_json.chat_actions import CHAT_LINES
from ingest.telegram_json.fields import JsonObject, as_object, list_of, string_of
from ingest.telegram_json.paid_actions import PAID_LINES
from ingest.telegram_json.text import read_parts

UNSUPPORTED = (
    "This message is not supported by this version of Telegram Desktop. "
    "Please update the application."
)
_LINES: Lines = {**CHAT_LINES, **PAID_LINES}
# What every service message contains besides its action, and what is not for reading.
# fmt: off
_ENVELOPE = frozenset({
    "id", "type", "date", "date_unixtime", "edited", "edited_unixtime", "actor", "actor_id",
    "action", "text_entities", "reactions", "photo", "photo_file_size", "width", "height",
})
# fmt: on
# Actions nest values in lists of objects; deeper values are left out.
_DEEPEST = 10


def service_text(message: JsonObject, *, actor: str, in_channel: bool) -> str:
    """Return the text of a service message, in English as in every HTML export."""
    name = string_of(message, "action") or ""
    action = Action(fields=message, actor=actor, in_channel=in_channel)
    if name in _LINES:
        return _LINES[name](action)
    return action.text("information_text") or _unknown(action, name)


def _unknown(action: Action, name: str) -> str:
    """Return an action that has no wording here by its name, with the values it contains."""
    text = f"{action.actor} {name.replace('_', ' ')}".strip()
    values = ", ".join(
        f"{key.replace('_', ' ')}: {shown}"
        for key, value in action.fields.items()
        if key not in _ENVELOPE and (shown := _shown(value))
    )
    return f"{text} ({values})" if values else text


def _shown(value: object, *, depth: int = 0) -> str:
    """Return a value as words; of formatted text only its words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return as_exported(str(value))
    fields = as_object(value)
    if fields is not None and "text" in fields:
        return read_parts(fields["text"]).text
    parts = fields.values() if fields is not None else list_of({"parts": value}, "parts")
    if depth == _DEEPEST:
        return ""
    return ", ".join(filter(None, (_shown(each, depth=depth + 1) for each in parts)))
