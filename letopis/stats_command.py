"""Prints the archive's statistics as bars, or draws them into a file."""

from __future__ import annotations

from datetime import UTC
from math import ceil
from typing import TYPE_CHECKING

from rich.bar import Bar as Drawn
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from charts import MOST, Bar, Bars, Columns, Grid, PictureFormat, compose_chart, draw_stats
from i18n import Locale
from letopis.languages import terminal_texts
from letopis.opening import home_archive
from letopis.output import complain, print_json, say
from letopis.search_settings import load_search_settings
from letopis.terminal import open_console, print_unfilled
from model.errors import UsageError
from model.messages import Code
from model.new_files import save_new_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from db import ArchiveStats
    from letopis.home import Home

_MONTHS_SHOWN = 12
_WIDEST = 100
_SHORTEST_BAR, _FEWEST_PERIODS = 8, 8
_WIDEST_CELL = 2
_LEVELS, _NONE = "▁▂▃▄▅▆▇█", "·"
_STYLE = "cyan"


def print_stats(home: Home, *, as_json: bool) -> None:
    """Print the archive's statistics, with bars as wide as the terminal."""
    with home_archive(home) as store:
        stats = store.stats()
        if as_json:
            return print_json(stats)
        locale = _locale(home)
        if not stats.posts:
            return say(locale.texts.terminal.no_posts)
        breakdown = store.breakdown(zone=locale.zone, most=MOST)
    _print_counts(stats, locale)
    console = open_console()
    # Two columns stay free, for some terminals draw an emoji wider than others.
    width = min(console.width - 2, _WIDEST)
    longest = width * 2 // 5 if console.is_terminal else console.width  # in a pipe nothing is cut
    tags = min(_widest([f"#{tag.tag}" for tag in breakdown.tags]), longest)
    numbers = _widest([locale.texts.number(tag.posts) for tag in breakdown.tags])
    periods = max(width - tags - numbers - 2, _FEWEST_PERIODS)
    chart = compose_chart(stats, breakdown, locale, periods=periods)
    for section in (_latest_months(stats, locale), *chart.sections):
        if not isinstance(section, Columns):
            say()
            print_unfilled(
                console, Text(section.title, style="bold"), _table(section, width, longest)
            )
    return None


def save_picture(home: Home, target: Path, *, as_json: bool) -> None:
    """Draw the archive's statistics into a new file.

    Raises:
        UsageError: Its name does not tell the format or is taken, the folder is not writable, or
            the archive is empty.
    """
    try:
        form = PictureFormat(target.suffix.removeprefix(".").lower())
    except ValueError as exc:
        raise UsageError(Code.PICTURE_UNKNOWN, path=target) from exc
    if target.exists():
        raise UsageError(Code.EXISTS, path=target)
    locale = _locale(home)
    with home_archive(home) as store:
        stats = store.stats()
        if not stats.posts:
            raise UsageError(Code.NOTHING_TO_DRAW)
        breakdown = store.breakdown(zone=locale.zone, most=MOST)
    picture = draw_stats(stats, breakdown, locale, form)
    save_new_file(target, picture.content)
    words = locale.texts.terminal
    if picture.lacking:
        complain(words.no_font.format(characters=" ".join(picture.lacking)))
    if as_json:
        return print_json({"path": target.absolute(), "format": form})
    return say(words.drawn.format(path=target))


def _locale(home: Home) -> Locale:
    return Locale(texts=terminal_texts(), zone=load_search_settings(home).zone or UTC)


def _print_counts(stats: ArchiveStats, locale: Locale) -> None:
    texts, words = locale.texts, locale.texts.terminal
    assert stats.first_at
    assert stats.last_at
    if len(stats.channels) == 1:  # several have bars
        say(f"{stats.channels[0].channel.title}: {texts.count(stats.posts, texts.posts)}")
    first, last = locale.day(stats.first_at), locale.day(stats.last_at)
    say(texts.since.format(first=first, last=last))
    counts = (
        (stats.service, words.service_lines),
        (stats.with_code, texts.posts_with_code),
        (stats.reposts, texts.stats.reposts),
        (stats.tags, texts.tags),
        (stats.links, texts.stats.links),
        (stats.media, texts.stats.media),
        (stats.versions, words.earlier_texts),
        (stats.missing, texts.stats.missing),
    )
    told = ", ".join(texts.count(number, forms) for number, forms in counts)
    print_unfilled(open_console(), Text(told))


def _latest_months(stats: ArchiveStats, locale: Locale) -> Bars:
    months, words = stats.by_month[-_MONTHS_SHOWN:], locale.texts.stats
    return Bars(
        title=words.by_month if len(months) == len(stats.by_month) else words.latest_months,
        bars=[
            Bar(label=each.month, value=each.posts, shown=locale.texts.number(each.posts))
            for each in months
        ],
    )


def _table(section: Bars | Grid, width: int, longest: int) -> Table:
    """Return rows of a label that may be so long, a number, and a bar or cells."""
    table = Table.grid(padding=(0, 1, 0, 0))
    rows = section.rows if isinstance(section, Grid) else section.bars
    labels = min(_widest([row.label for row in rows]), longest)
    numbers = _widest([row.shown for row in rows])
    table.add_column(width=labels, no_wrap=True, overflow="ellipsis")
    table.add_column(width=numbers, justify="right")
    table.add_column()
    room = max(width - labels - numbers - 2, _SHORTEST_BAR)
    if isinstance(section, Grid):
        highest = max(max(row.values) for row in section.rows)
        times = max(min(room // len(section.labels), _WIDEST_CELL), 1)
        for row in section.rows:
            cells = "".join(_cell(value, highest) * times for value in row.values)
            table.add_row(Text(row.label), Text(row.shown), Text(cells, style=_STYLE))
        table.add_row("", "", Text(_axis(section.labels, times)))
        return table
    most = max(bar.value for bar in section.bars)
    for bar in section.bars:
        drawn = Drawn(size=most or 1, begin=0, end=bar.value, width=room, color=_STYLE)
        table.add_row(Text(bar.label), Text(bar.shown), drawn)
    return table


def _cell(value: int, highest: int) -> str:
    # As in the picture, the root shows what is rare beside what is frequent.
    return _LEVELS[ceil((value / highest) ** 0.5 * (len(_LEVELS) - 1))] if value else _NONE


def _axis(labels: Sequence[str], times: int) -> str:
    """Return the labels below their columns; one that would run into another is left out."""
    line = ""
    for place, label in enumerate(labels):
        if label and (len(line) < place * times or not line):
            line = line.ljust(place * times) + label
    return line


def _widest(texts: Sequence[str]) -> int:
    return max(map(cell_len, texts), default=0)
