"""Small steps over a parsed page: class tokens, scoped children, the text of a block."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborNode


@lru_cache(maxsize=1024)
def split_classes(value: str | None) -> frozenset[str]:
    """Return the class tokens of a `class` attribute; pages hold few distinct ones.

    A tab may stand in it: `<div class="total details&#x09;">`.
    """
    return frozenset((value or "").split())


def classes(node: LexborNode) -> frozenset[str]:
    """Return an element's class tokens."""
    return split_classes(node.attributes.get("class"))


def find_child(node: LexborNode, token: str) -> LexborNode | None:
    """Return the first element directly inside `node` that has the class `token`."""
    for child in node.iter():
        if token in classes(child):
            return child
    return None


def find_inside(node: LexborNode, token: str) -> LexborNode | None:
    """Return the first element anywhere inside `node` that has the class `token`."""
    return next(find_all_inside(node, token), None)


def find_all_inside(node: LexborNode, token: str) -> Iterator[LexborNode]:
    """Yield every element inside `node` that has the class `token`, in page order."""
    for child in node.iter():
        if token in classes(child):
            yield child
        else:
            yield from find_all_inside(child, token)


def line(node: LexborNode) -> str:
    """Return the text of a one-line block, without the page's indentation."""
    only = node.first_child
    if only is not None and only.next is None and only.is_text_node:
        return (only.text_content or "").strip()  # nearly all of them, and several times as fast
    return (node.text(deep=True) or "").strip()
