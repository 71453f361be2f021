"""Measure how fast exports are imported into PostgreSQL, beside a SQLite file in the same run.

    python -m benchmarks.bench_postgresql URL [POSTS] [--kind everyday|code] [--jobs 2]

URL names an empty database, such as postgresql://user:password@127.0.0.1/bench. Each import is that
of `letopis ingest`, without the search index. Wall time counts, since the server works too.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.made_export import KINDS, write_made
from db import PostStore, open_archive
from ingest import run_import
from model.addresses import Address, parse_server

_PAGE = 20
_READS = 300


def main() -> None:
    """Print posts per second, and milliseconds for the posts of a page of hits."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("url", type=parse_server)
    parser.add_argument("posts", type=int, nargs="?", default=50_000)
    parser.add_argument("--kind", choices=KINDS, default="everyday")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    number: int = options.posts
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export"
        write_made(export, options.kind, number)
        addresses: dict[str, Address] = {
            "SQLite": Path(folder) / "archive.db",
            "PostgreSQL": options.url,
        }
        for name, address in addresses.items():
            with open_archive(address) as store:
                first = _seconds(lambda store=store: run_import(store, export, jobs=options.jobs))
                read = _seconds(lambda store=store: _read_all(store))
                page = _seconds(lambda store=store: _read_pages(store, number)) / _READS
                size = store.disk_usage()
            print(
                f"{name:<12}{number / first:>8.0f} posts/s in{number / read:>8.0f} posts/s out"
                f"{page * 1000:>7.2f} ms for {_PAGE} posts{size / number:>7.0f} bytes each"
            )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _read_all(store: PostStore) -> None:
    seq = 0
    while batch := store.changed_since(seq):
        seq = batch[-1].seq


def _read_pages(store: PostStore, number: int) -> None:
    for turn in range(_READS):
        first = turn * 7919 % (number - _PAGE) + 1
        store.get(range(first, first + _PAGE))


if __name__ == "__main__":
    main()
