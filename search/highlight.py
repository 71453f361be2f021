"""Finds matches in a text, chooses the passage to show, and marks them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from search.analysis import Chunk, Piece, chunks, chunks_holding
from search.expression import Best, Every, Expression, Field, Node, OneOf, Phrase, Term

EXCERPT_LENGTH = 300
_LEAD = 90
_ELLIPSIS = "…"

_LINE_START = re.compile(r"\n\s*|(?<=[.!?…])\s+")
_SPACE = re.compile(r"\s+")
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A passage of a post's text, with `…` at cut ends; highlights are code points of `text`.

    What is at `n` in `text` is at `offset + n` in the post's text.
    """

    text: str
    highlights: tuple[tuple[int, int], ...] = ()
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The terms and phrases that an expression searches for."""

    terms: frozenset[str] = frozenset()
    phrases: frozenset[tuple[str, ...]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A match in a text, and the term it matched."""

    start: int
    end: int
    term: str


def sought_by(expression: Expression) -> Sought:
    """Return what an expression searches for, without excluded nodes."""
    leaves = [leaf for node in (*expression.words, *expression.required) for leaf in _leaves(node)]
    terms: set[str] = set()
    sites: set[tuple[str, ...]] = set()
    for leaf in leaves:
        match leaf:
            case Term(field=Field.WORDS, text=text):
                terms.add(text)
            case Term(field=Field.FACTS, text=text):
                terms.update(_terms_of_fact(text))
                sites |= _row_of_site(text)
            case OneOf(field=Field.WORDS, texts=texts):
                terms.update(texts)
            case OneOf(field=Field.FACTS, texts=texts):
                terms.update(term for text in texts for term in _terms_of_fact(text))
    return Sought(
        terms=frozenset(terms),
        phrases=frozenset(leaf.terms for leaf in leaves if isinstance(leaf, Phrase)) | sites,
    )


def find_marks(text: str, sought: Sought) -> Sequence[Mark]:
    """Return the matches in a text, in order."""
    found: list[Mark] = []
    atoms: dict[int, Mark] = {}
    in_phrases = {term for phrase in sought.phrases for term in phrase}
    for chunk in chunks_holding(text, sought.terms | in_phrases):
        for piece in chunk.pieces:
            mark = _mark(chunk, piece)
            if piece.term in sought.terms:
                found.append(mark)
            if not (piece.whole or piece.part):
                atoms[chunk.position + piece.step] = mark
    for phrase in sought.phrases:
        found.extend(_phrase_marks(atoms, phrase))
    return sorted(found, key=lambda mark: (mark.start, mark.end))


def make_excerpt(text: str, marks: Sequence[Mark], *, length: int = EXCERPT_LENGTH) -> Excerpt:
    """Return the passage of about `length` characters with most of what was sought."""
    start, end = _window(text, marks, length)
    before = _ELLIPSIS if text[:start].strip() else ""
    after = _ELLIPSIS if text[end:].strip() else ""
    shift = len(before) - start
    highlights = [
        (max(mark.start, start) + shift, min(_whole_grapheme(text, mark.end), end) + shift)
        for mark in marks
        if mark.start < end and mark.end > start
    ]
    return Excerpt(
        text=before + text[start:end] + after,
        highlights=tuple(merged(highlights)),
        offset=-shift,
    )


def _leaves(node: Node) -> Iterator[Node]:
    match node:
        case Best(options=options):
            for option in options:
                yield from _leaves(option.node)
        case Every(nodes=nodes):
            for part in nodes:
                yield from _leaves(part)
        case _:
            yield node


def _row_of_site(text: str) -> set[tuple[str, ...]]:
    """Return the parts of a site, which follow each other in its addresses."""
    name, _, value = text.partition("=")
    return (
        {tuple(atom.term for c in chunks(value) for atom in c.atoms)} if name == "site" else set()
    )


def _terms_of_fact(text: str) -> Iterator[str]:
    """Yield the terms by which a tag or a name in code appears in the text."""
    name, _, value = text.partition("=")
    if name == "code":
        yield value
    elif name == "tag":
        for chunk in chunks(value):
            yield max(chunk.pieces, key=lambda piece: len(piece.form)).term


def _mark(chunk: Chunk, piece: Piece) -> Mark:
    # If unusual letters were normalised, offsets within the chunk no longer apply: mark all of it.
    if chunk.end - chunk.start != len(chunk.text):
        return Mark(start=chunk.start, end=chunk.end, term=piece.term)
    return Mark(start=chunk.start + piece.start, end=chunk.start + piece.end, term=piece.term)


def _phrase_marks(atoms: Mapping[int, Mark], phrase: Sequence[str]) -> Iterator[Mark]:
    for first, mark in atoms.items():
        if mark.term != phrase[0]:
            continue
        row = [atoms.get(first + step) for step in range(len(phrase))]
        if [atom.term if atom else "" for atom in row] == list(phrase):
            end = max(atom.end for atom in row if atom)
            yield Mark(start=mark.start, end=end, term=" ".join(phrase))


def _window(text: str, marks: Sequence[Mark], length: int) -> tuple[int, int]:
    stripped_end = len(text.rstrip())
    first = len(text) - len(text.lstrip())
    if stripped_end - first <= length:
        return min(first, stripped_end), stripped_end
    best = _densest(marks, length - _LEAD) if marks else 0
    start = max(_start_before(text, best), first)
    end = min(start + length, stripped_end)
    if end == stripped_end:
        start = min(start, max(_next_word(text, end - length), first))
    else:
        end = _end_before(text, end, least=start + length // 2)
    return start, end


def _densest(marks: Sequence[Mark], reach: int) -> int:
    """Return the start of the passage with the most different terms, then the most matches."""
    best, best_worth = marks[0].start, (0, 0)
    for number, mark in enumerate(marks):
        inside = [
            other.term for other in marks[number : number + 40] if other.end - mark.start <= reach
        ]
        worth = (len(set(inside)), len(inside))
        if worth > best_worth:
            best, best_worth = mark.start, worth
    return best


def _start_before(text: str, at: int) -> int:
    """Return the start of a line, a sentence or at least a word, shortly before a position."""
    earliest = max(at - _LEAD, 0)
    if earliest == 0:
        return 0
    starts = [match.end() for match in _LINE_START.finditer(text, earliest, at + 1)]
    fitting = [start for start in starts if start <= at]
    return fitting[0] if fitting else _next_word(text, earliest, until=at)


def _next_word(text: str, at: int, *, until: int | None = None) -> int:
    space = _SPACE.search(text, at, len(text) if until is None else until)
    return space.end() if space else _safe_cut(text, at)


def _end_before(text: str, at: int, *, least: int) -> int:
    spaces = [match.start() for match in _SPACE.finditer(text, least, at + 1)]
    return spaces[-1] if spaces else _safe_cut(text, at)


def _safe_cut(text: str, at: int) -> int:
    """Move a cut back so that it splits neither combining characters nor emoji sequences."""
    while 0 < at < len(text) and (_extends(text[at]) or text[at - 1] == _JOINER):
        at -= 1
    if at < len(text) and _is_flag_letter(text[at]):
        before = at
        while before > 0 and _is_flag_letter(text[before - 1]):
            before -= 1
        at -= (at - before) % 2
    return at


def _whole_grapheme(text: str, end: int) -> int:
    while end < len(text) and _extends(text[end]):
        end += 1
    return end


def _extends(char: str) -> bool:
    return (
        unicodedata.category(char) in {"Mn", "Mc", "Me"}
        or char == _JOINER
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
    )


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the union of the spans, in order."""
    last: tuple[int, int] | None = None
    for start, end in sorted(spans):
        if last is not None and start <= last[1]:
            last = (last[0], max(last[1], end))
            continue
        if last is not None:
            yield last
        last = (start, end)
    if last is not None:
        yield last
