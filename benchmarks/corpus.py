"""A made-up channel for the benchmarks: Russian, English and code words of a Zipf vocabulary."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from model.posts import Post, Snippet, SnippetOrigin
from model.rich_text import RichText

_SYLLABLES_RU = "ка ло ми нес тра пор ви дать сто рен гра ди вок зал пе ре ход".split()  # noqa: SIM905
_SYLLABLES_EN = "con tra fer mo del ing ba tch gra di ent lo ss to ken pipe line".split()  # noqa: SIM905
_ENDINGS_RU = " а у ом е ы ов ами ого ая ые ить ает ется".split(" ")  # noqa: SIM905
_ENDINGS_EN = " s ed ing er".split(" ")  # noqa: SIM905
_CODE = (
    'df = pd.read_csv("{0}.csv")\ndf.groupby("{1}").agg(mean_{0}=("{1}", "mean"))',
    "SELECT {0}, count(*) FROM {1} GROUP BY {0} ORDER BY 2 DESC",
    "def {0}_{1}(batch):\n    return model.fit(batch.{0}, epochs={1!r})",
)


def vocabulary(rng: random.Random) -> Sequence[str]:
    """Make 20,000 stems of two to four syllables, three in four of them Russian."""
    stems: dict[str, None] = {}
    while len(stems) < 20_000:
        syllables = _SYLLABLES_RU if rng.random() < 0.75 else _SYLLABLES_EN
        stems["".join(rng.choices(syllables, k=rng.randint(2, 4)))] = None
    return tuple(stems)


def make_posts(rng: random.Random, words: Sequence[str], *, count: int) -> Iterator[Post]:
    """Make posts of about 2 KB, an hour apart, some with tags and code."""
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


def make_queries(rng: random.Random, words: Sequence[str], *, count: int) -> Sequence[str]:
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


def _inflected(rng: random.Random, word: str) -> str:
    """Give a word one of its three endings, the first as often as the others together."""
    endings = _ENDINGS_EN if word.isascii() else _ENDINGS_RU
    first = len(word) * ord(word[0])
    return word + endings[(first + rng.choice((0, 0, 1, 5))) % len(endings)]
