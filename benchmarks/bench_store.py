"""How fast posts are stored, beside the plain driver writing the very same rows.

    python benchmarks/bench_store.py [POSTS]

Ratios matter; absolute figures, by processor time, belong to the machine.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db import PostStore, open_archive
from model.posts import Channel, LanguageSource, Link, Post, Reaction, Snippet, SnippetOrigin
from model.rich_text import RichText, Span, SpanKind

_START = datetime(2020, 1, 1, tzinfo=UTC)
_WORDS = [
    stem + ending
    for stem in ("модел", "данн", "запрос", "обучен", "метрик", "таблиц", "признак", "сервис")
    for ending in ("", "а", "ов", "ами", "ах", "ый", "ого", "ение", "ировать", "ность")
]
_CODE = "import pandas as pd\n\ndf = pd.read_csv('sales.csv')\ndf.groupby('month').sum()"


def main() -> None:
    """Print posts per second, and each as a ratio to the plain driver."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    chance = random.Random(20240309)
    posts = [_post(message_id, chance) for message_id in range(1, number + 1)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        with open_archive(path) as store:
            channel_id = store.resolve_channel(Channel(title="Данные"))

            def save(batch: Sequence[Post], days: int) -> Callable[[], object]:
                return lambda: store.save(channel_id, batch, as_of=_START + timedelta(days=days))

            counted = [replace(post, views=2) for post in posts]
            first = _rate(number, save(posts, 0))
            figures = {
                "first save": first,
                "the same again": _rate(number, save(posts, 0)),
                "the same from a newer source": _rate(number, save(posts, 1)),
                "another count of views": _rate(number, save(counted, 2)),
                "reading all": _rate(number, lambda: _read_all(store)),
            }
        plain = _rate(number, _plain_writer(path, Path(folder) / "plain.db"))
        size = path.stat().st_size
    print(f"{number} posts, {size / number:.0f} bytes each in the file")
    print(f"{'the plain driver, same rows':<30}{plain:>10.0f} posts/s")
    for name, rate in figures.items():
        print(f"{name:<30}{rate:>10.0f} posts/s{rate / plain:>8.2f} of plain")


def _rate(number: int, work: Callable[[], object]) -> float:
    # Of this process alone, so that what else the machine does counts for less.
    start = time.process_time()
    work()
    return number / (time.process_time() - start)


def _post(message_id: int, chance: random.Random) -> Post:
    words = " ".join(chance.choices(_WORDS, k=120))
    text = f"#llm #тема{message_id % 40}\n{words}\n{_CODE}"
    start = len(text) - len(_CODE)
    snippet = Snippet(
        origin=SnippetOrigin.PRE,
        code=_CODE,
        start=start,
        end=len(text),
        language="python",
        language_source=LanguageSource.LABEL,
    )
    spans = (
        Span(kind=SpanKind.HASHTAG, start=0, end=4),
        Span(kind=SpanKind.BOLD, start=14, end=30),
        Span(kind=SpanKind.PRE, start=start, end=len(text), value="python"),
    )
    link = Link(url=f"https://example.org/{message_id}", host="example.org", text="ссылка")
    return Post(
        message_id=message_id,
        posted_at=_START + timedelta(hours=message_id),
        content=RichText(text, spans),
        hashtags=("llm", f"тема{message_id % 40}"),
        snippets=(snippet,) if message_id % 2 else (),
        links=(link,) if message_id % 3 else (),
        reactions=(Reaction(emoji="👍", count=message_id % 7),),
    )


def _read_all(store: PostStore) -> None:
    seq = 0
    while batch := store.changed_since(seq):
        seq = batch[-1].seq


def _plain_writer(archive: Path, target: Path) -> Callable[[], None]:
    """Return what writes every row of an archive into another file with the same schema."""
    with closing(sqlite3.connect(archive)) as source:
        schema = source.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'view' ORDER BY rowid"
        ).fetchall()
        tables = [
            name
            for (name,) in source.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                " ORDER BY rowid"
            )
        ]
        contents = {name: _rows(source, name) for name in tables}

    def write() -> None:
        with closing(sqlite3.connect(target, isolation_level=None)) as plain:
            for pragma in (
                "page_size = 16384",
                "journal_mode = WAL",
                "synchronous = NORMAL",
                "foreign_keys = ON",
                "cache_size = -16000",
            ):
                plain.execute(f"PRAGMA {pragma}")
            for (statement,) in schema:
                plain.execute(statement)
            plain.execute("BEGIN IMMEDIATE")
            for name, (columns, rows) in contents.items():
                marks = ", ".join("?" * len(columns))
                named = ", ".join(columns)
                plain.executemany(f"INSERT INTO {name} ({named}) VALUES ({marks})", rows)
            plain.execute("COMMIT")

    return write


def _rows(source: sqlite3.Connection, table: str) -> tuple[list[str], list[tuple[object, ...]]]:
    # Generated columns (hidden = 3) are filled in by SQLite itself.
    columns = [
        column[1] for column in source.execute(f"PRAGMA table_xinfo({table})") if column[6] == 0
    ]
    return columns, source.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()


if __name__ == "__main__":
    main()
