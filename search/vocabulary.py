"""The archive's own words: which are known, which sound alike, which are one slip away."""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.analysis import stem
from search.forms import Form
from search.scripts import singulars, skeleton_of, sound_of

_SHORTEST_SLIP = 4
_TWO_SLIPS = 8
_SHORTEST_SKELETON = 3
_MOST_ALIKE = 5
_SHORTEST_WORD = 3
_LONGEST_WORD = 32
_BEYOND = "\U0010ffff"

# Endings of nouns fall away before words are compared by sound (`агентами` sounds like `agent`);
# words with endings of adjectives and verbs are not borrowed and are not compared (`старые` is no
# `star`, `думает` no `doom`).
_NOUN_ENDINGS = re.compile(
    r"(?:[аоуеыияюь]|[оеёя]м|[ое]й|ами|ями|[ая]м|[ая]х|[ое]в|и[яиюей]|ией)?\Z"
)
_OTHER_ENDINGS = re.compile(
    r"(?:ы[йехм]|ыми|[ая]я|ое|ого|ому|ую|ее|его|ему|их|им|ими|[аие]?ть|[еи]т|[уюая]т|[еи]шь"
    r"|л[аои]|[аие]?л)\Z"
)


class Vocabulary:
    """The terms and spellings of an index at one commit; what is derived is derived when asked."""

    def __init__(self, terms: Mapping[str, int], forms: Iterable[Form]) -> None:
        self._terms = terms
        self._term_of: dict[str, str] = {}
        self._forms: dict[str, int] = {}
        for form in forms:
            # A spelling outlives the post that had it.
            if form.term in terms:
                self._term_of[form.text] = form.term
                self._forms[form.text] = form.documents

    def count(self, term: str) -> int:
        """Return the number of documents that hold a term, 0 for an unknown one."""
        return self._terms.get(term, 0)

    def beginning(self, prefix: str, *, limit: int) -> Sequence[str]:
        """Return the terms of the spellings that begin so, those of frequent spellings first."""
        forms = self._sorted_forms
        first = bisect_left(forms, prefix)
        last = bisect_left(forms, prefix + _BEYOND, lo=first)
        found = self._most_frequent(forms[first:last], limit=limit)
        return tuple(dict.fromkeys(self._term_of[form] for form in found))

    def sounding_like(self, word: str) -> Sequence[str]:
        """Return the spellings of the other script that sound the same, most frequent first."""
        sounds = self._sounds_of_latin if not word.isascii() else self._sounds_of_cyrillic
        return self._most_frequent(
            {form for sound in _sounds(word) for form in sounds.get(sound, ())}, limit=_MOST_ALIKE
        )

    def sounding_nearly_like(self, word: str) -> Sequence[str]:
        """Return the spellings of the other script that differ by vowels, nearest first."""
        heard = sound_of(word)
        skeleton = skeleton_of(heard)
        if len(skeleton) < _SHORTEST_SKELETON:
            return ()
        skeletons = self._skeletons_of_latin if not word.isascii() else self._skeletons_of_cyrillic
        far = {form: OSA.distance(heard, sound_of(form)) for form in skeletons.get(skeleton, ())}
        near = [form for form, distance in far.items() if distance <= max(len(heard) // 3, 1)]
        return heapq.nsmallest(
            _MOST_ALIKE, near, key=lambda form: (far[form], -self._forms[form], form)
        )

    def one_slip_away(self, word: str) -> Sequence[str]:
        """Return the spellings that a slip of the fingers may have turned into a word.

        One letter more, less, other or two swapped; two such slips from eight letters on. Only the
        nearest are returned, most frequent first.
        """
        if len(word) < _SHORTEST_SLIP:
            return ()
        slips = 2 if len(word) >= _TWO_SLIPS else 1
        found: dict[str, int] = {}
        for length in range(len(word) - slips, len(word) + slips + 1):
            for form, distance, _ in process.extract(
                word,
                self._by_length.get((word.isascii(), length), ()),
                scorer=OSA.distance,
                score_cutoff=slips,
                limit=None,
            ):
                if distance:
                    found[form] = int(distance)
        nearest = min(found.values(), default=0)
        return self._most_frequent(
            [form for form, distance in found.items() if distance == nearest], limit=_MOST_ALIKE
        )

    def frequency(self, form: str) -> int:
        """Return the number of documents that hold a spelling."""
        return self._forms.get(form, 0)

    def _most_frequent(self, forms: Iterable[str], *, limit: int) -> list[str]:
        return heapq.nsmallest(limit, forms, key=lambda form: (-self._forms[form], form))

    @cached_property
    def _words(self) -> Sequence[str]:
        """Return the spellings made of letters alone, neither very short nor very long."""
        return [
            form
            for form in self._forms
            if _SHORTEST_WORD <= len(form) <= _LONGEST_WORD and form.isalpha()
        ]

    @cached_property
    def _sorted_forms(self) -> Sequence[str]:
        return sorted(self._forms)

    @cached_property
    def _by_length(self) -> Mapping[tuple[bool, int], Sequence[str]]:
        lengths: defaultdict[tuple[bool, int], list[str]] = defaultdict(list)
        for form in self._words:
            lengths[form.isascii(), len(form)].append(form)
        return lengths

    @cached_property
    def _sounds_of_latin(self) -> Mapping[str, Sequence[str]]:
        return _grouped(
            (sound, form) for form in self._words if form.isascii() for sound in _sounds(form)
        )

    @cached_property
    def _sounds_of_cyrillic(self) -> Mapping[str, Sequence[str]]:
        return _grouped(
            (sound, form) for form in self._words if not form.isascii() for sound in _sounds(form)
        )

    @cached_property
    def _skeletons_of_latin(self) -> Mapping[str, Sequence[str]]:
        return _skeletons(self._sounds_of_latin)

    @cached_property
    def _skeletons_of_cyrillic(self) -> Mapping[str, Sequence[str]]:
        return _skeletons(self._sounds_of_cyrillic)


def _sounds(form: str) -> Iterator[str]:
    """Yield how a word sounds, with and without what inflects it."""
    if form.isascii():
        for word in singulars(form):
            yield sound_of(word)
        return
    root = stem(form)
    ending = form.removeprefix(root)
    if not _OTHER_ENDINGS.match(ending):
        yield sound_of(form)
    if _NOUN_ENDINGS.match(ending):
        yield sound_of(root)


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for key, form in pairs:
        groups[key].append(form)
    return groups


def _skeletons(sounds: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    return _grouped((skeleton_of(sound), form) for sound, forms in sounds.items() for form in forms)
