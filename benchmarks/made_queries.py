"""Queries of every kind for a made-up archive, from its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from made_archive import FIRST_DAY, Maker

from search.keyboard_layout import other_layout

_TO_LATIN = {
    **dict(zip("абвгдеёзийклмнопрстуфхцчшщыэюя", "abvgdeeziiklmnoprstufhc____e__", strict=True)),
    "ч": "ch",
    "ш": "sh",
    "щ": "sch",
    "ы": "y",
    "ю": "yu",
    "я": "ya",
    "ж": "zh",
    "ь": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeQuery:
    """A query as typed, and its words as they are in the posts.

    `words` are for plain engines: all of them, in sequence for a phrase, with a tag if there is
    one; empty if only our search can answer.
    """

    text: str
    words: tuple[str, ...] = ()
    tag: str = ""


Kinds = Mapping[str, Sequence[MadeQuery]]


def make_queries(maker: Maker, texts: Sequence[str], *, posts: int, each: int) -> Kinds:
    """Make some queries of each kind; `texts` are texts of posts, for phrases."""
    made = _Queries(maker, texts, posts=posts)
    kinds: Mapping[str, Callable[[], MadeQuery]] = {
        "common": made.common,
        "rare": made.rare,
        "all of 2": made.all_of_two,
        "any of 3": made.any_of_three,
        "phrase": made.phrase,
        "prefix": made.prefix,
        "word and tag": made.filtered,
        "has: and lang:": made.with_code,
        "dates": made.dated,
        "newest first": made.newest,
        "everything": made.everything,
        "typo": made.slipped,
        "layout": made.on_other_keyboard,
        "translit": made.in_latin,
        "code": made.code,
        "sentence": made.sentence,
    }
    return {name: [make() for _ in range(each)] for name, make in kinds.items()}


class _Queries:
    def __init__(self, maker: Maker, texts: Sequence[str], *, posts: int) -> None:
        self._maker = maker
        self._rng = maker.rng
        self._texts = texts
        self._posts = posts

    def common(self) -> MadeQuery:
        return _of(self._maker.between(40, 150))

    def rare(self) -> MadeQuery:
        return _of(self._maker.between(50_000, 200_000))

    def all_of_two(self) -> MadeQuery:
        pair = self._maker.between(40, 300), self._maker.between(40, 1000)
        return MadeQuery(text=" ".join(f'"{word}"' for word in pair), words=pair)

    def any_of_three(self) -> MadeQuery:
        return _of(*(self._maker.between(40, 2000) for _ in range(3)))

    def phrase(self) -> MadeQuery:
        words = self._rng.choice(self._texts).split(".")[0].split()[1:]
        start = self._rng.randrange(max(len(words) - 2, 1))
        chosen = tuple(words[start : start + self._rng.choice((2, 2, 3))]) or ("на",)
        return MadeQuery(text=f'"{" ".join(chosen)}"', words=chosen)

    def prefix(self) -> MadeQuery:
        return MadeQuery(text=f"{self._a_long_word(40, 5000)[:4]}*")

    def filtered(self) -> MadeQuery:
        word, tag = self._maker.between(40, 1000), self._rng.choice(self._maker.tags)
        return MadeQuery(text=f"{word} #{tag}", words=(word,), tag=tag)

    def with_code(self) -> MadeQuery:
        return MadeQuery(text=f"{self._maker.between(40, 1000)} has:code lang:python")

    def dated(self) -> MadeQuery:
        first = FIRST_DAY + timedelta(minutes=5 * self._rng.randrange(self._posts))
        last = first + timedelta(minutes=5 * self._posts // 4)
        word = self._maker.between(40, 1000)
        return MadeQuery(text=f"{word} after:{first:%Y-%m-%d} before:{last:%Y-%m-%d}")

    def newest(self) -> MadeQuery:
        return MadeQuery(text=f"{self._maker.between(40, 300)} sort:new")

    def everything(self) -> MadeQuery:
        return MadeQuery(text=self._rng.choice(("", "has:link", "is:original", "-в", "-has:code")))

    def slipped(self) -> MadeQuery:
        word = self._a_long_word(1000, 100_000)
        at = self._rng.randrange(1, len(word) - 2)
        slip = self._rng.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + self._rng.choice("оптесд") + word[at:],
            )
        )
        return MadeQuery(text=slip)

    def on_other_keyboard(self) -> MadeQuery:
        word = self._a_long_word(1000, 50_000)
        return MadeQuery(text=other_layout(word) or word)

    def in_latin(self) -> MadeQuery:
        word = self._a_long_word(1000, 50_000)
        return MadeQuery(text="".join(_TO_LATIN.get(char, char) for char in word))

    def code(self) -> MadeQuery:
        name = self._maker.between(3000, 20_000)
        return MadeQuery(
            text=self._rng.choice(("pd.read_csv", f"df.groupby {name}", f"code:{name}", "mean_x"))
        )

    def sentence(self) -> MadeQuery:
        words = self._rng.choice(self._texts).split()
        start = self._rng.randrange(max(len(words) - 10, 1))
        return MadeQuery(text=" ".join(words[start : start + 10]))

    def _a_long_word(self, first: int, last: int) -> str:
        while True:
            word = self._maker.between(first, last)
            if len(word) >= 6 and not word.isascii():
                return word


def _of(*words: str) -> MadeQuery:
    return MadeQuery(text=" ".join(words), words=words)


def texts_of(kinds: Kinds) -> Iterable[str]:
    """Yield the texts of all queries."""
    return (query.text for queries in kinds.values() for query in queries)
