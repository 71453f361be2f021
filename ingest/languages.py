"""Guesses the programming language of a piece of code from its text alone."""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from operator import add
from pathlib import Path
from typing import Any

_RULES = Path(__file__).with_suffix(".toml")
# Enough to recognise a language, and a bound on the cost of hostile text.
_LINES, _COLUMNS = 40, 160
_COUNTED = 3
_ENOUGH = 2.5
_LEAD = 0.5
# A dialect also shows the signs of its base; it needs this share of signs of its own.
_DIALECTS = (("javascript", "typescript", 0.4), ("cpp", "c", 1.0))


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern and its weight; every match contains one of `words`, if there are any."""

    weight: float
    pattern: re.Pattern[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Signs:
    """How a language is recognised; code with no word of `gate` is not examined further."""

    gate: frozenset[str]
    rules: tuple[_Rule, ...]


@dataclass(frozen=True, slots=True)
class _Rules:
    """All languages, and all their words by first two letters, in lower case.

    Searching for each of the hundreds of words would take longer than everything else.
    """

    languages: Mapping[str, _Signs]
    words: Mapping[str, Sequence[str]]


@lru_cache(maxsize=4096)  # a channel repeats short inline code
def guess_language(code: str) -> str | None:
    """Return the most likely language of a piece of code, `None` if unclear."""
    if is_json(code):
        return "json"
    head = "\n".join(line[:_COLUMNS] for line in code.split("\n")[:_LINES])
    rules = _read_rules()
    held = _find_words(head.lower(), rules.words)
    scores = {language: _score(head, held, signs) for language, signs in rules.languages.items()}
    for base, dialect, share in _DIALECTS:
        if scores[dialect] >= max(_ENOUGH, scores[base] * share):
            scores[dialect] += scores[base]
            scores[base] = 0.0
    (best, score), (_, second) = sorted(scores.items(), key=lambda item: -item[1])[:2]
    return best if score >= _ENOUGH and score - second >= _LEAD else None


def is_json(code: str) -> bool:
    """Return whether a text is a JSON object or list with a string in it."""
    stripped = code.strip()
    if stripped[:1] + stripped[-1:] not in ("{}", "[]") or '"' not in stripped:
        return False
    try:
        json.loads(stripped)
    except (ValueError, RecursionError):
        return False
    return True


@lru_cache(maxsize=1)
def _read_rules() -> _Rules:
    with _RULES.open("rb") as file:
        tables = tomllib.load(file)
    languages = {language: _read_signs(table) for language, table in tables.items()}
    every: set[str] = set()
    for signs in languages.values():
        every.update(signs.gate, *(rule.words for rule in signs.rules))
    words = defaultdict(list)
    for word in every:
        words[word[:2]].append(word)
    return _Rules(languages, words)


def _read_signs(table: dict[str, Any]) -> _Signs:
    flags = re.MULTILINE | (re.IGNORECASE if table.get("ignore_case") else 0)
    rules = tuple(
        _Rule(weight, re.compile(source, flags), frozenset(map(str.lower, chain(*words))))
        for weight, source, *words in table["rules"]
    )
    return _Signs(frozenset(table["gate"]), rules)


def _find_words(text: str, words: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the words in a text; few have a prefix that occurs in it at all."""
    beginnings = words.keys() & {*text, *map(add, text, text[1:])}
    return {word for two in beginnings for word in words[two] if word in text}


def _score(code: str, held: set[str], signs: _Signs) -> float:
    if held.isdisjoint(signs.gate):
        return 0.0
    return sum(
        rule.weight * _count(rule, code)
        for rule in signs.rules
        if not rule.words or not held.isdisjoint(rule.words)
    )


def _count(rule: _Rule, code: str) -> int:
    return sum(1 for _ in islice(rule.pattern.finditer(code), _COUNTED))
