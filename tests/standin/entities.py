"""Message entities: the Bot API's form, TDLib's form, and the HTML that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from bot.terminal.server import JsonObject
from tests.standin.errors import ApiError

_PLAIN = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "blockquote": "BlockQuote",
    "expandable_blockquote": "ExpandableBlockQuote",
    "mention": "Mention",
    "hashtag": "Hashtag",
    "cashtag": "Cashtag",
    "bot_command": "BotCommand",
    "url": "Url",
    "email": "EmailAddress",
    "phone_number": "PhoneNumber",
    "bank_card_number": "BankCardNumber",
}
_NAMES = {f"textEntityType{td}": name for name, td in _PLAIN.items()}

# A bot cannot set these: the server finds them itself, and skips those that are given.
_FOUND_BY_SERVER = {
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number",
    "bank_card_number",
}  # fmt: skip

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "blockquote": "blockquote",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One stretch of a text, in UTF-16 code units; `value` is a URL, a language, an id or a time.

    `format` is a date's format.
    """

    type: str
    offset: int
    length: int
    value: str = ""
    format: str = ""

    @property
    def end(self) -> int:
        """Return the offset behind the last code unit."""
        return self.offset + self.length

    def as_json(self) -> JsonObject:
        """Return the Bot API's MessageEntity."""
        entity: JsonObject = {"type": self.type, "offset": self.offset, "length": self.length}
        match self.type:
            case "text_link":
                entity["url"] = self.value
            case "pre" if self.value:
                entity["language"] = self.value
            case "custom_emoji":
                entity["custom_emoji_id"] = self.value
            case "text_mention":
                user = {"id": int(self.value), "is_bot": False, "first_name": "Someone"}
                entity["user"] = user
            case "date_time":
                entity["unix_time"] = int(self.value)
                entity["date_time_format"] = self.format
        return entity

    @property
    def weight(self) -> int:
        """Estimate the bytes that the entity takes on Telegram's own wire."""
        return 12 + (len(self.value.encode()) + 7) // 4 * 4 if self.value else 12


def read_entity(given: object) -> Entity | None:
    """Read a MessageEntity that a bot sent; `None` for the kinds that the server finds itself."""
    if not isinstance(given, dict):
        raise ApiError("Can't parse MessageEntity: expected an Object")
    kind = given.get("type")
    if not kind:
        raise ApiError("Can't parse MessageEntity: Type is not specified")
    if kind in _FOUND_BY_SERVER:
        return None
    value = _value_of(kind, given)
    for name in ("offset", "length"):
        if not isinstance(given.get(name), int):
            raise ApiError(f"Can't parse MessageEntity: Can't find field \"{name}\"")
    return Entity(
        type=kind,
        offset=given["offset"],
        length=given["length"],
        value=value,
        format=str(given.get("date_time_format", "")),
    )


def _value_of(kind: str, given: dict[str, Any]) -> str:
    fields = {"text_link": "url", "custom_emoji": "custom_emoji_id", "date_time": "unix_time"}
    if kind == "pre":
        return str(given.get("language", ""))
    if kind == "text_mention":
        return str(given["user"]["id"])
    if kind in fields:
        if fields[kind] not in given:
            raise ApiError(f"Can't parse MessageEntity: Can't find field \"{fields[kind]}\"")
        return str(given[fields[kind]])
    if kind not in _PLAIN:
        raise ApiError("Can't parse MessageEntity: Unsupported type specified")
    return ""


def to_td(entity: Entity) -> JsonObject:
    """Return the entity as TDLib's textEntity."""
    match entity.type:
        case "pre":
            kind: JsonObject = {"@type": "textEntityTypePre"}
            if entity.value:
                kind = {"@type": "textEntityTypePreCode", "language": entity.value}
        case "text_link":
            kind = {"@type": "textEntityTypeTextUrl", "url": entity.value}
        case "text_mention":
            kind = {"@type": "textEntityTypeMentionName", "user_id": int(entity.value)}
        case "custom_emoji":
            kind = {"@type": "textEntityTypeCustomEmoji", "custom_emoji_id": entity.value}
        case "date_time":
            kind = {"@type": "textEntityTypeDateTime", "unix_time": int(entity.value)}
            kind["formatting_type"] = _formatting(entity.format)
        case plain:
            kind = {"@type": f"textEntityType{_PLAIN[plain]}"}
    return {"offset": entity.offset, "length": entity.length, "type": kind}


def _formatting(letters: str) -> JsonObject | None:
    if not letters:
        return None
    if letters in {"r", "R"}:
        return {"@type": "dateTimeFormattingTypeRelative"}
    if not set(letters) <= set("tTdDwW"):
        raise ApiError("Can't parse MessageEntity: Invalid date-time format specified")
    return {
        "@type": "dateTimeFormattingTypeAbsolute",
        "time_precision": _precision(letters, "tT"),
        "date_precision": _precision(letters, "dD"),
        "show_day_of_week": "w" in letters.lower(),
    }


def _precision(letters: str, names: str) -> JsonObject | None:
    for name, precision in zip(names, ("Short", "Long"), strict=True):
        if name in letters:
            return {"@type": f"dateTimePartPrecision{precision}"}
    return None


def from_td(given: JsonObject) -> Entity:
    """Read TDLib's textEntity."""
    kind = given["type"]
    name, value, date_format = "", "", ""
    match kind["@type"]:
        case "textEntityTypePre":
            name = "pre"
        case "textEntityTypePreCode":
            name, value = "pre", kind["language"]
        case "textEntityTypeTextUrl":
            name, value = "text_link", kind["url"]
        case "textEntityTypeMentionName":
            name, value = "text_mention", str(kind["user_id"])
        case "textEntityTypeCustomEmoji":
            name, value = "custom_emoji", str(kind["custom_emoji_id"])
        case "textEntityTypeDateTime":
            name, value = "date_time", str(kind["unix_time"])
            date_format = _date_format(kind.get("formatting_type"))
        case plain:
            name = _NAMES[plain]
    return Entity(
        type=name, offset=given["offset"], length=given["length"], value=value, format=date_format
    )


def _date_format(given: JsonObject | None) -> str:
    if given is None:
        return ""
    if given["@type"] == "dateTimeFormattingTypeRelative":
        return "r"
    letters = {"dateTimePartPrecisionShort": "dt", "dateTimePartPrecisionLong": "DT"}
    day = letters.get(given["date_precision"]["@type"], "  ")[0]
    time = letters.get(given["time_precision"]["@type"], "  ")[1]
    week = "w" if given["show_day_of_week"] else ""
    return (week + day + time).replace(" ", "")


def covered(text: str, offset: int, length: int) -> str:
    """Return the characters that an entity covers."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw[2 * offset : 2 * (offset + length)].decode("utf-16-le", "surrogatepass")


def as_html(text: str, entities: Sequence[Entity]) -> str:
    """Return the text as HTML that Telegram would read back the same; for assertions to read."""
    raw = text.encode("utf-16-le", "surrogatepass")
    marks: list[tuple[int, int, int, str]] = []
    for depth, entity in enumerate(_nested(entities)):
        opening, closing = _tag(entity)
        marks.append((entity.offset, 1, depth, opening))
        marks.append((entity.end, 0, -depth, closing))
    out, done = [], 0
    for offset, _, _, tag in sorted(marks):
        piece = raw[2 * done : 2 * offset].decode("utf-16-le", "surrogatepass")
        out += [escape(piece, quote=False), tag]
        done = offset
    return "".join(out) + escape(raw[2 * done :].decode("utf-16-le", "surrogatepass"), quote=False)


def _nested(entities: Iterable[Entity]) -> Sequence[Entity]:
    return sorted(
        (entity for entity in entities if entity.type not in _FOUND_BY_SERVER),
        key=lambda entity: (entity.offset, -entity.length),
    )


def _tag(entity: Entity) -> tuple[str, str]:
    value = escape(entity.value)
    match entity.type:
        case "pre" if value:
            opening = f'<pre><code class="language-{value}">'
        case "pre":
            opening = "<pre>"
        case "text_link":
            opening = f'<a href="{value}">'
        case "text_mention":
            opening = f'<a href="tg://user?id={value}">'
        case "custom_emoji":
            opening = f'<tg-emoji emoji-id="{value}">'
        case "date_time":
            opening = f'<tg-time unix="{value}" format="{entity.format}">'
        case "expandable_blockquote":
            opening = "<blockquote expandable>"
        case plain:
            opening = f"<{_TAGS[plain]}>"
    closing = (f"</{tag}>" for tag in reversed(re.findall(r"<([a-z-]+)", opening)))
    return opening, "".join(closing)
