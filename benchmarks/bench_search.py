"""Time whole searches over a made-up archive, beside SQLite's FTS5 on the same terms.

    python benchmarks/bench_search.py --posts 5000

The corpus is made from a seed: Russian, English and code words of a Zipf vocabulary, about 2 KB a
post. The figures to look at are the percentiles of `Searcher.search` as a whole, store and
excerpts included, and the ratio to FTS5, which hardly depends on the machine.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from corpus import make_posts, make_queries, vocabulary

from db import open_archive
from model.posts import Channel, Post
from search import Searcher, open_index
from search.analysis import spellings, terms_of


def main() -> None:
    """Build the archive, run the searches, print the figures."""
    options = _options()
    rng = random.Random(options.seed)
    words = vocabulary(rng)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with open_archive(home / "archive.db") as store:
            posts = list(make_posts(rng, words, count=options.posts))
            channel = store.resolve_channel(Channel(title="Bench", username="bench"))
            store.save(channel, posts, as_of=datetime.now(UTC))
            index = open_index(home / "index", store, engine=options.engine)
            started = time.perf_counter()
            index.catch_up()
            built = time.perf_counter() - started
            searcher = Searcher(store, index)
            queries = make_queries(rng, words, count=options.queries)
            searcher.search("warm up")
            whole = _timed(searcher.search, queries)
            fts = _timed(_fts(home / "fts.db", posts), queries)
            index.close()
    figures = {
        "posts": options.posts,
        "characters": statistics.mean(len(post.text) for post in posts),
        "engine": options.engine,
        "build_s": round(built, 2),
        "search_ms": _percentiles(whole),
        "fts5_ms": _percentiles(fts),
        "ratio_p50": round(statistics.median(whole) / statistics.median(fts), 2),
    }
    json.dump(figures, sys.stdout, indent=1)
    print()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--posts", type=int, default=5000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--engine", default="whoosh", choices=["auto", "whoosh", "tantivy"])
    return parser.parse_args()


def _fts(path: Path, posts: Sequence[Post]) -> Callable[[str], object]:
    """Return a ranked search over the same terms in FTS5, the ten best with their texts."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE VIRTUAL TABLE posts USING fts5(terms, text UNINDEXED)")
    connection.executemany(
        "INSERT INTO posts VALUES (?, ?)", ((_terms(post.text), post.text) for post in posts)
    )
    connection.commit()

    def search(query: str) -> object:
        match = " OR ".join(f'"{term}"' for term in _terms(query).split()) or '"-"'
        count = connection.execute("SELECT count(*) FROM posts WHERE posts MATCH ?", (match,))
        rows = connection.execute(
            "SELECT text FROM posts WHERE posts MATCH ? ORDER BY rank LIMIT 5", (match,)
        )
        return count.fetchall(), rows.fetchall()

    return search


def _terms(text: str) -> str:
    return " ".join(term for chunk in spellings(text) for term in terms_of(chunk).atoms)


def _timed(search: Callable[[str], object], queries: Sequence[str]) -> list[float]:
    taken = []
    for query in queries:
        started = time.perf_counter()
        search(query)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def _percentiles(taken: Sequence[float]) -> dict[str, float]:
    ordered = sorted(taken)
    return {
        name: round(ordered[int(len(ordered) * share)], 2)
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }


if __name__ == "__main__":
    main()
