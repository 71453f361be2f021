"""Output of `letopis show` and `letopis sql`: a complete post, and rows of a statement."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from letopis.languages import terminal_texts
from letopis.output import print_json, say
from letopis.terminal import open_console, print_unfilled
from model.clock import to_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console

    from db import PostVersion
    from db.values import QueryResult
    from model.posts import ArchivedPost, Media, Post

    Value = str | int | float | bytes | None

_WIDEST_CELL = 60
_NO_LIMIT = 10**9
_GAP = "  "


def print_post(
    archived: ArchivedPost, versions: Sequence[PostVersion] = (), *, as_json: bool
) -> None:
    """Print a complete post: its place, text, parts, and earlier texts."""
    if as_json:
        return print_json(archived)
    post = archived.post
    say(f"{archived.channel.title} #{post.message_id} · {to_stamp(post.posted_at)}")
    if archived.url:
        say(archived.url)
    for fact in facts_of(archived):
        say(fact)
    words = terminal_texts().terminal
    say(f"\n{post.text or words.no_text}")
    attached = list(attachments_of(post))
    if attached:
        say("\n" + "\n".join(attached))
    for version in reversed(versions):
        until = words.read_until.format(time=to_stamp(version.as_of))
        say(f"\n{until}\n{version.content.text}")
    return None


def print_rows(table: QueryResult, *, as_json: bool) -> None:
    """Print the rows of a statement; in JSON, one object per row, infinite numbers as null.

    Rows that fit the terminal become a table; wider ones are printed one column per line, to keep
    texts readable. In a pipe each row is one complete line.
    """
    if as_json:
        rows = (map(_json_value, row) for row in table.rows)
        return print_json([dict(zip(table.columns, row, strict=True)) for row in rows])
    console = open_console()
    compact = _as_table(table, widest=_WIDEST_CELL if console.is_terminal else None)
    needed = console.measure(compact, options=console.options.update(width=_NO_LIMIT)).maximum
    if not console.is_terminal:
        console.width = max(console.width, needed)
    if needed <= console.width:
        print_unfilled(console, compact)
    else:
        _print_rows_apart(console, table)
    return say(terminal_texts().terminal.more_rows) if table.more else None


def facts_of(archived: ArchivedPost) -> Iterator[str]:
    """Yield where a post comes from and what became of it, a line each."""
    post, words = archived.post, terminal_texts().terminal
    if post.forward:
        day = post.forward.posted_at
        said = words.reposted.format(name=post.forward.name)
        yield f"{said}, {to_stamp(day)}" if day else said
    if post.reply_to:
        yield words.in_reply.format(number=post.reply_to)
    if post.author:
        yield words.signed.format(name=post.author)
    if archived.missing_since:
        yield words.missing_since.format(time=to_stamp(archived.missing_since))


def attachments_of(post: Post) -> Iterator[str]:
    """Yield what is below the text of a post: poll, files, reactions, views, a line each."""
    yield from poll_of(post)
    yield from map(attachment, post.media)
    yield from counts_of(post)


def poll_of(post: Post) -> Iterator[str]:
    """Yield the question and the answers of a post's poll."""
    if post.poll:
        yield post.poll.question
        for answer in post.poll.answers:
            votes = "" if answer.voters is None else f" · {terminal_texts().number(answer.voters)}"
            yield f"  - {answer.text}{votes}"


def attachment(media: Media) -> str:
    """Return the kind of an attachment, and its title, path and note."""
    told = (media.title, media.path, media.note)
    return f"[{media.kind}] " + " · ".join(part for part in told if part)


def counts_of(post: Post) -> Iterator[str]:
    """Yield the reactions to a post and its views."""
    texts = terminal_texts()
    if post.reactions:
        yield "  ".join(f"{each.emoji} {texts.number(each.count)}" for each in post.reactions)
    if post.views is not None:
        yield texts.count(post.views, texts.views)


def _json_value(value: Value) -> Value:
    """Return a value that JSON can represent, without infinite numbers."""
    return None if isinstance(value, float) and not isfinite(value) else value


def _as_table(result: QueryResult, *, widest: int | None) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for column in result.columns:
        table.add_column(column, no_wrap=True, max_width=widest, overflow="ellipsis")
    for row in result.rows:
        table.add_row(*map(_cell, row))
    return table


def _print_rows_apart(console: Console, table: QueryResult) -> None:
    widest = max(map(len, table.columns))
    row_mark = f"─── {terminal_texts().terminal.row} "
    for number, row in enumerate(table.rows, start=1):
        console.print(Text(f"{row_mark}{number}", "dim"))
        for column, value in zip(table.columns, row, strict=True):
            _print_column(console, column.ljust(widest) + _GAP, value)


def _print_column(console: Console, name: str, value: Value) -> None:
    """Print a name and its value, with further lines aligned below the first."""
    first, *rest = _text_of(value).split("\n")
    console.print(Text.assemble((name, "bold"), first), soft_wrap=True)
    for line in _without_blank_end(rest):
        console.print(Text(" " * len(name) + line if line else ""), soft_wrap=True)


def _without_blank_end(lines: Sequence[str]) -> Iterable[str]:
    last = max((at for at, line in enumerate(lines, start=1) if line.strip()), default=0)
    return lines[:last]


def _cell(value: Value) -> Text:
    if isinstance(value, int):
        return Text(str(value), justify="right")
    return Text(_one_line(value), style="dim" if value is None else "")


def _one_line(value: Value) -> str:
    return " ".join(_text_of(value).split())


def _text_of(value: Value) -> str:
    return "NULL" if value is None else str(value)
