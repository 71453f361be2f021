"""Renders a hit in the terminal: title, details, excerpt, code; the same code only once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from i18n import Catalogue
    from model.posts import ArchivedPost, Snippet
    from search import Hit

    Marks = Sequence[tuple[int, int]]

_MAX_CODE_LINES = 40
_ELLIPSIS = "…"
_NO_WORDS = "… \n"
_REPEATS_SHOWN = 5
_MARK = "bold yellow"
_CODE_MARK = "bold reverse"


def render_hit(number: int, hit: Hit, texts: Catalogue, *, colours: bool) -> RenderableType:
    """Render a hit, with matches marked in title, excerpt and code, and code in `colours`."""
    archived, post = hit.archived, hit.archived.post
    title, passage = title_and_passage(hit, texts)
    head = Table.grid()
    head.add_row(Text(f"{number}. ", "bold"), title)
    facts = [f"{post.posted_at:%Y-%m-%d}", f"#{post.message_id}", archived.channel.title]
    facts += [archived.url] if archived.url else []
    facts += [" ".join(f"#{tag}" for tag in post.hashtags)] if post.hashtags else []
    lines: list[RenderableType] = [head, _indent(Text(" · ".join(facts), "dim"), 3)]
    if hit.repeats:
        lines.append(_indent(Text(_say_repeats(hit.repeats, texts), "dim"), 3))
    if passage:
        lines.append(_indent(passage, 3))
    lines += render_snippets(hit.snippets, hit.snippet_marks, texts, colours=colours)
    return Group(*lines)


def render_snippets(
    snippets: Iterable[Snippet], marks: Iterable[Marks], texts: Catalogue, *, colours: bool
) -> Iterable[RenderableType]:
    """Yield the snippets that are not part of the text; long ones are cut."""
    for snippet, places in zip(snippets, marks, strict=True):
        if stands_apart(snippet):
            yield _indent(_render_code(snippet, places, texts, colours=colours), 6)


def stands_apart(snippet: Snippet) -> bool:
    """Return whether a snippet is shown on its own, and not only as words of the text."""
    return snippet.lines > 1 or snippet.origin != "inline"


def title_and_passage(hit: Hit, texts: Catalogue) -> tuple[Text, Text]:
    """Return the title, and the excerpt without it and the code below, with matches marked.

    An excerpt without other words is empty.
    """
    title = hit.archived.post.title
    passage = Text(hit.excerpt.text)
    for start, end in hit.excerpt.highlights:
        passage.stylize(_MARK, start, end)
    code = [
        (snippet.start - hit.excerpt.offset, _shown_end(snippet) - hit.excerpt.offset)
        for snippet in hit.snippets
        if stands_apart(snippet)
    ]
    if not (title and passage.plain.startswith(title)):
        return Text(title or texts.untitled, "bold"), _without(code, passage)
    head = passage[: len(title)]
    head.style = "bold"
    return head, _without([(0, len(title)), *code], passage)


def _shown_end(snippet: Snippet) -> int:
    """Return where the part of a snippet ends that is shown, in the post's text."""
    if snippet.lines <= _MAX_CODE_LINES:
        return snippet.end
    return snippet.start + len("\n".join(snippet.code.split("\n")[:_MAX_CODE_LINES]))


def _without(spans: Iterable[tuple[int, int]], passage: Text) -> Text:
    """Return what is outside the spans, with `…` for one that is between words."""
    at, kept = 0, list[Text]()
    for start, end in [*sorted(spans), (len(passage), len(passage))]:
        piece = passage[at : max(at, start)]
        if words := piece.plain.strip():
            if kept and _ELLIPSIS not in (kept[-1].plain, words):
                kept.append(Text(_ELLIPSIS))
            first = piece.plain.index(words)
            kept.append(piece[first : first + len(words)])
        at = max(at, end)
    left = Text("\n").join(kept)
    return left if left.plain.strip(_NO_WORDS) else Text()


def marks_of(text: Text) -> Marks:
    """Return where matches are in a title or an excerpt, in order."""
    return [(span.start, span.end) for span in text.spans if span.style == _MARK]


def _say_repeats(repeats: Sequence[ArchivedPost], texts: Catalogue) -> str:
    shown = [
        f"{repeat.post.posted_at:%Y-%m-%d} #{repeat.post.message_id}"
        for repeat in repeats[-_REPEATS_SHOWN:]
    ]
    more = len(repeats) - len(shown)
    ending = [texts.cards.more_repeats.format(number=texts.number(more))] if more else []
    return " ".join([texts.cards.repeated, texts.list_joint.join(shown), *ending])


def _indent(text: Text, columns: int) -> Padding:
    text.rstrip()
    return Padding(text, (0, 0, 0, columns))


def _render_code(snippet: Snippet, marks: Marks, texts: Catalogue, *, colours: bool) -> Text:
    lines = snippet.code.split("\n")
    code = "\n".join(lines[:_MAX_CODE_LINES])
    text = _coloured(code, snippet.language or "text") if colours else Text(code)
    for start, end in marks:
        text.stylize(_CODE_MARK, start, end)
    text.rstrip()
    if len(lines) > _MAX_CODE_LINES:
        more = texts.count(len(lines) - _MAX_CODE_LINES, texts.lines)
        text.append(f"\n{texts.terminal.more_lines.format(lines=more)}", "dim")
    return text


def _coloured(code: str, language: str) -> Text:
    from rich.syntax import Syntax  # a pipe does without

    # As text instead of a block, which would pad every line with spaces.
    text = Syntax("", language, theme="ansi_dark").highlight(code)
    text.no_wrap = False
    return text
