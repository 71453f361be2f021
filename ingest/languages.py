"""Which programming language a piece of code is in, by its author's label or by own rules."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

_RULES = Path(__file__).with_suffix(".toml")
_ALIASES = {
    "py": "python",
    "python3": "python",
    "ipython": "python",
    "js": "javascript",
    "jsx": "javascript",
    "ts": "typescript",
    "sh": "bash",
    "shell": "bash",
    "zsh": "bash",
    "console": "bash",
    "c++": "cpp",
    "cxx": "cpp",
    "c#": "csharp",
    "cs": "csharp",
    "golang": "go",
    "rs": "rust",
    "yml": "yaml",
    "kt": "kotlin",
    "rb": "ruby",
    "postgresql": "sql",
    "postgres": "sql",
    "pgsql": "sql",
    "mysql": "sql",
    "sqlite": "sql",
    "docker": "dockerfile",
}
# Enough to tell a language, and a bound to what a hostile text can cost.
_LINES, _COLUMNS = 40, 160
_COUNTED = 3
_ENOUGH = 2.5
_LEAD = 0.5
# A dialect shows the signs of its base too; it needs this share of them of its own.
_DIALECTS = (("javascript", "typescript", 0.4), ("cpp", "c", 1.0))


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern and what it weighs; whatever it finds holds one of its `words`, if it has any."""

    weight: float
    pattern: re.Pattern[str]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Signs:
    """How a language is recognised; a text in it holds a word of `gate`, in lower case."""

    gate: tuple[str, ...]
    rules: tuple[_Rule, ...]
    ignores_case: bool


def name_language(label: str) -> str | None:
    """Return the language that an author's label means, `None` for an empty one."""
    name = label.strip().lower()
    return _ALIASES.get(name, name) or None


@lru_cache(maxsize=4096)  # a channel repeats its short inline codes
def guess_language(code: str) -> str | None:
    """Return the language that a piece of code is most likely in, `None` where it is unclear."""
    if is_json(code):
        return "json"
    head = "\n".join(line[:_COLUMNS] for line in code.split("\n")[:_LINES])
    folded = head.lower()
    scores = {language: _score(head, folded, signs) for language, signs in _read_rules().items()}
    for base, dialect, share in _DIALECTS:
        if scores[dialect] >= max(_ENOUGH, scores[base] * share):
            scores[dialect] += scores[base]
            scores[base] = 0.0
    (best, score), (_, second) = sorted(scores.items(), key=lambda item: -item[1])[:2]
    return best if score >= _ENOUGH and score - second >= _LEAD else None


def is_json(code: str) -> bool:
    """Say whether a text is an object or a list of JSON with a word in it."""
    stripped = code.strip()
    if stripped[:1] + stripped[-1:] not in ("{}", "[]") or '"' not in stripped:
        return False
    try:
        json.loads(stripped)
    except (ValueError, RecursionError):
        return False
    return True


@lru_cache(maxsize=1)
def _read_rules() -> Mapping[str, _Signs]:
    with _RULES.open("rb") as file:
        return {language: _read_signs(table) for language, table in tomllib.load(file).items()}


def _read_signs(table: dict[str, Any]) -> _Signs:
    ignores_case = table.get("ignore_case", False)
    flags = re.MULTILINE | (re.IGNORECASE if ignores_case else 0)
    rules = tuple(
        _Rule(weight, re.compile(source, flags), tuple(*words))
        for weight, source, *words in table["rules"]
    )
    return _Signs(tuple(table["gate"]), rules, ignores_case)


def _score(code: str, folded: str, signs: _Signs) -> float:
    if not _holds_any(folded, signs.gate):
        return 0.0
    worded = folded if signs.ignores_case else code
    return sum(
        rule.weight * _count(rule, code)
        for rule in signs.rules
        if not rule.words or _holds_any(worded, rule.words)
    )


def _holds_any(text: str, words: Iterable[str]) -> bool:
    return any(map(text.__contains__, words))


def _count(rule: _Rule, code: str) -> int:
    return sum(1 for _ in islice(rule.pattern.finditer(code), _COUNTED))
