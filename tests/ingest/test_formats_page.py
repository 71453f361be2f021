"""What docs/formats.md says of the formats is what the readers do."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from db.merge import merge
from ingest.telegram_json.chat_actions import CHAT_LINES
from ingest.telegram_json.paid_actions import PAID_LINES
from model.posts import (
    Forward,
    LanguageSource,
    Link,
    Media,
    MediaKind,
    Poll,
    Post,
    PostKind,
    Precision,
    Reaction,
    Snippet,
    SnippetOrigin,
)
from model.rich_text import RichText, Span, SpanKind
from tests.mirror.rich_html import BLOCK_TYPES

_HERE = Path(__file__).parent
_PAGE = (_HERE.parents[1] / "docs" / "formats.md").read_text(encoding="utf-8")
# The columns of the page, and the cases that the reader of each format passes.
_FORMATS = {
    "Desktop HTML": ("cases", "*.json"),
    "Desktop JSON": ("cases_json", "*.posts.json"),
    "macOS HTML": ("cases_macos", "*.json"),
    "web preview": ("cases_web", "*.json"),
    "tdl JSON": ("cases_tdl", "*.posts.json"),
}
_NOON = datetime(2024, 3, 5, 12, tzinfo=UTC)
_VALUED = " -> "


def _table(first_column: str) -> list[dict[str, str]]:
    """Return the rows of the table with this first column, without markup."""
    lines = _PAGE[_PAGE.index(f"| {first_column} |") :].splitlines()
    head, _, *rows = [
        [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
        for line in takewhile(lambda line: line.startswith("|"), lines)
    ]
    return [dict(zip(head, row, strict=True)) for row in rows]


def _posts(folder: str, pattern: str) -> Iterator[Mapping[str, Any]]:
    for path in sorted((_HERE / folder).glob(pattern)):
        yield from json.loads(path.read_text(encoding="utf-8"))


def _fields(value: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for name, part in value.items():
        yield prefix + name
        for inner in part if isinstance(part, list) else [part]:
            if isinstance(inner, dict):
                yield from _fields(inner, f"{prefix}{name}.")


def _formatting(post: Mapping[str, Any]) -> Iterator[str]:
    for span in post.get("spans", ()):
        kind = span.split()[0]
        yield f"{kind}, with its value" if _VALUED in span else kind


@pytest.mark.parametrize("name", _FORMATS)
def test_page_says_what_a_format_contains(name: str) -> None:
    """A cell says yes if a case of that format has the field or the formatting."""
    posts = list(_posts(*_FORMATS[name]))
    found = {field for post in posts for field in _fields(post)}
    found |= {kind for post in posts for kind in _formatting(post)}
    for row in [*_table("field"), *_table("formatting")]:
        label = row.get("field") or row["formatting"]
        assert (label, row[name]) == (label, "yes" if label in found else "—")


def test_page_lists_every_field_and_formatting() -> None:
    """Every field of a post has a row, and so has every kind of formatting."""
    fields = {row["field"] for row in _table("field")}
    names = {"text" if each.name == "content" else each.name for each in dataclasses.fields(Post)}
    assert {field for field in fields if "." not in field} == names
    kinds = {row["formatting"].partition(",")[0] for row in _table("formatting")}
    assert kinds == {kind.value for kind in SpanKind}


def _snippet(language: str | None) -> Snippet:
    return Snippet(
        origin=SnippetOrigin.PRE,
        code="x",
        start=0,
        end=1,
        language=language,
        language_source=LanguageSource.LABEL if language else LanguageSource.UNKNOWN,
    )


def _code(language: str) -> RichText:
    return RichText("x", (Span(kind=SpanKind.PRE, start=0, end=1, value=language),))


def _post(**fields: Any) -> Post:
    return dataclasses.replace(Post(message_id=1, posted_at=_NOON), **fields)


# Of each field: a value, another one, and the value of a source that does not contain it.
_NEWEST_KNOWN: Mapping[str, Sequence[Any]] = {
    "author": ("Анна", "Боря", None),
    "via_bot": ("vote", "gif", None),
    "edited_at": (_NOON, _NOON + timedelta(days=1), None),
    "reply_to": (1, 2, None),
    "forward": (Forward(name="А", message_id=5), Forward(name="Б", message_id=6), None),
    "poll": (Poll(question="А"), Poll(question="Б"), None),
    "reactions": ((Reaction(emoji="👍", count=1),), (), None),
    "views": (5, 6, None),
    "album_id": (5, 6, None),
}
_NEWEST: Mapping[str, Sequence[Any]] = {
    "kind": (PostKind.SERVICE, PostKind.MESSAGE),
    "hashtags": (("sql",), ()),
    "links": ((Link(url="https://a.example", host="a.example", text="а"),), ()),
}
_PARTS: Mapping[str, Sequence[Any]] = {
    "text": (_code("python"), _code(""), _code("python")),
    "snippets": ((_snippet("python"),), (_snippet(None),), (_snippet("python"),)),
    "media": (
        (Media(kind=MediaKind.PHOTO, path="photos/a.jpg", width=5),),
        (Media(kind=MediaKind.PHOTO, size=7),),
        (Media(kind=MediaKind.PHOTO, path="photos/a.jpg", width=5, size=7),),
    ),
}


def _merged(field: str, older: Any, newer: Any) -> Any:
    name = "content" if field == "text" else field
    return getattr(merge(_post(**{name: older}), _post(**{name: newer})), name)


def test_page_says_how_fields_are_merged() -> None:
    """Every rule of the page is what merging two sources does."""
    rules = {row["field"]: row["merged"] for row in _table("field")}
    expected = {
        "identity": {"message_id"},
        "newest": set(_NEWEST),
        "newest known": set(_NEWEST_KNOWN),
        "newest, parts filled in": set(_PARTS),
        "most exact": {"posted_at", "precision"},
        "": {field for field in rules if "." in field},
    }
    assert {rule: {f for f in rules if rules[f] == rule} for rule in expected} == expected
    for field, (older, newer) in _NEWEST.items():
        assert _merged(field, older, newer) == newer
    for field, (older, newer, unknown) in _NEWEST_KNOWN.items():
        assert _merged(field, older, newer) == newer
        assert _merged(field, older, unknown) == older
    for field, (older, newer, filled_in) in _PARTS.items():
        assert _merged(field, older, newer) == filled_in


def test_a_time_to_the_second_is_kept() -> None:
    """A day in a newer source does not replace the exact time of an older one."""
    day = _post(posted_at=_NOON + timedelta(hours=1), precision=Precision.DAY)
    for older, newer in ((_post(), day), (day, _post())):
        merged = merge(older, newer)
        assert (merged.posted_at, merged.precision) == (_NOON, Precision.SECOND)


def test_page_lists_every_block_of_rich_posts() -> None:
    """The page says of every block that the exporter writes how it is read."""
    rows = [row["block"] for row in _table("block")]
    assert {name for row in rows for name in row.split(", ")} == BLOCK_TYPES


def test_page_lists_every_action_of_service_messages() -> None:
    """The page lists the actions that have a wording."""
    section = _PAGE.partition("## Service messages")[2].partition(":\n\n")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", section)) == {*CHAT_LINES, *PAID_LINES}
