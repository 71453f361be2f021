"""Evaluate graded queries on the sample channel, by kind and by engine.

    python benchmarks/bench_relevance.py
    python benchmarks/bench_relevance.py --engine tantivy --worst 20

Run from the checkout. `--worst` lists the queries with the lowest nDCG@10.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from db import open_archive
from ingest import open_source
from letopis.sample import sample_export
from model.posts import Channel, Post
from search import Searcher, open_index

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.sample.judging import Ask, Verdict, asking, by_kind, judge
from tests.sample.queries import read_queries


def main() -> None:
    """Print a table per engine."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--engine", choices=["whoosh", "tantivy"], action="append")
    parser.add_argument("--worst", type=int, default=0)
    options = parser.parse_args()
    queries = read_queries()
    for engine in options.engine or ["whoosh", "tantivy"]:
        with _sample_searcher(engine) as searcher:
            ask = asking(searcher)
            print(f"{engine:12} {'queries':>7} {'nDCG@10':>8} {'MRR':>6} {'S@5':>6}")
            for kind, verdict in by_kind(queries, ask).items():
                _print_row(kind, verdict)
            _print_row("all", judge(queries, ask))
            _print_worst(ask, count=options.worst)


@contextmanager
def _sample_searcher(engine: str) -> Iterator[Searcher]:
    source = open_source(sample_export())
    posts = [post for post in source.messages() if isinstance(post, Post)]
    with (
        tempfile.TemporaryDirectory() as folder,
        open_archive(Path(folder) / "archive.db") as store,
    ):
        channel = store.resolve_channel(Channel(title="Sample"))
        store.save(channel, posts, as_of=datetime.now(UTC))
        index = open_index(Path(folder) / "index", store, engine=engine)
        yield Searcher(store, index)
        index.close()


def _print_row(name: str, verdict: Verdict) -> None:
    figures = f"{verdict.ndcg:8.3f} {verdict.mrr:6.3f} {verdict.success:6.3f}"
    print(f"{name:12} {verdict.queries:7} {figures}")


def _print_worst(ask: Ask, *, count: int) -> None:
    judged = [(judge([query], ask).ndcg, query) for query in read_queries()]
    for ndcg, query in sorted(judged, key=lambda pair: pair[0])[:count]:
        print(f"  {ndcg:.3f} {query.kind}: {query.text}")


if __name__ == "__main__":
    main()
