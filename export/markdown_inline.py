"""One line of rich text as Markdown: escapes, emphasis, links, inline code."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from export.pieces import Piece
from model.rich_text import SpanKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STYLES = (
    SpanKind.SPOILER,
    SpanKind.UNDERLINE,
    SpanKind.STRIKE,
    SpanKind.BOLD,
    SpanKind.ITALIC,
    SpanKind.CODE,
)
"""Outermost first; links enclose all of them."""

_MARKS = {SpanKind.STRIKE: "~~", SpanKind.BOLD: "**", SpanKind.ITALIC: "_"}
_TAGS = {
    SpanKind.SPOILER: ('<span class="spoiler">', "</span>"),
    SpanKind.UNDERLINE: ("<u>", "</u>"),
    SpanKind.STRIKE: ("<del>", "</del>"),
    SpanKind.BOLD: ("<strong>", "</strong>"),
    SpanKind.ITALIC: ("<em>", "</em>"),
}
_MARKUP = "*"
"""Stands for any mark or tag: all of them begin and end with punctuation."""

# Underscores inside of a word (`llm_system_design`) mean nothing to Markdown, and an escape would
# break a tag. `==` and `%%` are Obsidian's, `$` is of formulas, `|` of tables.
_SPECIAL = re.compile(
    r"[\\`*\[\]~|$]|(?<!\w)_++|_++(?![^\W_])|<(?=[A-Za-z/!?])|&(?=#|\w+;)|==+|%%+|!\Z"
)
_BLOCK_START = re.compile(r"#{1,6}(?=\s|\Z)|[-+=](?![^\W_])|>|(?P<number>\d{1,9})[.)](?=\s|\Z)")
_CLOSING_HASHES = re.compile(r"(?:(?<=\s)|\A)#+\Z")
_SAFE = re.compile(r"(?:https?|ftp|tg|ton|mailto|tel):[^\s]", re.IGNORECASE)
_AUTOLINK = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s\x00-\x20\x7f<>\\`]*")
_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,60}[A-Za-z0-9])?")
# Parentheses may stand in an address if they are balanced, but not every program counts them.
_UNSAFE_IN_ADDRESS = re.compile(r"[\s\x00-\x20\x7f<>\\`()]")
_ENTITY = re.compile(r"&(?=#|\w+;)")
_BACKTICKS = re.compile("`+")


def inline(line: Sequence[Piece]) -> str:
    """Return a line that is part of a paragraph; spaces in front of it are kept, behind it not."""
    text = "".join(piece.text for piece in line)
    margin = len(text) - len(text.lstrip())
    written = _linked(_trimmed(line))
    return "&nbsp;" * margin + written if margin else _at_start(written)


def heading(line: Sequence[Piece]) -> str:
    """Return a line as the text of a heading."""
    return _CLOSING_HASHES.sub(lambda run: f"\\{run[0]}", _linked(_trimmed(line)))


def escaped(text: str) -> str:
    """Return plain text as part of a line, so that Markdown shows it as it is."""
    return _escape(" ".join(text.split()))


def escaped_line(text: str) -> str:
    """Return plain text as a line or an item of a list."""
    return _at_start(escaped(text))


def link_to(address: str | None, text: str) -> str:
    """Return a link as part of a line, or its text alone if there is no address."""
    return f"[{escaped(text)}]({_escape_address(address)})" if address else escaped(text)


def _at_start(written: str) -> str:
    """Return what begins a line, without what Markdown takes for a heading, list or quotation."""
    found = _BLOCK_START.match(written)
    if found is None:
        return written
    place = max(found.end("number"), 0)
    return f"{written[:place]}\\{written[place:]}"


def _trimmed(line: Sequence[Piece]) -> Sequence[Piece]:
    """Return a line that is not blank without white space at its ends."""
    pieces = list(line)
    while not pieces[0].text.strip():
        del pieces[0]
    while not pieces[-1].text.strip():
        del pieces[-1]
    pieces[0] = replace(pieces[0], text=pieces[0].text.lstrip())
    pieces[-1] = replace(pieces[-1], text=pieces[-1].text.rstrip())
    return pieces


def _linked(line: Sequence[Piece]) -> str:
    """Render links, and what is between them."""
    pieces = [piece for group in _by_address(line) for piece in _without_unsafe_link(group)]
    groups = _by_address(pieces)
    out = ""
    for group, behind in zip_longest(groups, groups[1:]):
        if group[0].address:
            out += _link(group)
        else:
            after = _first_of(behind[0], _STYLES) if behind else ""
            out += _styled(group, _STYLES, before=out[-1:], after=after)
    return out


def _by_address(pieces: Sequence[Piece]) -> Sequence[Sequence[Piece]]:
    return [list(group) for _, group in groupby(pieces, key=lambda piece: piece.address)]


def _without_unsafe_link(group: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces of a link; one that a browser would execute becomes text."""
    address = group[0].address
    if not address or _SAFE.match(address):
        yield from group
        return
    for piece in group:
        yield replace(piece, address="")
    if address != "".join(piece.text for piece in group):
        yield Piece(text=f" ({' '.join(address.split())})")


def _link(group: Sequence[Piece]) -> str:
    address, text = group[0].address, "".join(piece.text for piece in group)
    is_bare = not any(piece.styles.intersection(_STYLES) for piece in group)
    if is_bare and (
        (text == address and _AUTOLINK.fullmatch(text))
        or (f"mailto:{text}" == address and _MAIL.fullmatch(text))
    ):
        return f"<{text}>"
    inside = [replace(piece, address="") for piece in group]
    label = _styled(inside, _STYLES, before=_MARKUP, after=_MARKUP)
    return f"[{label}]({_escape_address(address)})"


def _escape_address(address: str) -> str:
    encoded = _UNSAFE_IN_ADDRESS.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), address
    )
    return _ENTITY.sub(r"\\&", encoded)


def _styled(pieces: Sequence[Piece], styles: Sequence[SpanKind], *, before: str, after: str) -> str:
    """Render pieces with these styles, outermost first.

    `before` and `after` are the characters around, `""` at the ends of a line.
    """
    if not styles:
        return _escape("".join(piece.text for piece in pieces))
    style, *rest = styles
    groups = [list(group) for _, group in groupby(pieces, key=lambda each: style in each.styles)]
    out = ""
    for place, group in enumerate(groups):
        behind = _first_of(groups[place + 1][0], styles) if place + 1 < len(groups) else after
        ahead = out[-1:] or before
        if style not in group[0].styles:
            out += _styled(group, rest, before=ahead, after=behind)
        elif style is SpanKind.CODE:
            out += _code("".join(piece.text for piece in group))
        else:
            inner = _styled(group, rest, before=_MARKUP, after=_MARKUP)
            out += _wrap(inner, style, before=ahead, after=behind)
    return out


def _first_of(piece: Piece, styles: Sequence[SpanKind]) -> str:
    """Return what kind of character begins a piece once it is rendered."""
    if piece.address or (piece.styles.intersection(styles) and not piece.text[0].isspace()):
        return _MARKUP
    return piece.text[0]


def _wrap(inner: str, style: SpanKind, *, before: str, after: str) -> str:
    """Put a style around its text but not around white space at the ends.

    Marks stand where every reader of Markdown takes them for marks, else tags do.
    """
    core = inner.strip()
    if not core:
        return inner
    front, _, back = inner.partition(core)
    is_marked = style in _MARKS and _can_mark(
        style, front[-1:] or before, core[0], core[-1], back[:1] or after
    )
    opening, closing = (_MARKS[style], _MARKS[style]) if is_marked else _TAGS[style]
    return f"{front}{opening}{core}{closing}{back}"


def _can_mark(style: SpanKind, before: str, first: str, last: str, after: str) -> bool:
    """Return whether marks here are read as such.

    A mark next to punctuation inside needs a space or punctuation outside; `_` always does.
    """
    outside = _is_apart(before), _is_apart(after)
    if style is SpanKind.ITALIC:
        return all(outside)
    return (outside[0] or _is_plain(first)) and (outside[1] or _is_plain(last))


def _is_apart(character: str) -> bool:
    """Return whether a character is a space or punctuation for every reader, or none at all."""
    category = unicodedata.category(character) if character else "Zs"
    return category == "Zs" or category[0] == "P" or character == "\t"


def _is_plain(character: str) -> bool:
    """Return whether a character is neither punctuation nor a symbol, which some count as such."""
    return unicodedata.category(character)[0] not in "PS"


def _code(text: str) -> str:
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    ticks = "`" * (1 if not longest else longest + 1)
    needs_room = text[0] == "`" or text[-1] == "`" or (text[0] == text[-1] == " " and text.strip())
    room = " " if needs_room else ""
    return f"{ticks}{room}{text}{room}{ticks}"


def _escape(text: str) -> str:
    return _SPECIAL.sub(lambda found: "".join(f"\\{each}" for each in found[0]), text)
