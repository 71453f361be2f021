"""Measure how fast pages become posts, compared with bare extraction, and archives.

    python -m benchmarks.bench_parse [POSTS] [--kind everyday|code] [--jobs N] [--pages FILE…]

Bare extraction parses a page with selectolax and takes number, date and text of every message: the
minimum for any reader in Python. `--pages` also measures your own pages.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from selectolax.lexbor import LexborHTMLParser

from benchmarks.made_export import KINDS, write_made
from db import open_archive
from ingest import open_source, run_import
from ingest.desktop.page import read_page
from ingest.languages import guess_language
from model.posts import Post

_PAGES = 3
_TURNS = 7


def main() -> None:
    """Read pages of both kinds, then an export: in one process, in several, into an archive."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("posts", type=int, nargs="?", default=20_000)
    parser.add_argument("--kind", choices=KINDS, default="everyday")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--pages", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    with TemporaryDirectory() as parent:
        for kind in KINDS:
            _write(Path(parent) / kind, kind, _PAGES * 1000)
            _compare(kind, Path(parent) / kind / f"messages{_PAGES - 1}.html")
        for page in options.pages:
            _compare(page.name, page)
        if options.posts:
            _measure_import(Path(parent), options.kind, posts=options.posts, jobs=options.jobs)


def _compare(name: str, path: Path) -> None:
    """Print the reader's speed relative to bare extraction, in CPU time, measured alternately."""
    content = path.read_bytes()
    posts = sum(isinstance(entry, Post) for entry in _read(content))
    bare = ours = float("inf")
    for _ in range(_TURNS):
        bare = min(bare, _processor_time(lambda: _extract(content)))
        ours = min(ours, _processor_time(lambda: _read(content)))
    print(
        f"{name:14} {len(content) / posts:5,.0f} bytes a post: read {posts / ours:7,.0f} a second, "
        f"bare {posts / bare:7,.0f}, ratio {bare / ours:.2f}"
    )


def _read(content: bytes) -> Sequence[object]:
    guess_language.cache_clear()  # each page is read only once
    return list(read_page(content, file="messages.html", folder="/export", zone=None))


def _extract(content: bytes) -> Sequence[object]:
    found = []
    for message in LexborHTMLParser(content).css(".message"):
        date, text = message.css_first(".date"), message.css_first(".text")
        title = date.attributes.get("title") if date else None
        found.append((message.id, title, text.text() if text else ""))
    return found


def _processor_time(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def _measure_import(parent: Path, kind: str, *, posts: int, jobs: int) -> None:
    folder = parent / "export"
    _write(folder, kind, posts)
    size = sum(page.stat().st_size for page in folder.glob("*.html"))
    print(f"{posts:,} messages ({kind}), {size / 1e6:.0f} MB, {jobs} jobs")
    _measure("open", posts, lambda: open_source(folder))
    source = open_source(folder)
    _measure("read, one process", posts, lambda: _exhaust(source.messages()))
    _measure(f"read, {jobs} jobs", posts, lambda: _exhaust(source.messages(jobs=jobs)))
    for number in (1, jobs):
        with open_archive(parent / f"{number}.db") as store:
            act = partial(run_import, store, folder, jobs=number)
            _measure(f"import, {number} jobs", posts, act)
            _measure("import again", posts, act)


def _write(folder: Path, kind: str, posts: int) -> None:
    """Write in a separate process, so that only the reader's memory is measured."""
    writer = get_context("spawn").Process(target=write_made, args=(folder, kind, posts))
    writer.start()
    writer.join()


def _exhaust(items: Iterable[object]) -> None:
    deque(items, maxlen=0)


def _measure(what: str, posts: int, act: Callable[[], object]) -> None:
    before, wall = os.times(), time.perf_counter()
    act()
    after, wall = os.times(), time.perf_counter() - wall
    here = sum(after[:2]) - sum(before[:2])
    elsewhere = sum(after[2:4]) - sum(before[2:4])
    ours, readers = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(
        f"{what:20} {wall:7.2f} s  {posts / wall:9,.0f} a second  (processor {here:.2f} s here, "
        f"{elsewhere:.2f} s in readers; so far {ours:,.0f} MB at most, {readers:,.0f} a reader)",
        flush=True,
    )


if __name__ == "__main__":
    main()
