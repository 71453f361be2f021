"""Rich text as Markdown: CommonMark with `~~`, read alike by Obsidian, Logseq and GitHub.

What the author wrote is shown as written, so all that Markdown would take for its own is escaped.
Lines stay lines, by a hard break; runs of blank lines become one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from export.markdown_inline import inline
from export.pieces import lines_of
from model.posts import SnippetOrigin
from model.rich_text import RichText, SpanKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from export.pieces import Piece
    from model.posts import Snippet

_HARD_BREAK = "  \n"
_LANGUAGE = re.compile(r"[\w+#.-]+")
_BACKTICKS = re.compile("`+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBlock:
    """The place of a code block in a text, and its language or `""`."""

    start: int
    end: int
    language: str


def to_markdown(
    content: RichText,
    snippets: Sequence[Snippet] = (),
    *,
    start: int = 0,
    end: int | None = None,
) -> str:
    """Return a text, or a part of it, as Markdown blocks without a trailing line break.

    `snippets` tell the languages of code blocks, and where the author left code unmarked, which
    becomes a block too.
    """
    codes = code_blocks(content, snippets)
    blocks = []
    for quoted, first, last in _quotations(
        content, start, len(content.text) if end is None else end
    ):
        block = "\n\n".join(_blocks(content, codes, first, last))
        if block:
            blocks.append(_quoted(block) if quoted else block)
    return "\n\n".join(blocks)


def code_blocks(content: RichText, snippets: Sequence[Snippet]) -> Sequence[CodeBlock]:
    """Return the code blocks of a text in order: marked ones, and detected ones between them."""
    named = {snippet.start: snippet.language or "" for snippet in snippets}
    found = [
        CodeBlock(start=span.start, end=span.end, language=named.get(span.start) or span.value)
        for span in content.spans
        if span.kind is SpanKind.PRE
    ]
    found += [
        CodeBlock(start=snippet.start, end=snippet.end, language=snippet.language or "")
        for snippet in snippets
        if snippet.origin is SnippetOrigin.DETECTED
    ]
    return _apart(found)


def fenced(code: str, language: str = "") -> str:
    """Return a fenced code block; its fence is longer than any in the code."""
    longest = max((len(run) for run in _BACKTICKS.findall(code)), default=0)
    fence = "`" * max(3, longest + 1)
    name = _LANGUAGE.match(language)
    return f"{fence}{name[0] if name else ''}\n{code}\n{fence}"


def _apart(found: Sequence[CodeBlock]) -> Sequence[CodeBlock]:
    """Return blocks in order, without those that overlap an earlier one."""
    kept: list[CodeBlock] = []
    for block in sorted(found, key=lambda block: (block.start, -block.end)):
        if block.start < block.end and (not kept or block.start >= kept[-1].end):
            kept.append(block)
    return kept


def _quotations(content: RichText, start: int, end: int) -> Iterator[tuple[bool, int, int]]:
    """Yield the parts of a part of a text outside and inside of quotations, in order."""
    for span in content.spans:
        if span.kind is SpanKind.QUOTE and span.end > start and span.start < end:
            yield False, start, max(span.start, start)
            yield True, max(span.start, start), min(span.end, end)
            start = min(span.end, end)
    yield False, start, end


def _blocks(content: RichText, codes: Sequence[CodeBlock], start: int, end: int) -> Iterator[str]:
    """Yield paragraphs and code blocks of a part of a text, none of them empty."""
    for code in codes:
        if code.start < end and code.end > start:
            yield from _paragraphs(content, start, max(code.start, start))
            stretch = content.text[max(code.start, start) : min(code.end, end)]
            yield fenced(stretch.removesuffix("\n"), code.language)
            start = min(code.end, end)
    yield from _paragraphs(content, start, end)


def _paragraphs(content: RichText, start: int, end: int) -> Iterator[str]:
    lines = lines_of(content, start, end) if start < end else ()
    for is_blank, group in groupby(lines, key=_is_blank):
        if not is_blank:
            yield _HARD_BREAK.join(inline(line) for line in group)


def _is_blank(line: Sequence[Piece]) -> bool:
    return not any(piece.text.strip() for piece in line)


def _quoted(block: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in block.split("\n"))
