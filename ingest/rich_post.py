"""Builds rich posts (2026): blocks on separate lines, with media among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote_to_bytes

from ingest.rich_text import TextBuilder
from model.posts import Media
from model.rich_text import RichText, Span, SpanKind

_AUTHORITY = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^/?#]*)(.*)", re.DOTALL)
_ENCODED = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_OPENS = re.compile(r"(?:https?|tg)://", re.IGNORECASE)
# fmt: off
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)
# fmt: on
_HIGHEST_ROMAN = 3999
_LONGEST_LABEL = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemNumber:
    """The number given for an item of an ordered list: a label or a value."""

    label: str | None = None
    value: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RichPost:
    """The contents of a rich post: one text, and the attachments in reading order."""

    content: RichText = field(default_factory=RichText)
    media: tuple[Media, ...] = ()


class RichPostBuilder:
    """Collects blocks in reading order.

    A line begins only when something is written to it, so a block without words, such as a picture
    or divider, leaves no empty line.
    """

    __slots__ = ("_breaks", "_marker", "_tabs", "_text", "media")

    def __init__(self) -> None:
        self.media: list[Media] = []
        self._text = TextBuilder()
        # What will precede the next words: a line break, the marker of an item, tabs.
        self._breaks, self._marker, self._tabs = False, "", 0

    def begin_block(self) -> int:
        """Begin a line with the next words, and return the position where it will begin.

        The first block of a list item begins next to the marker of the item.
        """
        if not self._marker:
            self._breaks, self._tabs = not self._text.at_line_start, 0
        return self._text.length + self._breaks + len(self._marker)

    def begin_item(self, marker: str) -> None:
        """Begin a list item; its `marker` precedes its first words."""
        self.begin_block()
        self._marker += marker

    def end_item(self) -> None:
        """End a list item, writing the marker of an empty one."""
        if self._marker:
            marker = self._marker.rstrip(" ")
            self._marker = ""
            self.write(lambda text: text.add(marker))

    def begin_cell(self) -> None:
        """Place the next words in the same row of a table, separated by a tab."""
        self._tabs += 1

    def write(self, add: Callable[[TextBuilder], object]) -> None:
        """Append what `add` adds to the text, after the line break that is due before it."""
        text, position = self._text, len(self._text.parts)
        before = text.length
        text.parts.append("")
        text.length += self._breaks + len(self._marker) + self._tabs
        start = text.length
        add(text)
        if text.length == start:
            del text.parts[position:]
            text.length = before
            return
        text.parts[position] = "\n" * self._breaks + self._marker + "\t" * self._tabs
        self._breaks, self._marker, self._tabs = False, "", 0

    def write_line(self, words: str | None) -> None:
        """Write a line of plain text, if there is any."""
        self.begin_block()
        self.write(lambda text: text.add(words or ""))

    def write_link(self, words: str, address: str | None) -> None:
        """Write a line of text that links to an address, if there is one."""
        start = self.begin_block()
        self.write(lambda text: text.add(words))
        if address is not None:
            self.mark(SpanKind.TEXT_LINK, start, value=address)

    def write_address(self, address: str | None) -> None:
        """Write an address on a separate line, if there is one."""
        start = self.begin_block()
        self.write(lambda text: text.add(address or ""))
        if address and _OPENS.match(address):
            self.mark(SpanKind.URL, start, value=address)

    def mark(self, kind: SpanKind, start: int, *, value: str = "") -> None:
        """Mark the blocks written from `start`, which `begin_block` returned."""
        self._text.mark(kind, start, value=value)

    def build(self) -> RichPost:
        """Return the post."""
        content = self._text.build()
        spans = tuple(_with_readable_address(span, content) for span in content.spans)
        return RichPost(content=RichText(content.text, spans), media=tuple(self.media))


def mark_button(text: TextBuilder, start: int, address: str | None) -> None:
    """Link the label of a button that opens an address."""
    if address and _OPENS.match(address):
        text.mark(SpanKind.TEXT_LINK, start, value=address)


def task_marker(*, done: bool) -> str:
    """Return the checkbox before a task."""
    return "☑ " if done else "☐ "


def number_items(
    numbers: Sequence[ItemNumber], *, start: int | None, descending: bool, style: str
) -> Iterator[str]:
    """Yield the numbers of the items of an ordered list, counted as browsers do.

    `style` is that of HTML: `1`, `a`, `A`, `i` or `I`; anything else means `1`.
    """
    step = -1 if descending else 1
    first = len(numbers) if descending else 1
    number = start if start is not None else first
    for item in numbers:
        number = item.value if item.value is not None else number
        label = item.label or _numeral(number, style)
        yield f"{label}. " if label[-1:].isalnum() else f"{label} "
        number += step


def _numeral(number: int, style: str) -> str:
    if style in ("a", "A") and number > 0:
        letters = _letters(number)
    elif style in ("i", "I") and 0 < number <= _HIGHEST_ROMAN:
        letters = _roman(number)
    else:
        return str(number)
    return letters.upper() if style.isupper() else letters


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, index = divmod(number - 1, 26)
        letters = chr(ord("a") + index) + letters
    return letters


def _roman(number: int) -> str:
    digits = []
    for value, digit in _ROMAN:
        times, number = divmod(number, value)
        digits.append(digit * times)
    return "".join(digits)


def _with_readable_address(span: Span, content: RichText) -> Span:
    """Return a span with its address in the same spelling for all formats.

    HTML exports encode addresses completely, `https://xn--e1afmkfd.xn--p1ai/%D0%BF`, where JSON has
    `https://пример.рф/п`; so a bare address would differ from its own text.
    """
    if span.kind not in (SpanKind.URL, SpanKind.TEXT_LINK):
        return span
    words, address = content.text_of(span), _readable(span.value)
    if address == _readable(words):
        return replace(span, kind=SpanKind.URL, value=words)
    return replace(span, value=address)


def _readable(address: str) -> str:
    parts = _AUTHORITY.fullmatch(address)
    if parts is None:
        return address
    scheme, authority, rest = parts.groups()
    host = ".".join(map(_decode_label, authority.lower().split(".")))
    return scheme.lower() + host + _ENCODED.sub(_decode_letters, rest)


def _decode_label(label: str) -> str:
    """Decode a label of a host name such as `xn--e1afmkfd`."""
    if not label.startswith("xn--") or len(label) > _LONGEST_LABEL:
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


def _decode_letters(match: re.Match[str]) -> str:
    """Decode non-ASCII letters; separators stay encoded."""
    try:
        return unquote_to_bytes(match[0]).decode()
    except UnicodeDecodeError:
        return match[0]
