"""A few words in memory, as a vocabulary compares with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.phonetics import sounds_of
from search.spellings import Form, is_word
from search.transliteration import skeleton_of


class KnownWords:
    """Words with their spellings, the most frequent first."""

    def __init__(self, terms: Mapping[str, int], forms: Iterable[Form]) -> None:
        self._terms = terms
        self._forms = sorted(forms, key=lambda form: (-form.documents, form.text))
        self._plain = [form for form in self._forms if is_word(form.text)]
        self._texts = _by_length(form.text for form in self._plain)
        self._stems = _by_length(form.term for form in self._plain)

    def documents(self) -> int:
        """Return the number of documents: that of the most frequent term comes near."""
        return max(self._terms.values(), default=0)

    def count(self, term: str) -> int:
        """Return the number of documents that hold a term, 0 for an unknown one."""
        return self._terms.get(term, 0)

    def form(self, text: str) -> Form | None:
        """Return a spelling, if there is such a one."""
        return next((form for form in self._forms if form.text == text), None)

    def beginning(self, prefix: str, *, limit: int) -> Sequence[str]:
        """Return the terms of the spellings that begin so, frequent ones first."""
        terms = (form.term for form in self._forms if form.text.startswith(prefix))
        return tuple(dict.fromkeys(terms))[:limit]

    def sounding(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Form]:
        """Return the spellings of a script that have any of these sounds."""
        found = [form for sound in sounds for form in self._heard.get((sound, latin), ())]
        return tuple(dict.fromkeys(found))

    def sounding_about(self, sounds: Iterable[str], *, latin: bool) -> Sequence[Form]:
        """Return the spellings of a script that a letter more, less or other makes sound so."""
        choices = [sound for sound, is_latin in self._heard if is_latin is latin]
        about = (
            heard
            for sound in sounds
            for heard, _, _ in process.extract(
                sound, choices, scorer=OSA.distance, score_cutoff=1, limit=None
            )
        )
        return self.sounding(about, latin=latin)

    def with_skeleton(self, skeleton: str, *, latin: bool) -> Sequence[Form]:
        """Return the spellings of a script whose sounds have these consonants."""
        return self._skeletons.get((skeleton, latin), ())

    def like(self, word: str, *, slips: int) -> Sequence[Form]:
        """Return the spellings that so many slips of the fingers turn into a word, or fewer."""
        return self._near(word, self._texts, slips)

    def with_terms_like(self, term: str, *, slips: int) -> Sequence[Form]:
        """Return the spellings whose terms so many slips turn into this one, or fewer."""
        return self._near(term, self._stems, slips)

    @cached_property
    def _heard(self) -> Mapping[tuple[str, bool], Sequence[Form]]:
        heard: defaultdict[tuple[str, bool], list[Form]] = defaultdict(list)
        for form in self._plain:
            for sound in set(sounds_of(form.text)):
                heard[sound, form.text.isascii()].append(form)
        return heard

    @cached_property
    def _skeletons(self) -> Mapping[tuple[str, bool], Sequence[Form]]:
        skeletons: defaultdict[tuple[str, bool], list[Form]] = defaultdict(list)
        for form in self._plain:
            for skeleton in set(map(skeleton_of, sounds_of(form.text))):
                skeletons[skeleton, form.text.isascii()].append(form)
        return skeletons

    def _near(self, word: str, choices: _ByLength, slips: int) -> Sequence[Form]:
        found = [
            number
            for length in range(len(word) - slips, len(word) + slips + 1)
            for _, _, number in process.extract(
                word,
                choices.get(length, {}),
                scorer=OSA.distance,
                score_cutoff=slips,
                limit=None,
            )
        ]
        return [self._plain[number] for number in sorted(found)]


_ByLength = Mapping[int, Mapping[int, str]]
"""Words by their number, apart by length: a slip adds or takes away one letter at most."""


def _by_length(words: Iterable[str]) -> _ByLength:
    found: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for number, word in enumerate(words):
        found[len(word)][number] = word
    return found
