"""Rich text in the exporter's markup: flat, every entity one element, no element inside another."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from model.rich_text import RichText, Span, SpanKind
from tests.mirror.tags import escape

_INTERNAL_LINKS = "https://t.me/"
_PLAIN_TAGS = {
    SpanKind.BOLD: "strong",
    SpanKind.ITALIC: "em",
    SpanKind.UNDERLINE: "u",
    SpanKind.STRIKE: "s",
    SpanKind.CODE: "code",
    SpanKind.PRE: "pre",
    SpanKind.QUOTE: "blockquote",
}
_SCRIPTED = {
    SpanKind.HASHTAG: "ShowHashtag",
    SpanKind.CASHTAG: "ShowCashtag",
    SpanKind.COMMAND: "ShowBotCommand",
}
_ADDRESSES: dict[SpanKind, Callable[[str, str], str]] = {
    SpanKind.MENTION: lambda text, _: f"{_INTERNAL_LINKS}{text[1:]}",
    SpanKind.URL: lambda text, _: text,
    SpanKind.TEXT_LINK: lambda _, value: value,
    SpanKind.EMAIL: lambda text, _: f"mailto:{text}",
    SpanKind.PHONE: lambda text, _: f"tel:{text}",
}


def flat_spans(rich: RichText) -> Iterator[Span]:
    """Yield the spans that an export keeps: one that overlaps an earlier one is dropped."""
    end = 0
    for span in rich.spans:
        if span.start >= end:
            yield span
            end = span.end


def format_text(rich: RichText) -> str:
    """Return the content of a `div.text`."""
    parts: list[str] = []
    end = 0
    for span in flat_spans(rich):
        parts += escape(rich.text[end : span.start]), _format_entity(rich.text_of(span), span)
        end = span.end
    return "".join([*parts, escape(rich.text[end:])])


def _format_entity(text: str, span: Span) -> str:
    inner = escape(text)
    if tag := _PLAIN_TAGS.get(span.kind):
        return f"<{tag}>{inner}</{tag}>"
    if function := _SCRIPTED.get(span.kind):
        argument = escape(f'"{text[1:]}"')
        return f'<a href="" onclick="return {function}({argument})">{inner}</a>'
    if address := _ADDRESSES.get(span.kind):
        return f'<a href="{escape(address(text, span.value))}">{inner}</a>'
    if span.kind is SpanKind.SPOILER:
        opened = '<span class="spoiler hidden" onclick="ShowSpoiler(this)">'
        return f'{opened}<span aria-hidden="true">{inner}</span></span>'
    return f"<a {_odd_attributes(span)}>{inner}</a>"


def _odd_attributes(span: Span) -> str:
    """Return the attributes of a mention by name or of a custom emoji.

    A custom emoji leads to its sticker's file where `value` names one, with blanks around the `=`.
    """
    if span.kind is SpanKind.MENTION_NAME:
        return 'href="" onclick="return ShowMentionName()"'
    if span.value:
        return f'href = "{escape(span.value)}"'
    return 'href="" onclick="return ShowNotLoadedEmoji();"'
