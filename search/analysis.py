"""Turns text into terms: one analysis for index, queries, highlighting and vocabulary."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from search.inflection import english, russian
from search.inflection.english import english_term
from search.inflection.russian import russian_term

# Part of the index's version: an index written with another number is rebuilt.
ANALYSIS_VERSION = 6

# Cache sizes; searches need little.
_STEMS_CACHED = 1 << 13
_CHUNKS_CACHED = 1 << 12
# Words sought at the same time, each in several texts.
_SOUGHT_CACHED = 1 << 4
LONGEST_TERM = 64
_LONGEST_CHAIN = 4
_SHORTEST_JOINED = 4
_SHORTEST_PART = 2

# Marks on or inside a word that are not part of its spelling: accents, variation selectors,
# keycaps, the soft hyphen, zero-width characters and marks of direction, Hebrew and Arabic vowels.
_MARKS = (
    "\u0300-\u036f\ufe00-\ufe0f\u20e3\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670"
)
_UNUSUAL = re.compile(rf"\w[{_MARKS}]+|[^\W\x00-\x7f\u0400-\u045f]")
# Each sequence has one of these; searching a text for them is ten times faster.
_RARE = re.compile("[^\x00-\x7f\u0400-\u045f«»№\u2010-\u2027\u2030-\u205e]")
_NO_LETTER = re.compile(r"\W+")
# A chunk is what a reader sees as one word, with the punctuation that holds it together:
# `read_csv`, `GPT-4o`, `A/B`, `3.11`, `np.linalg.norm`, `std::vector`, `don't`. Names with
# punctuation at an end come first: `C++` and `C++20`, `C#` (also with a Russian С), `.NET`; then
# emoji. The scheme of an address is not a word. Each alternative starts with a character class,
# which rejects most positions at once.
_CHUNK = re.compile(
    r"""https?://(?:www\.)?
      | [CcFfСс](?<!\w.)\#(?!\w)
      | [A-Za-zСс](?<!\w.)[A-Za-zСс]{0,9}\+\+(?:\d\d)?(?!\w)
      | \.(?<!\w.)(?:NET|Net|net)\b
      | [\u2600-\u27bf\U0001f300-\U0001faff]
      | \w+(?:(?:::|->|[-\u2010\u2011\u2013./&@'’])\w+)*""",
    re.VERBOSE,
)
# The v of a version is not part of its number.
_NAME = re.compile(r"(?!(?<!\w)[vV]\d+\.\d)\w+(?:[-\u2010\u2011\u2013]\w+)*")
# The number of a paper may end with its revision, as in 1706.03762v5.
_REVISION = re.compile(r"(?<=\d{4})v\d\d?\Z")
_STANDARD = re.compile(r"(\w+\+\+)(\d+)\Z")
# Scripts without spaces between words.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,}")
_ATOM = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[А-ЯЁ]+(?![а-яё])|[А-ЯЁ]?[а-яё]+|\d+")
# A chunk of one word in one script, which is its own only piece: nearly all chunks are.
_PLAIN_WORD = re.compile(r"(?:[А-ЯЁ]?[а-яё]+|[A-Z]?[a-z]+|[А-ЯЁ]+|[A-Z]+)\Z")
_LATIN = re.compile(r"[a-z]+(?:'[a-z]+)?\Z")
_CYRILLIC = re.compile(r"[\u0400-\u045f]+\Z")
# Plurals of acronyms (LLMs, GPUs) are not camel case.
_ACRONYMS = re.compile(r"[A-Z]{2,}s\Z")
_PUNCTUATED = {"с#": "c#", "с++": "c++"}
# Cyrillic letters that look like Latin ones; a stray one does not make it a different word.
_LOOKALIKES = ("авекмнорстух", "abekmhopctyx")
_TO_LATIN = str.maketrans(_LOOKALIKES[0] + "іѕј", _LOOKALIKES[1] + "isj")
_TO_CYRILLIC = str.maketrans(_LOOKALIKES[1], _LOOKALIKES[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One term of a chunk.

    `term` is what the index holds, `form` the folded spelling it was made from; `start` and `end`
    are offsets within the chunk, `step` is the position, relative to the chunk's first. `whole`
    marks a joined spelling (`read_csv` as `readcsv`), `part` a part of an atom (`grad` of
    `zeroGrad`); both share positions with atoms, and only atoms advance the position.
    """

    term: str
    form: str
    start: int
    end: int
    step: int
    whole: bool = False
    part: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A stretch of text that reads as one word, and its pieces: atoms, wholes and parts.

    `position` counts the atoms of the text before it.
    """

    text: str
    start: int
    end: int
    position: int
    pieces: tuple[Piece, ...]

    @property
    def atoms(self) -> tuple[Piece, ...]:
        """Return the pieces that advance the position."""
        return tuple(piece for piece in self.pieces if not (piece.whole or piece.part))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a chunk for the index: in sequence, beside the sequence, and all spellings.

    `forms` maps spellings to terms; `keys` are all of both.
    """

    atoms: tuple[str, ...]
    beside: tuple[str, ...]
    forms: Mapping[str, str]
    keys: frozenset[str]


def chunks(text: str) -> Iterator[Chunk]:
    """Yield the chunks of a text in order; offsets are code points of the given `text`."""
    normal, origins = _normalise(text)
    yield from _chunks_within(normal, origins)


def chunks_holding(text: str, keys: AbstractSet[str]) -> Iterator[Chunk]:
    """Yield the chunks with one of these terms or forms; most others are skipped quickly."""
    normal, origins = _normalise(text)
    openings, position = _openings(frozenset(keys)), 0
    for match in _CHUNK.finditer(normal):
        word = match[0]
        if not (word[:2] in openings or word[0] in openings) and _PLAIN_WORD.match(word):
            position += 1
            continue
        known = terms_of(word)
        if not known.keys.isdisjoint(keys):
            yield _chunk(match, position=position, origins=origins)
        position += len(known.atoms)


def _chunks_within(normal: str, origins: Sequence[int] | None) -> Iterator[Chunk]:
    position = 0
    for match in _CHUNK.finditer(normal):
        if pieces_of(match[0]):
            yield _chunk(match, position=position, origins=origins)
        position += len(terms_of(match[0]).atoms)


def _chunk(match: re.Match[str], *, position: int, origins: Sequence[int] | None) -> Chunk:
    start, end = match.span()
    if origins is not None:
        start, end = origins[start], origins[end]
    text = match[0]
    return Chunk(text=text, start=start, end=end, position=position, pieces=pieces_of(text))


@lru_cache(maxsize=_SOUGHT_CACHED)
def _openings(keys: frozenset[str]) -> AbstractSet[str]:
    """Return possible beginnings of plain words with one of these keys: its first two letters.

    Exceptions: English `dying` becomes `die`, `ran` becomes `run`, and Russian comparatives.
    """
    unlike = [
        form
        for forms in (english.unlike_forms(), russian.own_table().unlike)
        for key in keys
        for form in forms.get(key, ())
    ]
    if any(map(_CYRILLIC.match, keys)):
        unlike += russian.COMPARED_OPENINGS
    return {
        first + second
        for opening in {key[:2] for key in chain(keys, unlike)}
        for first in _written(opening[0])
        for second in _written(opening[1:])
    }


def _written(letter: str) -> AbstractSet[str]:
    """Return how a folded letter may be written in a plain word."""
    same = {letter, letter.replace("е", "ё"), letter.replace("i", "y")}
    return same | {one.upper() for one in same}


@lru_cache(maxsize=_CHUNKS_CACHED)
def terms_of(chunk: str) -> Terms:
    """Return the terms and forms of one chunk."""
    folded = fold_plain(chunk)
    if folded is not None:
        form = folded[:LONGEST_TERM]
        term = stem(form)
        return Terms(atoms=(term,), beside=(), forms={form: term}, keys=frozenset((form, term)))
    pieces = pieces_of(chunk)
    return Terms(
        atoms=tuple(piece.term for piece in pieces if not (piece.whole or piece.part)),
        beside=tuple(piece.term for piece in pieces if piece.whole or piece.part),
        forms={piece.form: piece.term for piece in pieces},
        keys=frozenset(key for piece in pieces for key in (piece.term, piece.form)),
    )


def find_chunks(text: str) -> Sequence[str]:
    """Return the chunks of a text, like `chunks`, after normalising its letters."""
    found: list[str] = _CHUNK.findall(_normalise(text)[0])
    return found


def fold_plain(word: str) -> str | None:
    """Return a folded word, or `None` if it mixes scripts or has capitals inside."""
    return word.casefold().replace("ё", "е") if _PLAIN_WORD.match(word) else None


def fold(text: str) -> str:
    """Fold a text for comparison: NFKC, casefold, ё as е (й stays й)."""
    return unicodedata.normalize("NFKC", _normalise(text)[0]).casefold().replace("ё", "е")


@lru_cache(maxsize=_STEMS_CACHED)
def stem(form: str) -> str:
    """Return the term of a folded form, Russian or English depending on its letters."""
    if _CYRILLIC.match(form):
        return russian_term(form)
    if _LATIN.match(form):
        return english_term(form)
    return form


@lru_cache(maxsize=_CHUNKS_CACHED)
def pieces_of(chunk: str) -> tuple[Piece, ...]:
    """Return the pieces of one chunk; the last one has the highest step."""
    folded = fold_plain(chunk)
    if folded is not None:
        form = folded[:LONGEST_TERM]
        return (Piece(term=stem(form), form=form, start=0, end=len(chunk), step=0),)
    folded = chunk.casefold()
    if folded.startswith(("http://", "https://")):
        return ()
    if not (folded[-1].isalnum() or folded[-1] == "_") or folded[0] == ".":
        return (_punctuated(folded),)
    if standard := _STANDARD.match(folded):
        return _standard(_punctuated(standard[1]), standard[2])
    found: list[Piece] = []
    names: list[list[Piece]] = []
    step = 0
    for name in _NAME.finditer(chunk):
        atoms = [
            _atom(match[0], start=name.start() + match.start(), step=step + number)
            for number, match in enumerate(_ATOM.finditer(name[0]))
        ]
        if not atoms:
            continue
        step += len(atoms)
        names.append(atoms)
        if len(atoms) > 1:
            found.append(_joined(atoms, is_name=True))
    if 1 < len(names) <= _LONGEST_CHAIN:
        found.append(_joined([atom for atoms in names for atom in atoms]))
    for atoms in names:
        for atom in atoms:
            found.extend(_parts(atom, chunk[atom.start : atom.end]))
    found.extend(atom for atoms in names for atom in atoms)
    return tuple(found)


def _punctuated(folded: str) -> Piece:
    form = _PUNCTUATED.get(folded, folded)
    return Piece(term=form, form=form, start=0, end=len(folded), step=0)


def _standard(language: Piece, number: str) -> tuple[Piece, ...]:
    """Return the pieces of `C++20`: a language and the number of its standard."""
    form, end = language.form + number, language.end + len(number)
    return (
        Piece(term=form, form=form, start=0, end=end, step=0, whole=True),
        language,
        Piece(term=number, form=number, start=language.end, end=end, step=1),
    )


def _atom(text: str, *, start: int, step: int) -> Piece:
    form = _one_script(_REVISION.sub("", text.casefold()).replace("ё", "е"))[:LONGEST_TERM]
    term = stem(form.removesuffix("s") if _ACRONYMS.match(text) else form)
    return Piece(term=term, form=form, start=start, end=start + len(text), step=step)


def _joined(atoms: Sequence[Piece], *, is_name: bool = False) -> Piece:
    """Join atoms into the spelling that `read_csv`, `read-csv` and `ReadCSV` have in common.

    Dots between digits stay (3.11 is not 311), and so do hyphens if the joined word would be short
    (`A/B` is not `ab`), unless it is a name with a number (`T-5` is `T5`).
    """
    forms = [atom.form for atom in atoms]
    is_numbered = is_name and forms[0].isalpha() and forms[-1].isdigit()
    if all(map(str.isdigit, forms)):
        separator = "."
    elif sum(map(len, forms)) < _SHORTEST_JOINED and not is_numbered:
        separator = "-"
    else:
        separator = ""
    form = separator.join(forms)[:LONGEST_TERM]
    term = stem(form)
    if not (_LATIN.match(form) or _CYRILLIC.match(form)):
        # Mixed scripts, as in `f-строки`, or digits: only the last part is stemmed.
        term = form.removesuffix(forms[-1]) + atoms[-1].term
    return Piece(
        term=term,
        form=form,
        start=atoms[0].start,
        end=atoms[-1].end,
        step=atoms[0].step,
        whole=True,
    )


def _parts(atom: Piece, text: str) -> Iterator[Piece]:
    """Yield the words inside an atom, as of `zeroGrad`, `resnet50`, `SQLзапрос`.

    Of scripts without spaces, as in 机器学习, these are all pairs of neighbouring characters.
    """
    if _ACRONYMS.match(text):
        return
    spans = [match.span() for match in _CAMEL.finditer(text) if not match[0].isdigit()]
    for match in _UNSPACED.finditer(text):
        spans += [(start, start + 2) for start in range(match.start(), match.end() - 1)]
    for start, end in spans:
        if _SHORTEST_PART <= end - start < len(text):
            form = text[start:end].casefold().replace("ё", "е")
            yield Piece(
                term=stem(form),
                form=form,
                start=atom.start + start,
                end=atom.start + end,
                step=atom.step,
                part=True,
            )


def _one_script(form: str) -> str:
    """Return a word that mixes look-alike letters of two scripts in its dominant script."""
    if form.isascii() or _CYRILLIC.match(form):
        return form
    latin = form.translate(_TO_LATIN)
    if latin.isascii():
        return latin
    cyrillic = form.translate(_TO_CYRILLIC)
    return cyrillic if _CYRILLIC.match(cyrillic) else form


def _normalise(text: str) -> tuple[str, Sequence[int] | None]:
    """Return the text with unusual letters normalised, and the origin of each character.

    Only letters change: `…` and `№` still separate words. Origins have one more entry than the
    text; they are `None` if nothing changed.
    """
    if not (_RARE.search(text) and _UNUSUAL.search(text)):
        return text, None
    out: list[str] = []
    origins: list[int] = []
    last = 0
    for match in _UNUSUAL.finditer(text):
        plain = _NO_LETTER.sub("", unicodedata.normalize("NFKC", match[0])).replace("ʼ", "'")
        out += (text[last : match.start()], plain)
        origins.extend(range(last, match.start()))
        origins.extend([match.start()] * len(plain))
        last = match.end()
    out.append(text[last:])
    origins.extend(range(last, len(text) + 1))
    return "".join(out), origins
