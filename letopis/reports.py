"""What the commands print about the archive: imports, tags, statistics, places."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from i18n.channels import channel_texts
from i18n.import_problems import say_problem
from i18n.messages import say_rebuilt
from letopis.languages import terminal_texts, worded
from letopis.output import fields_of, print_json, say
from letopis.terminal import open_console, print_unfilled

if TYPE_CHECKING:
    from db import ArchiveStats, ChannelOverview, ImportRow, PostStore, TagCount
    from ingest import CopiesHealth, ImportReport, MediaCount
    from letopis.home import Home
    from model.messages import Message
    from model.posts import BadMessage
    from search import CatchUp

_MONTHS_SHOWN = 12
_PROBLEMS_SHOWN = 20
_CHANGES_SHOWN = 10
_NARROWEST_SOURCE = 12
_FOLDED = {"source", "sources", "откуда"}
_LIKE_NAMES = {"result.json", "messages.html"}


def print_import(report: ImportReport, *, as_json: bool) -> None:
    """Say what became of an import."""
    if as_json:
        return print_json(report)
    would = "would be " if report.dry_run else ""
    say(f"{report.channel.title}: {report.source}")
    if report.files_skipped and not report.files_read:
        say(f"  nothing new: {_count(report.files_skipped, 'file')}, read before")
    known = f", {report.files_skipped:,} known from before" if report.files_skipped else ""
    say(
        f"  {would}added {report.added:,}, {would}changed {report.changed:,}, "
        f"unchanged {report.unchanged:,}, no longer there {report.missing:,}"
        f" · {_count(report.files_read, 'file')}{known} in {report.seconds:.1f} s"
    )
    _print_text_changes(report)
    if said := _media_line(report.media, would=would):
        say(f"  media: {said}")
    for notice in report.notices:
        say(f"  note: {worded(notice)}")
    for problem in report.problems[:_PROBLEMS_SHOWN]:
        reason = say_problem(problem.reason, terminal_texts())
        say(f"  problem in {problem.file}, {problem.anchor}: {reason}")
    if len(report.problems) > _PROBLEMS_SHOWN:
        say(f"  ... and {len(report.problems) - _PROBLEMS_SHOWN} more, all kept in the archive")
    return None


def _print_text_changes(report: ImportReport) -> None:
    """Show the first posts whose words differ from those known before."""
    shown = report.text_changes[:_CHANGES_SHOWN]
    if shown:
        say(f"  {_count(report.text_changed, 'post')} with another text:")
    for change in shown:
        say(f"    #{change.message_id}: {change.difference}")
    if report.text_changed > len(shown):
        say(f"    ... and {report.text_changed - len(shown):,} more; letopis show ID shows both")


def _media_line(count: MediaCount, *, would: str) -> str:
    """Say what became of attached files, nothing of what did not occur."""
    words = {
        f"{would}copied": count.copied,
        "missing from the export": count.missing,
        "not readable": count.unreadable,
        "not included in the export": count.not_included,
        "left out for their size": count.too_large,
        "not available when it was made": count.unavailable,
        "outside of the export, not followed": count.outside,
    }
    said = ", ".join(f"{number:,} {what}" for what, number in words.items() if number)
    return f"{said}; such as {', '.join(count.lacking)}" if count.lacking else said


def print_tags(tags: Sequence[TagCount], *, as_json: bool) -> None:
    """List tags, the most used first."""
    if as_json:
        return print_json(tags)
    if not tags:
        return say("No hashtags.")
    return _print_table(("tag", "posts"), ((f"#{t.tag}", t.posts) for t in tags))


def print_stats(stats: ArchiveStats, *, as_json: bool) -> None:
    """Show what the archive holds."""
    if as_json:
        return print_json(stats)
    if not stats.posts:
        return say("The archive is empty; fill it with: letopis ingest FOLDER")
    for channel in stats.channels:
        say(f"{channel.channel.title}: {_count(channel.posts, 'post')}")
    say(f"{stats.first_at:%Y-%m-%d} to {stats.last_at:%Y-%m-%d}")
    counts = (
        (stats.service, "service line", ""),
        (stats.with_code, "post", " with code"),
        (stats.reposts, "repost", ""),
        (stats.tags, "tag", ""),
        (stats.links, "link", ""),
        (stats.media, "attachment", ""),
        (stats.versions, "earlier text", ""),
        (stats.missing, "post", " no longer in the channel"),
    )
    say(", ".join(_count(number, noun) + rest for number, noun, rest in counts))
    languages = [(row.language or "unknown", row.snippets) for row in stats.by_language]
    if languages:
        _print_table(("language", "snippets"), languages)
    months = stats.by_month[-_MONTHS_SHOWN:]
    which = "month" if len(months) == len(stats.by_month) else "latest months"
    return _print_table((which, "posts"), [(row.month, row.posts) for row in months])


def print_channels(channels: Sequence[ChannelOverview], *, as_json: bool) -> None:
    """List the channels with their names, numbers, periods, posts and sources."""
    if as_json:
        return print_json([_flat(each) for each in channels])
    words = channel_texts(terminal_texts())
    if not channels:
        return say(words.none)
    return _print_table(words.columns, map(_channel_row, channels))


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
    """List imports, the newest first, and under them what `problems` tells of, by import."""
    if as_json:
        shown = {
            row.import_id: {"problem_list": problems[row.import_id]}
            for row in imports
            if row.import_id in problems
        }
        return print_json([fields_of(row) | shown.get(row.import_id, {}) for row in imports])
    if not imports:
        return say("Nothing was imported yet.")
    _print_imports(imports)
    for row in imports:
        for problem in problems.get(row.import_id, ()):
            reason = say_problem(problem.reason, terminal_texts())
            say(f"{_when(row)}: {problem.file}, {problem.anchor}: {reason}")
    return None


def _when(row: ImportRow) -> str:
    return f"{row.started_at:%Y-%m-%d %H:%M}"


def _print_imports(imports: Sequence[ImportRow]) -> None:
    _print_table(
        ("when (UTC)", "source", "added", "changed", "unchanged", "missing", "problems"),
        (
            (
                _when(row),
                _source_name(row.source)
                + ("" if row.finished_at else " (cut short: run it again)"),
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


def print_faults(store: PostStore) -> bool:
    """Say what is wrong with the archive, or how much it holds; tell whether it is in order."""
    damage = store.check()
    faults = [*damage, *(() if damage else store.schema_faults())]
    for fault in faults:
        say(f"archive: {worded(fault)}")
    if damage:
        say("archive: damaged; put a copy in its place that letopis export has made")
    elif not faults:
        stats = store.stats()
        held = f"{_count(stats.posts, 'post')}, {_count(stats.service, 'service line')}"
        say(f"archive: in order, {held}")
    if not damage:
        for mixed in store.mixed_channels():
            say(f"archive: {worded(mixed)}")
        _print_added_by_others(store.added_by_others())
    return not faults


def print_spool(folder: Path) -> None:
    """Say how many posts that the bot received are not archived yet."""
    if waiting := len(list(folder.glob("*.json"))):
        say(f"spool: {_count(waiting, 'post')} in {folder} for the bot to archive")


def print_state_faults(faults: Sequence[Message]) -> None:
    """Say what is wrong with the bot's own file."""
    for fault in faults:
        say(f"bot.db: {worded(fault)}")
    if faults:
        say("bot.db: damaged; put a backup in its place, or move it away to begin a new one")


def _print_added_by_others(added: Sequence[str]) -> None:
    """Name what other programs have put into the archive."""
    if added:
        say(f"archive: made by other programs, left alone: {', '.join(added)}")


def print_index_check(caught_up: CatchUp) -> None:
    """Say how the index is, and what had to be mended."""
    if caught_up.reason is not None:
        say(f"index: {say_rebuilt(caught_up, terminal_texts())}")
    say(f"index: in order ({caught_up.engine})")


def print_copies(health: CopiesHealth, folder: Path, *, thorough: bool) -> None:
    """Say which copies of files are gone or damaged, and how they come back."""
    ill = [(copy, "is gone") for copy in health.gone]
    ill += [(copy, "is damaged: delete it") for copy in health.damaged]
    for copy, state in ill[:_PROBLEMS_SHOWN]:
        say(f"media: {folder / copy.name} (#{copy.message_id} of {copy.channel}) {state}")
    if len(ill) > _PROBLEMS_SHOWN:
        say(f"media: ... and {len(ill) - _PROBLEMS_SHOWN:,} more")
    if ill:
        say(
            f"media: {_count_copies(health.named)}, {len(health.gone):,} gone, "
            f"{len(health.damaged):,} damaged; to bring them back, take their export in again: "
            "letopis ingest EXPORT --copy-media"
        )
    elif health.named:
        how = "read to the end" if thorough else "by their sizes; --thorough reads them"
        say(f"media: in order, {_count_copies(health.named)} ({how})")


def _count_copies(number: int) -> str:
    return f"{number:,} {'copy' if number == 1 else 'copies'}"


def print_places(home: Home, *, as_json: bool) -> None:
    """Say where everything lies, and what is there already."""
    places = {
        "home": home.folder,
        "archive": home.archive,
        "index": home.index,
        "media": home.media,
        "bot state": home.bot_state,
        "settings": home.settings,
    }
    if as_json:
        return print_json({name.replace(" ", "_"): str(place) for name, place in places.items()})
    for name, place in places.items():
        is_there = os.access(place, os.F_OK)  # a folder that is closed to us is no fault
        say(f"{name:<10}{place}{'' if is_there else '  (not there yet)'}")
    return None


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> None:
    """Print a table; numbers stand right-aligned, and a narrow terminal folds a source.

    One that is too narrow for all the rest breaks the lines itself: a number that is cut is wrong.
    """
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    cells = [[_cell(value) for value in row] for row in rows]
    least = 2 * len(columns)  # what stands between and beside them
    for column, below in zip(columns, zip(*cells, strict=True), strict=True):
        is_folded = column in _FOLDED
        widest = max(cell.cell_len for cell in (Text(column), *below))
        table.add_column(column, no_wrap=not is_folded, overflow="fold")
        least += min(widest, _NARROWEST_SOURCE) if is_folded else widest
    for row in cells:
        table.add_row(*row)
    console = open_console()
    console.width = max(console.width, least)
    print_unfilled(console, table)


def _cell(value: str | int) -> Text:
    if isinstance(value, int):
        return Text(f"{value:,}", justify="right")
    return Text(value)
