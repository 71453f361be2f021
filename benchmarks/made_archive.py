"""Made-up archives of any size: Russian, English and code with a Zipf vocabulary, from a seed.

The texts are synthetic, but realistic in what costs time: length, half a million word forms of
which most are rare, the same few words in every post, and code, tags and links in some.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

from db import PostStore, open_archive
from model.posts import Channel, Link, Post, Snippet, SnippetOrigin
from model.rich_text import RichText

CHANNEL = Channel(title="Bench", username="bench")
FORMS = 500_000
LENGTH = 130
# So steep that 5,000 posts have about 75,000 of the forms, like Russian posts, and a million all.
_ZIPF = 1.15
FIRST_DAY = datetime(2016, 1, 1, tzinfo=UTC)

_RUSSIAN = (
    "ка ло ми нес тра пор ви дать сто рен гра ди вок зал пе ре ход бы му лу шин жер цеп час ощу"
    " эту я ёк нов пря свет тёр бро кле ши ща юг гно вза хро фи"
)
_ENGLISH = (
    "con tra fer mo del ing ba tch gra di ent lo ss to ken pipe line ra fi que un der sto chas tic"
    " hy per qu ave clo you ph the ry wo"
)
_RUSSIAN_ENDINGS = ("", "а", "у", "ом", "е", "ы", "ов", "ами", "ого", "ая", "ые", "ить", "ает")
_ENGLISH_ENDINGS = ("", "s", "ed", "ing", "er")
# Words in every other post, whatever its subject.
_EVERYWHERE = (
    "и в не на что с как это а для по но из у к то мы от все за так или можно если о the a of to in"
)
_LANGUAGES = ("python", "sql", "bash", None)
_CODE = (
    'df = pd.read_csv("{0}.csv")\ndf.groupby("{1}").agg(mean_{0}=("{1}", "mean"))',
    "SELECT {0}, count(*) FROM {1} GROUP BY {0} ORDER BY 2 DESC",
    "def {0}_{1}(batch):\n    return model.fit(batch.{0}, epochs=20, name={1!r})",
)
_BATCH = 5000


class Maker:
    """Makes words, posts of a given average length and, from the same words, queries."""

    def __init__(self, seed: int = 7, *, forms: int = FORMS, length: int = LENGTH) -> None:
        self.rng = random.Random(seed)
        self._length = length
        self.words = (*_EVERYWHERE.split(), *self._forms(forms))
        self._weights = list(accumulate((rank + 3) ** -_ZIPF for rank in range(len(self.words))))
        self._names = [word for word in self.words[3000:50_000] if word.isascii()]
        self.tags = [word for word in self.words[500:2500] if len(word) > 3][:300]

    def _forms(self, count: int) -> Sequence[str]:
        """Make word forms, three in four of them Russian, in order of frequency."""
        forms: dict[str, None] = {}
        russian, english = _RUSSIAN.split(), _ENGLISH.split()
        while len(forms) < count:
            is_russian = self.rng.random() < 0.75
            syllables = russian if is_russian else english
            stem = "".join(self.rng.choices(syllables, k=self.rng.randint(2, 4)))
            endings = _RUSSIAN_ENDINGS if is_russian else _ENGLISH_ENDINGS
            forms.update(dict.fromkeys(stem + ending for ending in endings))
        made = list(forms)
        self.rng.shuffle(made)
        return made

    def between(self, first: int, last: int) -> str:
        """Return a word with a rank in a range; rank 0 is the most frequent."""
        return self.words[self.rng.randrange(first, last)]

    def posts(self, *, first_id: int, count: int) -> Iterator[Post]:
        """Yield posts with message ids from `first_id`, an hour apart."""
        for message_id in range(first_id, first_id + count):
            yield self._post(message_id)

    def _post(self, message_id: int) -> Post:
        text, tags = self._prose(), self._tags()
        links: tuple[Link, ...] = ()
        if self.rng.random() < 0.3:
            host = f"{self.between(100, 400)}.org"
            url = f"https://{host}/{self.between(1000, 9000)}"
            links = (Link(url=url, host=host, text=url),)
            text += f"\n{url}"
        text += "\n" + " ".join(f"#{tag}" for tag in tags)
        snippets: tuple[Snippet, ...] = ()
        if self.rng.random() < 0.4:
            code = self._code()
            start = len(text) + 1
            text += "\n" + code
            snippets = (
                Snippet(
                    origin=SnippetOrigin.PRE,
                    code=code,
                    start=start,
                    end=start + len(code),
                    language=self.rng.choice(_LANGUAGES),
                ),
            )
        return Post(
            message_id=message_id,
            posted_at=FIRST_DAY + timedelta(minutes=5 * message_id),
            content=RichText(text),
            hashtags=tags,
            snippets=snippets,
            links=links,
        )

    def _prose(self) -> str:
        spread = self._length * 6 // 13
        words = self.rng.randint(self._length - spread, self._length + spread)
        chosen = iter(self.rng.choices(self.words, cum_weights=self._weights, k=words))
        sentences = []
        while sentence := list(islice(chosen, self.rng.randint(4, 18))):
            ending = self.rng.choice((".", ".", ".", "?", ":\n", ".\n\n"))
            sentences.append(" ".join(sentence).capitalize() + ending)
        return " ".join(sentences)

    def _tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.rng.choices(self.tags, k=self.rng.randint(0, 3))))

    def _code(self) -> str:
        return self.rng.choice(_CODE).format(*self.rng.choices(self._names, k=2))


def open_made(folder: Path, *, posts: int, maker: Maker, name: str = "") -> PostStore:
    """Open the archive of so many posts in a folder; it is created on first use."""
    path = folder / (name or f"archive-{posts}.db")
    store = open_archive(path)
    channel = store.resolve_channel(CHANNEL)
    made = store.last_message_id(channel) or 0
    while made < posts:
        count = min(_BATCH, posts - made)
        store.save(channel, maker.posts(first_id=made + 1, count=count), as_of=datetime.now(UTC))
        made += count
    return store
