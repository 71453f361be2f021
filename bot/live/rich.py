"""Rich posts, which the library does not support: read from the raw update."""

from __future__ import annotations

from ingest.telegram_json.rich_message import read_rich_message
from model.rich_text import RichText

_DEEPEST = 40
# Telegram's names, and those of the exporter, whose reader handles both.
_TYPES = {
    "preformatted": "code",
    "pre": "code",
    "blockquote": "quote",
    "block_quote": "quote",
    "pullquote": "quote",
    "url": "text_link",
    "text_url": "text_link",
}


def read_rich(value: object) -> RichText | None:
    """Read the `rich_message` of a raw update, if it contains text."""
    exported = _as_exported(value, depth=0)
    if not isinstance(exported, dict):
        return None
    content = read_rich_message(exported).content
    return content if content.text else None


def _as_exported(value: object, *, depth: int) -> object:
    """Return a value with the exporter's names; excessive nesting is cut off."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        return [_as_exported(each, depth=depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    renamed = {key: _as_exported(each, depth=depth + 1) for key, each in value.items()}
    kind = renamed.get("type")
    if isinstance(kind, str) and kind in _TYPES:
        renamed["type"] = _TYPES[kind]
    if renamed.get("type") == "text_link" and "url" in renamed:
        renamed["href"] = renamed.pop("url")
    return renamed
