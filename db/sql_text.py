"""Tokenises SQL as SQLite does: names, words and signs, without comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_TOKEN = re.compile(
    r"""
      (?P<space> \s+ | --[^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<text> '(?:[^']|'')*+(?:'|\Z) )
    | (?P<quoted> "(?:[^"]|"")*+(?:"|\Z) | `(?:[^`]|``)*+(?:`|\Z) | \[[^\]]*+(?:\]|\Z) )
    | (?P<word> [\w$]+ )
    | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word, name or sign; words and names are lower case, and names are unquoted."""

    text: str
    is_quoted: bool


def read_tokens(statement: str) -> Iterator[Token]:
    """Yield the tokens of a statement."""
    for match in _TOKEN.finditer(statement):
        text = match[0]
        match match.lastgroup:
            case "word":
                yield Token(text=text.lower(), is_quoted=False)
            case "quoted":
                yield Token(text=_unquote(text).lower(), is_quoted=True)
            case "text" | "sign":
                yield Token(text=text, is_quoted=False)


_USING = Token(text="using", is_quoted=False)


def _unquote(name: str) -> str:
    if name[0] == "[":
        return name[1:-1]
    return name[1:-1].replace(name[0] * 2, name[0])


def has_keyword(statement: str, word: str) -> bool:
    """Return whether a keyword occurs in a statement."""
    return any(token.text == word and not token.is_quoted for token in read_tokens(statement))


def same_statement(one: str, other: str) -> bool:
    """Return whether statements differ at most in comments, whitespace, quotes and case."""
    return [token.text for token in read_tokens(one)] == [
        token.text for token in read_tokens(other)
    ]


def module_of(statement: str) -> str:
    """Return the module of the virtual table that a statement creates."""
    words = list(read_tokens(statement))
    after = (nxt.text for word, nxt in pairwise(words) if word == _USING)
    return next(after, "")
