"""Measure how long it takes to match new posts against saved searches.

    python benchmarks/bench_following.py FOLDER --posts 100000 --engine tantivy

Fifty people save twenty searches each, of every kind that `made_queries` makes. All figures are CPU
seconds of the whole process: `saved` for saving one search, `words` for reloading the index's words
as after every commit, then `record_matches` for the last posts of the archive, from reading them to
storing the matches.
"""

from __future__ import annotations

import argparse
import itertools
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from made_archive import Maker, open_made
from made_queries import make_queries, texts_of

from bot.alerts.matching import record_matches
from bot.alerts.subscribe import follow
from bot.config import BotConfig
from bot.live.spool import Spool
from bot.people import People
from bot.services import Services
from bot.transport.threads import Threads
from db import PostStore
from db.bot_store import BotStore, open_bot_store
from db.times import utc_now
from search import PostIndex, Searcher, open_index

_BATCHES = (1, 1, 1, 10, 500, 10_000)


def main() -> None:
    """Create what is missing, save the searches, match posts, print the figures."""
    options = _options()
    maker = Maker()
    with (
        open_made(options.folder, posts=options.posts, maker=maker) as store,
        tempfile.TemporaryDirectory() as state,
        open_bot_store(Path(state) / "bot.db") as bot_store,
    ):
        name = f"index-{options.posts}-{options.engine}"
        index = open_index(options.folder / name, store, engine=options.engine)
        index.catch_up()
        texts = [archived.post.text for archived in store.newest(limit=2000)]
        kinds = make_queries(maker, texts, posts=options.posts, each=options.people)
        queries = list(dict.fromkeys(texts_of(kinds)))
        _report(options, _services(store, index, bot_store), queries, Path(state) / "bot.db")
        index.close()


def _report(
    options: argparse.Namespace, services: Services, queries: Sequence[str], path: Path
) -> None:
    index, last = services.searcher.index, services.store.last_seq()
    print(f"{options.posts} posts, {options.engine}; {options.people} people, {options.each} each")
    print(f"opened      {_seconds(index.behind):7.3f}  (first)")
    chosen = itertools.cycle(queries)
    spent = [
        _seconds(lambda user=user: follow(next(chosen), user, services))
        for user in range(1, options.people + 1)
        for _ in range(options.each)
    ]
    print(f"saved       {sum(spent) / len(spent):7.3f}  {max(spent):.3f} at most")
    for posts in _BATCHES:
        _forget(path, seq=last - posts)
        seconds = _seconds(lambda: record_matches(services, upto=last))
        found = sum(each.posts for each in services.bot_store.alerts.waiting())
        print(f"{posts:5} posts  {seconds:7.3f}  {found} found")


def _forget(path: Path, *, seq: int) -> None:
    """Reset all saved searches to a change, without matches."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM saved_posts")
        connection.execute("UPDATE saved_searches SET seq = ?", (seq,))


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _services(store: PostStore, index: PostIndex, bot_store: BotStore) -> Services:
    return Services(
        config=BotConfig(token="", owners=frozenset()),
        searcher=Searcher(store, index),
        store=store,
        bot_store=bot_store,
        people=People(bot_store.people),
        clock=utc_now,
        threads=Threads(at_once=1, deadline=timedelta(minutes=1)),
        spool=Spool(store.path.with_name("spool")),
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--posts", type=int, default=5000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--engine", default="tantivy", choices=["whoosh", "tantivy"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
