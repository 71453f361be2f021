"""Puts a page that was rewritten back into the exporter's layout, as a browser would show it.

Tidied, minified or re-serialised pages have other white space, quotes and orders of attributes. The
readers rely on the exporter's: every block on lines of its own, the author's line breaks as `<br>`.
"""

from __future__ import annotations

import re
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.complexity import is_too_complex

# A one-line block as the exporter writes it: `<div class="text bold">`, the title, `</div>`.
_LAYOUT = re.compile(rb'class="(?:text bold|body details|text)">\n[^\s<][^\n]*\n *</div>')
_EXAMINED = 1 << 16
_ARCHIVE = re.compile(r"^(?:https?://web\.archive\.org)?/web/\d{4,14}(?:[a-z]{2}_)?/(?=\S)")
_ARCHIVED = re.compile(rb'(?:href|src)="(?:https?://web\.archive\.org)?/web/\d{4,14}[a-z]{2}_/')
_SPACE = re.compile(r"[ \t\n\r\f]+")
# fmt: off
_BLOCKS = frozenset({
    "html", "head", "body", "div", "p", "ul", "ol", "li", "table", "tbody", "thead", "tr", "td",
    "th", "details", "summary", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6",
})
# fmt: on
_SKIPPED = frozenset({"script", "style", "noscript", "iframe"})
_EDGES = frozenset({"blockquote", "br", "pre", "title", "img"})
_VOID = frozenset({"br", "img", "meta", "link", "input", "hr"})
_ORDER = ("class", "href", "id", "onclick", "src", "style", "title")


def as_exported(content: bytes) -> bytes:
    """Return a page in the exporter's layout; a page that has it is returned as it is."""
    is_archived = _ARCHIVED.search(content, 0, _EXAMINED) is not None
    if not is_archived and _LAYOUT.search(content, 0, _EXAMINED):
        return content
    if not _is_utf8(content) or is_too_complex(content):
        return content
    tree = LexborHTMLParser(content)
    if tree.root is None or not tree.css(".message"):
        return content
    writer = _Writer(is_archived=is_archived)
    writer.write(tree.root)
    return "".join(writer.parts).encode()


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


class _Writer:
    """Writes a tree in the exporter's layout."""

    def __init__(self, *, is_archived: bool) -> None:
        self.parts: list[str] = []
        self._is_archived = is_archived
        self._at_edge = True  # nothing is shown of white space that follows
        self._last_text = -1

    def write(self, root: LexborNode) -> None:
        """Write an element and all in it, without recursion: rewritten pages nest deeply."""
        waiting: list[tuple[LexborNode | str, bool]] = [(root, False)]
        while waiting:
            node, in_pre = waiting.pop()
            if isinstance(node, str):
                self._close(node)
            elif node.is_text_node:
                self._add_text(node.text_content or "", in_pre=in_pre)
            elif (tag := node.tag or "") and tag not in _SKIPPED and not tag.startswith("-"):
                self._open(node, tag)
                if tag not in _VOID:
                    waiting.append((tag, in_pre))
                    children = list(node.iter(include_text=True))
                    is_pre = in_pre or tag == "pre"
                    waiting += ((child, is_pre) for child in reversed(children))

    def _open(self, node: LexborNode, tag: str) -> None:
        if tag in _BLOCKS or tag in _EDGES:
            self._edge()
        attributes = dict(node.attributes)
        names = sorted(attributes, key=lambda name: (*(_rank(name)), name))
        written = "".join(f' {name}="{self._value(name, attributes[name])}"' for name in names)
        opening = "\n" if tag in _BLOCKS else ""
        self.parts.append(f"{opening}<{tag}{written}>{opening}")

    def _close(self, tag: str) -> None:
        if tag in _BLOCKS or tag in _EDGES:
            self._edge()
            self.parts.append(f"\n</{tag}>\n" if tag in _BLOCKS else f"</{tag}>")
        elif self._last_text == len(self.parts) - 1 and self.parts[-1].endswith(" "):
            # `<a> words </a>`, as a tidied page has it: the space is not the link's.
            self.parts[-1] = self.parts[-1].removesuffix(" ")
            self.parts += (f"</{tag}>", " ")
            self._last_text = len(self.parts) - 1
        else:
            self.parts.append(f"</{tag}>")

    def _value(self, name: str, value: str | None) -> str:
        text = _SPACE.sub(" ", value or "").strip() if name == "class" else value or ""
        if self._is_archived and name in ("href", "src"):
            text = _ARCHIVE.sub("", text)
        return escape(text).replace("\n", "<br>")

    def _add_text(self, text: str, *, in_pre: bool) -> None:
        if in_pre:
            self.parts.append(escape(text, quote=False))
            self._at_edge = False
            return
        shown = _SPACE.sub(" ", text)
        if self._at_edge:
            shown = shown.removeprefix(" ")
        if shown:
            self._last_text = len(self.parts)
            self.parts.append(escape(shown, quote=False))
            self._at_edge = shown.endswith(" ")

    def _edge(self) -> None:
        """Drop the space before a block or a line break: a browser does not show it."""
        if self._at_edge and self._last_text >= 0:
            self.parts[self._last_text] = self.parts[self._last_text].removesuffix(" ")
        self._at_edge, self._last_text = True, -1


def _rank(name: str) -> tuple[int, int]:
    return (0, _ORDER.index(name)) if name in _ORDER else (1, 0)
