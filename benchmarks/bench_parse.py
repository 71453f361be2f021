"""How fast pages become posts: the sample channel, repeated into an export of any size.

python -m benchmarks.bench_parse [POSTS] [--jobs N]
"""

from __future__ import annotations

import argparse
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
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
        channel = read_channel()
        messages = list(repeat(channel.messages, options.posts))
        write_export(folder, title=channel.title, messages=messages)
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


def _exhaust(items: Iterable[object]) -> None:
    deque(items, maxlen=0)


def _measure(what: str, posts: int, act: Callable[[], object]) -> None:
    wall, busy = time.perf_counter(), time.process_time()
    act()
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    print(f"{what:20} {wall:7.2f} s  {posts / wall:9,.0f} a second  (this process {busy:.2f} s)")


if __name__ == "__main__":
    main()
