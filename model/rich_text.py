"""Rich text: the plain text exactly as its author wrote it, plus formatting spans."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SpanKind(StrEnum):
    """Kinds of spans; the names follow Telegram's message entities."""

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
    """A format applied to `text[start:end]`; offsets are code points, as in Python and SQLite.

    `value` holds what the text does not show: the address of a `TEXT_LINK`, the full address of a
    `URL`, the address of an `EMAIL` or the number of a `PHONE` where the text is other words, the
    language label of a `PRE`, `"collapsed"` for a `QUOTE` that opens folded. Otherwise it is empty.
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
