"""Fast analysis for indexing, with a cache per whitespace-separated token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple
from weakref import proxy

from search.analysis import LONGEST_TERM, Piece, find_chunks, fold, fold_plain, pieces_of, stem

# Cache size: during indexing nearly all tokens are cached.
_REMEMBERED = 1 << 16
# Surrounds terms that are beside the sequence; cannot be searched for.
_BESIDE = "\u0002"
# Separates a form from its term, if that is not the form's stem.
_MEANS = "="
# Surrounding punctuation that neither belongs to the word's chunk nor changes by folding.
_OPENING, _CLOSING = '("«„“', '.,:;?!)"»“”'


class Analysis(NamedTuple):
    """The analysis of a text for the index.

    `tokens` are its whitespace-separated parts; `terms` are their terms in sequence, `beside` those
    beside it, each followed by a space; `folded` is the text for comparison, without whitespace.
    """

    tokens: Sequence[str]
    terms: str
    beside: str
    folded: str


def analyse(text: str) -> Analysis:
    """Analyse a text; neither chunks nor letters with combining marks span whitespace."""
    known, tokens = _cache.known(), text.split()
    terms, beside = known.terms_of(tokens)
    folded = "".join(
        tokens
        if known.unusual.keys().isdisjoint(tokens)
        else [known.unusual.get(token, token) for token in tokens]
    )
    return Analysis(tokens, terms, beside, _fold_plainly(folded))


def terms_in(text: str) -> str:
    """Return all terms of a text, those beside the sequence last, each followed by a space."""
    return "".join(_cache.known().terms_of(text.split()))


def encoded_spellings(tokens: Iterable[str]) -> Iterator[str]:
    """Yield the spellings of each token: one form, or several for `decode_spellings`."""
    known = _cache.known()
    yield from map(known.spellings.__getitem__, tokens)


def is_several(spellings: str) -> bool:
    """Return whether spellings are more than a single form indexed under its stem."""
    return not spellings or " " in spellings or _MEANS in spellings


def decode_spellings(spellings: str) -> Mapping[str, str]:
    """Return the forms in spellings, each with its term unless that is its stem."""
    written = [spelling.partition(_MEANS) for spelling in spellings.split()]
    return {form: term for form, _, term in written}


class _TokenTerms(dict[str, str]):
    """A cache of the terms of tokens, those beside the sequence between two `_BESIDE`.

    Kept apart from `spellings`, which are needed once per many posts and space-separated, and from
    folding, which is rarely `unusual`: memory access dominates the cost.
    """

    def __init__(self) -> None:
        super().__init__()
        self.spellings = _Spellings(self)
        self.unusual: dict[str, str] = {}

    def terms_of(self, tokens: Iterable[str]) -> tuple[str, str]:
        """Return the terms of tokens in sequence, and those beside it, each followed by a space."""
        terms = "".join(map(self.__getitem__, tokens))
        if _BESIDE not in terms:
            return terms, ""
        parts = terms.split(_BESIDE)
        return "".join(parts[::2]), "".join(parts[1::2])

    def __missing__(self, token: str) -> str:
        folded = fold_plain(token.lstrip(_OPENING).rstrip(_CLOSING))
        if folded is None:
            terms, spellings = self._read(token)
            whole = "".join(fold(token).split())
            if whole != _fold_plainly(token):
                self.unusual[token] = whole
        elif token == folded:
            spellings = token[:LONGEST_TERM]  # the same object takes less memory
            terms = f"{stem(spellings)} "
        else:
            # With capitals or punctuation it is still the same word.
            terms, spellings = self[folded], self.spellings[folded]
        self.spellings[token] = spellings
        self[token] = terms
        return terms

    def _read(self, token: str) -> tuple[str, str]:
        """Return the terms and the spellings of any token."""
        found = [self._read_chunk(chunk) for chunk in find_chunks(token)]
        return "".join([terms for terms, _ in found]), " ".join([forms for _, forms in found])

    def _read_chunk(self, chunk: str) -> tuple[str, str]:
        folded = fold_plain(chunk)
        if folded is not None:
            return self[folded], self.spellings[folded]
        pieces = pieces_of(chunk)
        terms = "".join([f"{piece.term} " for piece in pieces if not (piece.whole or piece.part)])
        beside = "".join([f"{piece.term} " for piece in pieces if piece.whole or piece.part])
        forms = " ".join(map(_spelling, pieces))
        return f"{terms}{_BESIDE}{beside}{_BESIDE}" if beside else terms, forms


class _Spellings(dict[str, str]):
    """A cache of the spellings of tokens with known terms; others are analysed on demand."""

    def __init__(self, known: _TokenTerms) -> None:
        super().__init__()
        # Indexing pauses garbage collection, so a cycle would keep each full cache for good.
        self._known = proxy(known)

    def __missing__(self, token: str) -> str:
        self._known[token]
        return self[token]


def _fold_plainly(text: str) -> str:
    """Fold a text of ordinary letters."""
    return text.casefold().replace("ё", "е")


def _spelling(piece: Piece) -> str:
    return piece.form if piece.term == stem(piece.form) else f"{piece.form}{_MEANS}{piece.term}"


class _TokenCache:
    """A cache of tokens, cleared completely when full.

    Hits are ten times as frequent as misses, so an LRU would cost more than everything else.
    """

    def __init__(self) -> None:
        self._known = _TokenTerms()

    def known(self) -> _TokenTerms:
        """Return the cached values; they stay valid for the caller."""
        if len(self._known) > _REMEMBERED:
            self._known = _TokenTerms()
        return self._known


_cache = _TokenCache()
