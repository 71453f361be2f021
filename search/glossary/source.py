"""Parses the glossary's text files: one group of expressions per line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.analysis import fold
from search.derivations import root_of
from search.stopwords import STOP_WORDS
from search.tokens import analyse

# In `C#; си шарп  # said aloud` only the second `#` begins a comment.
_COMMENT = re.compile(r"(?:^|\s)#.*")

# In words.
LONGEST_EXPRESSION = 6

# Stop words, except that `без учителя` is not `с учителем`.
_PASSED_OVER = STOP_WORDS - {"без", "не", "no", "not"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Expressions that find each other or, if `found` has any, only find those."""

    members: tuple[str, ...]
    found: tuple[str, ...] = ()


def read_groups(lines: Iterable[str]) -> Iterator[Group]:
    """Parse lines such as `one; another; a third`, or `one; another -> what both find  # comment`.

    Raises:
        ValueError: An expression is alone, or cannot be searched for.
    """
    for line in lines:
        text = _COMMENT.sub("", line).strip()
        if text:
            yield _read_group(text)


def _read_group(text: str) -> Group:
    left, arrow, right = text.partition("->")
    group = Group(members=_expressions(left), found=_expressions(right))
    keys, found = map(_keys_of, (group.members, group.found))
    if not keys or keys & found or (len(keys) < 2 and not found) or bool(arrow) > len(found):
        raise ValueError(f"An expression stands alone: {text}")
    for expression in (*group.members, *group.found):
        words = expression.split()
        if not key_of(words) or len(words) > LONGEST_EXPRESSION or "|" in expression:
            raise ValueError(f"Nobody can search for {expression!r}: {text}")
    return group


def _keys_of(expressions: Iterable[str]) -> set[str]:
    return {key_of(expression.split()) for expression in expressions}


def key_of(words: Sequence[str]) -> str:
    """Return the roots of a row of words, which identify expressions; "" for stop words alone.

    Stop words inside are dropped, but not at the ends: `под ключ` is not `ключ`. The words of a
    compound count separately, as if its hyphen were a space.
    """
    roots = [_roots_of(word) for word in words]
    if not any(roots):
        return ""
    ends = (0, len(words) - 1)
    return " ".join(
        root
        for number, (word, own) in enumerate(zip(words, roots, strict=True))
        for root in (own or ((fold(word),) if number in ends else ()))
    )


@lru_cache(maxsize=1 << 12)
def _roots_of(word: str) -> tuple[str, ...]:
    if word.casefold() in _PASSED_OVER:
        return ()
    return tuple(map(root_of, analyse(word).terms.split()))


def _expressions(text: str) -> tuple[str, ...]:
    stripped = (" ".join(expression.split()) for expression in text.split(";"))
    return tuple(dict.fromkeys(expression for expression in stripped if expression))
