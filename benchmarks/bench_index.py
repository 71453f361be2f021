"""Measure the index of a made-up archive: building, adding, searching.

    python benchmarks/bench_index.py FOLDER --posts 100000 --engine tantivy

Rates are CPU time over all threads and processes unless marked as wall-clock; memory is that of a
separate process that opens the index and searches. The archive is created in FOLDER on first use.
It has half a million word forms, far more than a specialised channel; `--forms 55000`, in another
folder, is realistic. Posts have 130 words; with `--length 25` they are short everyday ones.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

from made_archive import CHANNEL, FORMS, LENGTH, Maker, open_made
from made_queries import make_queries, texts_of

from db import PostStore, open_archive
from search import PostIndex, Searcher, open_index

_ADDED = 100
_SEARCHES = 10_000


def main() -> None:
    """Print the cost of building, adding and searching."""
    options = _options()
    if options.part == "memory":
        _search_on(options)
        return
    maker = Maker(forms=options.forms, length=options.length)
    with open_made(options.folder, posts=options.posts, maker=maker) as store:
        index = _open(options, store)
        if options.part in {"all", "build"}:
            _report_build(options, store, index)
        if options.part in {"all", "add"}:
            _report_adding(store, index, maker)
        if options.part == "all":
            _write_queries(options, store, maker)
        index.close()
    if options.part == "all":
        subprocess.run([sys.executable, __file__, *sys.argv[1:], "--part", "memory"], check=True)


def _open(options: argparse.Namespace, store: PostStore) -> PostIndex:
    folder = options.folder / f"index-{options.posts}-{options.engine}"
    return open_index(folder, store, engine=options.engine, jobs=options.jobs)


def _report_build(options: argparse.Namespace, store: PostStore, index: PostIndex) -> None:
    shutil.rmtree(options.folder / f"index-{options.posts}-{options.engine}")
    index = _open(options, store)
    processor, clock = _timed(index.rebuild)
    folder = options.folder / f"index-{options.posts}-{options.engine}"
    sizes = {
        path: sum(file.stat().st_size for file in path.iterdir() if file.is_file())
        for path in (*folder.glob("*-*"), *folder.glob("*-*/forms"))
    }
    print(f"{options.engine}: {options.posts} posts indexed in {processor:.1f} s of processor time")
    print(f"  and {clock:.1f} s by the clock,")
    rates = [f"{options.posts / seconds:.0f}" for seconds in (processor, clock)]
    print(f"  {rates[0]} posts/s of processor time and {rates[1]} by the clock")
    print(f"  {_most_memory()} MB resident at most")
    print(*(f"  {path.name}: {size / 1e6:.1f} MB" for path, size in sizes.items()), sep="\n")


def _report_adding(store: PostStore, index: PostIndex, maker: Maker) -> None:
    searcher = Searcher(store, index)
    searcher.search("раз")
    channel = store.resolve_channel(CHANNEL)
    for count in (_ADDED, 1, 1, _ADDED, 1):
        first = (store.last_message_id(channel) or 0) + 1
        posts = list(maker.posts(first_id=first, count=count))
        store.save(channel, posts, as_of=datetime.now(UTC))
        processor, clock = _timed(index.catch_up)
        print(f"  +{count} posts: {processor:.3f} s of processor time, {clock:.3f} s by the clock")
        processor, clock = _timed(lambda: searcher.search("слвоо два"))
        print(f"    the next search: {processor * 1000:.1f} ms, {clock * 1000:.1f} by the clock")


def _search_on(options: argparse.Namespace) -> None:
    """Search in this process, which only knows its queries, and watch its memory."""
    queries = cycle(json.loads(_query_file(options).read_text("utf-8")))
    with open_archive(options.folder / f"archive-{options.posts}.db") as store:
        index = _open(options, store)
        searcher = Searcher(store, index)
        done = 0
        for until in (1, _SEARCHES // 10, _SEARCHES // 2, _SEARCHES, 2 * _SEARCHES):
            for text in islice(queries, until - done):
                searcher.search(text)
            done = until
            resident, anonymous = _memory()
            print(f"  {done} searches: {resident} MB resident, {anonymous} MB of it not of files")
        index.close()


def _write_queries(options: argparse.Namespace, store: PostStore, maker: Maker) -> None:
    texts = [archived.post.text for archived in store.newest(limit=2000)]
    kinds = make_queries(maker, texts, posts=options.posts, each=200)
    _query_file(options).write_text(json.dumps(list(texts_of(kinds))), "utf-8")


def _query_file(options: argparse.Namespace) -> Path:
    folder: Path = options.folder
    return folder / f"queries-{options.posts}.json"


def _memory() -> tuple[int, int]:
    """Return this process's resident memory, and the part that is not file pages, in MB."""
    status = Path(f"/proc/{os.getpid()}/status").read_text("utf-8")
    found = re.findall(r"^(?:VmRSS|RssAnon):\s+(\d+)", status, re.MULTILINE)
    resident, anonymous = (int(kilobytes) // 1024 for kilobytes in found)
    return resident, anonymous


def _most_memory() -> int:
    """Return the maximum resident memory of this process or a child, in MB."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in whose) // 1024


def _timed(function: Callable[[], object]) -> tuple[float, float]:
    processor, clock = _processor_time(), time.perf_counter()
    function()
    return _processor_time() - processor, time.perf_counter() - clock


def _processor_time() -> float:
    """Return the CPU time of this process and of children that have ended."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where what is made is kept")
    parser.add_argument("--posts", type=int, default=5000)
    parser.add_argument("--engine", default="tantivy", choices=["whoosh", "tantivy"])
    parser.add_argument("--forms", type=int, default=FORMS, help="word forms that are made up")
    parser.add_argument("--length", type=int, default=LENGTH, help="words of a post, on average")
    parser.add_argument("--jobs", type=int, default=1, help="processes that read ahead")
    parser.add_argument("--part", default="all", choices=["all", "build", "add", "memory"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
