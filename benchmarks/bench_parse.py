"""How fast pages become posts: the sample channel, repeated into an export of any size.

python -m benchmarks.bench_parse [POSTS] [--jobs N]
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from db import open_archive
from ingest import open_source, run_import
from tests.mirror.messages import MirrorMessage
from tests.mirror.tdesktop_html import write_export
from tests.sample.channel import read_channel


def repeat(messages: tuple[MirrorMessage, ...], posts: int) -> Iterator[MirrorMessage]:
    """Yield the messages over and over, numbered on and a day apart at each turn."""
    span = messages[-1].post.posted_at - messages[0].post.posted_at + timedelta(days=1)
    last_id = messages[-1].post.message_id
    for number in range(posts):
        turn, place = divmod(number, len(messages))
        message = messages[place]
        post = replace(
            message.post,
            message_id=message.post.message_id + turn * last_id,
            posted_at=message.post.posted_at + turn * span,
            reply_to=None,
        )
        yield replace(message, post=post)


def main() -> None:
    """Write an export, then read it in one process, in several, and into an archive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("posts", type=int, nargs="?", default=20_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    with TemporaryDirectory() as parent:
        folder = Path(parent) / "export"
        # In a process of its own, so that the memory measured is the reader's.
        writer = get_context("spawn").Process(target=_write, args=(folder, options.posts))
        writer.start()
        writer.join()
        size = sum(page.stat().st_size for page in folder.glob("*.html"))
        print(f"{options.posts:,} messages, {size / 1e6:.0f} MB, {options.jobs} jobs")
        _measure("open", options.posts, lambda: open_source(folder))
        source = open_source(folder)
        _measure("read, one process", options.posts, lambda: _exhaust(source.messages()))
        _measure(
            f"read, {options.jobs} jobs",
            options.posts,
            lambda: _exhaust(source.messages(jobs=options.jobs)),
        )
        for jobs in (1, options.jobs):
            with open_archive(Path(parent) / f"{jobs}.db") as store:
                act = partial(run_import, store, folder, jobs=jobs)
                _measure(f"import, {jobs} jobs", options.posts, act)
                _measure("import again", options.posts, act)


def _write(folder: Path, posts: int) -> None:
    channel = read_channel()
    write_export(folder, title=channel.title, messages=list(repeat(channel.messages, posts)))


def _exhaust(items: Iterable[object]) -> None:
    deque(items, maxlen=0)


def _measure(what: str, posts: int, act: Callable[[], object]) -> None:
    before, wall = os.times(), time.perf_counter()
    act()
    after, wall = os.times(), time.perf_counter() - wall
    here = sum(after[:2]) - sum(before[:2])
    elsewhere = sum(after[2:4]) - sum(before[2:4])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{what:20} {wall:7.2f} s  {posts / wall:9,.0f} a second  (processor {here:.2f} s here, "
        f"{elsewhere:.2f} s in readers; {memory:,.0f} MB at most so far)",
        flush=True,
    )


if __name__ == "__main__":
    main()
