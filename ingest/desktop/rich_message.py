"""Reads rich posts on Telegram Desktop pages (2026): blocks with media among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from selectolax.lexbor import LexborNode

from ingest.desktop.markup import read_inline
from ingest.desktop.media import Card, read_card, read_media
from ingest.dom import classes, find_child, line
from ingest.rich_post import ItemNumber, RichPost, RichPostBuilder, number_items, task_marker
from model.posts import Media, MediaKind
from model.rich_text import SpanKind

# fmt: off
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "caption", "cite", "details", "div", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
})
# fmt: on
# Blocks nest a few times; a page that nests hundreds is an attack on parsers.
_DEEPEST = 100
_DOT = " • "
# Not the author's: the exporter's words for a block that it cannot show, and the arrows and dots of
# a slideshow. Markers are read with their items.
_NO_WORDS = frozenset(
    {
        "rich_fallback",
        "rich_order_marker",
        "rich_slideshow_prev",
        "rich_slideshow_next",
        "rich_slideshow_dots",
        "rich_task_marker",
    }
)
# An article's or a quoted post's card without a title.
_UNTITLED = frozenset({"Related article", "Embed post"})
_PUBLISHED = re.compile(r"(?:, )?\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d\Z")
_USERNAME = re.compile(r"@(\w+), ")
_BETWEEN_TAGS = re.compile(r"\n+ *")
_NUMBER = re.compile(r"-?[0-9]{1,9}")


def read_rich_message(node: LexborNode, *, folder: str) -> RichPost:
    """Read `div.text.rich_message` of a page in `folder`."""
    reader = _Reader(folder)
    reader.read_children(node)
    return reader.post.build()


class _Reader:
    """Reads blocks into `post`; special blocks by the method for their class."""

    def __init__(self, folder: str) -> None:
        self.post = RichPostBuilder()
        self._folder = folder
        self._depth = 0

    def read_children(self, node: LexborNode) -> None:
        """Read the blocks in an element, and the text between them."""
        for child in node.iter(include_text=True):
            self._read_node(child)

    def _read_node(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._read_words(node.text_content or "")
        elif self._depth < _DEEPEST:
            self._depth += 1
            self._read_element(node, tag)
            self._depth -= 1

    def _read_element(self, node: LexborNode, tag: str) -> None:
        names = classes(node)
        read = next((_BY_CLASS[name] for name in names if name in _BY_CLASS), None)
        if read is not None:
            read(self, node)
        elif names & _NO_WORDS:
            pass
        elif tag in _BY_TAG:
            _BY_TAG[tag](self, node)
        elif tag in _BLOCKS:
            self.post.begin_block()
            self.read_children(node)
            self.post.begin_block()
        elif tag == "br":
            self.post.write(lambda text: text.add("\n"))
        else:
            self.post.write(partial(read_inline, node, tag))

    def _read_words(self, text: str) -> None:
        """Add words without the line break and indentation of the page.

        The exporter puts the tag of every block on its own line; the author's line breaks are
        `<br>`. A space between two elements, `<b>one</b> <i>two</i>`, is the author's.
        """
        if "\n" in text:
            if _BETWEEN_TAGS.fullmatch(text):
                return
            text = text.removeprefix("\n")
            bare = text.rstrip(" ")
            text = bare[:-1] if bare.endswith("\n") else text
        self.post.write(lambda builder: builder.add(text))

    def read_pre(self, node: LexborNode) -> None:
        """Read a block of code."""
        self.post.begin_block()
        self.post.write(partial(read_inline, node, "pre"))
        self.post.begin_block()

    def read_quote(self, node: LexborNode) -> None:
        """Read `blockquote` or `aside`; the source follows in `cite`."""
        start = self.post.begin_block()
        cite = find_child(node, "rich_quote_caption")
        for child in node.iter(include_text=True):
            if cite is None or child != cite:
                self._read_node(child)
        self.post.mark(SpanKind.QUOTE, start)
        self.post.begin_block()
        if cite is not None:
            self._read_node(cite)

    def read_list(self, node: LexborNode) -> None:
        """Read a list, each item after its bullet or number."""
        items = [child for child in node.iter() if child.tag == "li"]
        markers = _markers(node, items)
        for item in items:
            marker = next(markers)
            task = find_child(item, "rich_task_marker")
            if task is not None:
                marker = task_marker(done=task.attributes.get("aria-checked") == "true")
            self.post.begin_item(marker)
            self.read_children(item)
            self.post.end_item()
        self.post.begin_block()

    def read_row(self, node: LexborNode) -> None:
        """Read a table row, its cells separated by tabs."""
        self.post.begin_block()
        for position, cell in enumerate(node.iter()):
            if position:
                self.post.begin_cell()
            self.read_children(cell)
        self.post.begin_block()

    def read_button(self, node: LexborNode) -> None:
        """Read a button, each on a separate line."""
        self.post.begin_block()
        self.post.write(partial(read_inline, node, node.tag or ""))

    def read_author(self, node: LexborNode) -> None:
        """Read `Author • <time>12.01.2024 10:00:05</time>` without the time.

        The time is local to the exporting machine, so another export may differ.
        """
        self.post.begin_block()
        for child in node.iter(include_text=True):
            if child.tag == "time":
                continue
            text = child.text_content or ""
            if child.is_text_node and child.next is not None and child.next.tag == "time":
                self._read_words(text.removesuffix(_DOT))
            else:
                self._read_node(child)
        self.post.begin_block()

    def read_media(self, node: LexborNode) -> None:
        """Read a file or a place."""
        self.post.media += read_media(node, folder=self._folder)

    def read_embed(self, node: LexborNode) -> None:
        """Read another site's player: its picture or its address, and the caption."""
        card = _card_of(node)
        if card.title != "Embed":
            self.read_children(node)
            return
        self.post.write_address(card.status)
        for child in node.iter():
            if "media_wrap" not in classes(child):
                self._read_node(child)

    def read_embed_author(self, node: LexborNode) -> None:
        """Read the author of a quoted post; the picture is a userpic."""
        self.post.write_line(_titled(_card_of(node)))

    def read_reference(self, node: LexborNode) -> None:
        """Read the card of a channel, or a place on a map."""
        if node.attributes.get("data-rich-kind") != "channel":
            self.read_children(node)
            return
        card = _card_of(node)
        named = _USERNAME.match(card.status)
        self.post.write_link(card.title, f"https://t.me/{named[1]}" if named else None)

    def read_article(self, node: LexborNode) -> None:
        """Read a card with title, description, author, and the address below it."""
        card = _card_of(node)
        self.post.write_line(_titled(card))
        self.post.write_line(card.description)
        below = find_child(node, "rich_article_description")
        self.post.write_line(line(below) if below is not None else "")
        self.post.write_line(_PUBLISHED.sub("", card.status))
        wrap = find_child(node, "media_wrap")
        for media in read_media(wrap, folder=self._folder) if wrap is not None else ():
            if media.kind is MediaKind.PHOTO:
                self.post.media.append(Media(kind=media.kind, path=media.path, note=media.note))
        source = find_child(node, "rich_source_meta")
        if source is not None:
            self.read_source(source)

    def read_source(self, node: LexborNode) -> None:
        """Read the address below a picture or an article."""
        self.post.write_address(line(node))


def _card_of(node: LexborNode) -> Card:
    """Read the card directly inside an element."""
    wrap = find_child(node, "media_wrap")
    return read_card(wrap) if wrap is not None else Card()


def _titled(card: Card) -> str:
    return "" if card.title in _UNTITLED else card.title


def _markers(node: LexborNode, items: list[LexborNode]) -> Iterator[str]:
    """Yield the marker of each item, empty for bullets."""
    if node.tag == "ul":
        return iter([""] * len(items))
    return number_items(
        [
            ItemNumber(label=item.attributes.get("data-num"), value=_integer(item, "value"))
            for item in items
        ],
        start=_integer(node, "start"),
        descending="reversed" in node.attributes,
        style=node.attributes.get("type") or "",
    )


def _integer(node: LexborNode, name: str) -> int | None:
    value = node.attributes.get(name) or ""
    return int(value) if _NUMBER.fullmatch(value) else None


_Read = Callable[[_Reader, LexborNode], None]

_BY_CLASS: Mapping[str, _Read] = {
    "media_wrap": _Reader.read_media,
    "rich_author_date": _Reader.read_author,
    "rich_button_block": _Reader.read_button,
    "rich_embed": _Reader.read_embed,
    "rich_embed_post_author": _Reader.read_embed_author,
    "rich_embed_post_meta": _Reader.read_source,
    "rich_quote": _Reader.read_quote,
    "rich_reference_block": _Reader.read_reference,
    "rich_related_article": _Reader.read_article,
    "rich_source_meta": _Reader.read_source,
}
_BY_TAG: Mapping[str, _Read] = {
    "blockquote": _Reader.read_quote,
    "ol": _Reader.read_list,
    "pre": _Reader.read_pre,
    "tr": _Reader.read_row,
    "ul": _Reader.read_list,
}
