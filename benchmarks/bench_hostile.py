"""Run many random and hostile queries on a made-up archive: none may fail or be slow.

    python benchmarks/bench_hostile.py FOLDER --posts 100000 --queries 1000000

Prints average and slowest queries in CPU time; exits with 1 if one took more than half a second. An
exception ends the run with the query that caused it.
"""

from __future__ import annotations

import argparse
import heapq
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from made_archive import Maker, open_made
from rich.console import Console
from rich.progress import track

from search import Searcher, open_index

_SLOW = 0.5
_SHOWN = 10
_PIECES = (
    *(
        "\"'()[]{}*|-+:#@/\\^~!?&<>=,.;%$_",
        "(((((",
        ")))))",
        '"""',
        "****",
        "----",
        "\u0000",
        "\ud800",
    ),
    *("OR", "или", "AND", "NOT", "-(", "sort:new", "sort:", "tag:", "has:code", "has:", "lang:"),
    *("after:2024", "before:-1", "on:99999999999", "after:сегодня", "до:вчера", "code:(", "site:."),
    *(
        "a*",
        "и*",
        "*",
        "пр*",
        "#",
        "#*",
        "C++",
        "A/B",
        "3.11",
        "'' OR 1=1 --",
        "<b>",
        "%s%n",
        "🤖" * 9,
    ),
    *(
        "\u202e",
        "\u0301" * 40,
        "ß",
        "ǅ",
        "а" * 500,
        "_" * 200,
        "a.b.c.d.e.f.g.h",
        "::->::",
        "ё" * 64,
    ),
)


def main() -> None:
    """Run all queries; print the slowest."""
    options = _options()
    maker = Maker(options.seed)
    with open_made(options.folder, posts=options.posts, maker=maker) as store:
        folder = options.folder / f"index-{options.posts}-{options.engine}"
        index = open_index(folder, store, engine=options.engine)
        index.catch_up()
        searcher = Searcher(store, index)
        slowest: list[tuple[float, str]] = []
        whole = time.thread_time()
        queries = _queries(maker, count=options.queries)
        for query in track(queries, total=options.queries, console=Console(stderr=True)):
            began = time.thread_time()
            try:
                searcher.search(query)
            except BaseException:
                print(f"failed: {query!r}")
                raise
            heapq.heappush(slowest, (time.thread_time() - began, query))
            if len(slowest) > _SHOWN:
                heapq.heappop(slowest)
        whole = time.thread_time() - whole
        index.close()
    print(f"{whole / options.queries * 1000:8.1f} ms on average")
    for taken, query in sorted(slowest, reverse=True):
        print(f"{taken * 1000:8.1f} ms  {query[:100]!r}")
    sys.exit(int(max(slowest)[0] > _SLOW))


def _queries(maker: Maker, *, count: int) -> Iterator[str]:
    rng = maker.rng
    ways: tuple[Callable[[], str], ...] = (
        lambda: " ".join(_piece(maker) for _ in range(rng.randint(1, 12))),
        lambda: "".join(_piece(maker) for _ in range(rng.randint(1, 6))),
        lambda: "".join(map(chr, rng.choices(range(1, 0x500), k=rng.randint(1, 60)))),
        lambda: "".join(map(chr, rng.choices(range(0x110000), k=rng.randint(1, 30)))),
        lambda: " OR ".join(maker.between(0, 200) for _ in range(rng.randint(2, 60))),
        lambda: f'"{" ".join(maker.between(0, 30) for _ in range(rng.randint(2, 9)))}"',
        lambda: " ".join(f"{maker.between(0, 5000)[:3]}*" for _ in range(rng.randint(1, 8))),
        lambda: _shuffled(rng, maker.between(0, 400_000)),
    )
    for _ in range(count):
        yield rng.choice(ways)()


def _piece(maker: Maker) -> str:
    if maker.rng.random() < 0.4:
        return maker.between(0, 50_000)
    return maker.rng.choice(_PIECES)


def _shuffled(rng: random.Random, word: str) -> str:
    return "".join(rng.sample(word, len(word)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where what is made is kept")
    parser.add_argument("--posts", type=int, default=5000)
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default="tantivy", choices=["whoosh", "tantivy"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
