"""Ask an index what nobody means well with: how many queries fail, and which are the slowest.

python benchmarks/attack_search.py --posts 5000 --queries 50000 --engine whoosh
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from corpus import make_posts, vocabulary

from db import open_archive
from model.posts import Channel
from search import Facet, Remark, Searcher, open_index
from tests.search.hostile import hostile_queries

_SLOWEST = 10


def main() -> None:
    """Build the archive, put the queries, print the figures."""
    options = _options()
    rng = random.Random(options.seed)
    words = vocabulary(rng)
    taken: list[tuple[float, str]] = []
    failed: list[tuple[str, str]] = []
    cut = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        open_archive(Path(folder) / "archive.db") as store,
    ):
        channel = store.resolve_channel(Channel(title="Bench", username="bench"))
        posts = make_posts(rng, words, count=options.posts)
        store.save(channel, posts, as_of=datetime.now(UTC))
        index = open_index(Path(folder) / "index", store, engine=options.engine)
        index.catch_up()
        searcher = Searcher(store, index)
        searcher.search("warm up")
        known = [*words[:300], *rng.sample(words, 3000)]
        for query in hostile_queries(seed=options.seed, count=options.queries, words=known):
            started = time.thread_time()
            try:
                answer = searcher.search(query, facets=list(Facet))
            except Exception as exc:  # noqa: BLE001  # counted, that is what this is for
                failed.append((type(exc).__name__, query[:200]))
                continue
            taken.append(((time.thread_time() - started) * 1000, query[:200]))
            cut += any(note.code is Remark.CUT_SHORT for note in answer.notes)
        index.close()
    times = sorted(ms for ms, _ in taken)
    figures = {
        "posts": options.posts,
        "engine": options.engine,
        "queries": options.queries,
        "failed": len(failed),
        "cut_short": cut,
        "processor_ms": {
            name: round(times[min(int(len(times) * share), len(times) - 1)], 1)
            for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1))
        },
        "failures": failed[:_SLOWEST],
        "slowest": [(round(ms, 1), text) for ms, text in heapq.nlargest(_SLOWEST, taken)],
    }
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--posts", type=int, default=5000)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--engine", default="auto", choices=["auto", "whoosh", "tantivy"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
