"""Splits a text that is too long for one message into pages without losing anything."""

from __future__ import annotations

import heapq
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from html import escape
from itertools import accumulate

from bot.message.compose import cut
from bot.message.nesting import nest
from model.rich_text import RichText, Span, SpanKind

MESSAGE_LENGTH = 4096
"""UTF-16 units. The server counts code points, so this is safe either way."""
SPAN_LIMIT = 100
"""Telegram ignores further spans of a message."""
_VALUE_LIMIT = 5000
"""Bytes of addresses per message: the server refuses about 9,500 bytes of spans."""

_FOUND = re.compile(r"[#@$/][\w]|://|(?<=\w)\.(?=\w\w)")
"""Tags, names and addresses that Telegram detects itself: they count as spans too."""
_BREAKS = ("\n\n", "\n", " ")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f" + "".join(map(chr, range(0x1F3FB, 0x1F400))))


def paginate(content: RichText, *, room: int, spans: int = SPAN_LIMIT) -> tuple[RichText, ...]:
    """Split a text into parts of at most `room` units that together are the whole text."""
    rich = nest(content)
    units = [0, *accumulate(1 + (character > "\uffff") for character in rich.text)]
    pages = []
    start = 0
    while start < len(rich.text):
        end = _page_end(rich, units, start, room=room, limit=spans)
        pages.append(cut(rich, start, end))
        start = end
    return tuple(pages) or (rich,)


def head(content: RichText, *, room: int, spans: int = SPAN_LIMIT) -> tuple[RichText, bool]:
    """Return the part that fits, and whether it is the whole text."""
    pages = paginate(content, room=room, spans=spans)
    return pages[0], len(pages) == 1


def _page_end(rich: RichText, units: list[int], start: int, *, room: int, limit: int) -> int:
    """Return the end of the page that starts at `start`, always beyond it.

    Pages end at a paragraph, a line or a word, and not within a span that fits on a page.
    """
    last = bisect_right(units, units[start] + room) - 1
    last = max(min(last, _crowded_at(rich, start, limit)), start + 1)
    if last >= len(rich.text):
        return len(rich.text)
    whole = [
        span
        for span in rich.spans
        if span.start < last and span.end > start and units[span.end] - units[span.start] <= room
    ]
    window = start + (last - start) // 2
    for mark in _BREAKS:
        found = _last_break(rich.text, mark, window, last, whole)
        if found:
            return found
        begins = min((span.start for span in _around(last, whole)), default=start)
        if mark == "\n" and begins > start:
            return begins  # better a short page than a split code block
    return _between_graphemes(rich.text, window, last, whole)


def _last_break(text: str, mark: str, first: int, last: int, whole: Sequence[Span]) -> int:
    """Return the last position after a separator outside all of the spans, or 0."""
    end = last
    while (found := text.rfind(mark, first, end)) >= 0:
        place = found + len(mark)
        around = _around(place, whole)
        if not around:
            return place
        end = min(span.start for span in around)
    return 0


def _around(place: int, spans: Sequence[Span]) -> Sequence[Span]:
    return [span for span in spans if span.start < place < span.end]


def _crowded_at(rich: RichText, start: int, limit: int) -> int:
    """Return the start of the first span that a page beginning at `start` has no room for."""
    code = [span for span in rich.spans if span.kind in {SpanKind.PRE, SpanKind.CODE}]
    places = (match.start() for match in _FOUND.finditer(rich.text, start))
    found = ((place, 0) for place in places if not _around(place, code))
    own = ((span.start, _value_size(span)) for span in rich.spans if span.end > start)
    size = 0
    for count, (place, weight) in enumerate(heapq.merge(found, own), 1):
        size += weight
        if count > limit or size > _VALUE_LIMIT:
            return place
    return len(rich.text)


def _value_size(span: Span) -> int:
    return len(escape(span.value).encode())


def _between_graphemes(text: str, first: int, last: int, whole: Sequence[Span]) -> int:
    """Return the last position that splits neither combining characters nor emoji sequences."""
    for place in range(last, first, -1):
        after = text[place]
        is_torn = after in _JOINERS or unicodedata.combining(after) or text[place - 1] == "\u200d"
        if not is_torn and not _around(place, whole):
            return place
    return last
