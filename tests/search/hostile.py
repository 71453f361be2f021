"""Hostile queries: any number of them, reproducible by seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

_OPERATORS = (
    *("has", "lang", "code", "from", "channel", "site", "is", "tag", "sort", "after", "before"),
    *("on", "есть", "язык", "код", "от", "канал", "сайт", "это", "тег", "сначала", "после", "до"),
    *("за", "by", "since", "until", "host", "x", "foo"),
)
_VALUES = (
    *("code", "link", "photo", "python", "sql", "new", "old", "repost", "original", "missing"),
    *("service", "2024", "2024-03", "2024-02-31", "0000", "9999-12", "31.12.1999", "вчера", "last"),
    *("arxiv.org", "http://a.b/c?d=e", "@name", "-1", ",", ",,", "*", '"', "«", "(", ")", ":", "|"),
    *("#", "''", ""),
)
_PERIODS = (
    "за прошлый месяц",
    "в марте 2024",
    "last 999 years",
    "за последние 0 дней",
    "in 2024",
    "в 9999 году",
    "на этой неделе",
)
_REGEXES = ("(a+)+$", "[а-я]{1,9999}", ".*.*.*", "(?P<x>", "\\d+\\b", "^$", "(?!)", "a{,}", "\\")
_SYNTAX = '()"«»“”„#*-−|:,.+/\\@!?~^{}[]<>=&%$_;'
_JOINS = (" ", " ", " ", "", " OR ", " или ", "|", " AND ", "\n", "\t", "\u00a0", " -", " (", ") ")


def hostile_queries(*, seed: int, count: int, words: Sequence[str]) -> Iterator[str]:
    """Yield queries made of anything; `words` are some that the archive knows."""
    chance = random.Random(seed)
    makers = _makers(chance, words)
    for _ in range(count):
        yield chance.choice(makers)()


def _makers(  # noqa: C901  # each kind is a function of two lines
    chance: random.Random, words: Sequence[str]
) -> Sequence[Callable[[], str]]:
    def word() -> str:
        return chance.choice(words)

    def slip() -> str:
        letters = list(word())
        for _ in range(chance.randint(1, 3)):
            letters.insert(chance.randint(0, len(letters)), chance.choice("аеиотнсabcetx_-.'ё"))
        return "".join(letters)

    def operator() -> str:
        value = chance.choice([chance.choice(_VALUES), word(), f'"{word()} {word()}"', noise()])
        return f"{chance.choice(['', '-', '--'])}{chance.choice(_OPERATORS)}:{value}"

    def prefix() -> str:
        return word()[: chance.randint(0, 4)] + "*" * chance.randint(1, 3)

    def noise() -> str:
        return "".join(map(chr, (_code_point(chance) for _ in range(chance.randint(1, 40)))))

    def syntax() -> str:
        return "".join(chance.choices(_SYNTAX, k=chance.randint(1, 30)))

    def nested() -> str:
        depth = chance.randint(1, 60)
        inner = f" {chance.choice(['OR', 'или', '|', ''])} ".join(
            chance.choice(atoms)() for _ in range(chance.randint(1, 6))
        )
        opening = chance.choice(["(", "-(", "(-", "x OR ("])
        return opening * depth + inner + ")" * chance.randint(0, depth + 5)

    def phrase() -> str:
        inside = " ".join(word() for _ in range(chance.randint(1, 12)))
        return chance.choice(['"', "«", "“"]) + inside + chance.choice(['"', "»", "”", ""])

    def joined() -> str:
        parts = [chance.choice(atoms)() for _ in range(chance.randint(2, 20))]
        return "".join(part + chance.choice(_JOINS) for part in parts)

    def endless() -> str:
        return chance.choice([word, noise, syntax, prefix])() * chance.randint(50, 3000)

    def compound() -> str:
        joint = chance.choice("_.-/:'")
        return joint.join(word() for _ in range(chance.randint(2, 40)))

    atoms: list[Callable[[], str]] = [
        *(word, word, slip, operator, prefix, noise, syntax, phrase, compound),
        lambda: "#" + word(),
        lambda: chance.choice(_PERIODS),
        lambda: chance.choice(_REGEXES),
    ]
    return [*atoms, nested, nested, joined, joined, joined, endless]


def _code_point(chance: random.Random) -> int:
    """Return a code point of any kind: a letter, a sign, an emoji, half a surrogate pair."""
    first, last = chance.choice(
        [
            (0x20, 0x7E),
            (0x400, 0x45F),
            (0, 0x1F),
            (0x300, 0x36F),
            (0xD800, 0xDFFF),
            (0x1F1E6, 0x1F9FF),
            (0x2000, 0x206F),
            (0xFDD0, 0xFFFF),
            (0, 0x10FFFF),
        ]
    )
    return chance.randint(first, last)
