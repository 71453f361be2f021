"""Output of commands about the archive: imports, tags, statistics, paths."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from i18n.import_problems import say_problem
from i18n.imports import upload_texts
from letopis.archive_server import archive_address, state_address
from letopis.languages import terminal_texts, worded
from letopis.output import print_json, say
from letopis.terminal import open_console, print_unfilled
from model.json_text import fields_of

if TYPE_CHECKING:
    from rich.console import Console

    from db import ChannelOverview, ImportRow, TagCount
    from i18n import Catalogue
    from ingest import ImportReport, MediaCount
    from letopis.home import Home
    from model.posts import BadMessage

_PROBLEMS_SHOWN = 20
_CHANGES_SHOWN = 10
_NARROWEST_SOURCE = 12
_GAP = "  "
_FOLDED = {"source", "sources"}
_LIKE_NAMES = {"result.json", "messages.html"}


def print_import(report: ImportReport, *, as_json: bool) -> None:
    """Print the report of an import."""
    if as_json:
        return print_json(report)
    texts = terminal_texts()
    words = texts.terminal
    files = texts.count(report.files_read, upload_texts(texts).files)
    counts = (words.would_import if report.dry_run else words.imported).format(
        added=texts.number(report.added),
        changed=texts.number(report.changed),
        unchanged=texts.number(report.unchanged),
        missing=texts.number(report.missing),
    )
    read = words.read.format(files=files, seconds=texts.number(round(report.seconds, 1)))
    known = words.read_before.format(number=texts.number(report.files_skipped))
    say(f"{report.channel.title}: {report.source}")
    if report.files_skipped and not report.files_read:
        skipped = texts.count(report.files_skipped, upload_texts(texts).files)
        say(words.nothing_new.format(files=skipped))
    say(f"  {counts} · {read}" + (f" · {known}" if report.files_skipped else ""))
    _print_text_changes(report, texts)
    if counted := _media_line(report.media, texts, is_dry=report.dry_run):
        say(words.media.format(counts=counted))
    for notice in report.notices:
        say(words.note.format(text=worded(notice)))
    for problem in report.problems[:_PROBLEMS_SHOWN]:
        reason = say_problem(problem.reason, texts)
        say(words.problem.format(file=problem.file, anchor=problem.anchor, reason=reason))
    if more := len(report.problems[_PROBLEMS_SHOWN:]):
        say(words.more_problems.format(number=texts.number(more)))
    return None


def _print_text_changes(report: ImportReport, texts: Catalogue) -> None:
    """Print the first posts with changed words."""
    shown, words = report.text_changes[:_CHANGES_SHOWN], texts.terminal
    if shown:
        say(words.other_texts.format(posts=texts.count(report.text_changed, texts.posts)))
    for change in shown:
        say(f"    #{change.message_id}: {change.difference}")
    if more := report.text_changed - len(shown):
        say(words.more_texts.format(number=texts.number(more)))


def _media_line(count: MediaCount, texts: Catalogue, *, is_dry: bool) -> str:
    """Return the line on attached files, without zero counts."""
    words = texts.terminal
    forms = {**words.attached, **({"copied": words.would_copy} if is_dry else {})}
    counts = ", ".join(
        form.format(number=texts.number(number))
        for name, form in forms.items()
        if (number := getattr(count, name))
    )
    names = ", ".join(count.lacking)
    return words.such_as.format(counts=counts, names=names) if names else counts


def print_tags(tags: Sequence[TagCount], *, as_json: bool) -> None:
    """Print tags, most used first."""
    if as_json:
        return print_json(tags)
    if not tags:
        return say(terminal_texts().terminal.no_tags)
    return print_table(("tag", "posts"), ((f"#{t.tag}", t.posts) for t in tags))


def print_channels(channels: Sequence[ChannelOverview], *, as_json: bool) -> None:
    """List the channels with their names, numbers, periods, posts and sources."""
    if as_json:
        return print_json([_flat(each) for each in channels])
    if not channels:
        return say(terminal_texts().terminal.no_channels)
    columns = ("title", "username", "number", "posts", "period", "sources")
    return print_table(columns, map(_channel_row, channels))


def _flat(overview: ChannelOverview) -> dict[str, Any]:
    """Return a channel's fields beside those of what is known of it."""
    fields = fields_of(overview)
    return fields_of(fields.pop("channel")) | fields


def _channel_row(overview: ChannelOverview) -> Sequence[str | int]:
    channel = overview.channel
    days = [f"{at:%Y-%m-%d}" for at in (overview.first_at, overview.last_at) if at]
    return (
        channel.title,
        f"@{channel.username}" if channel.username else "",
        "" if channel.telegram_id is None else str(channel.telegram_id),
        overview.posts,
        " — ".join(dict.fromkeys(days)),
        ", ".join(_source_name(source) for source in overview.sources),
    )


def print_imports(
    imports: Sequence[ImportRow],
    problems: Mapping[int, Sequence[BadMessage]],
    *,
    as_json: bool,
) -> None:
    """Print imports, newest first, each with its `problems`, if given."""
    if as_json:
        shown = {
            row.import_id: {"problem_list": problems[row.import_id]}
            for row in imports
            if row.import_id in problems
        }
        return print_json([fields_of(row) | shown.get(row.import_id, {}) for row in imports])
    if not imports:
        return say(terminal_texts().terminal.no_imports)
    _print_imports(imports)
    for row in imports:
        for problem in problems.get(row.import_id, ()):
            reason = say_problem(problem.reason, terminal_texts())
            say(f"{_when(row)}: {problem.file}, {problem.anchor}: {reason}")
    return None


def _when(row: ImportRow) -> str:
    return f"{row.started_at:%Y-%m-%d %H:%M}"


def _print_imports(imports: Sequence[ImportRow]) -> None:
    cut_short = terminal_texts().terminal.cut_short
    print_table(
        ("when", "source", "added", "changed", "unchanged", "missing", "problems"),
        (
            (
                _when(row),
                _source_name(row.source)
                if row.finished_at
                else cut_short.format(source=_source_name(row.source)),
                row.added,
                row.changed,
                row.unchanged,
                row.missing,
                row.problems,
            )
            for row in imports
        ),
    )


def _source_name(source: str) -> str:
    """Return the name of an export, with its folder if all have that name."""
    path = Path(source)
    return str(Path(path.parent.name, path.name)) if path.name in _LIKE_NAMES else path.name


def print_places(home: Home, *, as_json: bool) -> None:
    """Print all locations, and whether they exist."""
    places = {
        "home": home.folder,
        "archive": archive_address(home),
        "index": home.index,
        "media": home.media,
        "bot_state": state_address(home),
        "settings": home.settings,
    }
    if as_json:
        return print_json({name: str(place) for name, place in places.items()})
    words = terminal_texts().terminal
    for name, place in places.items():
        # An inaccessible folder is not an error here, and no server is asked.
        is_there = not isinstance(place, Path) or os.access(place, os.F_OK)
        say(f"{words.places[name]:<10}{place}{'' if is_there else words.absent}")
    return None


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """Print a table with right-aligned numbers; on a narrow terminal, sources wrap.

    If the terminal is too narrow for the rest, each row becomes lines of a heading and a value.
    """
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    headings = [Text(terminal_texts().terminal.columns[column]) for column in columns]
    cells = [[_cell(value) for value in row] for row in rows]
    least = 2 * len(columns)  # column separators and margins
    for column, *below in zip(columns, headings, *cells, strict=True):
        is_folded = column in _FOLDED
        widest = max(cell.cell_len for cell in below)
        table.add_column(below[0], no_wrap=not is_folded, overflow="fold")
        least += min(widest, _NARROWEST_SOURCE) if is_folded else widest
    for row in cells:
        table.add_row(*row)
    console = open_console()
    if console.is_terminal and least > console.width:
        return _print_apart(console, headings, cells)
    console.width = max(console.width, least)  # in a pipe a row is one line, however long
    return print_unfilled(console, table)


def _print_apart(
    console: Console, headings: Sequence[Text], rows: Iterable[Sequence[Text]]
) -> None:
    widest = max(heading.cell_len for heading in headings)
    for row in rows:
        console.print()
        for heading, cell in zip(headings, row, strict=True):
            if cell:
                name = heading.plain.ljust(widest) + _GAP
                console.print(Text.assemble((name, "bold"), cell.plain), soft_wrap=True)


def _cell(value: str | int) -> Text:
    if isinstance(value, int):
        return Text(terminal_texts().number(value), justify="right")
    return Text(value)
