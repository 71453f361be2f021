"""Small helpers for parsed pages: class tokens, scoped children, the text of a line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborNode


@lru_cache(maxsize=1024)
def split_classes(value: str | None) -> frozenset[str]:
    """Return the class tokens of a `class` attribute; cached, as pages have few distinct ones.

    It may contain a tab: `<div class="total details&#x09;">`.
    """
    return frozenset((value or "").split())


def classes(node: LexborNode) -> frozenset[str]:
    """Return an element's class tokens."""
    return split_classes(node.attributes.get("class"))


def find_child(node: LexborNode, token: str) -> LexborNode | None:
    """Return the first direct child of `node` with the class `token`."""
    for child in node.iter():
        if token in classes(child):
            return child
    return None


def find_inside(node: LexborNode, token: str) -> LexborNode | None:
    """Return the first descendant of `node` with the class `token`."""
    return next(find_all_inside(node, token), None)


def find_all_inside(node: LexborNode, token: str) -> Iterator[LexborNode]:
    """Yield every descendant of `node` with the class `token`, in page order."""
    for child in node.iter():
        if token in classes(child):
            yield child
        else:
            yield from find_all_inside(child, token)


def line(node: LexborNode) -> str:
    """Return the text of a one-line block, without the page's indentation."""
    only = node.first_child
    if only is not None and only.next is None and only.is_text_node:
        return (only.text_content or "").strip()  # the common case, several times faster
    return (node.text(deep=True) or "").strip()
