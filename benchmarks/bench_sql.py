"""Measure how long the canned queries take, and what full text costs.

    python -m benchmarks.bench_sql FOLDER [--posts 100000]

The archive is made up and kept in the folder. Queries that do not read everything are held to 50 ms
at 100,000 posts, and to 0.3 s at a million.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.made_archive import CHANNEL, Maker
from db import CannedQuery, PostStore, canned_queries, open_archive
from letopis.sql_functions import SQL_FUNCTIONS
from model.posts import Forward, Media, MediaKind, Post, Reaction
from search import STEMS_VERSION, stems_of

_BATCH = 5000
_TURNS = 3
_LIMIT = 100
_ALLOWED = {100_000: 0.05, 1_000_000: 0.3}


def main() -> None:
    """Make the archive, enable full text, and print the time of each canned query."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--posts", type=int, default=100_000)
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True)
    maker = Maker()
    with open_archive(options.folder / f"sql-{options.posts}.db") as store:
        _fill(store, maker, posts=options.posts)
        _measure_full_text(store)
        allowed = _ALLOWED.get(options.posts)
        for query in canned_queries().values():
            seconds, rows = _measure(store, query, maker)
            is_late = allowed and not query.reads_all and seconds > allowed
            kind = "reads all" if query.reads_all else "late" if is_late else ""
            print(f"{query.name:<22}{seconds * 1000:>9.1f} ms {rows:>5} rows  {kind}", flush=True)


def _fill(store: PostStore, maker: Maker, *, posts: int) -> None:
    channel = store.resolve_channel(CHANNEL)
    made = store.last_message_id(channel) or 0
    while made < posts:
        some = maker.posts(first_id=made + 1, count=min(_BATCH, posts - made))
        store.save(channel, _with_parts(some, maker), as_of=datetime.now(UTC))
        made += _BATCH


def _with_parts(posts: Iterator[Post], maker: Maker) -> Iterator[Post]:
    """Yield the posts with replies, reposts, albums, attachments and reactions."""
    for post in posts:
        number = post.message_id
        media = (Media(kind=maker.rng.choice(list(MediaKind)), size=number),) * (number % 3 == 0)
        yield replace(
            post,
            reply_to=number - maker.rng.randint(1, 50) if number % 5 == 0 and number > 50 else None,
            forward=Forward(name=maker.between(100, 300)) if number % 7 == 0 else None,
            album_id=str(number // 4) if number % 40 < 4 else None,
            media=media,
            reactions=tuple(
                Reaction(emoji=emoji, count=maker.rng.randint(1, 90)) for emoji in "👍🔥❤"
            ),
            author=maker.between(100, 110),
        )


def _measure_full_text(store: PostStore) -> None:
    if store.full_text_table() is not None:
        return
    before, start = store.path.stat().st_size, time.process_time()
    store.enable_full_text(stems_of, version=STEMS_VERSION)
    seconds = time.process_time() - start
    store.close()
    grown = store.path.stat().st_size / before - 1
    print(f"full text: {seconds:.0f} s of processor time, the file grows by {grown:.0%}")


def _measure(store: PostStore, query: CannedQuery, maker: Maker) -> tuple[float, int]:
    """Return the best time of three, and the number of rows."""
    values = _values(store, maker)
    parameters = {name: values.get(name, value) for name, value in query.parameters.items()}

    def ask() -> int:
        found = store.query(
            query.statement, parameters=parameters, functions=SQL_FUNCTIONS, limit=_LIMIT
        )
        return len(found.rows)

    best = min(_time(ask) for _ in range(_TURNS))
    return best, ask()


def _values(store: PostStore, maker: Maker) -> dict[str, str | int]:
    """Return values of parameters that occur in the archive."""
    tag, other = maker.tags[:2]
    number = store.size() // 2
    return {
        "tag": tag,
        "other": other,
        "number": number - number % 20 - 5,
        "word": maker.words[900],
        "words": f"{maker.words[900]} {maker.words[1900]}",
        "phrase": maker.words[5000],
        "beginning": maker.words[20_000],
        "month": "2016-03",
        "since": "2016-06-01",
        "day": "2016-03-01",
        "source": maker.words[150],
        "host": f"{next(word for word in maker.words[100:400])}.org",
        "channel": CHANNEL.title,
    }


def _time(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
