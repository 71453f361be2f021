"""Posts as plain data, short enough to be read in a case file: what is usual is left out."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

from model.posts import BadMessage, Post
from model.rich_text import RichText, Span

_STAMP = "%Y-%m-%dT%H:%M:%SZ"


def as_plain(item: Post | BadMessage) -> dict[str, Any]:
    """Return a message as the case files spell it."""
    if isinstance(item, BadMessage):
        return {"problem": item.reason, "file": item.file, "anchor": item.anchor}
    return _as_plain_object(item)


def _as_plain_object(value: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for field in dataclasses.fields(value):
        part = getattr(value, field.name)
        if part != field.default and part not in ((), RichText()):
            shown |= _spell(field.name, part)
    return shown


def _spell(name: str, part: Any) -> dict[str, Any]:
    if isinstance(part, RichText):
        spans = [_spell_span(part, span) for span in part.spans]
        return {"text": part.text, **({"spans": spans} if spans else {})}
    if isinstance(part, datetime):
        return {name: part.astimezone(UTC).strftime(_STAMP)}
    if isinstance(part, tuple):
        return {name: [_spell_item(item) for item in part]}
    return {name: _spell_item(part)}


def _spell_item(item: Any) -> Any:
    return _as_plain_object(item) if dataclasses.is_dataclass(item) else item


def _spell_span(content: RichText, span: Span) -> str:
    """Return `bold 0-5 "words"`, with an arrow to the value where it has one."""
    value = f" -> {span.value}" if span.value else ""
    return f"{span.kind} {span.start}-{span.end} {content.text_of(span)!r}{value}"
