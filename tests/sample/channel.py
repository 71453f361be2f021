"""The sample channel: read from `channel.toml`, where its posts are written down by hand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from model.posts import (
    Forward,
    Media,
    MediaKind,
    Poll,
    PollAnswer,
    Post,
    PostKind,
    Precision,
    Reaction,
)
from model.rich_text import RichText, Span, SpanKind
from model.tags import find_tags
from tests.mirror.attachments import NOT_INCLUDED, MediaExtras
from tests.mirror.messages import Button, MirrorMessage, OriginKind
from tests.mirror.tdesktop_html import write_export

SOURCE = Path(__file__).with_name("channel.toml")
EXPORT_NAME = "ChatExport_2026-11-20"
ZONE = timezone(timedelta(hours=3))

_MARKUP = {
    "b": SpanKind.BOLD,
    "i": SpanKind.ITALIC,
    "u": SpanKind.UNDERLINE,
    "s": SpanKind.STRIKE,
    "code": SpanKind.CODE,
    "pre": SpanKind.PRE,
    "quote": SpanKind.QUOTE,
    "spoiler": SpanKind.SPOILER,
    "a": SpanKind.TEXT_LINK,
    "url": SpanKind.URL,
    "emoji": SpanKind.CUSTOM_EMOJI,
    "name": SpanKind.MENTION_NAME,
}
_ELEMENT = re.compile(rf"<({'|'.join(_MARKUP)})(?: ([^>\n]+))?>(.*?)</\1>", re.DOTALL)
_DETECTED = (
    (SpanKind.URL, re.compile(r"https?://[^\s<>«»]+[^\s<>«».,:;!?)\]]")),
    (SpanKind.EMAIL, re.compile(r"(?<![\w.])[\w.]+@\w+\.\w+")),
    (SpanKind.MENTION, re.compile(r"(?<![\w@])@[A-Za-z]\w{4,}")),
    (SpanKind.CASHTAG, re.compile(r"(?<![\w$])\$[A-Z]{3,8}\b")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleChannel:
    """The channel's title and its messages, ascending."""

    title: str
    messages: tuple[MirrorMessage, ...]


def read_channel(path: Path = SOURCE) -> SampleChannel:
    """Read the channel's source."""
    source = tomllib.loads(path.read_text(encoding="utf-8"))
    messages = tuple(_read_message(entry) for entry in source["message"])
    return SampleChannel(title=source["title"], messages=messages)


def write_sample(parent: Path) -> Path:
    """Write the export of the sample channel into `parent` and return its folder."""
    channel = read_channel()
    return write_export(
        parent / EXPORT_NAME, title=channel.title, messages=channel.messages, zone=ZONE
    )


def read_markup(marked: str) -> RichText:
    """Turn `<b>bold</b>`, `<a https://…>words</a>` and the like into text and spans.

    Addresses, mentions, e-mails and hashtags outside of an element are found as Telegram finds
    them; elements do not nest, since an export could not hold it.
    """
    text, spans = "", list[Span]()
    end = 0
    for element in _ELEMENT.finditer(marked):
        text += marked[end : element.start()]
        name, value, inner = element.groups(default="")
        kind = _MARKUP[name]
        if kind is SpanKind.URL:
            value = f"https://{inner}"
        spans.append(Span(kind=kind, start=len(text), end=len(text) + len(inner), value=value))
        text += inner
        end = element.end()
    text += marked[end:]
    for found in _detected(text):
        if all(found.end <= span.start or span.end <= found.start for span in spans):
            spans.append(found)
    return RichText(text, tuple(sorted(spans, key=lambda span: (span.start, -span.end))))


def _detected(text: str) -> Iterator[Span]:
    for kind, pattern in _DETECTED:
        for match in pattern.finditer(text):
            value = match[0] if kind is SpanKind.URL else ""
            yield Span(kind=kind, start=match.start(), end=match.end(), value=value)
    for start, end in find_tags(text):
        yield Span(kind=SpanKind.HASHTAG, start=start, end=end)


def _read_message(entry: dict[str, Any]) -> MirrorMessage:
    service = entry.get("service")
    content = RichText(service) if service else read_markup(entry.get("text", "").rstrip("\n"))
    post = Post(
        message_id=entry["id"],
        posted_at=_instant(entry["at"]),
        kind=PostKind.SERVICE if service else PostKind.MESSAGE,
        precision=Precision.DAY if service else Precision.SECOND,
        content=content,
        author=entry.get("author"),
        via_bot=entry.get("via"),
        reply_to=entry.get("reply_to"),
        forward=_read_forward(entry),
        media=_read_media(entry.get("media")),
        poll=_read_poll(entry.get("poll")),
        reactions=_read_reactions(entry.get("reactions", "")),
    )
    return MirrorMessage(
        post=post,
        origin=OriginKind(entry.get("origin", "channel")),
        reply_elsewhere=entry.get("reply_elsewhere", False),
        media=MediaExtras(**entry.get("media_extras", {})),
        buttons=tuple(
            tuple(Button(**button) for button in row) for row in entry.get("buttons", ())
        ),
        chosen_answer=entry.get("poll", {}).get("chosen"),
        photo=entry.get("photo", False),
    )


def _instant(local: datetime) -> datetime:
    return local.replace(tzinfo=ZONE).astimezone(UTC)


def _read_forward(entry: dict[str, Any]) -> Forward | None:
    if "from" not in entry:
        return None
    return Forward(name=entry["from"], posted_at=_instant(entry["from_at"]))


def _read_media(entry: dict[str, Any] | None) -> tuple[Media, ...]:
    if entry is None:
        return ()
    fields = {"note": NOT_INCLUDED, **entry}
    return (Media(**{**fields, "kind": MediaKind(fields["kind"])}),)


def _read_poll(entry: dict[str, Any] | None) -> Poll | None:
    if entry is None:
        return None
    answers: Sequence[tuple[str, int]] = entry["answers"]
    return Poll(
        question=entry["question"],
        answers=tuple(PollAnswer(text=text, voters=voters or None) for text, voters in answers),
        details=entry.get("details", "Anonymous poll"),
        total_voters=sum(voters for _, voters in answers),
    )


def _read_reactions(written: str) -> tuple[Reaction, ...] | None:
    """Read `👍 12  🔥 4`."""
    parts = written.split()
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return tuple(Reaction(emoji=emoji, count=int(count)) for emoji, count in pairs) or None
