"""Measure OpenSearch beside tantivy on one made-up archive, in one run.

    python benchmarks/bench_cluster.py FOLDER --posts 100000 --cluster http://127.0.0.1:9200

By the clock: how fast each index is built, what a commit of 100 posts takes, and whole searches of
every kind, in turn with both engines. Without `--cluster`, a node with 512 MB is started, as tests
do. What is made is kept in FOLDER; the index on the cluster is removed at the end.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

sys.path.append(str(Path(__file__).parents[1]))

from made_archive import CHANNEL, FORMS, LENGTH, Maker, open_made
from made_queries import make_queries

from db import PostStore
from search import Facet, PostIndex, Searcher, open_index
from search.engines.opensearch_client import OpenSearchClient
from tests.servers.opensearch import OpenSearchCluster

_ENGINES = ("tantivy", "opensearch")
_ADDED = 100
_ROW = "{:<24}" + "{:>9}" * 4 + "{:>10}"


def main() -> None:
    """Build both indexes, search both, print the figures."""
    options = _options()
    maker = Maker(forms=options.forms, length=options.length)
    with (
        _cluster(options.cluster) as url,
        open_made(options.folder, posts=options.posts, maker=maker) as store,
    ):
        indexes = {
            engine: open_index(
                options.folder / f"cluster-{engine}-{os.getpid()}",
                store,
                engine=engine,
                jobs=options.jobs,
                cluster=f"{url}/bench-{os.getpid()}",
            )
            for engine in _ENGINES
        }
        for engine, index in indexes.items():
            seconds = _timed(index.rebuild)
            print(f"{engine}: {options.posts / seconds:.0f} posts/s, {seconds:.1f} s", flush=True)
        _report_searches(store, indexes, maker, options)
        _report_commits(store, indexes, maker)
        for index in indexes.values():
            index.close()
        with closing(OpenSearchClient(f"{url}/bench-{os.getpid()}")) as client:
            client.ask("DELETE", f"{client.name}-*")


def _report_searches(
    store: PostStore, indexes: dict[str, PostIndex], maker: Maker, options: argparse.Namespace
) -> None:
    texts = [archived.post.text for archived in store.newest(limit=2000)]
    kinds = make_queries(maker, texts, posts=options.posts, each=options.queries)
    searchers = {engine: Searcher(store, index) for engine, index in indexes.items()}
    for searcher in searchers.values():
        for queries in kinds.values():
            searcher.search(queries[-1].text, facets=list(Facet))
    print(_ROW.format("ms", "p50", "p95", "p99", "max", "found"))
    for facets in ((), tuple(Facet)):
        every: dict[str, list[float]] = {engine: [] for engine in _ENGINES}
        for name, queries in kinds.items():
            for engine, searcher in searchers.items():
                taken, totals = [], []
                for query in queries:
                    began = time.perf_counter()
                    totals.append(searcher.search(query.text, facets=facets).total)
                    taken.append((time.perf_counter() - began) * 1000)
                every[engine] += taken
                if not facets:
                    _say(f"{name} {engine}", taken, sorted(totals)[len(totals) // 2])
        for engine, taken in every.items():
            _say(f"{'facets' if facets else 'all'} {engine}", taken, 0)


def _report_commits(store: PostStore, indexes: dict[str, PostIndex], maker: Maker) -> None:
    channel = store.resolve_channel(CHANNEL)
    first = (store.last_message_id(channel) or 0) + 1
    for _ in range(5):
        posts = list(maker.posts(first_id=first, count=_ADDED))
        store.save(channel, posts, as_of=datetime.now(UTC))
        first += _ADDED
        for engine, index in indexes.items():
            print(f"{engine}: {_ADDED} posts committed in {_timed(index.catch_up) * 1000:.0f} ms")


def _say(name: str, taken: Sequence[float], found: int) -> None:
    cuts = quantiles(taken, n=100, method="inclusive")
    times = (f"{value:.1f}" for value in (cuts[49], cuts[94], cuts[98], max(taken)))
    print(_ROW.format(name, *times, found), flush=True)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def _cluster(url: str | None) -> Iterator[str]:
    if url is not None:
        yield url
        return
    cluster = OpenSearchCluster(owner=os.getpid(), java=("-Xms512m", "-Xmx512m"))
    cluster.set_defaults(number_of_shards=1, number_of_replicas=0)
    try:
        yield cluster.url
    finally:
        cluster.remove()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where what is made is kept")
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--forms", type=int, default=FORMS, help="word forms of the archive")
    parser.add_argument("--length", type=int, default=LENGTH, help="words of a post, on average")
    parser.add_argument("--queries", type=int, default=50, help="of each kind")
    parser.add_argument("--jobs", type=int, default=2, help="processes that read posts")
    parser.add_argument("--cluster", help="the URL of a cluster, by default one of its own")
    return parser.parse_args()


if __name__ == "__main__":
    main()
