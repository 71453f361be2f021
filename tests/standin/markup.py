"""How the server reads a formatted text: parsing, cleaning, trimming and its limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from bot.terminal.server import Call, JsonObject
from tests.standin.entities import Entity, from_td, read_entity, to_td
from tests.standin.errors import ApiError
from tests.standin.tdlib import execute
from tests.standin.wire import read_json

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100

_BYTES_BEFORE_PARSING = 1 << 15
_WEIGHT_LIMIT = 9500

_PARSE_MODES = {
    "html": {"@type": "textParseModeHTML"},
    "markdown": {"@type": "textParseModeMarkdown", "version": 1},
    "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatted:
    """A text as a reader sees it; `dropped` entities are those past the hundredth."""

    text: str = ""
    entities: tuple[Entity, ...] = ()
    dropped: int = 0

    def as_json(self, name: str = "") -> JsonObject:
        """Return the fields of a message; `name` is `caption_` for a caption.

        `dropped_entities` is none of Telegram's fields: tests read it.
        """
        said: JsonObject = {name.removesuffix("_") or "text": self.text} if self.text else {}
        if self.entities:
            said[f"{name}entities"] = [entity.as_json() for entity in self.entities]
        return said | {"dropped_entities": self.dropped}


def read_text(call: Call) -> JsonObject:
    """Read the text of a message."""
    text = call.text("text")
    if not text:
        raise ApiError("Message text is empty")
    formatted = read_formatted(text, call.text("parse_mode"), _entities(call, "entities"))
    if len(formatted.text) > TEXT_LIMIT:
        raise ApiError("message is too long")
    return formatted.as_json()


def read_caption(call: Call) -> JsonObject:
    """Read the caption of a file; it may be empty."""
    given = _entities(call, "caption_entities")
    return check_caption(call.text("caption"), call.text("parse_mode"), given).as_json("caption_")


def check_caption(caption: str, parse_mode: str, entities: Sequence[object]) -> Formatted:
    """Read a caption given in parts, as in an album."""
    formatted = read_formatted(caption, parse_mode, entities, may_be_empty=True)
    if len(formatted.text) > CAPTION_LIMIT:
        raise ApiError("message caption is too long")
    return formatted


def _entities(call: Call, name: str) -> Sequence[object]:
    try:
        given = read_json(call, name, "unreadable")
    except ApiError:
        return ()  # the server takes unreadable JSON for no entities
    return given if isinstance(given, list) else ()


def read_formatted(
    text: str, parse_mode: str, entities: Sequence[object], *, may_be_empty: bool = False
) -> Formatted:
    """Make of a bot's text what readers see, or refuse it as the server does.

    The parse mode wins over the entities. Tags, addresses and the like are found in the end.
    """
    if len(text.encode("utf-8", "surrogatepass")) > _BYTES_BEFORE_PARSING:
        raise ApiError("Text is too long")
    mode = parse_mode.lower()
    if text and mode not in {"", "none"}:
        if mode not in _PARSE_MODES:
            raise ApiError("Unsupported parse_mode")
        parsed = execute("parseTextEntities", text=text, parse_mode=_PARSE_MODES[mode])
        text, own = parsed["text"], tuple(map(from_td, parsed["entities"]))
    else:
        read = map(read_entity, entities)
        own = tuple(entity for entity in read if entity is not None)
    text, own = _trim(*fix(text, own))
    if not text and not may_be_empty:
        raise ApiError("Text must be non-empty")
    found = _with_found(own, find_entities(text))
    if sum(entity.weight for entity in found) > _WEIGHT_LIMIT:
        raise ApiError("ENTITIES_TOO_LONG")
    kept = found[:ENTITY_LIMIT]
    return Formatted(text=text, entities=kept, dropped=len(found) - len(kept))


def fix(text: str, entities: Iterable[Entity]) -> tuple[str, tuple[Entity, ...]]:
    """Clean a text and its entities by TDLib's rules (what may nest, what is split or dropped).

    TDLib offers that only together with its Markdown parser: so the characters of Markdown are
    put out of its sight meanwhile.
    """
    spare = (chr(code) for code in range(0xE000, 0xF000) if chr(code) not in text)
    hidden = {mark: next(spare) for mark in "*_~|`[]()"}
    given = {
        "@type": "formattedText",
        "text": text.translate({ord(mark): spare for mark, spare in hidden.items()}),
        "entities": [to_td(entity) for entity in entities],
    }
    fixed = execute("parseMarkdown", text=given)
    shown = {ord(spare): mark for mark, spare in hidden.items()}
    return fixed["text"].translate(shown), tuple(map(from_td, fixed["entities"]))


def _trim(text: str, entities: tuple[Entity, ...]) -> tuple[str, tuple[Entity, ...]]:
    """Cut white space at both ends, as the server does; in front only up to the first entity."""
    text = text.rstrip()
    end = utf16_length(text)
    kept = [_cut(entity, end) for entity in entities if entity.offset < end]
    first = min((entity.offset for entity in kept), default=end)
    front = min(len(text) - len(text.lstrip(" \n")), first)
    moved = tuple(_moved(entity, -front) for entity in kept)
    return text[front:], moved


def _cut(entity: Entity, end: int) -> Entity:
    return _moved(entity, 0, length=min(entity.length, end - entity.offset))


def _moved(entity: Entity, by: int, *, length: int | None = None) -> Entity:
    return Entity(
        type=entity.type,
        offset=entity.offset + by,
        length=entity.length if length is None else length,
        value=entity.value,
        format=entity.format,
    )


def find_entities(text: str) -> tuple[Entity, ...]:
    """Find the commands, tags, mentions, addresses… that Telegram marks by itself."""
    if not text or has_surrogates(text):
        return ()
    found = execute("getTextEntities", text=text)["entities"]
    # 10:07 is a place in a video to TDLib; bots are not told of it.
    return tuple(from_td(e) for e in found if e["type"]["@type"] != "textEntityTypeMediaTimestamp")


def has_surrogates(text: str) -> bool:
    """Tell whether a text holds halves of characters, which TDLib cannot read."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def _with_found(own: tuple[Entity, ...], found: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Add the found entities that meet no code, no link and no border of the bot's own."""
    solid = [entity for entity in own if entity.type in {"code", "pre", "text_link"}]
    free = [
        entity
        for entity in found
        if not any(entity.offset < other.end and other.offset < entity.end for other in solid)
    ]
    return tuple(sorted((*own, *free), key=lambda entity: (entity.offset, -entity.length)))


def utf16_length(text: str) -> int:
    """Count UTF-16 code units, the unit of entities."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def url_refusal(url: str) -> str | None:
    """Return why an address is none for Telegram, or `None` for a good one.

    TDLib keeps a link in HTML only if its address is good, which is the same check.
    """
    text = f'<a href="{escape(url)}">x</a>'
    parsed = execute("parseTextEntities", text=text, parse_mode=_PARSE_MODES["html"])
    if parsed["entities"]:
        return None
    scheme, separator, _ = url.partition("://")
    if separator and scheme.lower() not in {"http", "https", "tg", "ton", "tonsite"}:
        return "Unsupported URL protocol"
    return "Wrong HTTP URL"
