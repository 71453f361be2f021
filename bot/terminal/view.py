"""Shows the bot's messages in a terminal: bold, quotations, highlighted code, numbered buttons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from rich.console import Console
from rich.syntax import Syntax
from rich.text import Text

from bot.message.compose import cut
from bot.message.message import Button, OutgoingMessage
from bot.terminal.server import File, JsonObject
from model.rich_text import RichText, Span, SpanKind

_STYLES = {
    SpanKind.BOLD: "bold",
    SpanKind.ITALIC: "italic",
    SpanKind.UNDERLINE: "underline",
    SpanKind.STRIKE: "strike",
    SpanKind.SPOILER: "reverse",
    SpanKind.CODE: "cyan",
}
_QUOTE_MARK = "▎ "
_CODE_MARGIN = "    "
_THEME = "ansi_dark"
_FOLDED_LINES = 6
_FILE_LINES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A stretch of a message that is all prose or all code, inside one quotation or none."""

    content: RichText
    quote: Span | None
    language: str | None


def render_message(console: Console, outgoing: OutgoingMessage) -> None:
    """Show a message and its buttons, numbered in reading order."""
    console.print()
    _print_body(console, outgoing.body)
    _print_buttons(console, outgoing)


def _print_buttons(console: Console, outgoing: OutgoingMessage) -> None:
    number = 0
    for row in outgoing.rows:
        line = Text()
        for button in row:
            number += 1
            cell = Text("  ").append_text(_label(number, button))
            if line and console.is_terminal and line.cell_len + cell.cell_len > console.width:
                console.print(line, soft_wrap=True)
                line = Text()
            line.append_text(cell)
        console.print(line, soft_wrap=True)


def render_file(console: Console, file: File) -> None:
    """Show a file's contents under its name."""
    console.print()
    console.print(Text(f"📎 {file.name}", "bold"))
    language = Syntax.guess_lexer(file.name)
    code = file.data.decode("utf-8", errors="replace")
    rows = list(_with_margin(console, _highlight(code, language), _CODE_MARGIN))
    for row in rows[:_FILE_LINES]:
        console.print(row, soft_wrap=True)
    if len(rows) > _FILE_LINES:
        console.print(Text(f"{_CODE_MARGIN}…", "dim"))


def render_photos(console: Console, number: int, outgoing: OutgoingMessage) -> None:
    """Say that pictures arrived, and show their caption and buttons."""
    console.print()
    count = f" ×{number}" if number > 1 else ""
    console.print(Text(f"🖼{count}", "bold"))
    if outgoing.body.text:
        _print_body(console, outgoing.body)
    _print_buttons(console, outgoing)


def render_offered(console: Console, results: Sequence[JsonObject]) -> None:
    """Show numbered inline results."""
    console.print()
    for number, result in enumerate(results, 1):
        console.print(Text(f"  [{number}] ", "bold cyan").append(result["title"], "default"))
        console.print(Text(f"      {result['description']}", "dim"), soft_wrap=True)
    if not results:
        console.print(Text("  —", "dim"))


def render_toast(console: Console, text: str) -> None:
    """Show the notice that appears over a chat."""
    console.print(Text(f"  ✱ {text}", "yellow"))


def _label(number: int, button: Button) -> Text:
    key = Text(f"[{number}]", "bold cyan")
    return key if button.label == str(number) else key.append(f" {button.label}", "default")


def _print_body(console: Console, body: RichText) -> None:
    for quote, parts in groupby(_parts(body), key=lambda part: part.quote):
        rows = [row for part in parts for row in _rows(console, part)]
        is_folded = quote is not None and bool(quote.value) and len(rows) > _FOLDED_LINES
        for row in rows[:_FOLDED_LINES] if is_folded else rows:
            console.print(row, soft_wrap=True)
        if is_folded:
            console.print(Text(f"{_QUOTE_MARK}…", "dim"))


def _rows(console: Console, part: _Part) -> Iterable[Text]:
    margin = _QUOTE_MARK if part.quote else ""
    if part.language is None:
        return _with_margin(console, _styled(part.content), margin)
    code = _highlight(part.content.text, part.language)
    return _with_margin(console, code, margin + _CODE_MARGIN)


def _parts(body: RichText) -> Iterator[_Part]:
    """Split a message at the edges of quotations and code blocks."""
    blocks = [span for span in body.spans if span.kind in {SpanKind.QUOTE, SpanKind.PRE}]
    edges = {0, len(body.text), *(edge for span in blocks for edge in (span.start, span.end))}
    for start, end in pairwise(sorted(edges)):
        content = _without_outer_breaks(
            cut(body, start, end), after_block=start > 0, before_block=end < len(body.text)
        )
        if not content.text:
            continue
        around = [span for span in blocks if span.start <= start and end <= span.end]
        yield _Part(
            content=content,
            quote=next((span for span in around if span.kind is SpanKind.QUOTE), None),
            language=next((span.value for span in around if span.kind is SpanKind.PRE), None),
        )


def _without_outer_breaks(content: RichText, *, after_block: bool, before_block: bool) -> RichText:
    """Drop the line breaks around a block, which is on its own lines anyway."""
    first = int(after_block and content.text.startswith("\n"))
    last = len(content.text) - int(before_block and content.text.endswith("\n"))
    return cut(content, first, max(last, first))


def _styled(content: RichText) -> Iterable[Text]:
    text = Text(content.text)
    for span in content.spans:
        if span.kind is SpanKind.TEXT_LINK:
            text.stylize(f"underline link {span.value}", span.start, span.end)
        else:
            text.stylize(_STYLES.get(span.kind, ""), span.start, span.end)
    return text.split("\n", allow_blank=True)


def _highlight(code: str, language: str) -> Iterable[Text]:
    syntax = Syntax("", language or "text", theme=_THEME, background_color="default")
    text = syntax.highlight(code)
    text.rstrip()
    return text.split("\n", allow_blank=True)


def _with_margin(console: Console, lines: Iterable[Text], margin: str) -> Iterator[Text]:
    """Put lines after a margin, wrapped on a terminal and left whole in a pipe."""
    width = max(console.width - len(margin), 20)
    for line in lines:
        for row in line.wrap(console, width) if console.is_terminal else [line]:
            yield Text().append(margin, "dim").append_text(row)
