"""What `letopis search` prints: an answer for a person, or as JSON for a program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.padding import Padding
from rich.syntax import Syntax
from rich.text import Text

from letopis.languages import terminal_language
from model.clock import to_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from model.posts import Snippet
    from search import Answer, Excerpt, Hit

_MAX_CODE_LINES = 40


def answer_as_json(answer: Answer) -> None:
    """Print one object on one line; times are UTC, `took_ms` is in milliseconds."""
    print(json.dumps(_answer_value(answer), ensure_ascii=False), flush=True)


def print_answer(answer: Answer) -> None:
    """Print an answer to the terminal: highlighted excerpts, code in colours."""
    console = Console(highlight=False)
    with console.capture() as capture:
        console.print(Text(_headline(answer), style="bold"))
        for line in _say_notes(answer):
            console.print(Text(line, style="dim"))
        for number, hit in enumerate(answer.hits, 1):
            console.print()
            console.print(_render_hit(number, hit))
    # Rich fills indented blocks with blanks up to the width of the terminal.
    print("\n".join(line.rstrip() for line in capture.get().splitlines()), flush=True)


def _answer_value(answer: Answer) -> dict[str, Any]:
    return {
        "query": answer.text,
        "total": answer.total,
        "took_ms": round(answer.took_ms, 3),
        "hits": [_hit_value(hit) for hit in answer.hits],
    }


def _hit_value(hit: Hit) -> dict[str, Any]:
    archived, post = hit.archived, hit.archived.post
    return {
        "message_id": post.message_id,
        "channel": archived.channel.title,
        "posted_at": to_stamp(post.posted_at),
        "url": archived.url,
        "score": round(hit.score, 6),
        "excerpt": hit.excerpt.text,
        "highlights": [list(pair) for pair in hit.excerpt.highlights],
        "text": post.text,
        "hashtags": list(post.hashtags),
        "snippets": [{"language": s.language, "code": s.code} for s in hit.snippets],
    }


def _headline(answer: Answer) -> str:
    if not answer.total:
        return f"Nothing found for: {answer.text}"
    noun = "post" if answer.total == 1 else "posts"
    shown = len(answer.hits)
    part = f", the best {shown}" if shown < answer.total else ""
    return f"{answer.total} {noun}{part} · {answer.took_ms:.0f} ms"


def _say_notes(answer: Answer) -> Sequence[str]:
    """Return what the search notes about itself, in the bot's words."""
    if not answer.notes:
        return ()
    from bot.rendering.notes import say_notes
    from bot.texts import texts_for

    return say_notes(answer.notes, texts=texts_for(terminal_language()))


def _render_hit(number: int, hit: Hit) -> RenderableType:
    archived, post = hit.archived, hit.archived.post
    head = Text.assemble(
        (f"{number}. ", "bold"),
        (post.title or "(no text)", "bold"),
        style="",
        no_wrap=True,
        overflow="ellipsis",
    )
    facts = [f"{post.posted_at:%Y-%m-%d}", f"#{post.message_id}", archived.channel.title]
    facts += [archived.url] if archived.url else []
    facts += [" ".join(f"#{tag}" for tag in post.hashtags)] if post.hashtags else []
    lines: list[RenderableType] = [head, _indent(Text(" · ".join(facts), "dim"), 3)]
    if hit.excerpt.text.strip() != post.title:
        lines.append(_indent(_render_excerpt(hit.excerpt), 3))
    lines += _render_snippets(hit.snippets)
    return Group(*lines)


def _indent(text: Text, columns: int) -> Padding:
    text.rstrip()
    return Padding(text, (0, 0, 0, columns))


def _render_excerpt(excerpt: Excerpt) -> Text:
    text = Text(excerpt.text)
    for start, end in excerpt.highlights:
        text.stylize("bold yellow", start, end)
    return text


def _render_snippets(snippets: Iterable[Snippet]) -> Iterable[RenderableType]:
    for snippet in snippets:
        if snippet.lines == 1 and snippet.origin == "inline":
            continue  # it stands in the text already
        lines = snippet.code.split("\n")
        code = "\n".join(lines[:_MAX_CODE_LINES])
        if len(lines) > _MAX_CODE_LINES:
            code += f"\n… {len(lines) - _MAX_CODE_LINES} more lines"
        # Highlighted as text, not as a block, which would fill every line with blanks.
        syntax = Syntax("", snippet.language or "text", theme="ansi_dark")
        yield _indent(syntax.highlight(code), 6)
