"""The quick way of an index through texts: what stands between two spaces is read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from search.analysis import LONGEST_TERM, Piece, find_chunks, fold, fold_plain, pieces_of, stem

# How many are remembered: where an index is written, nearly all that there are.
_REMEMBERED = 1 << 17
# Stands before and behind what counts beside the sequence of terms; nobody can search for it.
_BESIDE = "\u0002"
# Stands between a form and its term, where that is not the form's stem.
_MEANS = "="
# What stands around a word without being part of its chunk, or changed by folding.
_OPENING, _CLOSING = '("«„“', '.,:;?!)"»“”'


class Analysis(NamedTuple):
    """What an index takes from a text.

    `tokens` are what stands between two spaces; `terms` are theirs in sequence, `beside` those
    beside it, a space behind each; `folded` is the whole as texts are compared, without its spaces.
    """

    tokens: Sequence[str]
    terms: str
    beside: str
    folded: str


def analyse(text: str) -> Analysis:
    """Analyse a text; neither a chunk nor a letter with its marks reaches across a space."""
    known, tokens = _cache.known(), text.split()
    terms, beside = known.terms_of(tokens)
    folded = "".join(
        tokens
        if known.unusual.keys().isdisjoint(tokens)
        else [known.unusual.get(token, token) for token in tokens]
    )
    return Analysis(tokens, terms, beside, _fold_plainly(folded))


def terms_in(text: str) -> str:
    """Return all terms of a text, those beside the sequence behind it, and a space behind each."""
    return "".join(_cache.known().terms_of(text.split()))


def encoded_spellings(tokens: Iterable[str]) -> Iterator[str]:
    """Yield the spellings in each token: one form or, as `decode_spellings` reads them, several."""
    return map(_cache.known().spellings.__getitem__, tokens)


def is_several(spellings: str) -> bool:
    """Say whether spellings are anything but one form that is indexed under its stem."""
    return not spellings or " " in spellings or _MEANS in spellings


def decode_spellings(spellings: str) -> Mapping[str, str]:
    """Return the forms in spellings, each with its term, if that is not its stem."""
    written = [spelling.partition(_MEANS) for spelling in spellings.split()]
    return {form: term for form, _, term in written}


class _TokenTerms(dict[str, str]):
    """The terms of the tokens met so far, those beside the sequence between two `_BESIDE`.

    They are kept apart from `spellings`, which are asked for once in many posts, and have a space
    between, and from how tokens are folded, which is hardly ever `unusual`: what takes long is to
    fetch what is known from memory.
    """

    def __init__(self) -> None:
        super().__init__()
        self.spellings = _Spellings(self)
        self.unusual: dict[str, str] = {}

    def terms_of(self, tokens: Iterable[str]) -> tuple[str, str]:
        """Return the terms of tokens in sequence, and those beside it, a space behind each."""
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
            spellings = folded[:LONGEST_TERM]
            terms = f"{stem(spellings)} "
        else:
            # With capitals or punctuation it is still the same word.
            terms, spellings = self[folded], self.spellings[folded]
        self.spellings[token] = spellings
        self[token] = terms
        return terms

    def _read(self, token: str) -> tuple[str, str]:
        """Return the terms and the spellings of a token of any kind."""
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
    """The spellings of the tokens whose terms are known; others are read when asked for."""

    def __init__(self, known: _TokenTerms) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, token: str) -> str:
        self._known[token]
        return self[token]


def _fold_plainly(text: str) -> str:
    """Fold a text whose letters are usual ones."""
    return text.casefold().replace("ё", "е")


def _spelling(piece: Piece) -> str:
    return piece.form if piece.term == stem(piece.form) else f"{piece.form}{_MEANS}{piece.term}"


class _TokenCache:
    """What is known of tokens, all of it forgotten when it is too much.

    Asked ten times as often as a token is new: keeping the latest would take longer than all else.
    """

    def __init__(self) -> None:
        self._known = _TokenTerms()

    def known(self) -> _TokenTerms:
        """Return what is known; to whoever has asked for it, it stays known."""
        if len(self._known) > _REMEMBERED:
            self._known = _TokenTerms()
        return self._known


_cache = _TokenCache()
