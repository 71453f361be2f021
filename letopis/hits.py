"""Renders a hit in the terminal: title, details, excerpt, code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.syntax import Syntax
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from i18n import Catalogue
    from model.posts import ArchivedPost, Snippet
    from search import Hit

    Marks = Sequence[tuple[int, int]]

_MAX_CODE_LINES = 40
_REPEATS_SHOWN = 5
_MARK = "bold yellow"
_CODE_MARK = "bold reverse"


def render_hit(number: int, hit: Hit, texts: Catalogue) -> RenderableType:
    """Render a hit, with matches marked in title, excerpt and code."""
    archived, post = hit.archived, hit.archived.post
    title, passage = _title_and_passage(hit, texts)
    head = Text.assemble(
        (f"{number}. ", "bold"), title, style="", no_wrap=True, overflow="ellipsis"
    )
    facts = [f"{post.posted_at:%Y-%m-%d}", f"#{post.message_id}", archived.channel.title]
    facts += [archived.url] if archived.url else []
    facts += [" ".join(f"#{tag}" for tag in post.hashtags)] if post.hashtags else []
    lines: list[RenderableType] = [head, _indent(Text(" · ".join(facts), "dim"), 3)]
    if hit.repeats:
        lines.append(_indent(Text(_say_repeats(hit.repeats, texts), "dim"), 3))
    if passage.plain.strip():
        lines.append(_indent(passage, 3))
    lines += render_snippets(hit.snippets, hit.snippet_marks, texts)
    return Group(*lines)


def render_snippets(
    snippets: Iterable[Snippet], marks: Iterable[Marks], texts: Catalogue
) -> Iterable[RenderableType]:
    """Yield the snippets that are not part of the text already; long ones are cut."""
    for snippet, places in zip(snippets, marks, strict=True):
        if not (snippet.lines == 1 and snippet.origin == "inline"):
            yield _indent(_render_code(snippet, places, texts), 6)


def _title_and_passage(hit: Hit, texts: Catalogue) -> tuple[Text, Text]:
    """Return the title, and the excerpt without it, both with matches marked."""
    title = hit.archived.post.title
    passage = Text(hit.excerpt.text)
    for start, end in hit.excerpt.highlights:
        passage.stylize(_MARK, start, end)
    if not (title and passage.plain.startswith(title)):
        return Text(title or texts.untitled, "bold"), passage
    head, rest = passage.divide([len(title)])
    head.style = "bold"
    blank = len(rest.plain) - len(rest.plain.lstrip())
    return head, rest[blank:]


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


def _render_code(snippet: Snippet, marks: Marks, texts: Catalogue) -> Text:
    lines = snippet.code.split("\n")
    code = "\n".join(lines[:_MAX_CODE_LINES])
    # As text instead of a block, which would pad every line with spaces.
    text = Syntax("", snippet.language or "text", theme="ansi_dark").highlight(code)
    for start, end in marks:
        text.stylize(_CODE_MARK, start, end)
    text.rstrip()
    if len(lines) > _MAX_CODE_LINES:
        more = texts.count(len(lines) - _MAX_CODE_LINES, texts.lines)
        text.append(f"\n{texts.terminal.more_lines.format(lines=more)}", "dim")
    return text
