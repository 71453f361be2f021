"""Measure how fast posts are stored, compared with the plain driver writing the same rows.

    python -m benchmarks.bench_store [POSTS] [--kind everyday|code]

Posts come from made-up pages, parsed as in an import. Ratios matter; absolute CPU times depend on
the machine.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.made_export import KINDS, write_made
from db import PostStore, open_archive
from ingest import open_source
from model.posts import Channel, Post

_START = datetime(2030, 1, 1, tzinfo=UTC)


def main() -> None:
    """Print posts per second, and ratios to the plain driver."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("posts", type=int, nargs="?", default=20_000)
    parser.add_argument("--kind", choices=KINDS, default="everyday")
    options = parser.parse_args()
    number: int = options.posts
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        posts = _read_made(Path(folder) / "export", options.kind, number)
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


def _read_made(folder: Path, kind: str, number: int) -> list[Post]:
    write_made(folder, kind, number)
    return [entry for entry in open_source(folder).messages() if isinstance(entry, Post)]


def _rate(number: int, work: Callable[[], object]) -> float:
    # CPU time of this process alone, so that other load matters less.
    start = time.process_time()
    work()
    return number / (time.process_time() - start)


def _read_all(store: PostStore) -> None:
    seq = 0
    while batch := store.changed_since(seq):
        seq = batch[-1].seq


def _plain_writer(archive: Path, target: Path) -> Callable[[], None]:
    """Return a function that writes all rows of an archive to another file with the same schema."""
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
    # Generated columns (hidden = 3) are filled in by SQLite.
    columns = [
        column[1] for column in source.execute(f"PRAGMA table_xinfo({table})") if column[6] == 0
    ]
    return columns, source.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()


if __name__ == "__main__":
    main()
