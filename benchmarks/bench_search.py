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
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from db import open_archive
from model.posts import Channel, Post, Snippet, SnippetOrigin
from model.rich_text import RichText
from search import Searcher, open_index
from search.analysis import spellings, terms_of

_SYLLABLES_RU = "ка ло ми нес тра пор ви дать сто рен гра ди вок зал пе ре ход".split()  # noqa: SIM905
_SYLLABLES_EN = "con tra fer mo del ing ba tch gra di ent lo ss to ken pipe line".split()  # noqa: SIM905
_ENDINGS_RU = " а у ом е ы ов ами ого ая ые ить ает ется".split(" ")  # noqa: SIM905
_ENDINGS_EN = " s ed ing er".split(" ")  # noqa: SIM905
_CODE = (
    'df = pd.read_csv("{0}.csv")\ndf.groupby("{1}").agg(mean_{0}=("{1}", "mean"))',
    "SELECT {0}, count(*) FROM {1} GROUP BY {0} ORDER BY 2 DESC",
    "def {0}_{1}(batch):\n    return model.fit(batch.{0}, epochs={1!r})",
)


def main() -> None:
    """Build the archive, run the searches, print the figures."""
    options = _options()
    rng = random.Random(options.seed)
    words = _vocabulary(rng)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with open_archive(home / "archive.db") as store:
            posts = list(_posts(rng, words, count=options.posts))
            channel = store.resolve_channel(Channel(title="Bench", username="bench"))
            store.save(channel, posts, as_of=datetime.now(UTC))
            index = open_index(home / "index", store, engine=options.engine)
            started = time.perf_counter()
            index.catch_up()
            built = time.perf_counter() - started
            searcher = Searcher(store, index)
            queries = _queries(rng, words, count=options.queries)
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


def _vocabulary(rng: random.Random) -> Sequence[str]:
    """Make 20,000 stems of two to four syllables, three in four of them Russian."""
    stems: dict[str, None] = {}
    while len(stems) < 20_000:
        syllables = _SYLLABLES_RU if rng.random() < 0.75 else _SYLLABLES_EN
        stems["".join(rng.choices(syllables, k=rng.randint(2, 4)))] = None
    return tuple(stems)


def _posts(rng: random.Random, words: Sequence[str], *, count: int) -> Iterator[Post]:
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    for number in range(count):
        chosen = rng.choices(words, cum_weights=weights, k=rng.randint(120, 340))
        text = " ".join(_inflected(rng, word) for word in chosen)
        tags = tuple(dict.fromkeys(rng.choices(words[:50], k=rng.randint(0, 3))))
        text += "\n" + " ".join(f"#{tag}" for tag in tags)
        snippets: tuple[Snippet, ...] = ()
        if rng.random() < 0.4:
            code = rng.choice(_CODE).format(rng.choice(words[-5000:]), rng.choice(words[-5000:]))
            start = len(text) + 1
            text += "\n" + code
            snippets = (
                Snippet(origin=SnippetOrigin.PRE, code=code, start=start, end=start + len(code)),
            )
        yield Post(
            message_id=number + 1,
            posted_at=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(hours=number),
            content=RichText(text),
            hashtags=tags,
            snippets=snippets,
        )


def _inflected(rng: random.Random, word: str) -> str:
    """Give a word one of its three endings, the first as often as the others together."""
    endings = _ENDINGS_EN if word.isascii() else _ENDINGS_RU
    first = len(word) * ord(word[0])
    return word + endings[(first + rng.choice((0, 0, 1, 5))) % len(endings)]


def _queries(rng: random.Random, words: Sequence[str], *, count: int) -> Sequence[str]:
    """Make queries of one to three words, common and rare, some with a tag, a phrase or a slip."""
    made = []
    for number in range(count):
        size = rng.choice([1, 1, 2, 2, 3])
        chosen = [words[min(int(rng.paretovariate(0.35)), 8000)] for _ in range(size)]
        match number % 10:
            case 0:
                made.append('"' + " ".join(chosen) + '"')
            case 1:
                made.append(f"{chosen[0]} #{rng.choice(words[:50])}")
            case 2:
                made.append(f"{chosen[0][:4]}* {chosen[-1]}")
            case 3:
                made.append(chosen[0][:-2] + chosen[0][-1] + " " + chosen[-1])
            case 4:
                made.append(f"{' '.join(chosen)} has:code")
            case _:
                made.append(" ".join(_inflected(rng, word) for word in chosen))
    return made


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
