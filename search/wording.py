"""Conditions of a query as its text: in their own notation, and as the words they consist of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from search.analysis import chunks
from search.dates import find_period, parse_period
from search.query import (
    Atom,
    Clause,
    Filter,
    Filtered,
    Group,
    Prefix,
    Quoted,
    Tag,
    When,
    Word,
)

# Conditions whose values are words of posts.
_OF_WORDS = {Filter.CODE, Filter.FROM, Filter.SITE}
_WORD = re.compile(r"\S+")
_PREPOSITION = re.compile(
    r"(?:за|в|на|с|после|до|in|for|since|after|before|until)\s+(?:the\s+)?", re.IGNORECASE
)
_WORD_FOR_YEAR = re.compile(r"(?<=\d)\s*г(?:од\w*|\.)?(?=\s|\Z)", re.IGNORECASE)


def words_of(text: str) -> Sequence[Clause]:
    """Return a text as plain words."""
    return [Clause(options=(Word(chunk=chunk, run=chunk.text),)) for chunk in chunks(text)]


def words_in(clause: Clause) -> Sequence[Clause]:
    """Return a clause as plain words; excluded conditions and those without words disappear."""
    if clause.ranked:
        return (clause,)
    options = [
        words
        for option in clause.options
        if not clause.excluded or isinstance(option, Word | Quoted)
        if (words := tuple(_words_of_option(option)))
    ]
    if len(options) == 1:
        return options[0]
    joined = tuple(
        words[0].options[0] if len(words) == 1 else Group(clauses=words) for words in options
    )
    return (Clause(options=joined),) if joined else ()


def notation(clause: Clause) -> str:
    """Return a clause as it could be typed."""
    minus = "-" if clause.excluded else ""
    return minus + " OR ".join(map(_notation_of, clause.options))


def date_as_words(when: When) -> str:
    """Return a date in words as a query that reads it as words, such as `2000` of `in 2000`."""
    words = _bare(when)
    reads_as_date = any(find_period(words, match.start()) for match in _WORD.finditer(words))
    return f'"{words}"' if reads_as_date else words


def date_as_condition(when: When) -> str:
    """Return a date in words with an operator, `""` if there is none for it, as for `last week`."""
    value = _bare(when)
    if parse_period(value) is None:
        return ""
    return f"{when.bound}:{value}" if value.isdigit() else f'{when.bound}:"{value}"'


def _words_of_option(option: Atom | Group) -> Sequence[Clause]:
    match option:
        case Word() | Prefix():
            return (Clause(options=(option,)),)
        case Quoted(text=text) | Tag(tag=text):
            return words_of(text)
        case When():
            return words_of(_bare(option)) if option.in_words else ()
        case Filtered(filter=name, values=values):
            return words_of(" ".join(values)) if name in _OF_WORDS else ()
    return [words for clause in option.clauses for words in words_in(clause)]


def _notation_of(option: Atom | Group) -> str:
    match option:
        case Word(chunk=chunk):
            shown = chunk.text
        case Prefix(chunk=chunk):
            shown = f"{chunk.text}*"
        case Quoted(text=text):
            shown = f'"{text}"'
        case Tag(tag=tag, prefix=prefix):
            shown = f"#{tag}{'*' if prefix else ''}"
        case When(typed=typed):
            shown = typed
        case Filtered(filter=name, values=values):
            shown = f"{name}:{','.join(values)}"
        case _:
            shown = f"({' '.join(map(notation, option.clauses))})"
    return shown


def _bare(when: When) -> str:
    """Return a date in words without its preposition and the word for year."""
    return _WORD_FOR_YEAR.sub("", _PREPOSITION.sub("", when.typed, count=1))
