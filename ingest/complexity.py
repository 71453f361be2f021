"""Recognises pages made to overload a parser, before they are parsed.

At every tag a parser looks through all open elements, and at every attribute through all others of
its element: 500,000 unclosed `<div>` took it a minute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

TOO_COMPLEX = (
    "The page nests its elements too deep, or gives one too many attributes, so that no exporter "
    "can have written it, and was not read; export it again."
)
# Exporters 4.15.1 to 5.8 leave an element open after each keyboard: up to a thousand on a page.
_DEEPEST = 5000
_PORTION = 4096
# Void elements, of which a page may have thousands.
_CLOSED_AT_ONCE = (b"<br>", b"<br/>", b"<img ")
_MOST_ATTRIBUTES = 500
_BETWEEN_ATTRIBUTES = re.compile(rb"[\s/\"']")
_TAG = re.compile(rb"<[A-Za-z][^\"'>]*+(?:\"[^\"]*+\"[^\"'>]*+|'[^']*+'[^\"'>]*+)*+")


def is_too_complex(page: bytes) -> bool:
    """Return whether parsing would cost more than linear time; a cheap estimate."""
    # Nearly all pages pass even when void elements are counted, which is faster.
    is_deep = all(_is_deep(page, closed_at_once=tags) for tags in ((), _CLOSED_AT_ONCE))
    return is_deep or any(
        _is_crowded_tag(page, start)
        for start in range(0, len(page), _PORTION)
        if page.find(b">", start, start + _PORTION) < 0
    )


def _is_deep(page: bytes, *, closed_at_once: Iterable[bytes]) -> bool:
    depth = 0
    for start in range(0, len(page), _PORTION):
        end = start + _PORTION
        closing = page.count(b"</", start, end)
        opening = page.count(b"<", start, end) - closing
        opening -= sum(page.count(tag, start, end) for tag in closed_at_once)
        if depth + opening > _DEEPEST:
            return True
        depth = max(depth + opening - closing, 0)
    return False


def _is_crowded_tag(page: bytes, start: int) -> bool:
    """Return whether a chunk is inside one tag with many attributes, not one long value."""
    tag = _TAG.match(page, max(page.rfind(b"<", 0, start), 0), start)
    between = _BETWEEN_ATTRIBUTES.findall(page, start, start + _PORTION)
    return tag is not None and tag.end() == start and len(between) > _MOST_ATTRIBUTES
