"""Measure whole searches on a made-up archive, compared with the bare engine and FTS5.

    python benchmarks/bench_search.py FOLDER --posts 100000 --engine tantivy

The archive, the index and the FTS5 table are created in FOLDER on first use; posts of another
length need another folder (`--length 25` makes short ones). All figures are CPU milliseconds of the
searching thread, by kind of query: `ours` is a whole `Searcher.search`, `engine` the index's share,
`bare` the engine's own plain query for the same words, and `fts5` SQLite's for the same terms, both
ranked and returning the ten best keys. Ratios hardly depend on the machine.
"""

from __future__ import annotations

import argparse
import gc
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import tantivy
from made_archive import LENGTH, Maker, open_made
from made_queries import Kinds, MadeQuery, make_queries

from db import PostStore
from search import PostIndex, Searcher, open_index
from search.parser import parse_query
from search.tokens import analyse

_ROW = "{:<15}" + "{:>8}" * 6 + " " + "{:>8}" * 5
_NAMES = ("p50", "p95", "p99", "max")


def main() -> None:
    """Create what is missing, run the searches, print the figures."""
    options = _options()
    maker = Maker(length=options.length)
    with open_made(options.folder, posts=options.posts, maker=maker) as store:
        index = open_index(
            options.folder / f"index-{options.posts}-{options.engine}",
            store,
            engine=options.engine,
        )
        index.catch_up()
        texts = [archived.post.text for archived in store.newest(limit=2000)]
        kinds = make_queries(maker, texts, posts=options.posts, each=options.queries)
        _report(options, store, index, kinds)
        index.close()


def _report(options: argparse.Namespace, store: PostStore, index: PostIndex, kinds: Kinds) -> None:
    searcher = Searcher(store, index)
    _, first = _timed(searcher.search, "warm up")
    gc.freeze()  # as the bot does
    bare = _bare_tantivy(index) if options.engine == "tantivy" else None
    fts = _fts(options.folder / f"fts-{options.posts}.db", store)
    print(f"{options.posts} posts, {options.engine}; the first search took {first:.0f} ms")
    print(_ROW.format("", *_NAMES, "wall", "engine", "bare", "fts5", "/bare", "/fts5", "found"))
    everything: list[float] = []
    for name, queries in kinds.items():
        ours, wall, engine, total = _run(searcher, queries)
        everything += ours
        others = [
            _percentile([_timed(search, query)[1] for query in queries], 0.5)
            if search and queries[0].words
            else None
            for search in (bare, fts)
        ]
        middle = _percentile(ours, 0.5)
        print(
            _ROW.format(
                name,
                *(f"{value:.2f}" for value in _percentiles(ours)),
                f"{max(wall):.1f}",
                f"{_percentile(engine, 0.5):.2f}",
                *("" if other is None else f"{other:.2f}" for other in others),
                *("" if other is None else f"{middle / other:.1f}" for other in others),
                total,
            )
        )
    print("all".ljust(15) + "".join(f"{value:>8.2f}" for value in _percentiles(everything)))


def _run(
    searcher: Searcher, queries: Sequence[MadeQuery]
) -> tuple[list[float], list[float], list[float], int]:
    """Return CPU times, wall-clock times, the index's share, and the median total.

    Every query is run once, so that nothing comes from a cache.
    """
    ours, wall, engine, totals = [], [], [], []
    for query in queries:
        began = time.perf_counter()
        answer, taken = _timed(searcher.search, query.text)
        wall.append((time.perf_counter() - began) * 1000)
        ours.append(taken)
        totals.append(answer.total)
    for query in queries:
        with searcher.index.reading() as reader:
            # Another page, so that this is no answer from memory either, save the vocabulary.
            planned = searcher._plan(parse_query(query.text), reader, only_code=True, sort=None)  # noqa: SLF001
            find = partial(reader.find, offset=0, limit=5)
            engine.append(_timed(find, planned.expression)[1])
    return ours, wall, engine, sorted(totals)[len(totals) // 2]


def _bare_tantivy(index: PostIndex) -> Callable[[MadeQuery], object]:
    """Return tantivy's own ranked search for all of a query's terms over the same files."""
    generation, _ = index._current()  # noqa: SLF001
    folder = generation._engine._folder  # type: ignore[attr-defined]  # noqa: SLF001
    schema, searcher = folder.schema, folder.searcher

    def search(query: MadeQuery) -> object:
        terms = _terms(" ".join(query.words))
        if query.text.startswith('"') and query.text.count('"') == 2 and len(terms) > 1:
            made = tantivy.Query.phrase_query(schema, "words", terms)
        else:
            occur = tantivy.Occur.Must if '"' in query.text else tantivy.Occur.Should
            made = tantivy.Query.boolean_query(
                [(occur, tantivy.Query.term_query(schema, "words", term)) for term in terms]
            )
        if query.tag:
            tag = tantivy.Query.term_query(schema, "facts", f"tag={query.tag}")
            made = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, made), (tantivy.Occur.Must, tag)]
            )
        return searcher.search(made, limit=10)

    return search


def _fts(path: Path, store: PostStore) -> Callable[[MadeQuery], object]:
    """Return a function for a ranked FTS5 search; the table is created on first use."""
    connection = sqlite3.connect(path)
    if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        _fill(connection, store)

    def search(query: MadeQuery) -> object:
        terms = [f'"{term}"' for term in _terms(" ".join(query.words))]
        if query.text.startswith('"') and query.text.count('"') == 2:
            match = f"terms:{' + '.join(terms)}"
        else:
            joined = (" AND " if '"' in query.text else " OR ").join(terms)
            match = f"terms:({joined})"
        if query.tag:
            match += f' AND tags:"{query.tag}"'
        return connection.execute(
            "SELECT rowid FROM posts WHERE posts MATCH ? ORDER BY rank LIMIT 10", (match,)
        ).fetchall()

    return search


def _fill(connection: sqlite3.Connection, store: PostStore) -> None:
    connection.execute("CREATE VIRTUAL TABLE posts USING fts5(terms, tags, content='')")
    seq = 0
    while batch := store.changed_since(seq):
        connection.executemany(
            "INSERT INTO posts (rowid, terms, tags) VALUES (?, ?, ?)",
            (
                (
                    archived.post_id,
                    " ".join(_terms(archived.post.text)),
                    " ".join(archived.post.hashtags),
                )
                for archived in batch
            ),
        )
        seq = batch[-1].seq
    connection.commit()


def _terms(text: str) -> list[str]:
    return analyse(text).terms.split()


def _timed(function, *arguments):  # type: ignore[no-untyped-def]
    started = time.thread_time()
    result = function(*arguments)
    return result, (time.thread_time() - started) * 1000


def _percentiles(taken: Iterable[float]) -> Sequence[float]:
    ordered = sorted(taken)
    return [_percentile(ordered, share) for share in (0.5, 0.95, 0.99, 1.0)]


def _percentile(taken: Sequence[float], share: float) -> float:
    ordered = sorted(taken)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where what is made is kept")
    parser.add_argument("--posts", type=int, default=5000)
    parser.add_argument("--length", type=int, default=LENGTH, help="words of a post, on average")
    parser.add_argument("--queries", type=int, default=50, help="of each kind")
    parser.add_argument("--engine", default="tantivy", choices=["whoosh", "tantivy"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
