"""Rich text: plain text exactly as the author wrote it, and spans over it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SpanKind(StrEnum):
    """What a stretch of text is; the names follow Telegram's message entities."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRIKE = "strike"
    SPOILER = "spoiler"
    QUOTE = "quote"
    CODE = "code"
    PRE = "pre"
    HASHTAG = "hashtag"
    CASHTAG = "cashtag"
    COMMAND = "command"
    MENTION = "mention"
    MENTION_NAME = "mention_name"
    URL = "url"
    TEXT_LINK = "text_link"
    EMAIL = "email"
    PHONE = "phone"
    CUSTOM_EMOJI = "custom_emoji"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Mark `text[start:end]`; offsets are code points, as Python and SQLite's `substr` count them.

    `value` carries what the text does not show: the address of a `TEXT_LINK`, the completed
    address of a `URL`, the author's language label of a `PRE`, `"collapsed"` on a `QUOTE` that
    opens folded. It is empty otherwise.
    """

    kind: SpanKind
    start: int
    end: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class RichText:
    """A text and its spans, ordered by start, then longest first; spans may nest."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    def text_of(self, span: Span) -> str:
        """Return the characters that `span` covers."""
        return self.text[span.start : span.end]
